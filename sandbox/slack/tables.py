"""table and data_table blocks."""

from typing import Any

from sandbox.slack.limits import LIMIT
from sandbox.slack.rich_text import check_rich_text
from sandbox.slack.shapes import Problems, known


def check_table(block: dict[str, Any]) -> Problems:
    """At most 100 rows of 20 cells."""
    yield from _rows(block.get("rows"), "table_rows")
    settings = block.get("column_settings", [])
    if not isinstance(settings, list) or len(settings) > LIMIT["table_columns"]:
        yield "column_settings must be a list of at most 20"
        return
    for setting in settings:
        if setting is not None:
            yield from known(setting, {"align", "is_wrapped"})


def check_data_table(block: dict[str, Any]) -> Problems:
    """A caption, a header row without rich text, and at least one row."""
    if not isinstance(block.get("caption"), str) or not block["caption"]:
        yield "missing required field: caption"
    rows = block.get("rows")
    yield from _rows(rows, "data_table_rows")
    if isinstance(rows, list) and len(rows) < 2:
        yield "a header row and at least one row are required"
    if isinstance(rows, list) and any(_type(cell) == "rich_text" for cell in rows[0] if rows and rows[0]):
        yield "header cells must not be rich_text"
    size = block.get("page_size", 5)
    if not isinstance(size, int) or not 1 <= size <= LIMIT["data_table_page"]:
        yield f"page_size must be 1-{LIMIT['data_table_page']}"


def _type(cell: Any) -> Any:
    return cell.get("type") if isinstance(cell, dict) else None


def _rows(rows: Any, limit: str) -> Problems:
    if not isinstance(rows, list) or not 1 <= len(rows) <= LIMIT[limit]:
        yield f"rows must be 1-{LIMIT[limit]}"
        return
    for row in rows:
        if not isinstance(row, list) or not 1 <= len(row) <= LIMIT["table_columns"]:
            yield f"a row must have 1-{LIMIT['table_columns']} cells"
            continue
        for cell in row:
            yield from _cell(cell)


def _cell(cell: Any) -> Problems:
    kind = _type(cell)
    if kind == "raw_text":
        yield from known(cell, {"text"})
        if not isinstance(cell.get("text"), str) or not cell["text"]:
            yield "raw_text cell must not be empty"
    elif kind == "raw_number":
        yield from known(cell, {"value", "text"})
        if not isinstance(cell.get("value"), int | float):
            yield "raw_number cell needs a value"
    elif kind == "rich_text":
        yield from known(cell, {"elements", "block_id"})
        yield from check_rich_text(cell.get("elements"))
    else:
        yield f"unsupported cell: {kind}"


def table_characters(block: Any) -> int:
    """How many characters a table shows."""
    rows = block.get("rows") if isinstance(block, dict) and block.get("type") in {"table", "data_table"} else None
    return (
        sum(len(_shown(cell)) for row in rows if isinstance(row, list) for cell in row) if isinstance(rows, list) else 0
    )


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "".join(map(_shown, value))
    if not isinstance(value, dict):
        return ""
    return str(value.get("text", value.get("value", ""))) + _shown(value.get("elements"))
