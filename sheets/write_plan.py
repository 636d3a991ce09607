"""From what is wanted and how the sheet stands to the one batch that does it, or a conflict that says why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from scoring.cells import CellError
from scoring.errors import DeskError
from scoring.ledger import Layout
from sheets.columns import BOT_IDENTITY, LedgerMap
from sheets.read import Properties, Size
from sheets.write_cells import CellData, cell_of
from sheets.write_damage import Hit, is_undone, restoring, without
from sheets.write_grid import Grid
from sheets.write_job import LeftOut, RowWrite, Value, WriteConflict, WriteJob


@dataclass(frozen=True, slots=True, kw_only=True)
class Op:
    """Cells of one row, where the row stands once the batch is applied."""

    grid: Grid
    row: int
    cells: Mapping[int, CellData]
    write: RowWrite | None
    """None = undoing a hit."""
    hit: Hit | None = None
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
    undone, scars = undoing(grids, hits)
    made = {tab: _healed(grid, undone) for tab, grid in grids.items()}
    for write in job.rows:
        grid = made.get(write.tab)
        if grid is None and _own(write.tab, names):
            grid = made[write.tab] = _new_tab(write.tab, names, _language(made), free_tab)
        if grid is None:
            if not write.optional:
                raise WriteConflict("tab_missing", tab=_title(names, write.tab))
            draft.left_out.append(LeftOut(write.tab, "", "no_tab"))
            continue
        _plan_row(draft, grid, write)
    return Plan(
        ops=(*_beside(undone, draft.ops, made), *draft.ops),
        standing=tuple(draft.standing),
        left_out=tuple(draft.left_out),
        scars=tuple(scars),
    )


def undoing(grids: Mapping[str, Grid], hits: Sequence[Hit]) -> tuple[list[Op], list[Hit]]:
    """How hits are undone, and those for which that is not certain. Headers first: the others are told by them."""
    ops: list[Op] = []
    scars: list[Hit] = []
    known = dict(grids)
    for hit in sorted(hits, key=lambda hit: not hit.is_header):
        grid = known.get(hit.tab)
        found = None if grid is None else restoring(grid, hit)
        if grid is None or (found is None and not is_undone(grid, hit)):
            scars.append(hit)
        elif found is not None:
            ops.append(Op(grid=grid, row=found[0], cells=found[1], write=None, hit=hit))
            known[hit.tab] = without(grid, {found[0]: found[1]})
    return ops, scars


def _beside(undone: Sequence[Op], ops: Sequence[Op], healed: Mapping[str, Grid]) -> list[Op]:
    """What is undone and not written anew by the same batch."""
    anew = {(op.grid.tab, op.row, place) for op in ops if not op.new for place in op.cells}
    found: list[Op] = []
    for op in undone:
        cells = {place: cell for place, cell in op.cells.items() if (op.grid.tab, op.row, place) not in anew}
        if cells:
            found.append(replace(op, cells=cells, grid=healed[op.grid.tab]))
    return found


def _healed(grid: Grid, undone: Sequence[Op]) -> Grid:
    rows = {op.row: op.cells for op in undone if op.grid.tab == grid.tab}
    return without(grid, rows) if rows else grid


def _plan_row(draft: _Draft, grid: Grid, write: RowWrite) -> None:
    wanted = _columns(draft, grid, write)
    rows = grid.rows_of(write.key)
    key = "/".join(map(str, write.key.values()))
    if len(rows) > 1:
        raise conflict("key_twice", grid, key=key, rows=", ".join(str(row + 1) for row in rows))
    if not rows and write.mode == "update":
        raise conflict("row_gone", grid, key=key)
    if not rows:
        row = grid.last_row() + 1 + draft.new_rows.get(grid.tab, 0)
        draft.new_rows[grid.tab] = draft.new_rows.get(grid.tab, 0) + 1
        cells = cells_of(grid, {**write.key, **wanted})
        draft.ops.append(Op(grid=grid, row=row, cells=cells, write=write, new=True))
        return
    row = rows[0]
    if write.mode == "append":
        if stands(grid, row, wanted):
            draft.standing.append((grid, row, write))
        elif write.optional:
            draft.left_out.append(LeftOut(grid.tab, "", "row_there"))
        else:
            raise conflict("key_taken", grid, key=key, row=row + 1)
        return
    _guard(grid, row, write, wanted)
    draft.ops.append(Op(grid=grid, row=row, cells=_all_cells(grid, wanted), write=write))


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


def _guard(grid: Grid, row: int, write: RowWrite, wanted: Mapping[str, Value]) -> None:
    """Compare the guarded cells with what the decision was based on; what already says the new value is fine."""
    for column, expected in write.expected.items():
        place = grid.place(column)
        if place is None:
            continue
        if not _is(grid, row, column, expected) and not (column in wanted and _is(grid, row, column, wanted[column])):
            shown = grid.cell(row, place)
            raise conflict(
                "cell_changed", grid, column=column, row=row + 1, key="/".join(map(str, write.key.values())),
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
    return found == (None if value == "" and isinstance(value, str) else value)


def cells_of(grid: Grid, values: Mapping[str, Any]) -> dict[int, CellData]:
    """The cells of a new row, by place; nothing for what is empty."""
    return {place: cell for place, cell in _all_cells(grid, values).items() if cell}


def _all_cells(grid: Grid, values: Mapping[str, Any]) -> dict[int, CellData]:
    found: dict[int, CellData] = {}
    for column, value in values.items():
        place = grid.place(column)
        if place is not None:
            found[place] = cell_of(grid.spelled(column, value), grid.layout.units.get(column, 1))
    return dict(sorted(found.items()))


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


def _title(names: LedgerMap, tab: str) -> str:
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
