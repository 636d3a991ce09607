"""A driver for tests and the tour: act as somebody, see what he sees, over plain HTTP."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any

Seen = dict[str, Any]


class NotSeenError(AssertionError):
    """What was waited for did not appear in time."""


class Hand:
    """The demo people's hands and eyes."""

    def __init__(self, url: str) -> None:
        """`url` is where the sandbox is."""
        self.url = url.rstrip("/")

    def _call(self, path: str, given: dict[str, Any] | None = None) -> dict[str, Any]:
        body = None if given is None else json.dumps(given).encode()
        request = urllib.request.Request(f"{self.url}/sandbox/{path}", body, {"Content-Type": "application/json"})  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                content = answer.read()
        except urllib.error.HTTPError as refused:
            content = refused.read()
        found: dict[str, Any] = {**json.loads(content or b"{}")}
        return found

    def act(self, verb: str, **given: Any) -> dict[str, Any]:
        """One act; {"ok", "result"} or {"error"}."""
        return self._call(f"act/{verb}", given)

    def credit(self, person: str, channel: str, text: str) -> Seen:
        """/credit TEXT, and the answer that this person sees."""
        done = self.act("command", person=person, channel=channel, command="/credit", text=text)
        if not done.get("ok"):
            raise NotSeenError(f"/credit was not acknowledged: {done}")
        answers: list[Seen] = self.wait(
            lambda: [one for one in self.messages(person, channel) if one["ts"] == done["result"]],
            f"an answer to /credit for {person}",
        )
        return answers[0]

    def messages(self, person: str, channel: str) -> list[Seen]:
        """What a person sees in a channel."""
        found: list[Seen] = self._call(f"seen/{person}")["messages"].get(channel, [])
        return found

    def seen(self, person: str) -> Seen:
        """Messages, modals, Home and the direct-message channel of a person."""
        return self._call(f"seen/{person}")

    def state(self) -> Seen:
        """Connections, unknown methods, calls and deliveries so far, faults used, the time."""
        return self._call("state")

    def fault(self, **given: Any) -> None:
        """Plan a fault, or {"clear": True}, {"disconnect": True}, {"drop": True}, {"duplicate": True}."""
        done = self._call("faults", given)
        if not done.get("ok"):
            raise NotSeenError(f"no such fault: {done}")

    def forward(self, seconds: float) -> None:
        """Let the sandbox's time pass at once."""
        self._call("time", {"forward": seconds})

    def group(self, **given: Any) -> None:
        """{"group": id, "people": [ids]}, {"group": id, "disabled": True} or {"plan": "free"}."""
        done = self._call("group", given)
        if not done.get("ok"):
            raise NotSeenError(f"no such user group: {given}")

    def verify(self) -> bool:
        """Have the app's address asked for the challenge; whether it gave it back."""
        return bool(self._call("verify", {}).get("ok"))

    def edit(self, tab: str, key_header: str, key: str, header: str, value: Any) -> bool:
        """Type into a cell of the ledger."""
        given = {"tab": tab, "key_header": key_header, "key": key, "header": header, "value": value}
        return bool(self._call("ledger", given).get("ok"))

    def rows(self, title: str) -> list[list[Any]]:
        """The cells of a tab; none where there is no such tab."""
        found: list[list[Any]] = self._call(f"ledger/{urllib.parse.quote(title)}").get("rows") or []
        return found

    def ledger(self, **given: Any) -> None:
        """{"shared": False}, {"quota": False}, {"drive_lag": True}, {"rename": title, "to": title}."""
        self._call("ledger", given)

    def wait(self, look: Callable[[], Any], what: str, seconds: float = 15.0) -> Any:
        """Look until something is there."""
        until = time.monotonic() + seconds
        while True:
            found = look()
            if found:
                return found
            if time.monotonic() > until:
                raise NotSeenError(f"waited {seconds:.0f} s for {what}")
            time.sleep(0.05)  # the pace of looking, not a guess at how long it takes


def all_text(message: Seen) -> str:
    """Everything a message or view says, on one line."""
    parts: list[str] = [str(message.get("text", ""))]

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if isinstance(value.get("text"), str):
                parts.append(value["text"])
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(message.get("blocks", []))
    return " ".join(parts)


def buttons(message: Seen) -> dict[str, Seen]:
    """The buttons of a message by action id."""
    found: dict[str, Seen] = {}
    for block in message.get("blocks", []):
        for element in (*block.get("elements", []), block.get("accessory") or {}):
            if element.get("type") == "button":
                found.setdefault(element["action_id"], element)
    return found
