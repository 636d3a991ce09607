"""Clicks and choices on messages, modals and Home: block_actions and block_suggestion."""

from typing import Any

from sandbox.slack import files
from sandbox.slack.hands import ActError, Hands, author_of
from sandbox.slack.inputs import NotChosenError, chosen, elements, entry, field_of, options_of, state_of
from sandbox.slack.limits import LIMIT
from sandbox.slack.people import TEAM
from sandbox.slack.shapes import options as option_problems
from sandbox.slack.state import Open, Posted
from sandbox.slack.views import view_object

Found = tuple[dict[str, Any], dict[str, Any]]


def find_element(blocks: list[dict[str, Any]], action_id: str, block_id: str | None, value: Any = None) -> Found:
    """The element a person uses; of several buttons with one action id the one with this value."""
    for block, element in elements(blocks):
        if element["action_id"] != action_id or block_id not in {None, block["block_id"]}:
            continue
        if element["type"] == "button" and value is not None and element.get("value") != value:
            continue
        return block, element
    raise ActError(f"no element {action_id} is shown")


class Clicks(Hands):
    """Using what a block offers."""

    async def click(
        self, person: str, channel: str, ts: str, action_id: str, value: Any = None, block_id: str | None = None
    ) -> bool:
        """A button or a choice of a message."""
        message = self.visible(person, channel, ts)
        block, element = find_element(message.blocks, action_id, block_id, value)
        action = self._action(block, element, value, message)
        container = {
            "type": "message",
            "message_ts": ts,
            "channel_id": channel,
            "is_ephemeral": message.only_for is not None,
        }
        payload = self._actions(person, action, container) | {
            "channel": {"id": channel, "name": channel}, "response_url": self.address(person, channel, ts),
            "state": state_of(message.blocks, message.typed),
        }  # fmt: skip
        if message.only_for is None:
            payload["message"] = author_of(message)
        return await self.interactive(person, channel, payload)

    async def click_view(
        self, person: str, surface: str, action_id: str, value: Any = None, block_id: str | None = None
    ) -> bool:
        """A button, choice or dispatching input of Home ("home") or the top modal ("modal")."""
        one = self.surface(person, surface)
        block, element = find_element(one.view["blocks"], action_id, block_id, value)
        if block["type"] == "input" and not block.get("dispatch_action"):
            raise ActError(f"{action_id} sends nothing by itself; use fill")
        action = self._action(block, element, value, one)
        payload = self._actions(person, action, {"type": "view", "view_id": one.id}) | {"view": view_object(one)}
        return await self.interactive(person, self.workspace.dm_of(person), payload)

    def surface(self, person: str, surface: str) -> Open:
        """Home, or the modal on top."""
        if surface == "home":
            one = self.workspace.homes.get(person)
        else:
            one = self.workspace.views[person][-1] if self.workspace.views[person] else None
        if one is None:
            raise ActError(f"no {surface} is open")
        return one

    async def fill(self, person: str, values: dict[str, dict[str, Any]], surface: str = "modal") -> None:
        """Type and choose without sending anything: {block_id: {action_id: what}}."""
        one = self.surface(person, surface)
        for block_id, actions in values.items():
            for action_id, raw in actions.items():
                block, element = find_element(one.view["blocks"], action_id, block_id)
                self.put(block, element, raw, one)
        self.workspace.changed()

    def put(self, block: dict[str, Any], element: dict[str, Any], raw: Any, holder: Open | Posted) -> None:
        """Leave a value in an element."""
        key = (block["block_id"], element["action_id"])
        offered = holder.offered.get(key) if isinstance(holder, Open) else None
        try:
            found = chosen(element, raw, offered)
        except NotChosenError as wrong:
            raise ActError(str(wrong)) from None
        if element["type"] == "file_input":
            ids = [one["id"] if isinstance(one, dict) else one for one in found or []]
            if len(ids) > element.get("max_files", LIMIT["file_input_files"]):
                raise ActError(f"{element['action_id']} takes at most {element.get('max_files')} files")
            found = files.for_state(self.workspace, self.base, ids)
        holder.typed[key] = found

    def _action(
        self, block: dict[str, Any], element: dict[str, Any], value: Any, holder: Open | Posted
    ) -> dict[str, Any]:
        """One entry of `actions`, the choice taken over into the state."""
        found = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"],
                 "action_ts": self.workspace.ts()}  # fmt: skip
        if element["type"] == "overflow":
            picked = next((one for one in options_of(element, None) if one["value"] == value), None)
            if picked is None:
                raise ActError(f"{element['action_id']} does not offer {value}")
            return {**found, "selected_option": picked}
        if field_of(element) is None:
            more = ("text", "value", "style", "url", "icon", "confirm")
            return {**found, **{name: element[name] for name in more if name in element}}
        self.put(block, element, value, holder)
        return {**found, **(entry(block, element, holder.typed) or {})}

    def _actions(self, person: str, action: dict[str, Any], container: dict[str, Any]) -> dict[str, Any]:
        return self.triggered("block_actions", person) | {"container": container, "actions": [action]}

    async def suggest(
        self, person: str, surface: str, action_id: str, text: str, block_id: str | None = None
    ) -> list[dict[str, Any]]:
        """Type into an external select: what the app offers within three seconds, else nothing."""
        one = self.surface(person, surface)
        block, element = find_element(one.view["blocks"], action_id, block_id)
        if "external" not in element["type"]:
            raise ActError(f"{action_id} asks nobody for options")
        if len(text) < element.get("min_query_length", 3):
            return []
        payload = self.payload("block_suggestion", person) | {
            "action_id": action_id, "block_id": block["block_id"], "value": text, "view": view_object(one),
            "container": {"type": "view", "view_id": one.id}, "action_ts": self.workspace.ts(), "team": {"id": TEAM, "domain": "demo"},
        }  # fmt: skip
        answer = await self.delivery.send("interactive", payload, accepts=True) or {}
        wrong = (
            list(option_problems(answer, "select_options"))
            if answer.get("options") or answer.get("option_groups")
            else []
        )
        if wrong:
            self.workspace.unknown.append(f"block_suggestion {action_id}: {wrong[0]}")
            return []
        groups = answer.get("option_groups") or [{"options": answer.get("options", [])}]
        found = [option for group in groups for option in group["options"]]
        one.offered[block["block_id"], action_id] = found
        return found
