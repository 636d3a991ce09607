"""The record cannot be used just now, and why: as a sentence for whoever waits."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from scoring.errors import DeskError

_SQLITE = (
    ("disk is full", "record_full"),
    ("locked", "record_locked"),
    ("readonly", "record_readonly"),
    ("unable to open", "record_unopened"),
    ("malformed", "record_broken"),
    ("not a database", "record_broken"),
    ("disk I/O", "record_broken"),
)


class RecordError(DeskError):
    """Nothing of this transaction was recorded, unless the code is `record_away`: then it may have been."""


def explained(problem: BaseException) -> RecordError | None:
    """The sentence for a database's refusal; None for a fault of ours, which stays what it is."""
    origin: object = problem.orig if isinstance(problem, DBAPIError) else problem
    if isinstance(origin, sqlite3.Error):
        if isinstance(origin, sqlite3.IntegrityError | sqlite3.ProgrammingError):
            return None
        text = str(origin)
        return next((RecordError(code) for part, code in _SQLITE if part in text), None)
    if isinstance(problem, DBAPIError) and problem.connection_invalidated:
        return RecordError("record_away")
    return None


def raise_in_words(problem: BaseException) -> None:
    """Raise the sentence for a database's refusal; anything else is left to be raised as it is."""
    said = explained(problem)
    if said is not None:
        raise said from None


@contextmanager
def in_words() -> Iterator[None]:
    """Turn what a database refuses into a RecordError."""
    try:
        yield
    except Exception as problem:
        raise_in_words(problem)
        raise
