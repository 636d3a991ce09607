"""A plan as one spreadsheets.batchUpdate: all of it or nothing, answered with how the rows stand afterwards."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from sheets.columns import identity_of
from sheets.layout import LOOK_AT
from sheets.read import quoted
from sheets.write_cells import CellData, cell_of
from sheets.write_grid import Grid
from sheets.write_plan import Op, Plan

FIELDS = (
    "replies,updatedSpreadsheet.sheets(properties(sheetId,title),"
    "data(startRow,startColumn,rowData.values(userEnteredValue,effectiveValue)))"
)


def batch(plan: Plan, marks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The body. What is there already is written before anything is inserted, so no row has moved by then."""
    requests: list[Mapping[str, Any]] = []
    for op in plan.ops:
        if not op.new:
            requests += _cells(op.grid, op.row, op.cells)
    for grid in plan.grids.values():
        fresh = [op for op in plan.ops if op.new and op.grid.tab == grid.tab]
        if fresh:
            requests += _tab(grid) if grid.missing else [_rows(grid, fresh[0].row, len(fresh))]
            for op in fresh:
                requests += _cells(grid, op.row, op.cells)
    body: dict[str, Any] = {"requests": [*requests, *marks]}
    if plan.ops:  # without ranges the answer would hold the whole spreadsheet
        shown = {"includeSpreadsheetInResponse": True, "responseIncludeGridData": True}
        return {**body, **shown, "responseRanges": _ranges(plan)}
    return body


def stands_at(plan: Plan, op: Op) -> int:
    """The row of an op after the batch: what stood below inserted rows has moved down."""
    if op.new:
        return op.row
    fresh = [other.row for other in plan.ops if other.new and other.grid.tab == op.grid.tab]
    return op.row + (len(fresh) if fresh and op.row >= min(fresh) else 0)


def _cells(grid: Grid, row: int, cells: Mapping[int, CellData]) -> list[dict[str, Any]]:
    """One updateCells for each run of neighbours: a field that is named clears every cell that leaves it out."""
    found: list[dict[str, Any]] = []
    numbered = enumerate(sorted(cells.items()))
    for _, run in groupby(numbered, key=lambda one: (one[1][0] - one[0], "userEnteredFormat" in one[1][1])):
        places = [pair for _, pair in run]
        formatted = "userEnteredFormat" in places[0][1]
        found.append({
            "updateCells": {
                "start": {"sheetId": grid.properties.id, "rowIndex": row, "columnIndex": places[0][0]},
                "rows": [{"values": [cell for _, cell in places]}],
                "fields": "userEnteredValue" + (",userEnteredFormat.numberFormat" if formatted else ""),
            }
        })  # fmt: skip
    return found


def _rows(grid: Grid, first: int, count: int) -> dict[str, Any]:
    """Empty rows of our own, so that nothing is ever written over: below the last row with a key, above any totals.

    They look like the row above, unless that is the header.
    """
    span = {"sheetId": grid.properties.id, "dimension": "ROWS", "startIndex": first, "endIndex": first + count}
    like_above = first > grid.head + 1 or first >= grid.properties.size.rows
    return {"insertDimension": {"range": span, "inheritFromBefore": like_above}}


def _tab(grid: Grid) -> list[dict[str, Any]]:
    size = {"rowCount": grid.properties.size.rows, "columnCount": grid.properties.size.columns, "frozenRowCount": 1}
    made = {"sheetId": grid.properties.id, "title": grid.properties.title, "gridProperties": size}
    headers = {place: cell_of(str(text)) for place, text in enumerate(grid.rows[0])}
    return [{"addSheet": {"properties": made}}, *_cells(grid, 0, headers)]


def _ranges(plan: Plan) -> list[str]:
    """What the answer is to show: the top of each tab, its key columns, and every row that was written."""
    ranges: list[str] = []
    for grid in plan.grids.values():
        title = quoted(grid.properties.title)
        places = [place for column in identity_of(grid.tab) if (place := grid.place(column)) is not None]
        rows = sorted({stands_at(plan, op) for op in plan.ops if op.grid.tab == grid.tab})
        ranges += [f"{title}!1:{LOOK_AT}"]
        ranges += [f"{title}!{name}:{name}" for name in map(column_name, places)]
        ranges += [f"{title}!{row + 1}:{row + 1}" for row in rows if row >= LOOK_AT]
    return ranges


def column_name(place: int) -> str:
    """0 is "A"."""
    name, number = "", place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name
