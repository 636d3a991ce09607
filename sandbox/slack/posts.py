"""What a message may hold: text, blocks, attachments, metadata; and how the Web API shows one."""

import re
from typing import Any

from sandbox.slack.blocks import problems
from sandbox.slack.calls import Answer, Given, Refused
from sandbox.slack.limits import LIMIT
from sandbox.slack.people import APP, BOT, BOT_USER
from sandbox.slack.state import Posted

_EVENT_TYPE = re.compile(r"[A-Za-z0-9_-]{1,255}")
_WEIGHED = frozenset({"section", "markdown", "context", "header"})


def shown(message: Posted, *, metadata: bool = True) -> Answer:
    """A message as the Web API answers it."""
    found: Answer = {"type": "message", "ts": message.ts, "user": message.author, "text": message.text}
    if message.author == BOT_USER:
        found |= {"bot_id": BOT, "app_id": APP, "blocks": message.blocks}
    if message.thread_ts:
        found["thread_ts"] = message.thread_ts
    if message.metadata and metadata:
        found["metadata"] = message.metadata
    if message.files:
        found["files"] = [{"id": one} for one in message.files]
    if message.edited:
        found["edited"] = {"user": message.author, "ts": message.ts}
    if message.reactions:
        found["reactions"] = [
            {"name": name, "users": who, "count": len(who)} for name, who in message.reactions.items()
        ]
    return found


def content(given: Given, *, posting: bool = False) -> None:
    """Refused when Slack would not take text, blocks or attachments."""
    blocks, attachments, markdown = given.get("blocks"), given.get("attachments"), given.get("markdown_text")
    if markdown:
        if given.get("text") or blocks:
            raise Refused("markdown_text_conflict")
        if len(str(markdown)) > LIMIT["markdown_text"]:
            raise Refused("msg_too_long")
    if not (given.get("text") or blocks or attachments or markdown):
        raise Refused("no_text")
    if blocks:
        found = problems(blocks, "message")
        if found:
            raise Refused(
                "invalid_blocks", errors=found, response_metadata={"messages": [f"[ERROR] {one}" for one in found]}
            )
        if posting and _weight(blocks) > LIMIT["blocks_text"]:
            raise Refused("msg_blocks_too_long")
    if attachments is not None:
        if not isinstance(attachments, list) or any(not isinstance(one, dict) for one in attachments):
            raise Refused("invalid_attachments")
        if len(attachments) > LIMIT["attachments"]:
            raise Refused("too_many_attachments")


def _weight(value: Any, counted: bool = False) -> int:
    """Characters of text in sections and markdown."""
    if isinstance(value, list):
        return sum(_weight(one, counted) for one in value)
    if not isinstance(value, dict):
        return 0
    counted = counted or value.get("type") in _WEIGHED
    own = len(value["text"]) if counted and isinstance(value.get("text"), str) else 0
    return own + sum(_weight(inner, counted) for inner in value.values() if isinstance(inner, dict | list))


def metadata_of(given: Given) -> tuple[Any, list[str]]:
    """(metadata that Slack keeps or None, warnings): what is malformed is dropped while ok stays true."""
    found = given.get("metadata")
    if found is None:
        return None, []
    kind = found.get("event_type") if isinstance(found, dict) else None
    if not isinstance(kind, str) or not _EVENT_TYPE.fullmatch(kind) or not isinstance(found.get("event_payload"), dict):
        return None, ["invalid_metadata_schema"]
    return found, []
