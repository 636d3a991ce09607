"""Whether a job that has landed stands in the sheet: asked when its answer was lost, or after a restart."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sheets.columns import LedgerMap
from sheets.write_cells import plain, same
from sheets.write_damage import Hit, header_hit, lines, same_row, stray, with_header
from sheets.write_grid import Grid
from sheets.write_job import RowWrite, WriteConflict, WriteJob
from sheets.write_plan import Op, Plan, title_of
from sheets.write_rows import conflict, differing, key_of


@dataclass(slots=True)
class Standing:
    """What was found."""

    rows: list[tuple[Grid, int, RowWrite]] = field(default_factory=list)
    """The job's rows, where they stand."""
    changed: list[str] = field(default_factory=list)
    """`tab.column` of what people have changed in them since."""
    hits: list[Hit] = field(default_factory=list)
    """Rows that were hit by mistake, and earlier ones that are not undone."""
    trouble: WriteConflict | None = None
    """A row is gone or there twice, or says what it said before: then the values may stand in somebody else's row."""


def standing(job: WriteJob, grids: Mapping[str, Grid], names: LedgerMap, sent: Plan | None) -> Standing:
    """Look at every row of a job, and at what else its batch has touched. `sent` is that batch, if still known."""
    found = Standing()
    known = dict(grids)
    astray: set[tuple[object, ...]] = set()
    for op in sent.ops if sent is not None else ():
        hits = _header_hits(known, op) or _strays(known, op)
        found.hits += hits
        if hits and op.write is not None:
            astray.add(_named(op.write))
    ops = {_named(op.write): op for op in sent.ops if op.write is not None} if sent is not None else {}
    try:
        for write in job.rows:
            _look(found, known, names, write, ops.get(_named(write)), astray=_named(write) in astray)
    except WriteConflict as problem:
        found.trouble = problem
    return found


def _named(write: RowWrite) -> tuple[object, ...]:
    return write.tab, *write.key.items()


def _header_hits(known: dict[str, Grid], op: Op) -> list[Hit]:
    """The header, if the batch wrote into it; `known` then has it as it was, so that the columns have their names."""
    grid = known.get(op.grid.tab)
    if grid is None or op.new or any(hit.is_header for hit in op.hits):
        return []
    hit = header_hit(grid, op.cells, op.grid)
    if hit is None:
        return []
    known[op.grid.tab] = with_header(grid, hit)
    return [*op.hits, hit]


def _strays(known: Mapping[str, Grid], op: Op) -> list[Hit]:
    """Where the cells of an op stand if not in the row that was meant; with what it was to undo."""
    grid = known.get(op.grid.tab)
    if grid is None:
        return []
    rows = grid.rows_of(op.write.key) if op.write is not None else [same_row(grid, op.hits[0])]
    row = rows[0] if len(rows) == 1 else None
    now, before = lines(grid), lines(op.grid)
    moved = any(now.get(name) != place for name, place in before.items() if place in op.cells)
    if row is not None and not moved and _holds(grid, row, op):
        return []
    found = stray(grid, -1 if row is None else row, op.cells, op.grid, new=op.new)
    if row is not None and not found and _holds(grid, row, op):
        return []
    return [*op.hits, *found]


def _holds(grid: Grid, row: int, op: Op) -> bool:
    """Whether every cell of an op stands in a row, under its header."""
    now, before = lines(grid), lines(op.grid)
    wanted = [(now.get(name), op.cells[place]) for name, place in before.items() if place in op.cells]
    return all(place is not None and same(grid.as_entered(row, place), plain(cell)) for place, cell in wanted)


def _look(
    found: Standing, grids: Mapping[str, Grid], names: LedgerMap, write: RowWrite, op: Op | None, *, astray: bool
) -> None:
    grid = grids.get(write.tab)
    if grid is None:
        if write.optional:
            return
        raise WriteConflict("tab_missing", tab=title_of(names, write.tab))
    rows = grid.rows_of(write.key)
    if len(rows) > 1:
        raise conflict("key_twice", grid, key=key_of(write), rows=", ".join(str(row + 1) for row in rows))
    if not rows:
        if write.optional or astray:
            return
        raise conflict("row_gone", grid, key=key_of(write))
    found.rows.append((grid, rows[0], write))
    lacking = {column for column in write.values if grid.place(column) is None}
    if lacking and not write.optional and not lacking <= write.optional_columns:
        raise conflict("column_missing", grid, column=min(lacking))
    other = differing(grid, rows[0], write.values)
    if not other or astray or (write.optional and op is None):
        return
    if _as_before(grid, rows[0], write, op):
        raise conflict("landed_elsewhere", grid, key=key_of(write), row=rows[0] + 1)
    found.changed += [f"{write.tab}.{column}" for column in other]


def _as_before(grid: Grid, row: int, write: RowWrite, op: Op | None) -> bool:
    """Whether the row still says what it said before the write, although something else was written."""
    if op is None:
        guarded = {column: value for column, value in write.expected.items() if column in write.values}
        return bool(guarded) and not differing(grid, row, guarded)
    now, before = lines(grid), lines(op.grid)
    names = [name for name, place in before.items() if place in op.cells and name in now]
    told = [name for name in names if not same(op.grid.cell(op.row, before[name]), plain(op.cells[before[name]]))]
    return op.new or all(same(grid.cell(row, now[name]), op.grid.cell(op.row, before[name])) for name in told)
