"""Blocks as lines of plain text, for snapshots."""

from collections.abc import Iterator, Mapping
from typing import Any


def lines_of(blocks: list[dict[str, Any]]) -> Iterator[str]:
    """Every text of every block, in order; buttons in brackets."""
    for block in blocks:
        kind = block["type"]
        if kind == "divider":
            yield "---"
        if kind == "header":
            yield f"# {block['text']['text']}"
        if kind == "section" and "text" in block:
            yield block["text"]["text"]
        for one in block.get("fields", ()):
            yield "  | " + one["text"].replace("\n", " ")
        if kind == "context":
            yield from (f"  . {one['text']}" for one in block["elements"])
        if kind == "table":
            yield from ("  | " + " | ".join(cell["text"] for cell in row) for row in block["rows"])
        if kind == "input":
            yield from _field(block)
        buttons = block["elements"] if kind == "actions" else [block["accessory"]] if "accessory" in block else []
        if buttons:
            yield " ".join(_shown(one) for one in buttons)


def _shown(one: dict[str, Any]) -> str:
    if one["type"] != "overflow":
        return f"[{one['text']['text']}]"
    return "[… " + " / ".join(entry["text"]["text"] for entry in one["options"]) + "]"


def _field(block: dict[str, Any]) -> Iterator[str]:
    element = block["element"]
    optional = " (optional)" if block.get("optional") else ""
    given = element.get("initial_value") or element.get("initial_date") or ""
    hint = f"  . {block['hint']['text']}" if "hint" in block else ""
    yield f"{block['label']['text']}{optional}: {given}{hint}"
    yield from (f"  ( ) {one['text']['text']}" for one in element.get("options", ()))


def page(found: Mapping[str, Any]) -> str:
    """A message or view as text."""
    top = [f"({found['text']})"] if "text" in found else []
    return "\n".join([*top, *lines_of(found["blocks"])]) + "\n"
