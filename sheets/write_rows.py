"""A row of the sheet against what a job wants of it: the cells it gets, the cells it must have, what differs."""

from collections.abc import Mapping
from typing import Any

from scoring.cells import CellError
from scoring.errors import DeskError
from sheets.write_cells import CellData, cell_of
from sheets.write_grid import Grid
from sheets.write_job import RowWrite, Value, WriteConflict

EMPTY_MEANS: Mapping[tuple[str, str], Value] = {
    ("customers", "status"): "active",
    ("customers", "payment_mode"): "credit",
}


def guard(grid: Grid, row: int, write: RowWrite, wanted: Mapping[str, Value]) -> None:
    """Compare the guarded cells with what the decision was based on; what already says the new value is fine."""
    for column, expected in write.expected.items():
        place = grid.place(column)
        if place is None:
            continue
        if not _is(grid, row, column, expected) and not (column in wanted and _is(grid, row, column, wanted[column])):
            shown = grid.cell(row, place)
            raise conflict(
                "cell_changed", grid, column=column, row=row + 1, key=key_of(write),
                found="" if shown is None else shown, expected="" if expected is None else expected,
            )  # fmt: skip
    for column in wanted:
        place = grid.place(column)
        if place is not None and grid.holds_formula(row, place):
            raise conflict("cell_formula", grid, column=column, row=row + 1)


def _is(grid: Grid, row: int, column: str, value: Value) -> bool:
    """Whether a cell reads as this value; one that cannot be read is equal to nothing."""
    try:
        found = grid.typed(row, column)
    except (CellError, DeskError):
        return False
    empty = EMPTY_MEANS.get((grid.tab, column))
    return (empty if found is None else found) == (empty if value is None or value == "" else value)


def cells_of(grid: Grid, values: Mapping[str, Any]) -> dict[int, CellData]:
    """The cells of a row, by place."""
    found: dict[int, CellData] = {}
    for column, value in values.items():
        place = grid.place(column)
        if place is not None:
            found[place] = cell_of(grid.spelled(column, value), grid.layout.units.get(column, 1))
    return dict(sorted(found.items()))


def is_blank(grid: Grid, row: int, values: Mapping[str, Value]) -> bool:
    """Whether nothing stands yet where these values belong."""
    places = (grid.place(column) for column in values)
    return all(place is None or grid.as_entered(row, place) in {None, ""} for place in places)


def key_of(write: RowWrite) -> str:
    """A row's key in a word."""
    return "/".join(map(str, write.key.values()))


def stands(grid: Grid, row: int, values: Mapping[str, Value]) -> bool:
    """Whether a row says all this already."""
    return not differing(grid, row, values)


def differing(grid: Grid, row: int, values: Mapping[str, Value]) -> list[str]:
    """The columns in which a row says something else."""
    return [column for column, value in values.items() if not _says(grid, row, column, value)]


def _says(grid: Grid, row: int, column: str, value: Value) -> bool:
    if grid.place(column) is None:
        return True
    wanted = cell_of(grid.spelled(column, value), grid.layout.units.get(column, 1))
    try:
        return grid.typed(row, column) == grid.read(
            column, next(iter(wanted.get("userEnteredValue", {}).values()), None)
        )
    except (CellError, DeskError):
        return False


def conflict(code: str, grid: Grid, *, column: str = "", **facts: object) -> WriteConflict:
    """A conflict in the words of the sheet: its own title and header, or the one that the map names first."""
    if column:
        place = grid.place(column)
        known = grid.names.tabs[grid.tab].columns.get(column, (column,))
        header = grid.header(place) if place is not None else known[min(grid.language, len(known) - 1)]
        facts = {**facts, "column": header}
    return WriteConflict(code, tab=grid.properties.title, **facts)
