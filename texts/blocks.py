"""Slack blocks as plain dicts, within Slack's limits by construction."""

from typing import Any, TypedDict

Block = dict[str, Any]
SECTION, FIELD, CONTEXT_ITEMS, BUTTON, VALUE, MAX_FIELDS = 3000, 2000, 10, 75, 2000, 10
MAX_MESSAGE_BLOCKS, MAX_VIEW_BLOCKS, TITLE, OPTION = 50, 100, 24, 75


class Message(TypedDict):
    """What is posted: `text` states the outcome in one sentence for push and screen readers."""

    text: str
    blocks: list[Block]


def mrkdwn(text: str, length: int) -> Block:
    """A text object with our own markup; `verbatim` keeps Slack from making links and mentions out of plain words."""
    return {"type": "mrkdwn", "text": cut(text, length), "verbatim": True}


def cut(text: str, length: int) -> str:
    """At most `length` characters, marked when cut."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def section(text: str, **more: Any) -> Block:
    """A paragraph in mrkdwn."""
    return {"type": "section", "text": mrkdwn(text, SECTION), **more}


def fields(texts: list[str]) -> Block:
    """Up to ten short texts in two columns."""
    return {"type": "section", "fields": [mrkdwn(text, FIELD) for text in texts[:MAX_FIELDS]]}


def context(texts: list[str]) -> Block:
    """Small print."""
    return {"type": "context", "elements": [mrkdwn(text, FIELD) for text in texts[:CONTEXT_ITEMS]]}


def header(text: str) -> Block:
    """A heading."""
    return {"type": "header", "text": {"type": "plain_text", "text": cut(text, 150), "emoji": True}}


def divider() -> Block:
    """A line."""
    return {"type": "divider"}


def button(text: str, action_id: str, value: str, *, primary: bool = False) -> Block:
    """A button; its value is an id, never a figure."""
    made: Block = {
        "type": "button",
        "text": {"type": "plain_text", "text": cut(text, BUTTON), "emoji": True},
        "action_id": action_id,
        "value": value,
    }
    if primary:
        made["style"] = "primary"
    return made


def actions(elements: list[Block], block_id: str) -> Block:
    """A row of buttons."""
    return {"type": "actions", "block_id": block_id, "elements": elements[:25]}


def overflow(entries: list[tuple[str, str]], action_id: str) -> Block:
    """A menu behind three dots: (text, value) of up to five entries, values of at most 75 characters."""
    return {"type": "overflow", "action_id": action_id, "options": [option(text, value) for text, value in entries[:5]]}


def option(text: str, value: str) -> Block:
    """One entry of a menu or a choice."""
    return {"text": {"type": "plain_text", "text": cut(text, OPTION), "emoji": True}, "value": value}


def table(rows: list[list[str]], aligns: list[str]) -> Block:
    """Plain cells, the first row being the header; one a message, and only there."""
    return {
        "type": "table",
        "column_settings": [{"align": align} for align in aligns],
        "rows": [[{"type": "raw_text", "text": cell} for cell in row] for row in rows],
    }
