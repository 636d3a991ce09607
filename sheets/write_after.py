"""What the sheet says right after a batch: whether every cell stands where it was meant to."""

from collections.abc import Mapping
from typing import Any

import orjson

from sheets.client import LostError
from sheets.layout import LOOK_AT, encoded, lay_out
from sheets.write_batch import stands_at
from sheets.write_cells import plain, same
from sheets.write_damage import Hit, header_hit, hit_of, lines, names, with_header
from sheets.write_grid import Grid
from sheets.write_plan import Op, Plan
from sheets.write_rows import conflict, key_of

Cells = dict[tuple[int, int], tuple[Any, Any]]
"""(row, column) -> (as entered, as shown)."""


def check(plan: Plan, content: bytes) -> list[tuple[Op, Hit]]:
    """What went astray, and the rows that it hit; nothing when all is well.

    LostError when the answer cannot be read; WriteConflict when the right row does not say what we wrote, or its key
    is there a second time.
    """
    after = {tab: _grid(grid, cells) for tab, (grid, cells) in _answered(plan, content).items()}
    headers = _header_hits(plan, after)
    astray = [op for op in plan.ops if not _in_place(plan, op, after[op.grid.tab])]
    if headers or astray:
        others = [
            (op, hit_of(after[op.grid.tab], stands_at(plan, op), op.cells, op.grid, new=op.new))
            for op in astray
            if all(op is not other for other, _ in headers)
        ]
        return [*headers, *others]
    for op in plan.ops:
        _check_cells(op, stands_at(plan, op), after[op.grid.tab])
    return []


def _header_hits(plan: Plan, after: dict[str, Grid]) -> list[tuple[Op, Hit]]:
    """Headers that we wrote into; `after` gets them back, so that the other columns have their names."""
    found: list[tuple[Op, Hit]] = []
    for op in plan.ops:
        grid = after[op.grid.tab]
        if op.new or stands_at(plan, op) != grid.head or any(hit.is_header for hit in op.hits):
            continue
        hit = header_hit(grid, op.cells, op.grid)
        if hit is not None:
            after[op.grid.tab] = with_header(grid, hit)
            found.append((op, hit))
    return found


def _answered(plan: Plan, content: bytes) -> dict[str, tuple[Grid, Cells]]:
    if not plan.ops:
        return {}
    try:
        sheets = orjson.loads(content)["updatedSpreadsheet"]["sheets"]
        by_id = {sheet["properties"]["sheetId"]: sheet for sheet in sheets}
        return {tab: (grid, _cells(by_id[grid.properties.id].get("data", []))) for tab, grid in plan.grids.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise LostError("sheet_answer", why="shape") from None


def _cells(ranges: list[dict[str, Any]]) -> Cells:
    found: Cells = {}
    for one in ranges:
        top, left = one.get("startRow", 0), one.get("startColumn", 0)
        for down, line in enumerate(one.get("rowData", [])):
            for along, cell in enumerate(line.get("values", [])):
                if cell:
                    entered = next(iter(cell.get("userEnteredValue", {}).values()), None)
                    found[top + down, left + along] = entered, _shown(cell.get("effectiveValue", {}), entered)
    return found


def _shown(effective: Mapping[str, Any], entered: Any) -> Any:
    if "errorValue" in effective:
        return entered if not str(entered).startswith("=") else "#ERROR!"
    return next(iter(effective.values()), None)


def _grid(before: Grid, cells: Cells) -> Grid:
    """The tab as far as the answer shows it; the rest is blank."""
    rows: list[list[Any]] = []
    entered: list[list[Any]] = []
    for row, place in sorted(cells):
        for lines_of, value in ((rows, cells[row, place][1]), (entered, cells[row, place][0])):
            while len(lines_of) <= row:
                lines_of.append([])
            lines_of[row] += [None] * (place - len(lines_of[row])) + [value]
    raw, _ = lay_out(before.tab, encoded(rows[:LOOK_AT]), before.names)
    return Grid(
        tab=before.tab, properties=before.properties, layout=raw.layout if raw is not None else before.layout,
        rows=rows, entered=entered, names=before.names, day_first=before.day_first,
    )  # fmt: skip


def _in_place(plan: Plan, op: Op, after: Grid) -> bool:
    """Whether the row is the one that was meant, and every cell stands under its own header."""
    row = stands_at(plan, op)
    if op.write is None:
        return _is_hit(op, op.hits[0], after, row)
    headers = lines(after)
    if any(headers.get(name) != place for name, place in lines(op.grid).items() if place in op.cells):
        return False
    places = {column: after.place(column) for column in op.write.key}
    return all(
        place is not None and after.is_key(column, after.cell(row, place), op.write.key[column])
        for column, place in places.items()
    )


def _is_hit(op: Op, hit: Hit, after: Grid, row: int) -> bool:
    """Whether the row is the one that had been hit."""
    headers, meant = names(after, hit), names(op.grid, hit)
    if any(headers.get(name) != place for name, place in meant.items() if place in op.cells):
        return False
    known = {headers[name]: value for name, value in hit.rest.items() if name in headers}
    return all(same(after.cell(row, place), value) for place, value in known.items() if place not in op.cells)


def _check_cells(op: Op, row: int, after: Grid) -> None:
    for place, cell in op.cells.items():
        if not same(after.as_entered(row, place), plain(cell)):
            column = after.layout.columns[place] if place < len(after.layout.columns) else None
            raise conflict("cell_not_kept", after, column=column or "", row=row + 1)
    if op.write is not None and len(rows := after.rows_of(op.write.key)) > 1:
        raise conflict("key_twice", after, key=key_of(op.write), rows=", ".join(str(one + 1) for one in rows))
