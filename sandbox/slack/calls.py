"""What every Web API method has at hand: the workspace, arguments as they came, refusals in Slack's words."""

import json
from typing import Any

from sandbox.slack.people import PEOPLE
from sandbox.slack.state import Workspace

Answer = dict[str, Any]
Given = dict[str, Any]
_READ = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


class Refused(Exception):  # noqa: N818  (Slack calls it an error only in its answer)
    """{"ok": false, "error": code, ...}."""

    def __init__(self, code: str, **more: Any) -> None:
        """The code and what else the answer carries."""
        super().__init__(code)
        self.answer: Answer = {"ok": False, "error": code, **more}


class Caller:
    """One workspace at an address, seen by the app."""

    def __init__(self, workspace: Workspace, base: str) -> None:
        """`base` is the address of this server, for socket and file addresses."""
        self.workspace, self.base = workspace, base

    def need(self, *scopes: str) -> None:
        """One of these scopes, or missing_scope."""
        manifest = self.workspace.manifest
        if not any(map(manifest.may, scopes)):
            raise Refused("missing_scope", needed=",".join(scopes), provided=manifest.granted)

    def channel(self, given: Given, name: str = "channel") -> str:
        """A channel that exists, by its id; a person's id is his direct message."""
        channel = str(given.get(name) or "")
        if channel in PEOPLE:
            return self.workspace.dm_of(channel)
        hidden = channel in self.workspace.private and "U00DESK" not in self.workspace.members[channel]
        if hidden or not self.workspace.channel_exists(channel):
            raise Refused("channel_not_found")
        return channel

    def own_channel(self, given: Given, name: str = "channel") -> str:
        """A channel that the bot is in."""
        channel = self.channel(given, name)
        members = self.workspace.members.get(channel)
        if members is not None and "U00DESK" not in members:
            raise Refused("not_in_channel")
        return channel

    def open_channel(self, given: Given, name: str = "channel") -> str:
        """The same, where something can still be said."""
        channel = self.own_channel(given, name)
        if channel in self.workspace.archived:
            raise Refused("is_archived")
        return channel

    def need_for(self, channel: str, what: str) -> None:
        """The scope that reading this kind of conversation takes."""
        self.need(f"{_READ[self.workspace.kind_of(channel)]}:{what}")


def flag(given: Given, name: str) -> bool:
    """A boolean argument, as JSON or as a form sends it."""
    return str(given.get(name, "")).lower() in {"true", "1"}


def number(given: Given, name: str, otherwise: int) -> int:
    """A whole number; invalid_arguments when it is none."""
    found = given.get(name)
    if found is None or found == "":
        return otherwise
    try:
        return int(str(found))
    except ValueError:
        raise wrong_arguments(f"[ERROR] {name} must be an integer") from None


def text_of(given: Given, name: str) -> str:
    """A required string; invalid_arguments without it."""
    found = given.get(name)
    if not isinstance(found, str) or not found:
        raise wrong_arguments(f"[ERROR] missing required field: {name}")
    return found


def wrong_arguments(*messages: str) -> Refused:
    """invalid_arguments with its reasons."""
    return Refused("invalid_arguments", response_metadata={"messages": list(messages)})


def page(found: list[Any], given: Given, most: int = 1000) -> tuple[list[Any], str]:
    """(one page, the cursor of the next or "")."""
    size = min(number(given, "limit", 100) or 100, most)
    cursor = str(given.get("cursor") or "")
    if cursor and not cursor.removeprefix("at:").isdigit():
        raise Refused("invalid_cursor")
    start = int(cursor.removeprefix("at:") or 0)
    rest = f"at:{start + size}" if start + size < len(found) else ""
    return found[start : start + size], rest


STRUCTURES = {
    "blocks": "invalid_blocks_format", "view": "invalid_arguments", "metadata": "invalid_metadata_format",
    "attachments": "invalid_attachments", "files": "invalid_arguments",
}  # fmt: skip


def loaded(given: Given) -> Given:
    """Form posts carry structures as JSON text."""
    found = dict(given)
    for name, code in STRUCTURES.items():
        if isinstance(found.get(name), str):
            try:
                found[name] = json.loads(found[name])
            except ValueError:
                raise Refused(code) from None
    return found
