"""What a way to a database offers, and what a transaction does."""

from collections.abc import Callable
from typing import Protocol

from sqlalchemy import Engine

from storage.record.statements import Cursor

WAIT_SECONDS = 10
"""How long a transaction waits for another one's end."""
Watch = Callable[[str], None]
"""Told `before commit` and `after commit`: fault tests stop or kill the desk there."""


class Transaction(Protocol):
    """All or nothing."""

    cursor: Cursor

    def commit(self) -> None:
        """Make it lasting; when this returns it is on the disk."""

    def rollback(self) -> None:
        """Undo all of it."""


class Door(Protocol):
    """A way to a database."""

    engine: Engine

    def begin(self) -> Transaction:
        """A transaction that may write."""

    def now(self, cursor: Cursor, ours: int) -> int:
        """The time leases go by, in microseconds: `ours`, or the database's where several machines share it."""

    def wait_for_chain(self, cursor: Cursor) -> None:
        """Until the end of the transaction nobody else adds to the audit chain."""

    def close(self) -> None:
        """Close every connection."""
