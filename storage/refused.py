"""What the machine refuses: a full disk, a locked file, no access. Told from faults of our own by SQLite's codes."""

import sqlite3

from scoring.errors import LedgerError

_CODES = {sqlite3.SQLITE_FULL: "copy_full", sqlite3.SQLITE_BUSY: "copy_locked", sqlite3.SQLITE_LOCKED: "copy_locked"}
_MACHINE = frozenset({
    sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_AUTH,
})  # fmt: skip
_SPOILT = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class CopyError(LedgerError):
    """The desk's copy of the ledger cannot be read or written."""


def explained(problem: sqlite3.Error) -> CopyError | None:
    """What the machine refused, in words; None for what is no fault of the machine."""
    code = _result(problem)
    if code in _CODES:
        return CopyError(_CODES[code])
    return CopyError("copy_unwritable", why=problem.sqlite_errorname) if code in _MACHINE else None


def is_spoilt(problem: sqlite3.Error) -> bool:
    """True when the file itself can no longer be read."""
    return _result(problem) in _SPOILT


def _result(problem: sqlite3.Error) -> int:
    return getattr(problem, "sqlite_errorcode", 0) & 0xFF
