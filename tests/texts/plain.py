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
        buttons = block["elements"] if kind == "actions" else [block["accessory"]] if "accessory" in block else []
        if buttons:
            yield " ".join(f"[{one['text']['text']}]" for one in buttons)


def page(found: Mapping[str, Any]) -> str:
    """A message or view as text."""
    top = [f"({found['text']})"] if "text" in found else []
    return "\n".join([*top, *lines_of(found["blocks"])]) + "\n"
