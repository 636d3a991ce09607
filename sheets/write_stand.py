"""Whether a job that has landed stands in the sheet: asked when its answer was lost, or after a restart."""

from collections.abc import Mapping

from sheets.write_damage import Hit, lines, stray
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
    hits: list[Hit] = []
    ops = {id(op.write): op for op in sent.ops if op.write is not None} if sent is not None else {}
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
        op = ops.get(id(write))
        if not found:
            if op is not None and (lost := _strays(grid, -1, op)):
                hits += lost
                continue
            raise conflict("row_gone", grid, key=key)
        rows.append((grid, found[0], write))
        other = differing(grid, found[0], write.values)
        if not other or (write.optional and op is None):
            continue
        lost = _strays(grid, found[0], op) if op is not None else []
        hits += lost
        if not lost and _as_before(grid, found[0], write):
            raise conflict("landed_elsewhere", grid, key=key, row=found[0] + 1)
        changed += [] if lost else [f"{write.tab}.{column}" for column in other]
    return tuple(rows), tuple(changed), hits


def _strays(grid: Grid, row: int, op: Op) -> list[Hit]:
    named = {place: name for name, place in lines(op.grid).items()}
    return list(stray(grid, row, {named[place]: cell for place, cell in op.cells.items()}, op.grid))


def _as_before(grid: Grid, row: int, write: RowWrite) -> bool:
    """Whether every guarded cell still says what it said before the write, although something else was written."""
    guarded = {column: value for column, value in write.expected.items() if column in write.values}
    return bool(guarded) and not differing(grid, row, guarded)
