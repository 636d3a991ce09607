"""Writing decided values into the Google Sheet that people go on editing meanwhile (docs/architecture.md)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sheets.client import LostError, SheetError
from sheets.read import GoogleLedger
from sheets.write_after import check
from sheets.write_batch import batch, column_name, stands_at
from sheets.write_damage import Hit
from sheets.write_grid import Grid
from sheets.write_job import Place, RowWrite, WriteBusy, WriteConflict, WriteJob, WriteUnknown, Written
from sheets.write_look import Look, look
from sheets.write_marks import creation, deletion, free_id, landed, ours, outlived, value_of
from sheets.write_plan import Plan, plan, title_of, undoing
from sheets.write_rows import key_of, stands
from sheets.write_send import RefusedError, created, has_landed, is_taken, send, told
from sheets.write_stand import standing

__all__ = ["LedgerWriter", "WriteBusy", "WriteConflict", "WriteJob", "WriteUnknown", "Written"]

TURNS = 5
"""How often one call looks and writes before it says that people are moving the row all the time."""
MOST_TRIES = 200
"""Of how many jobs a lost answer is remembered."""


@dataclass(slots=True)
class _Try:
    """What is known of a job while it is under way, kept between calls: only then can a lost answer be made good."""

    lost: Plan | None = None
    """Sent, and the answer did not come."""
    turn: int = -1
    """The turn that was sent last."""
    hits: list[Hit] = field(default_factory=list)
    """Rows that we hit and did not mean, to be put right with the next batch."""
    scars: list[Hit] = field(default_factory=list)
    """Hits that could not be put right."""
    refused: dict[str, Any] | None = None
    """The batch that Google refused; the same one again would be refused again."""
    avoid: set[int] = field(default_factory=set)
    """Ids that somebody has used for marks elsewhere than on the spreadsheet as a whole."""


class LedgerWriter:
    """One spreadsheet, written through the reader's own client: one atomic batch a job."""

    def __init__(self, ledger: GoogleLedger) -> None:
        """Nothing is asked yet."""
        self._ledger = ledger
        self._tries: dict[str, _Try] = {}

    def write(self, job: WriteJob, *, already_tried: bool) -> Written:
        """Bring every row of the job into the sheet, once; raises WriteConflict, WriteUnknown or WriteBusy.

        `already_tried`: an earlier call may have landed, so rows that stand as wanted are taken for written even
        where the mark is gone. A mark that is there counts in any case.
        """
        while len(self._tries) > MOST_TRIES:
            self._tries.pop(next(iter(self._tries)))
        state = self._tries.setdefault(job.mark, _Try())
        try:
            done = self._written(job, state, already_tried=already_tried)
        except SheetError as problem:
            answer = told(problem)
            if isinstance(answer, WriteConflict):
                self._tries.pop(job.mark, None)
            raise answer from None
        self._tries.pop(job.mark, None)
        return done

    def _written(self, job: WriteJob, state: _Try, *, already_tried: bool) -> Written:
        for _ in range(TURNS):
            done = self._turn(job, state, already_tried=already_tried)
            if done is not None and state.scars:
                raise _scarred(state.scars[0])
            if done is not None:
                return done
        self._undo(job, state, look(self._ledger, (row.tab for row in job.rows), job.id))
        raise WriteConflict("row_moves", tab=self._title(job), key=key_of(job.rows[0]))

    def _turn(self, job: WriteJob, state: _Try, *, already_tried: bool) -> Written | None:
        """One look and at most one batch; None when another turn is needed."""
        seen = look(self._ledger, (row.tab for row in job.rows), job.id)
        mark = landed(ours(seen.marks), job.mark)
        sent, state.lost = state.lost, None
        known = sent if mark is not None and mark.turn == state.turn else None
        if mark is not None and (known is not None or (sent is None and not state.hits)):
            found = standing(job, seen.grids, self._ledger.names, known)
            if found.hits and known is not None and any(op.hits for op in known.ops):
                raise _scarred(found.hits[0])  # rows move and answers get lost: no more guessing
            state.hits = found.hits
            if found.trouble is not None:
                self._undo(job, state, seen)
                raise found.trouble
            if not state.hits:
                left_out = known.left_out if known is not None else ()
                places = self._places(found.rows)
                return Written(places=places, left_out=left_out, before=True, changed=tuple(found.changed))
        try:
            wanted = plan(job, seen.grids, self._ledger.names, state.hits, seen.free_tab)
        except WriteConflict:
            self._undo(job, state, seen)
            raise
        if mark is None and not state.hits and (not wanted.ops or (already_tried and _all_stand(wanted))):
            return Written(places=self._places(_rows(wanted)), left_out=wanted.left_out, before=True)
        state.scars += [hit for hit in wanted.scars if hit not in state.scars]
        state.turn = mark.turn + 1 if mark is not None else 0
        return self._carried_out(job, state, wanted, batch(wanted, self._marks(job, state, seen)))

    def _carried_out(self, job: WriteJob, state: _Try, wanted: Plan, body: dict[str, Any]) -> Written | None:
        """Send the batch and see where it has gone; None when another turn is needed."""
        try:
            astray = check(wanted, send(self._ledger, body))
        except RefusedError as problem:
            self._refused(job, state, body, str(problem.facts["said"]))
            return None
        except LostError as problem:
            state.lost = wanted
            if not has_landed(self._ledger, job.mark, state.turn):
                raise WriteUnknown(str(problem.facts["why"])) from None
            return None
        if not astray:
            return Written(places=self._places(_rows(wanted)), left_out=wanted.left_out)
        state.hits = [hit for op, new in astray for hit in (*op.hits, new)]
        return None

    def _refused(self, job: WriteJob, state: _Try, body: dict[str, Any], said: str) -> None:
        """Nothing was written. A protected cell is for a person; most else comes from a change in between."""
        if "protected" in said:
            raise WriteConflict("cell_protected", tab=self._title(job))
        number = created(body)
        if number is not None and is_taken(self._ledger, number):
            state.avoid.add(number)
        elif body == state.refused:
            raise WriteConflict("sheet_refused", tab=self._title(job))
        state.refused = body

    def _marks(self, job: WriteJob, state: _Try, seen: Look) -> list[dict[str, Any]]:
        """Old marks and the job's own earlier ones go, its new one comes."""
        today: date = self._ledger.clock().date()
        earlier = [mark.id for mark in ours(seen.marks) if mark.job == job.mark]
        gone = dict.fromkeys([*earlier, *outlived(seen.marks, today)])
        number = free_id(job.id, {one.id for one in seen.marks} | state.avoid)
        return [*map(deletion, gone), creation(number, value_of(job.mark, today, state.turn))]

    def _undo(self, job: WriteJob, state: _Try, seen: Look) -> None:
        """Put right what we hit although the job itself cannot go on; its marks go, since it does not stand."""
        if not state.hits:
            return
        earlier = [mark.id for mark in ours(seen.marks) if mark.job == job.mark]
        ops, _, scars = undoing(seen.grids, state.hits)
        undo = Plan(ops=tuple(ops))
        body = batch(undo, list(map(deletion, earlier)))
        if body["requests"] and check(undo, send(self._ledger, body)):
            scars = state.hits
        if scars:
            raise _scarred(scars[0])

    def _title(self, job: WriteJob) -> str:
        """The tabs of a job, as the map names them first."""
        tabs = dict.fromkeys(write.tab for write in job.rows)
        return ", ".join(title_of(self._ledger.names, tab) for tab in tabs)

    def _places(self, rows: Iterable[tuple[Grid, int, RowWrite]]) -> tuple[Place, ...]:
        return tuple(
            Place(grid.tab, key_of(write), row + 1, f"{self._ledger.link(grid.properties)}{row + 1}")
            for grid, row, write in rows
        )


def _rows(wanted: Plan) -> list[tuple[Grid, int, RowWrite]]:
    """Where the rows of a plan stand once it is applied."""
    written = [(op.grid, stands_at(wanted, op), op.write) for op in wanted.ops if op.write is not None]
    return [*written, *wanted.standing]


def _all_stand(wanted: Plan) -> bool:
    return all(op.write is not None and not op.new and stands(op.grid, op.row, op.write.values) for op in wanted.ops)


def _scarred(hit: Hit) -> WriteConflict:
    """A row that a person has to look at."""
    columns = ", ".join(column_name(int(name)) if hit.is_header else name for name in hit.wrote if name)
    return WriteConflict("row_damaged", tab=hit.title, row=hit.row + 1, columns=columns)
