"""The things a workspace holds, and the ids that Slack gives to what came without one."""

import secrets
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Secrets:
    """What the app and Google's side know each other by; kept from one start to the next."""

    bot_token: str = field(default_factory=lambda: f"xoxb-demo-{secrets.token_hex(8)}")
    app_token: str = field(default_factory=lambda: f"xapp-demo-{secrets.token_hex(8)}")
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    google_secret: str = field(default_factory=lambda: secrets.token_hex(16))


@dataclass
class Posted:
    """One message as a channel shows it. `only_for` makes it ephemeral."""

    ts: str
    channel: str
    author: str
    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    only_for: str | None = None
    thread_ts: str | None = None
    metadata: dict[str, Any] | None = None
    edited: bool = False
    revision: int = 0
    attachments: list[dict[str, Any]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    typed: dict[tuple[str, str], Any] = field(default_factory=dict)


@dataclass
class Usergroup:
    """A user group: its handle stands for whoever is in it."""

    name: str
    people: tuple[str, ...]
    disabled: bool = False


@dataclass
class Address:
    """A response_url: whose, where, which message, and how often it was used."""

    person: str
    channel: str
    message_ts: str | None
    made: float
    uses: int = 0


@dataclass
class Open:
    """A view on somebody's screen; `typed` is what stands in its inputs, `offered` what a suggestion answered."""

    id: str
    hash: str
    view: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)
    root: str = ""
    previous: str | None = None
    typed: dict[tuple[str, str], Any] = field(default_factory=dict)
    offered: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)


@dataclass
class Stored:
    """A file somebody uploaded."""

    id: str
    name: str
    size: int
    owner: str
    content: bytes = b""
    title: str = ""
    complete: bool = False
    shared_at: float = 0.0
    shares: dict[str, list[str]] = field(default_factory=dict)


def with_ids(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Blocks as Slack keeps them: what came without block_id or action_id has got one."""
    return [{**_named(block), "block_id": block.get("block_id") or secrets.token_urlsafe(4)} for block in blocks]


def _named(block: dict[str, Any]) -> dict[str, Any]:
    found = dict(block)
    for place in ("accessory", "element"):
        if isinstance(found.get(place), dict):
            found[place] = _with_action(found[place])
    if found.get("type") in {"actions", "context_actions"}:
        found["elements"] = [_with_action(element) for element in found.get("elements", [])]
    return found


def _with_action(element: dict[str, Any]) -> dict[str, Any]:
    if element.get("type") == "image" or element.get("action_id"):
        return element
    return {**element, "action_id": secrets.token_urlsafe(4)}
