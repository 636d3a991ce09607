"""From what is wanted and how the sheet stands to the one batch that does it, or a conflict that says why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from scoring.ledger import Layout
from sheets.columns import BOT_IDENTITY, LedgerMap
from sheets.read import Properties, Size
from sheets.write_cells import CellData
from sheets.write_damage import Hit, restoring, without
from sheets.write_grid import Grid
from sheets.write_job import LeftOut, RowWrite, Value, WriteConflict, WriteJob
from sheets.write_rows import cells_of, conflict, guard, is_blank, key_of, stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Op:
    """Cells of one row, where the row stands once the batch is applied."""

    grid: Grid
    row: int
    cells: Mapping[int, CellData]
    write: RowWrite | None
    """None = nothing but undoing hits."""
    hits: tuple[Hit, ...] = ()
    """What is undone in this row beside."""
    new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one batch is to do."""

    ops: tuple[Op, ...]
    """The rows of the job that are written, and the hits that are undone."""
    standing: tuple[tuple[Grid, int, RowWrite], ...] = ()
    """Rows that stand as wanted already."""
    left_out: tuple[LeftOut, ...] = ()
    scars: tuple[Hit, ...] = ()
    """Hits that cannot be undone with certainty: a person has to."""

    @property
    def grids(self) -> Mapping[str, Grid]:
        """The tabs that the batch touches."""
        return {op.grid.tab: op.grid for op in self.ops}


@dataclass(slots=True)
class _Draft:
    ops: list[Op] = field(default_factory=list)
    standing: list[tuple[Grid, int, RowWrite]] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    new_rows: dict[str, int] = field(default_factory=dict)


def plan(job: WriteJob, grids: Mapping[str, Grid], names: LedgerMap, hits: Sequence[Hit], free_tab: int) -> Plan:
    """All rows of a job, and earlier hits undone; WriteConflict when the sheet is not as the job assumes."""
    draft = _Draft()
    undone, made, scars = undoing(grids, hits)
    for write in job.rows:
        grid = made.get(write.tab)
        if grid is None and _own(write.tab, names):
            grid = made[write.tab] = _new_tab(write.tab, names, _language(made), free_tab)
        if grid is None:
            if not write.optional:
                raise WriteConflict("tab_missing", tab=title_of(names, write.tab))
            draft.left_out.append(LeftOut(write.tab, "", "no_tab"))
            continue
        _plan_row(draft, grid, write)
    return Plan(
        ops=_merged(undone, draft.ops),
        standing=tuple(draft.standing),
        left_out=tuple(draft.left_out),
        scars=tuple(scars),
    )


def undoing(grids: Mapping[str, Grid], hits: Sequence[Hit]) -> tuple[list[Op], dict[str, Grid], list[Hit]]:
    """How hits are undone, the tabs as they are then, and the hits for which that is not certain.

    Headers first: the columns of the others are told by them.
    """
    ops: list[Op] = []
    left: list[Hit] = []
    healed = dict(grids)
    for hit in sorted(hits, key=lambda hit: not hit.is_header):
        grid = healed.get(hit.tab)
        found = None if grid is None else restoring(grid, hit)
        if grid is None or found is None:
            left.append(hit)
        elif found[1]:
            ops.append(Op(grid=grid, row=found[0], cells=found[1], write=None, hits=(hit,)))
            healed[hit.tab] = without(grid, {found[0]: found[1]})
    ops = [replace(op, grid=healed[op.grid.tab]) for op in ops]
    return ops, healed, [hit for hit in left if hit.tab not in healed or restoring(healed[hit.tab], hit) is None]


def _merged(undone: Sequence[Op], ops: Sequence[Op]) -> tuple[Op, ...]:
    """One op a row: what is undone in it, and over that what is written."""
    rows: dict[tuple[str, int, bool], Op] = {}
    for op in (*undone, *ops):
        there = rows.get((op.grid.tab, op.row, op.new))
        rows[op.grid.tab, op.row, op.new] = (
            op if there is None else replace(op, cells={**there.cells, **op.cells}, hits=(*there.hits, *op.hits))
        )
    return tuple(rows.values())


def _plan_row(draft: _Draft, grid: Grid, write: RowWrite) -> None:
    wanted = _columns(draft, grid, write)
    rows = grid.rows_of(write.key)
    if len(rows) > 1:
        raise conflict("key_twice", grid, key=key_of(write), rows=", ".join(str(row + 1) for row in rows))
    if not rows and write.mode == "update":
        raise conflict("row_gone", grid, key=key_of(write))
    if not rows:
        row = grid.last_row() + 1 + draft.new_rows.get(grid.tab, 0)
        draft.new_rows[grid.tab] = draft.new_rows.get(grid.tab, 0) + 1
        cells = {place: cell for place, cell in cells_of(grid, {**write.key, **wanted}).items() if cell}
        draft.ops.append(Op(grid=grid, row=row, cells=cells, write=write, new=True))
        return
    row = rows[0]
    if write.mode == "append" and stands(grid, row, wanted):
        draft.standing.append((grid, row, write))
        return
    if write.mode == "append" and not is_blank(grid, row, wanted):
        if not write.optional:
            raise conflict("key_taken", grid, key=key_of(write), row=row + 1)
        draft.left_out.append(LeftOut(grid.tab, "", "row_there"))
        return
    guard(grid, row, write, wanted)
    draft.ops.append(Op(grid=grid, row=row, cells=cells_of(grid, wanted), write=write))


def _columns(draft: _Draft, grid: Grid, write: RowWrite) -> dict[str, Value]:
    """The values that the tab has a column for; WriteConflict when one is missing that has to be there, or is twice."""
    wanted: dict[str, Value] = {}
    for column in dict.fromkeys((*write.key, *write.values, *write.expected)):
        if column in grid.doubled:
            raise conflict("column_twice", grid, column=column)
        if grid.place(column) is not None:
            if column in write.values:
                wanted[column] = write.values[column]
        elif column in write.optional_columns or (write.optional and column not in write.key):
            if write.values.get(column) is not None:
                draft.left_out.append(LeftOut(grid.tab, column, "no_column"))
        elif write.values.get(column) is not None or column not in write.values:
            raise conflict("column_missing", grid, column=column)
    return wanted


def title_of(names: LedgerMap, tab: str) -> str:
    """What the map calls a tab first."""
    return next(iter(names.tabs[tab].titles), tab) if tab in names.tabs else tab


def _own(tab: str, names: LedgerMap) -> bool:
    """Whether the desk may lay out this tab itself: one of its own, with a title and a key in the map."""
    known = names.tabs.get(tab)
    return known is not None and bool(known.titles) and set(BOT_IDENTITY.get(tab, ("",))) <= set(known.columns)


def _language(grids: Mapping[str, Grid]) -> int:
    """The language that most of the tabs at hand are in."""
    votes = [grid.language for grid in grids.values()]
    return int(sum(votes) * 2 > len(votes))


def _new_tab(tab: str, names: LedgerMap, language: int, number: int) -> Grid:
    """One of the desk's own tabs, not there yet: its headers, and nothing below."""
    headers = names.tabs[tab]
    texts = [known[min(language, len(known) - 1)] for known in headers.columns.values()]
    title = headers.titles[min(language, len(headers.titles) - 1)]
    return Grid(
        tab=tab, properties=Properties(title, number, Size(1000, len(texts) + 2)),
        layout=Layout(tab, 1, tuple(headers.columns)), rows=[texts], entered=[texts], names=names, missing=True,
    )  # fmt: skip
