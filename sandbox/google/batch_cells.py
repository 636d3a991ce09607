"""The requests of a batchUpdate that change cells: updateCells, appendCells, sortRange, findReplace."""

import re
from collections.abc import Iterator
from typing import Any

from sandbox.google.batch_parts import Answer, Grid, grid, keys, masked_fields, tab_of, typed_rows
from sandbox.google.cells import Cell, Formula, entered, is_empty, shown_value
from sandbox.google.metadata import follow
from sandbox.google.store import RangeError, Spreadsheet, Tab


def update_cells(sheet: Spreadsheet, given: Any) -> Answer:
    """Typed values from a start cell or into a range; a field that is named and left out is cleared."""
    keys(given, "updateCells", {"rows", "fields", "start", "range"})
    fields, rows = (
        masked_fields(given.get("fields")),
        typed_rows(given.get("rows", []), masked_fields(given.get("fields"))),
    )
    if ("start" in given) == ("range" in given):
        raise RangeError("either start or range must be set")
    if "start" in given:
        start = keys(given["start"], "start", {"sheetId", "rowIndex", "columnIndex"})
        tab, top, left = tab_of(sheet, start.get("sheetId", 0)), start.get("rowIndex", 0), start.get("columnIndex", 0)
        if top + len(rows) > tab.rows or left + max(map(len, rows), default=0) > tab.columns:
            raise RangeError(f"Attempting to write beyond the grid. Max rows: {tab.rows}, max columns: {tab.columns}")
        wanted = {(top + down, left + along): cell for down, row in enumerate(rows) for along, cell in enumerate(row)}
    else:
        box = grid(sheet, given["range"])
        tab = box.tab
        if len(rows) > box.bottom - box.top or max(map(len, rows), default=0) > box.right - box.left:
            raise RangeError("rows exceed the range")
        wanted = {
            (down, along): _at(rows, down - box.top, along - box.left)
            for down in range(box.top, box.bottom)
            for along in range(box.left, box.right)
        }
    if "userEnteredValue" in fields:
        for (row, column), cell in wanted.items():
            tab.open_to_all(row, column)
            tab.set(row, column, cell)
    return {}


def _at(rows: list[list[Cell]], down: int, along: int) -> Cell:
    return rows[down][along] if down < len(rows) and along < len(rows[down]) else None


def append_cells(sheet: Spreadsheet, given: Any) -> Answer:
    """New rows under the last one with data; the grid grows as needed."""
    keys(given, "appendCells", {"sheetId", "rows", "fields"})
    tab, rows = (
        tab_of(sheet, given.get("sheetId", 0)),
        typed_rows(given.get("rows", []), masked_fields(given.get("fields"))),
    )
    first = tab.used_rows()
    tab.rows, tab.columns = max(tab.rows, first + len(rows)), max(tab.columns, max(map(len, rows), default=0))
    for down, row in enumerate(rows):
        for along, cell in enumerate(row):
            tab.open_to_all(first + down, along)
            tab.set(first + down, along, cell)
    return {}


def sort_range(sheet: Spreadsheet, given: Any) -> Answer:
    """Sort rows. In a range of all columns the marks travel with their rows, else only the values move."""
    keys(given, "sortRange", {"range", "sortSpecs"})
    box, specs = grid(sheet, given.get("range")), given.get("sortSpecs")
    if not isinstance(specs, list) or not specs:
        raise RangeError("sortSpecs must name at least one column")
    order = list(range(box.top, box.bottom))
    for spec in reversed(specs):
        keys(spec, "sortSpecs", {"dimensionIndex", "sortOrder"})
        column, falling = spec.get("dimensionIndex", 0), spec.get("sortOrder", "ASCENDING") == "DESCENDING"
        if not box.left <= column < box.right:
            raise RangeError("sortSpecs.dimensionIndex is outside the range")
        filled = [row for row in order if not is_empty(box.tab.get(row, column))]
        filled.sort(key=lambda row: _rank(box.tab.get(row, column)), reverse=falling)
        order = filled + [row for row in order if is_empty(box.tab.get(row, column))]
    values = [[box.tab.get(row, column) for column in range(box.left, box.right)] for row in order]
    for down, row in enumerate(values):
        for along, cell in enumerate(row):
            if cell is not None or box.tab.get(box.top + down, box.left + along) is not None:
                box.tab.open_to_all(box.top + down, box.left + along)
                box.tab.set(box.top + down, box.left + along, cell)
    if (box.left, box.right) == (0, box.tab.columns):
        follow(sheet, box.tab.id, "ROWS", {old: box.top + new for new, old in enumerate(order)}, 0, 0)
    return {}


def _rank(cell: Cell) -> tuple[int, float, str]:
    value = shown_value(cell)
    if isinstance(value, bool):
        return 2, float(value), ""
    return (0, float(value), "") if isinstance(value, int | float) else (1, 0.0, str(value).casefold())


def find_replace(sheet: Spreadsheet, given: Any) -> Answer:
    """Replace text in a range, a tab or everywhere; the answer counts what changed."""
    flags = {"matchCase", "matchEntireCell", "searchByRegex", "includeFormulas"}
    keys(given, "findReplace", {"find", "replacement", "range", "sheetId", "allSheets", *flags})
    find, replacement = given.get("find"), given.get("replacement", "")
    if not isinstance(find, str) or not find or not isinstance(replacement, str):
        raise RangeError("findReplace.find must be set")
    pattern = re.compile(
        find if given.get("searchByRegex") else re.escape(find), 0 if given.get("matchCase") else re.IGNORECASE
    )
    values = formulas = occurrences = 0
    rows: set[tuple[int, int]] = set()
    for tab, row, column in _searched(sheet, given):
        cell = tab.get(row, column)
        if is_empty(cell) or (isinstance(cell, Formula) and not given.get("includeFormulas")):
            continue
        text = cell.text if isinstance(cell, Formula) else str(cell)
        hits = bool(pattern.fullmatch(text)) if given.get("matchEntireCell") else len(pattern.findall(text))
        if not hits:
            continue
        escaped = replacement if given.get("searchByRegex") else replacement.replace("\\", "\\\\")
        changed = replacement if given.get("matchEntireCell") else pattern.sub(escaped, text)
        tab.open_to_all(row, column)
        tab.set(row, column, entered(changed))
        occurrences += int(hits)
        formulas += isinstance(cell, Formula)
        values += not isinstance(cell, Formula)
        rows.add((tab.id, row))
    counts = {
        "valuesChanged": values, "formulasChanged": formulas, "rowsChanged": len(rows),
        "sheetsChanged": len({tab for tab, _ in rows}), "occurrencesChanged": occurrences,
    }  # fmt: skip
    return {name: count for name, count in counts.items() if count}


def _searched(sheet: Spreadsheet, given: Any) -> Iterator[tuple[Tab, int, int]]:
    scopes = [name for name in ("range", "sheetId", "allSheets") if name in given]
    if len(scopes) != 1:
        raise RangeError("findReplace: exactly one of range, sheetId, allSheets must be set")
    if scopes == ["range"]:
        boxes = [grid(sheet, given["range"])]
    else:
        tabs = sheet.tabs if scopes == ["allSheets"] else [tab_of(sheet, given["sheetId"])]
        boxes = [Grid(tab, 0, 0, tab.rows, tab.columns) for tab in tabs]
    for box in boxes:
        for row in range(box.top, min(box.bottom, len(box.tab.cells))):
            for column in range(box.left, min(box.right, len(box.tab.cells[row]))):
                yield box.tab, row, column
