"""The Spreadsheet resource as spreadsheets.get answers it, and field masks."""

from typing import Any

from sandbox.google.a1 import Box, parse
from sandbox.google.batch_tabs import properties
from sandbox.google.cells import Cell, Formula, display, is_empty, shown_value
from sandbox.google.metadata import shown
from sandbox.google.store import RangeError, Spreadsheet, Tab


def resource(sheet: Spreadsheet, ranges: list[str], *, grid: bool) -> dict[str, Any]:
    """All tabs, or those that the ranges touch; cells only when asked for."""
    boxes = [parse(sheet, text) for text in ranges]
    tabs = []
    for index, tab in enumerate(sheet.tabs):
        own = [box for box in boxes if box.tab is tab]
        if boxes and not own:
            continue
        one: dict[str, Any] = {"properties": properties(tab, index)}
        marks = [
            shown(mark) for mark in sheet.marks.values() if mark.place is not None and mark.place[:2] == (tab.id, None)
        ]
        if marks:
            one["developerMetadata"] = marks
        if grid:
            one["data"] = [_data(box) for box in own or [_whole(tab)]]
        tabs.append(one)
    found = {
        "spreadsheetId": sheet.key,
        "properties": {"title": sheet.title, "locale": sheet.locale, "timeZone": "Asia/Shanghai"},
        "sheets": tabs,
    }
    marks = [shown(mark) for mark in sheet.marks.values() if mark.place is None]
    return {**found, "developerMetadata": marks} if marks else found


def _whole(tab: Tab) -> Box:
    return Box(tab, 0, 0, tab.rows - 1, tab.columns - 1)


def _data(box: Box) -> dict[str, Any]:
    rows = []
    for row in range(box.top, min(box.bottom + 1, len(box.tab.cells))):
        line = [box.tab.get(row, column) for column in range(box.left, min(box.right + 1, len(box.tab.cells[row])))]
        rows.append(
            {"values": [_cell(cell, box.left + at in box.tab.dates) for at, cell in enumerate(line)]} if line else {}
        )
    start = {name: value for name, value in (("startRow", box.top), ("startColumn", box.left)) if value}
    return {**start, **({"rowData": rows} if rows else {})}


def _cell(cell: Cell, is_date: bool) -> dict[str, Any]:
    if is_empty(cell):
        return {}
    value = shown_value(cell)
    entered: dict[str, Any] = {"formulaValue": cell.text} if isinstance(cell, Formula) else _extended(value)
    shown = entered
    if isinstance(cell, Formula):
        wrong = isinstance(value, str) and value.startswith("#") and value.endswith(("!", "?"))
        shown = {"errorValue": {"type": "ERROR", "message": value}} if wrong else _extended(value)
    return {"userEnteredValue": entered, "effectiveValue": shown, "formattedValue": display(cell, is_date)}


def _extended(value: Any) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, str):
        return {"stringValue": value}
    return {"numberValue": value}


def masked(answer: Any, fields: str) -> Any:
    """Only what a mask such as `sheets(properties.title,data),properties/locale` names; RangeError for a bad mask."""
    tree, rest = _tree(fields)
    if rest:
        raise RangeError(f"Invalid field mask: {fields}")
    return _kept(answer, tree)


def _tree(text: str) -> tuple[dict[str, Any], str]:
    tree: dict[str, Any] = {}
    while text:
        name = ""
        while text and text[0] not in ",()":
            name, text = name + text[0], text[1:]
        path = [part for part in name.strip().replace("/", ".").split(".") if part]
        if not path:
            raise RangeError("Invalid field mask")
        node = tree
        for part in path:
            node = node.setdefault(part, {})
        if text.startswith("("):
            inner, text = _tree(text[1:])
            if not text.startswith(")"):
                raise RangeError("Invalid field mask")
            node.update(inner)
            text = text[1:]
        if not text.startswith(","):
            break
        text = text[1:]
    return tree, text


def _kept(value: Any, tree: dict[str, Any]) -> Any:
    if not tree or "*" in tree:
        return value
    if isinstance(value, list):
        return [_kept(one, tree) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _kept(value[name], inner) for name, inner in tree.items() if name in value}
