"""The mirror's file: made whole or not at all, opened only where it is, noticed when it has become another.

Whoever deletes or replaces it under a running desk harms nobody. What is still open of a deleted file is the last good
copy, so readers keep to it until there is another; a writer never makes a file, and never takes for written what went
into one that is no longer there.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from storage.refused import CopyError, explained, is_spoilt
from storage.schema import create

_READ_SECONDS, _WRITE_SECONDS, _BRIEF_SECONDS = 10.0, 30.0, 0.05
Identity = tuple[int, int]
"""Device and inode: while a connection holds a file open, no other file can have the same."""


class Opened:
    """One SQLite file and the ways into it: a reading connection per thread, one writer at a time."""

    def __init__(self, path: Path) -> None:
        """Nothing is opened yet."""
        self.path = path
        self._local = threading.local()
        self._lock = threading.RLock()
        self._spoilt = False

    def rebuild(self) -> None:
        """Begin anew with an empty file; other threads and processes notice at their next look."""
        with self._lock:
            fresh = Path(f"{self.path}-new{os.getpid()}")
            try:
                _remove(fresh)
                create(fresh)
                # the old one first: its log must never be taken for that of the new one
                _remove(self.path)
                fresh.replace(self.path)
            except sqlite3.Error as problem:
                raise explained(problem) or problem from None
            except OSError as problem:
                raise CopyError("copy_unwritable", why=type(problem).__name__) from None
            self.close()
            self._spoilt = False

    def copy_to(self, path: Path) -> None:
        """Write all of this file to another one, as of one moment."""
        try:
            with closing(sqlite3.connect(path)) as other:
                self.reading().backup(other)
        except sqlite3.OperationalError as problem:
            raise explained(problem) or problem from None

    def close(self) -> None:
        """Close this thread's connection."""
        kept = getattr(self._local, "kept", None)
        if kept is not None:
            kept[0].close()
            self._local.kept = None

    def reading(self) -> sqlite3.Connection:
        """This thread's connection to the file as it stands; it cannot write. CopyError when there is none."""
        kept: tuple[sqlite3.Connection, Identity] | None = getattr(self._local, "kept", None)
        if kept is not None:
            if kept[0].in_transaction or self._identity() in {None, kept[1]}:
                return kept[0]
            self.close()
        connection, identity = self._open(_READ_SECONDS)
        try:
            connection.execute("pragma query_only=1")
            connection.execute("pragma cache_size=-8000")
        except sqlite3.DatabaseError:
            connection.close()
            raise
        self._local.kept, self._local.shape = (connection, identity), None
        return connection

    @contextmanager
    def at_once(self) -> Iterator[sqlite3.Connection]:
        """One state of the copy for all that is read inside, whatever is taken in meanwhile."""
        connection = self.reading()
        if connection.in_transaction:
            yield connection
            return
        connection.execute("begin")
        try:
            yield connection
        finally:
            connection.execute("rollback")

    @contextmanager
    def writing(self, *, patient: bool = True) -> Iterator[sqlite3.Connection]:
        """One transaction, all or nothing; one writer at a time. CopyError when the machine refuses.

        Without patience nobody is waited for: `copy_locked` at once.
        """
        if not self._lock.acquire(blocking=patient):
            raise CopyError("copy_locked")
        try:
            yield from self._transaction(_WRITE_SECONDS if patient else _BRIEF_SECONDS)
        except sqlite3.DatabaseError as problem:
            self._spoilt = self._spoilt or is_spoilt(problem)
            raise explained(problem) or problem from None
        finally:
            self._lock.release()

    def _transaction(self, seconds: float) -> Iterator[sqlite3.Connection]:
        connection, identity = self._open(seconds)
        try:
            connection.execute("pragma synchronous=off")  # a lost mirror is rebuilt
            connection.execute("begin immediate")
            self._still(identity)
            yield connection
            connection.execute("commit")
        except BaseException:
            if connection.in_transaction:
                connection.execute("rollback")
            raise
        finally:
            connection.close()
        self._still(identity)

    def _open(self, seconds: float) -> tuple[sqlite3.Connection, Identity]:
        """A connection and whose file it is; never a new file."""
        address = f"{self.path.absolute().as_uri()}?mode=rw"
        while (identity := self._identity()) is not None:
            try:
                connection = sqlite3.connect(address, uri=True, timeout=seconds, isolation_level=None)
            except sqlite3.OperationalError as problem:
                if self._identity() == identity:
                    raise explained(problem) or problem from None
                continue
            if self._identity() == identity:
                return connection, identity
            connection.close()
        raise CopyError("copy_gone")

    def _identity(self) -> Identity | None:
        try:
            found = os.stat(self.path)  # noqa: PTH116  (asked for every answer: a third of Path.stat)
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _still(self, identity: Identity) -> None:
        if self._identity() != identity:
            raise CopyError("copy_gone")


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
