"""Submitting and closing modals."""

from typing import Any

from sandbox.slack.clicks import Clicks
from sandbox.slack.inputs import complaint, elements, entry, field_of
from sandbox.slack.limits import LIMIT
from sandbox.slack.state import Open
from sandbox.slack.views import push_on, put, view_error, view_object

TROUBLE = "We had some trouble connecting. Try again?"


class Modals(Clicks):
    """The buttons at a modal's foot."""

    async def submit(self, person: str, values: dict[str, dict[str, Any]] | None = None) -> bool:
        """The top modal's submit button; errors stand at their fields, an empty answer closes it."""
        one = self.surface(person, "modal")
        await self.fill(person, values or {})
        one.errors = {
            block["block_id"]: wrong
            for block in one.view["blocks"]
            if block["type"] == "input" and (wrong := complaint(block, entry(block, block["element"], one.typed) or {}))
        }
        self.workspace.changed()
        if one.errors:
            return False
        payload = self.triggered("view_submission", person) | {
            "view": view_object(one),
            "response_urls": self._addresses(person, one),
        }
        answer = await self.delivery.send("interactive", payload, accepts=True)
        if answer is None:
            self._trouble(one, "")
            return False
        self._answered(person, one, answer)
        return True

    def _addresses(self, person: str, one: Open) -> list[dict[str, Any]]:
        """response_urls for conversation selects that ask for one."""
        found = []
        for block, element in elements(one.view["blocks"]):
            channel = (entry(block, element, one.typed) or {}).get(field_of(element) or "")
            if element.get("response_url_enabled") and channel:
                address = self.address(person, channel)
                found.append(
                    {
                        "block_id": block["block_id"],
                        "action_id": element["action_id"],
                        "channel_id": channel,
                        "response_url": address,
                    }
                )
        return found

    def _trouble(self, one: Open, why: str) -> None:
        """What Slack shows for an answer it cannot use; the reason stands under `unknown`."""
        one.errors = {"": TROUBLE}
        if why:
            self.workspace.unknown.append(f"view_submission: {why}")
        self.workspace.changed()

    def _answered(self, person: str, one: Open, answer: dict[str, Any]) -> None:
        stack, kind = self.workspace.views[person], answer.get("response_action")
        if one not in stack:
            return
        if kind == "errors":
            self._errors(one, answer.get("errors"))
        elif kind in {"update", "push"}:
            problem = view_error(self.workspace, answer.get("view"), "modal", one if kind == "update" else None)
            if problem is not None:
                reasons = problem.answer.get("response_metadata", {}).get("messages", [])
                self._trouble(one, f"{kind}: {problem} {reasons[:1]}")
            elif kind == "update":
                put(self.workspace, one, answer["view"])
            elif len(stack) >= LIMIT["view_stack"]:
                self._trouble(one, "push: push_limit_reached")
            else:
                push_on(self.workspace, stack, answer["view"])
        elif kind == "clear":
            stack.clear()
        elif kind is not None:
            self._trouble(one, f"no response_action is called {kind}")
        else:
            stack.remove(one)
        self.workspace.changed()

    def _errors(self, one: Open, errors: Any) -> None:
        """Each must stand at an input block."""
        inputs = {block["block_id"] for block in one.view["blocks"] if block["type"] == "input"}
        if (
            not isinstance(errors, dict)
            or not errors
            or not all(isinstance(text, str) and text for text in errors.values())
        ):
            self._trouble(one, f"errors must name fields and say what is wrong: {errors}")
        elif not set(errors) <= inputs:
            self._trouble(one, f"errors name no input block: {sorted(set(errors) - inputs)}")
        else:
            one.errors = dict(errors)

    async def close(self, person: str, everything: bool = False) -> None:
        """The top modal's close button, or the whole stack; the app hears of it where it asked to."""
        stack = self.workspace.views[person]
        gone = list(reversed(stack)) if everything else stack[-1:]
        for one in gone:
            stack.remove(one)
        self.workspace.changed()
        for one in gone:
            if one.view.get("notify_on_close"):
                payload = self.payload("view_closed", person) | {"view": view_object(one), "is_cleared": everything}
                await self.delivery.send("interactive", payload, accepts=False)
