"""Every length and count that Slack enforces, in one table with its source, and the check of blocks against it."""

from collections.abc import Callable, Iterator
from typing import Any

# name, limit, source
TABLE = (
    ("ack_seconds", 3, "Slack docs: acknowledging requests"),
    ("trigger_seconds", 3, "Slack docs: modals, trigger_id"),
    ("response_url_uses", 5, "Slack docs: handling user interaction"),
    ("response_url_seconds", 1800, "Slack docs: handling user interaction"),
    ("message_blocks", 50, "Slack docs: Block Kit, blocks per message"),
    ("view_blocks", 100, "Slack docs: Block Kit, blocks per view"),
    ("view_bytes", 250_000, "method reference views.open: view_too_large"),
    ("view_stack", 3, "method reference views.push: push_limit_reached"),
    ("message_text", 40_000, "Slack changelog 2018: truncating long messages"),
    ("update_text", 4_000, "method reference chat.update: msg_too_long"),
    ("section_text", 3_000, "@slack/types: section"),
    ("section_fields", 10, "@slack/types: section"),
    ("field_text", 2_000, "@slack/types: section"),
    ("header_text", 150, "@slack/types: header"),
    ("context_elements", 10, "@slack/types: context"),
    ("actions_elements", 25, "@slack/types: actions"),
    ("button_text", 75, "@slack/types: button"),
    ("button_value", 2_000, "@slack/types: button"),
    ("action_id", 255, "@slack/types: elements"),
    ("block_id", 255, "@slack/types: blocks"),
    ("select_options", 100, "@slack/types: static_select"),
    ("overflow_options", 5, "@slack/types: overflow"),
    ("option_text", 75, "@slack/types: option"),
    ("placeholder", 150, "@slack/types: placeholder"),
    ("input_label", 2_000, "@slack/types: input"),
    ("input_max_length", 3_000, "@slack/types: plain_text_input"),
    ("confirm_title", 100, "@slack/types: confirm"),
    ("confirm_text", 300, "@slack/types: confirm"),
    ("table_rows", 100, "Slack docs: table block"),
    ("table_columns", 20, "Slack docs: table block"),
    ("table_characters", 10_000, "measured by third parties over all tables of a message"),
    ("view_title", 24, "@slack/types: view"),
    ("private_metadata", 3_000, "@slack/types: view"),
    ("callback_id", 255, "@slack/types: view"),
    ("command_text", 4_000, "sandbox: longest text the composer takes"),
)
LIMIT = {name: limit for name, limit, _ in TABLE}
_KNOWN = frozenset({"section", "divider", "header", "context", "actions", "input", "image", "table", "rich_text"})
_ELEMENTS = frozenset({
    "button", "overflow", "static_select", "external_select", "users_select", "datepicker", "plain_text_input",
    "checkboxes", "radio_buttons", "image", "number_input", "multi_static_select",
})  # fmt: skip


def problems(blocks: Any, surface: str) -> list[str]:
    """What Slack would refuse about these blocks; empty when it would take them."""
    if not isinstance(blocks, list):
        return ["blocks must be a list"]
    top = LIMIT["message_blocks"] if surface == "message" else LIMIT["view_blocks"]
    found = [f"no more than {top} items allowed [json-pointer:/blocks]"] if len(blocks) > top else []
    seen: set[str] = set()
    characters = 0
    for place, block in enumerate(blocks):
        where = f"[json-pointer:/blocks/{place}]"
        kind = block.get("type") if isinstance(block, dict) else None
        if kind not in _KNOWN:
            found.append(f"unsupported type: {kind} {where}")
            continue
        name = block.get("block_id")
        if name is not None:
            if len(name) > LIMIT["block_id"] or not name:
                found.append(f"block_id must be 1-255 characters {where}")
            if name in seen:
                found.append(f"`block_id` {name} already exists {where}")
            seen.add(name)
        found += [f"{problem} {where}" for problem in _block(kind, block)]
        if kind == "table":
            characters += sum(len(str(cell.get("text", ""))) for row in block.get("rows", []) for cell in row)
    if characters > LIMIT["table_characters"]:
        found.append("table characters exceed 10000")
    return found


def _block(kind: str, block: dict[str, Any]) -> Iterator[str]:
    check = _CHECKS.get(kind)
    if check is not None:
        yield from check(block)


def _section(block: dict[str, Any]) -> Iterator[str]:
    if not block.get("text") and not block.get("fields"):
        yield "text or fields required"
    yield from _text(block.get("text"), "section_text", optional=True)
    fields = block.get("fields") or []
    if len(fields) > LIMIT["section_fields"]:
        yield "no more than 10 fields"
    for field in fields:
        yield from _text(field, "field_text")
    if block.get("accessory"):
        yield from _element(block["accessory"])


def _header(block: dict[str, Any]) -> Iterator[str]:
    yield from _text(block.get("text"), "header_text", plain=True)


def _context(block: dict[str, Any]) -> Iterator[str]:
    elements = block.get("elements") or []
    if not 1 <= len(elements) <= LIMIT["context_elements"]:
        yield "1-10 elements required"
    for element in elements:
        if element.get("type") in {"mrkdwn", "plain_text"}:
            yield from _text(element, "field_text")


def _actions(block: dict[str, Any]) -> Iterator[str]:
    elements = block.get("elements") or []
    if not 1 <= len(elements) <= LIMIT["actions_elements"]:
        yield "1-25 elements required"
    ids = [element.get("action_id") for element in elements]
    if len(ids) != len(set(ids)):
        yield "action_id already exists"
    for element in elements:
        yield from _element(element)


def _input(block: dict[str, Any]) -> Iterator[str]:
    yield from _text(block.get("label"), "input_label", plain=True)
    yield from _element(block.get("element") or {})


def _table(block: dict[str, Any]) -> Iterator[str]:
    rows = block.get("rows") or []
    if not 1 <= len(rows) <= LIMIT["table_rows"] or any(len(row) > LIMIT["table_columns"] for row in rows):
        yield "table is 1-100 rows of at most 20 cells"
    if any(not str(cell.get("text", "x")) for row in rows for cell in row if cell.get("type") == "raw_text"):
        yield "raw_text cell must not be empty"


_CHECKS: dict[str, Callable[[dict[str, Any]], Iterator[str]]] = {
    "section": _section, "header": _header, "context": _context, "actions": _actions, "input": _input, "table": _table,
}  # fmt: skip


def _element(element: dict[str, Any]) -> Iterator[str]:
    kind = element.get("type")
    if kind not in _ELEMENTS:
        yield f"unsupported element: {kind}"
        return
    if len(element.get("action_id", "x")) > LIMIT["action_id"]:
        yield "action_id is too long"
    if kind == "button":
        yield from _text(element.get("text"), "button_text", plain=True)
        if len(element.get("value", "")) > LIMIT["button_value"]:
            yield "value is too long"
        if element.get("style") not in {None, "primary", "danger"}:
            yield "style must be primary or danger"
    if kind in {"static_select", "overflow"}:
        top = LIMIT["overflow_options"] if kind == "overflow" else LIMIT["select_options"]
        if not 1 <= len(element.get("options", [])) <= top:
            yield "too few or too many options"
        for option in element.get("options", []):
            yield from _text(option.get("text"), "option_text")
    if kind == "plain_text_input" and element.get("max_length", 1) > LIMIT["input_max_length"]:
        yield "max_length must be at most 3000"
    if element.get("placeholder"):
        yield from _text(element["placeholder"], "placeholder", plain=True)


def _text(text: Any, limit: str, *, plain: bool = False, optional: bool = False) -> Iterator[str]:
    if text is None and optional:
        return
    if not isinstance(text, dict) or not isinstance(text.get("text"), str):
        yield "text object required"
        return
    if plain and text.get("type") != "plain_text":
        yield "must be plain_text"
    if not 1 <= len(text["text"]) <= LIMIT[limit]:
        yield f"must be between 1 and {LIMIT[limit]} characters"


def view_problems(view: Any) -> list[str]:
    """What Slack would refuse about a view."""
    if not isinstance(view, dict) or view.get("type") not in {"modal", "home"}:
        return ["view must be a modal or home"]
    found = problems(view.get("blocks"), "view")
    if view["type"] == "modal":
        found += list(_text(view.get("title"), "view_title", plain=True))
        for name in ("submit", "close"):
            if view.get(name):
                found += list(_text(view[name], "view_title", plain=True))
        has_input = any(block.get("type") == "input" and not block.get("dispatch_action") for block in view["blocks"])
        if has_input and not view.get("submit"):
            found.append("submit is required when there is an input block")
    if len(view.get("private_metadata", "")) > LIMIT["private_metadata"]:
        found.append("private_metadata is too long")
    return found
