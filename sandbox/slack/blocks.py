"""Blocks against the table: what Slack would refuse about a list of them."""

from collections.abc import Callable
from typing import Any

from sandbox.slack.elements import KINDS, check_element
from sandbox.slack.limits import LIMIT
from sandbox.slack.rich_text import check_rich_text
from sandbox.slack.shapes import Problems, items, known, picture, string, text
from sandbox.slack.tables import check_data_table, check_table, table_characters

__all__ = ["problems"]


def problems(blocks: Any, surface: str) -> list[str]:
    """What Slack would refuse about these blocks on a message, modal or home; empty when it would take them."""
    if not isinstance(blocks, list):
        return ["blocks must be a list"]
    top = LIMIT["message_blocks"] if surface == "message" else LIMIT["view_blocks"]
    found = [f"no more than {top} items allowed [json-pointer:/blocks]"] if len(blocks) > top else []
    seen: set[str] = set()
    for place, block in enumerate(blocks):
        where = f"[json-pointer:/blocks/{place}]"
        found += [f"{problem} {where}" for problem in _block(block, surface)]
        name = block.get("block_id") if isinstance(block, dict) else None
        if name is not None and name in seen:
            found.append(f"`block_id` {name} already exists {where}")
        seen.add(str(name))
    if sum(map(table_characters, blocks)) > LIMIT["table_characters"]:
        found.append(f"tables exceed {LIMIT['table_characters']} characters")
    if sum(len(str(block.get("text"))) for block in blocks if _kind(block) == "markdown") > LIMIT["markdown_block"]:
        found.append(f"markdown blocks exceed {LIMIT['markdown_block']} characters")
    return found


def _kind(block: Any) -> Any:
    return block.get("type") if isinstance(block, dict) else None


def _block(block: Any, surface: str) -> Problems:
    kind = _kind(block)
    if kind not in BLOCKS:
        yield f"unsupported type: {kind}"
        return
    properties, surfaces, check = BLOCKS[kind]
    if surface not in surfaces:
        yield f"unsupported type: {kind} in a {surface}"
        return
    yield from known(block, {*properties, "block_id"})
    yield from string(block, "block_id", "block_id")
    yield from check(block)


def _section(block: dict[str, Any]) -> Problems:
    if not block.get("text") and not block.get("fields"):
        yield "text or fields required"
    yield from text(block.get("text"), "section_text", optional=True)
    if "fields" in block:
        fields = items(block["fields"], "section_fields", "fields")
        if isinstance(fields, str):
            yield fields
        else:
            for field in fields:
                yield from text(field, "field_text")
    if block.get("accessory"):
        yield from check_element(block["accessory"], "section")


def _header(block: dict[str, Any]) -> Problems:
    yield from text(block.get("text"), "header_text", plain=True)


def _image(block: dict[str, Any]) -> Problems:
    yield from picture(block)
    yield from text(block.get("title"), "image_title", plain=True, optional=True)


def _elements(limit: str, place: str) -> Callable[[dict[str, Any]], Problems]:
    def check(block: dict[str, Any]) -> Problems:
        elements = items(block.get("elements"), limit, "elements")
        if isinstance(elements, str):
            yield elements
            return
        ids = [element["action_id"] for element in elements if element.get("action_id")]
        if len(ids) != len(set(ids)):
            yield "action_id already exists"
        for element in elements:
            if place == "context" and element.get("type") in {"mrkdwn", "plain_text"}:
                yield from text(element, "field_text")
            else:
                yield from check_element(element, place)

    return check


def _input(block: dict[str, Any]) -> Problems:
    yield from text(block.get("label"), "input_label", plain=True)
    yield from text(block.get("hint"), "input_hint", plain=True, optional=True)
    element = block.get("element")
    yield from check_element(element, "input")
    if block.get("dispatch_action") and isinstance(element, dict) and element.get("type") == "file_input":
        yield "file_input cannot dispatch actions"


def _markdown(block: dict[str, Any]) -> Problems:
    yield from string(block, "text", "markdown_block", required=True)


def _rich_text(block: dict[str, Any]) -> Problems:
    yield from check_rich_text(block.get("elements"))


def _alert(block: dict[str, Any]) -> Problems:
    yield from text(block.get("text"), "alert_text")
    if block.get("level", "default") not in {"default", "info", "warning", "error", "success"}:
        yield "level is not known"


def _card(block: dict[str, Any]) -> Problems:
    if not any(block.get(name) for name in ("hero_image", "title", "actions", "body")):
        yield "one of hero_image, title, actions, body is required"
    for name in ("title", "subtitle", "body"):
        yield from text(block.get(name), f"card_{name}", optional=True)
    for name in ("hero_image", "icon"):
        if name in block:
            yield from check_element(block[name], "context")
    if "actions" in block:
        buttons = items(block["actions"], "card_buttons", "actions")
        yield from (
            [buttons]
            if isinstance(buttons, str)
            else (one for button in buttons for one in check_element(button, "card"))
        )


def _carousel(block: dict[str, Any]) -> Problems:
    cards = items(block.get("elements"), "carousel_cards", "elements")
    if isinstance(cards, str):
        yield cards
        return
    for card in cards:
        yield from (
            _block(card, "message") if _kind(card) == "card" else [f"unsupported type: {_kind(card)} in a carousel"]
        )


def _container(block: dict[str, Any]) -> Problems:
    yield from text(block.get("title"), "card_title", plain=True, optional="rich_text_title" in block)
    yield from text(block.get("subtitle"), "card_subtitle", optional=True)
    children = items(block.get("child_blocks"), "container_children", "child_blocks")
    if isinstance(children, str):
        yield children
        return
    for child in children:
        yield from ["a container in a container"] if _kind(child) == "container" else _block(child, "message")


def _divider(block: dict[str, Any]) -> Problems:
    del block
    yield from ()


_ALL = {"message", "modal", "home"}
BLOCKS: dict[str, tuple[set[str], set[str], Callable[[dict[str, Any]], Problems]]] = {
    "section": ({"text", "fields", "accessory", "expand"}, _ALL, _section),
    "divider": (set(), _ALL, _divider),
    "header": ({"text"}, _ALL, _header),
    "image": ({"image_url", "slack_file", "alt_text", "title"}, _ALL, _image),
    "context": ({"elements"}, _ALL, _elements("context_elements", "context")),
    "actions": ({"elements"}, _ALL, _elements("actions_elements", "actions")),
    "context_actions": ({"elements"}, {"message"}, _elements("context_actions_elements", "context_actions")),
    "input": ({"label", "element", "dispatch_action", "hint", "optional"}, _ALL, _input),
    "rich_text": ({"elements"}, _ALL, _rich_text),
    "markdown": ({"text"}, {"message"}, _markdown),
    "table": ({"rows", "column_settings"}, {"message"}, check_table),
    "data_table": ({"caption", "rows", "page_size", "row_header_column_index"}, {"message"}, check_data_table),
    "alert": ({"text", "level"}, {"modal"}, _alert),
    "card": ({"hero_image", "icon", "title", "subtitle", "body", "actions"}, {"message"}, _card),
    "carousel": ({"elements"}, {"message"}, _carousel),
    "container": ({"title", "rich_text_title", "subtitle", "child_blocks", "width", "icon", "is_collapsible", "default_collapsed", "has_header_divider"}, {"message"}, _container),
}  # fmt: skip
INPUTS = frozenset(kind for kind, (_, places, _) in KINDS.items() if "input" in places)
