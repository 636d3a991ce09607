"""One batch on its way to Google, and what each answer to it means."""

from collections.abc import Mapping
from typing import Any

from sheets.client import LostError, SheetError, asked_pause
from sheets.read import GoogleLedger
from sheets.write_batch import FIELDS
from sheets.write_job import WriteBusy, WriteConflict, WriteUnknown
from sheets.write_marks import landed, ours

PAUSE, LONG_PAUSE = 30.0, 300.0
"""Seconds until Google is asked again: when it was busy, and when it does not accept our key."""
_NOT_LET_IN = {401: "sheet_credentials", 403: "sheet_read_only", 404: "sheet_not_found"}


class RefusedError(SheetError):
    """A 400: nothing was written; fact `said` holds Google's words, which may quote a cell."""


def send(ledger: GoogleLedger, body: Mapping[str, Any]) -> bytes:
    """The answer to a batch that was applied.

    RefusedError for a 400, WriteBusy for too many calls, SheetError where we are not let in: nothing was written.
    LostError for everything else, as a 503 may come after the batch was applied.
    """
    answer = ledger.client().send(f"{ledger.address}:batchUpdate", {"fields": FIELDS}, body)
    code = answer.status_code
    if answer.ok:
        return answer.content
    if code == 429:
        raise WriteBusy("429", max(asked_pause(answer.headers), PAUSE))
    if code == 400:
        raise RefusedError("sheet_refused", said=answer.text)
    if code in _NOT_LET_IN:
        raise ledger.explained(SheetError(_NOT_LET_IN[code]))
    raise LostError("sheet_unreachable", why=str(code))


def has_landed(ledger: GoogleLedger, job: str, turn: int) -> bool:
    """Whether this turn of a job is marked; False also where nobody answers."""
    try:
        mark = landed(ours(ledger.structure(marks=True).marks), job)
    except SheetError:
        return False
    return mark is not None and mark.turn >= turn


def is_taken(ledger: GoogleLedger, number: int) -> bool:
    """Whether a mark has this id anywhere in the spreadsheet, on a row or a tab too."""
    try:
        ledger.client().request("get", f"{ledger.address}/developerMetadata/{number}")
    except SheetError as problem:
        if problem.code == "sheet_not_found":
            return False
        raise
    return True


def created(body: Mapping[str, Any]) -> int | None:
    """The id of the mark that a batch leaves."""
    made = (one["createDeveloperMetadata"] for one in body["requests"] if "createDeveloperMetadata" in one)
    return next((int(one["developerMetadata"]["metadataId"]) for one in made), None)


def told(problem: SheetError) -> SheetError:
    """A failure to read, or to be let in, as callers of a write answer it: nothing was written."""
    if isinstance(problem, WriteBusy | WriteConflict | WriteUnknown):
        return problem
    if isinstance(problem, LostError):
        return WriteUnknown(str(problem.facts.get("why", "")))
    if problem.code in {"sheet_unreachable", "sheet_answer"}:
        return WriteBusy(str(problem.facts.get("why", "")), PAUSE)
    if problem.code == "sheet_credentials":
        return WriteBusy(problem.code, LONG_PAUSE)
    return WriteConflict(problem.code, **problem.facts)
