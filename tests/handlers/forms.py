"""A hand that fills in modals as Slack's client does: initial values stand until something else is typed."""

import json
from dataclasses import dataclass, field
from typing import Any

from slack_bolt import BoltResponse

from sandbox.slack.inputs import chosen, complaint, elements, entry, state_of
from sandbox.slack.view_checks import view_problems
from tests.handlers.slack import Bolt

View = dict[str, Any]


@dataclass
class FormHand:
    """One person with the form on the screen."""

    app: Bolt
    person: str
    view: View = field(default_factory=dict)
    typed: dict[tuple[str, str], Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    shown: int = 0
    """Views seen so far. The hash changes with the view: a submission that was refused at a field keeps it."""

    def show(self, view: View) -> "FormHand":
        """A view on the screen, which Slack would show."""
        assert view_problems(view, "modal") == []
        self.shown += 1
        before, self.view = self.view, view
        kept = {(block["block_id"], element["action_id"]) for block, element in elements(view["blocks"])}
        same = before.get("private_metadata") == view.get("private_metadata")
        self.typed = {key: value for key, value in self.typed.items() if key in kept and same}
        self.errors = {}
        return self

    def open(self, text: str = "new") -> "FormHand":
        """/credit TEXT, and the modal that it opens."""
        count = len(self.app.slack.named("views.open"))
        answer = self.app.send({"command": "/credit", "text": text, "user_id": self.person, "trigger_id": "t"})
        assert answer.status == 200
        return self.show(self.app.slack.wait("views.open", count + 1)["view"])

    @property
    def said(self) -> str:
        """Everything on the screen."""
        return json.dumps(self.view, ensure_ascii=False)

    @property
    def step(self) -> str:
        """Which step is on the screen."""
        return str(self.view["callback_id"]).removeprefix("application.")

    def fill(self, values: dict[str, Any]) -> "FormHand":
        """Type and choose, as far as the step asks for it; files as Slack describes them."""
        for block, element in elements(self.view["blocks"]):
            name = block["block_id"]
            if block["type"] == "input" and name in values:
                value = values[name]
                plain = element["type"] == "file_input"
                self.typed[name, element["action_id"]] = value if plain else chosen(element, value)
        return self

    def payload(self, kind: str) -> dict[str, Any]:
        """What the client sends."""
        blocks = self.view["blocks"]
        view = {**self.view, "id": "V1", "hash": f"h{self.shown}", "state": state_of(blocks, self.typed)}
        return {"type": kind, "user": {"id": self.person}, "trigger_id": "t", "view": view}

    def submit(self, values: dict[str, Any] | None = None) -> "FormHand":
        """The foot's button; what the client itself complains about must not be there."""
        self.fill(values or {})
        for block in self.view["blocks"]:
            if block["type"] == "input":
                assert complaint(block, entry(block, block["element"], self.typed) or {}) == "", block["block_id"]
        return self.took(self.app.send(self.payload("view_submission")))

    def took(self, answer: BoltResponse) -> "FormHand":
        """The acknowledgement of a submission."""
        assert answer.status == 200
        body = json.loads(str(answer.body))
        if body["response_action"] == "errors":
            inputs = {block["block_id"] for block in self.view["blocks"] if block["type"] == "input"}
            assert set(body["errors"]) <= inputs
            self.errors = body["errors"]
            return self
        if body["response_action"] == "clear":
            self.view, self.typed, self.errors = {}, {}, {}
            return self
        return self.show(body["view"])

    def press(self, action: str, value: str = "", *, at: str = "views.update") -> "FormHand":
        """A button or choice inside the modal, and what it puts on the screen."""
        count = len(self.app.slack.named(at))
        action_id = f"application.{action}"
        sent: dict[str, Any] = {
            "type": "button",
            "action_id": action_id,
            "block_id": "b",
            "value": value,
            "action_ts": "9.9",
        }
        if action == "jump":
            sent |= {"type": "static_select", "selected_option": {"value": value}}
        assert self.app.send(self.payload("block_actions") | {"actions": [sent]}).status == 200
        return self.show(self.app.slack.wait(at, count + 1)["view"])

    def key(self, name: str, value: Any, action_ts: str) -> BoltResponse:
        """One keystroke or choice: what the input sends by itself."""
        self.fill({name: value})
        block, element = next(pair for pair in elements(self.view["blocks"]) if pair[0]["block_id"] == name)
        sent = {"type": element["type"], "action_id": element["action_id"], "block_id": name, "action_ts": action_ts}
        sent |= entry(block, element, self.typed) or {}
        return self.app.send(self.payload("block_actions") | {"actions": [sent]})
