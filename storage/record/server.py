"""A PostgreSQL server that several desks share."""

from importlib.util import find_spec
from typing import Any

from sqlalchemy import URL, create_engine, event

from storage.record.doors import WAIT_SECONDS
from storage.record.errors import RecordError
from storage.record.statements import Cursor

CHAIN_LOCK = 0x61756469
"""Number of the server's advisory lock for the audit chain: any, as long as all versions use the same one."""


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
        event.listen(self.engine, "connect", _set_up)
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


def _set_up(connection: Any, _: object) -> None:
    cursor = connection.cursor()
    cursor.execute(f"set lock_timeout = '{WAIT_SECONDS}s'")
    cursor.execute("set synchronous_commit = on")
    connection.commit()
