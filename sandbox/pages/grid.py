"""A tab as a grid: the header row frozen, columns as wide as what they hold, numbers to the right, owners tinted."""

import unicodedata
from dataclasses import dataclass, field
from typing import Any

from sandbox.demo.headers import owner_of
from sandbox.google.store import Cell, Tab, column_name, display

Line = dict[str, Any]
NARROWEST, WIDEST, MEASURED, SPARE = 56, 280, 500, 20
_NUMBER_OR_DAY = r"/^(-?[\d,]+(\.\d+)?|\d{4}-\d{2}-\d{2})$/.test(String(params.value ?? ''))"


@dataclass
class Grid:
    """What the browser is given for a tab."""

    caption: str
    columns: list[Line]
    frozen: list[Line]
    lines: list[Line]
    owners: set[str] = field(default_factory=set)


def head_of(cells: list[list[Cell]]) -> int:
    """The place of the header: the first row that fills more than one cell, as a person would freeze it; -1 for none."""
    filled = (place for place, row in enumerate(cells[:5]) if sum(cell not in {None, ""} for cell in row) > 1)
    return next(filled, -1)


def lines_of(tab: Tab) -> list[Line]:
    """Every row as the sheet shows it, and a few empty ones to write into."""
    last = min(tab.rows, len(tab.cells) + SPARE)
    rows = [*tab.cells, *([] for _ in range(last - len(tab.cells)))]
    return [
        {"n": number, **{f"c{place}": display(cell, place in tab.dates) for place, cell in enumerate(row)}}
        for number, row in enumerate(rows, 1)
    ]


def grid_of(tab: Tab) -> Grid:
    """The whole tab; what stands above the header becomes the caption."""
    head, lines = head_of(tab.cells), lines_of(tab)
    caption = " ".join(str(cell) for row in tab.cells[: max(head, 0)] for cell in row if cell not in {None, ""})
    grid = Grid(caption, [_numbers(len(lines))], lines[head : head + 1] if head >= 0 else [], lines[head + 1 :])
    for place in range(max((len(row) for row in tab.cells), default=1)):
        header = str(tab.get(head, place) or "") if head >= 0 else ""
        owner = owner_of(tab.title, header)
        grid.owners |= {owner} - {""}
        grid.columns.append(_column(tab, place, lines[max(head, 0) :], head, owner))
    return grid


def _numbers(last: int) -> Line:
    return {
        "headerName": "", "field": "n", "width": 20 + 8 * len(str(last)), "pinned": "left", "cellClass": "row-number",
        "resizable": False, "sortable": False, "suppressMovable": True,
    }  # fmt: skip


def _column(tab: Tab, place: int, lines: list[Line], head: int, owner: str) -> Line:
    name = f"c{place}"
    needed = max((_width(str(line.get(name, ""))) for line in lines[:MEASURED]), default=0)
    column: Line = {
        "headerName": column_name(place), "field": name, "editable": True, "sortable": False, "suppressMovable": True,
        "cellDataType": False,  # a cell shows what stands in it, also a date that is none
        "width": min(WIDEST, max(NARROWEST, needed)), "cellClass": owner, "headerClass": owner,
    }  # fmt: skip
    if place == 0 and head >= 0:
        column["pinned"] = "left"
    values = [
        cell for row in tab.cells[head + 1 :] if (cell := row[place] if place < len(row) else None) not in {None, ""}
    ]
    numbers = sum(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    if numbers * 2 > len(values):
        column["cellClassRules"] = {":to-the-right": f"params => params.node.rowPinned || {_NUMBER_OR_DAY}"}
    return column


def _width(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(char) in {"W", "F"} for char in text)
    return 26 + 13 * wide + round(7.6 * (len(text) - wide))
