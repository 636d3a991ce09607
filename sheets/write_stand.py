"""Whether a job that has landed stands in the sheet: asked when its answer was lost, or after a restart."""

from collections.abc import Mapping

from sheets.write_cells import plain, same
from sheets.write_damage import Hit, header_hit, is_undone, lines, same_row, stray, with_header
from sheets.write_grid import Grid
from sheets.write_job import RowWrite, WriteConflict, WriteJob
from sheets.write_plan import Op, Plan, conflict, differing

Found = tuple[tuple[Grid, int, RowWrite], ...]


def standing(job: WriteJob, grids: Mapping[str, Grid], sent: Plan | None) -> tuple[Found, tuple[str, ...], list[Hit]]:
    """(rows where they stand, what people have changed in them since, rows hit by mistake).

    `sent` is the plan whose answer was lost, where it is still known. WriteConflict when a row is gone or there
    twice, or when it says what it said before: then the values may stand in somebody else's row.
    """
    rows: list[tuple[Grid, int, RowWrite]] = []
    changed: list[str] = []
    grids, by_op = _with_headers(grids, sent)
    hits = list(by_op.values())
    ops = {_named(op.write): op for op in sent.ops if op.write is not None} if sent is not None else {}
    for write in job.rows:
        grid = grids.get(write.tab)
        if grid is None:
            if write.optional:
                continue
            raise WriteConflict("tab_missing", tab=write.tab)
        found = grid.rows_of(write.key)
        key = "/".join(map(str, write.key.values()))
        if len(found) > 1:
            raise conflict("key_twice", grid, key=key, rows=", ".join(str(row + 1) for row in found))
        if not found and write.optional:
            continue
        op = ops.get(_named(write))
        if not found:
            if op is not None and (strays := stray(grid, -1, op.cells, op.grid, new=op.new)):
                hits += strays
                continue
            raise conflict("row_gone", grid, key=key)
        rows.append((grid, found[0], write))
        lacking = [column for column in write.values if grid.place(column) is None]
        if lacking and not write.optional and not write.optional_columns.issuperset(lacking):
            raise conflict("column_missing", grid, column=lacking[0])
        other = differing(grid, found[0], write.values)
        if not other or (write.optional and op is None):
            continue
        strays = stray(grid, found[0], op.cells, op.grid, new=op.new) if op is not None else []
        hits += strays
        lost = bool(strays) or id(op) in by_op
        if not lost and _as_before(grid, found[0], write, op):
            raise conflict("landed_elsewhere", grid, key=key, row=found[0] + 1)
        changed += [] if lost else [f"{write.tab}.{column}" for column in other]
    return tuple(rows), tuple(changed), [*hits, *_not_undone(grids, sent)]


def _named(write: RowWrite) -> tuple[object, ...]:
    return write.tab, *write.key.items()


def _with_headers(grids: Mapping[str, Grid], sent: Plan | None) -> tuple[dict[str, Grid], dict[int, Hit]]:
    """The tabs under the headers that they had, where an op of the batch was written into one, and those hits."""
    healed = dict(grids)
    hits: dict[int, Hit] = {}
    for op in sent.ops if sent is not None else ():
        grid = healed.get(op.grid.tab)
        if op.new or grid is None or (op.hit is not None and op.hit.is_header):
            continue
        hit = header_hit(grid, op.cells, op.grid)
        if hit is not None:
            healed[op.grid.tab] = with_header(grid, hit)
            hits[id(op)] = hit
    return healed, hits


def _not_undone(grids: Mapping[str, Grid], sent: Plan | None) -> list[Hit]:
    """Earlier hits that the batch was to undo and did not, and what it hit instead."""
    hits: list[Hit] = []
    for op in sent.ops if sent is not None else ():
        grid = grids.get(op.grid.tab)
        if op.hit is None or grid is None or is_undone(grid, op.hit):
            continue
        row = same_row(grid, op.hit)
        hits += [op.hit, *stray(grid, -1 if row is None else row, op.cells, op.grid, new=False)]
    return hits


def _as_before(grid: Grid, row: int, write: RowWrite, op: Op | None) -> bool:
    """Whether the row still says what it said before the write, although something else was written."""
    if op is None:
        guarded = {column: value for column, value in write.expected.items() if column in write.values}
        return bool(guarded) and not differing(grid, row, guarded)
    now, before = lines(grid), lines(op.grid)
    names = [name for name, place in before.items() if place in op.cells and name in now]
    told = [name for name in names if not same(op.grid.cell(op.row, before[name]), plain(op.cells[before[name]]))]
    return op.new or all(same(grid.cell(row, now[name]), op.grid.cell(op.row, before[name])) for name in told)
