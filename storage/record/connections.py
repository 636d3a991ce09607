"""The two ways to a database: one file beside the desk, or a server that several desks share.

Writes go through transactions of raw cursors with prepared statements; reads through Core on connections of their own.
"""

import os
import sqlite3
import threading
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from storage.record.errors import RecordError
from storage.record.statements import Cursor

WAIT_SECONDS = 10
"""How long a transaction waits for another one's end."""
CHAIN_LOCK = 0x61756469
"""Number of the server's advisory lock for the audit chain: any, as long as all versions use the same one."""
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


def door_to(url: str) -> Door:
    """The way to the database of a URL: `sqlite:///PATH`, or `postgresql://...`."""
    try:
        target = make_url(url)
    except ArgumentError:
        raise RecordError("record_url") from None
    kind = target.get_backend_name()
    if kind == "sqlite" and target.database not in {None, "", ":memory:"}:
        return SqliteDoor(target)
    if kind == "postgresql":
        return ServerDoor(target)
    raise RecordError("record_url")


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


class ServerDoor:
    """A pool of connections; the server orders the writers."""

    def __init__(self, url: URL) -> None:
        """Nobody is asked yet."""
        if find_spec("pg8000") is None:
            raise RecordError("record_driver")
        self.engine = create_engine(
            url.set(drivername="postgresql+pg8000"),
            hide_parameters=True,
            pool_pre_ping=True,
            pool_size=10,
            max_overflow=30,
            connect_args={"timeout": WAIT_SECONDS},
        )
        event.listen(self.engine, "connect", _set_up_server)
        self._now = "select cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)"

    def begin(self) -> "ServerTransaction":
        """A connection of its own."""
        return ServerTransaction(self.engine.raw_connection())

    def now(self, cursor: Cursor, ours: int) -> int:  # noqa: ARG002
        """The server's: the clocks of several machines differ."""
        cursor.execute(self._now)
        return int(cursor.fetchone()[0])

    def wait_for_chain(self, cursor: Cursor) -> None:
        """By a lock of its own: there may be no row yet to lock."""
        cursor.execute(f"select pg_advisory_xact_lock({CHAIN_LOCK})")

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


class ServerTransaction:
    """One connection until its end."""

    __slots__ = ("_connection", "cursor")

    def __init__(self, connection: Any) -> None:
        """The driver begins with the first statement."""
        self._connection = connection
        self.cursor: Cursor = connection.cursor()

    def commit(self) -> None:
        """Wait for the server to say that it is on the disk."""
        self._connection.commit()
        self._connection.close()

    def rollback(self) -> None:
        """Give the connection back; the pool rolls back, or drops one that is broken."""
        self._connection.close()


def _set_up_server(connection: Any, _: object) -> None:
    cursor = connection.cursor()
    cursor.execute(f"set lock_timeout = '{WAIT_SECONDS}s'")
    cursor.execute("set synchronous_commit = on")
    connection.commit()


def _set_up(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions begin where we say so
    for pragma in ("journal_mode=wal", "synchronous=full", "foreign_keys=on", "cache_size=-16000"):
        connection.execute(f"pragma {pragma}")
