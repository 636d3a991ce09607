"""One SQLite file beside the desk."""

import os
import sqlite3
import threading
from pathlib import Path
from typing import Any

from sqlalchemy import URL, create_engine, event

from storage.record.doors import WAIT_SECONDS
from storage.record.errors import RecordError
from storage.record.statements import Cursor


class SqliteDoor:
    """One writing connection for all threads, so that its pages stay warm; the lock is the queue before it."""

    def __init__(self, url: URL) -> None:
        """Make the file for the desk's own account and open it."""
        path = Path(str(url.database))
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self.path = path
        self.engine = create_engine(
            url, hide_parameters=True, connect_args={"timeout": WAIT_SECONDS, "check_same_thread": False}
        )
        event.listen(self.engine, "connect", _set_up)
        self._lock = threading.Lock()
        self._holder = 0
        self._kept: Any = None
        self._cursor: Any = None

    def begin(self) -> "SqliteTransaction":
        """Wait for the turn, then take the write lock at once: a transaction that reads first could not upgrade."""
        me = threading.get_ident()
        if self._holder == me:
            raise RuntimeError("a transaction of the record inside another one of the same thread")
        if not self._lock.acquire(timeout=WAIT_SECONDS):
            raise RecordError("record_locked")
        try:
            if self._cursor is None:
                self._kept = self.engine.raw_connection()
                self._cursor = self._kept.driver_connection.cursor()
            self._cursor.execute("begin immediate")
        except BaseException:
            self._lock.release()
            raise
        self._holder = me
        return SqliteTransaction(self, self._cursor)

    def done(self) -> None:
        """Let the next one in."""
        self._holder = 0
        self._lock.release()

    def now(self, cursor: Cursor, ours: int) -> int:  # noqa: ARG002
        """One machine, one clock."""
        return ours

    def wait_for_chain(self, cursor: Cursor) -> None:
        """Whoever writes is alone already."""

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            if self._kept is not None:
                self._kept.close()
            self._kept = self._cursor = None
        self.engine.dispose()


class SqliteTransaction:
    """A turn on the writing connection."""

    __slots__ = ("_door", "cursor")

    def __init__(self, door: SqliteDoor, cursor: Cursor) -> None:
        """The turn has begun."""
        self._door, self.cursor = door, cursor

    def commit(self) -> None:
        """One sync of the write-ahead log."""
        self.cursor.execute("commit")
        self._door.done()

    def rollback(self) -> None:
        """Also after a commit that failed, which leaves the transaction open or not, as the fault was."""
        try:
            self.cursor.execute("rollback")
        except sqlite3.Error:
            pass  # nothing is open any more: SQLite has rolled back by itself
        finally:
            self._door.done()


def _set_up(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions begin where we say so
    for pragma in ("journal_mode=wal", "synchronous=full", "foreign_keys=on", "cache_size=-16000"):
        connection.execute(f"pragma {pragma}")
