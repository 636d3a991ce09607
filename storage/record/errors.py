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


_SERVER = {
    "53100": "record_full",
    "55P03": "record_locked", "40001": "record_locked", "40P01": "record_locked", "57014": "record_locked",
    "25006": "record_readonly",
}  # fmt: skip
"""SQLSTATE of PostgreSQL -> our code."""


RECORD_CODES = frozenset({code for _, code in _SQLITE} | set(_SERVER.values()) | {"record_away"})
"""What a database may refuse with."""


def explained(problem: BaseException) -> RecordError | None:
    """The sentence for a database's refusal; None for a fault of ours, which stays what it is."""
    origin: object = problem.orig if isinstance(problem, DBAPIError) else problem
    if isinstance(origin, sqlite3.Error):
        return _of_sqlite(origin)
    if isinstance(problem, DBAPIError) and problem.connection_invalidated:
        return RecordError("record_away")
    return _of_server(origin) if type(origin).__module__.startswith("pg8000") else None


def _of_sqlite(problem: sqlite3.Error) -> RecordError | None:
    if isinstance(problem, sqlite3.IntegrityError | sqlite3.ProgrammingError):
        return None
    text = str(problem)
    return next((RecordError(code) for part, code in _SQLITE if part in text), None)


def _of_server(problem: object) -> RecordError | None:
    """The driver hands over what the server said as a dict, and has an InterfaceError for a lost connection."""
    said = getattr(problem, "args", ())
    if said and isinstance(said[0], dict):
        state = str(said[0].get("C", ""))
        code = "record_away" if state.startswith(("08", "57P", "28", "3D")) else _SERVER.get(state)
        return None if code is None else RecordError(code)
    return RecordError("record_away") if type(problem).__name__ == "InterfaceError" else None


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
