"""Opening a record, and its transactions."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType

from storage.record.chaining import Chain
from storage.record.connections import door_to
from storage.record.doors import Transaction, Watch
from storage.record.errors import in_words, raise_in_words
from storage.record.head_file import HeadFile
from storage.record.migrating import migrate
from storage.record.moments import micros
from storage.record.reading import Reading
from storage.record.sql import Sql
from storage.record.sqlite import SqliteDoor
from storage.record.writing import Writing


class Transactions:
    """One database; safe to share between threads."""

    def __init__(
        self,
        url: str,
        key: bytes,
        clock: Callable[[], datetime],
        *,
        head_file: Path | None = None,
        watch: Watch | None = None,
    ) -> None:
        """Open it, made or brought up to date first. `head_file` is by default `audit.head` beside an SQLite file."""
        self._door = door_to(url)
        if head_file is None and isinstance(self._door, SqliteDoor):
            head_file = self._door.path.with_name("audit.head")
        self._clock, self._watch = clock, watch
        self._sql = Sql(self._door.engine.dialect)
        self._reading = Reading(self._door.engine)
        copy = None if head_file is None else HeadFile(head_file)
        self._chain = Chain(key, copy, self._door.wait_for_chain)
        try:
            self._prepare(copy)
        except BaseException:
            self.close()
            raise

    def _prepare(self, copy: HeadFile | None) -> None:
        with in_words():
            migrate(self._door.engine)
        # a copy of the head without a record belongs to one that was taken away: nothing begins over it
        self._chain.fresh = self._reading.is_fresh() and (copy is None or copy.read() is None)
        if self._chain.fresh:
            with self.begin() as writing:
                writing.begin_chain()

    def close(self) -> None:
        """Close every connection."""
        self._door.close()
        if self._chain.head_file is not None:
            self._chain.head_file.close()

    def begin(self) -> "Begun":
        """One transaction: committed at the end of the `with` block, undone by any error in it.

        A RecordError says in a sentence why nothing was recorded. No network call belongs inside.
        """
        return Begun(self)

    def started(self) -> tuple[Transaction, Writing]:
        """A transaction and what writes in it; `Begun` ends it."""
        try:
            transaction = self._door.begin()
        except Exception as problem:
            raise_in_words(problem)
            raise
        return transaction, Writing(transaction.cursor, self._sql, self._chain, micros(self._clock()))

    def ended(self, transaction: Transaction, writing: Writing) -> None:
        """Commit. The head's copy outside follows the commit: it may be behind, never ahead."""
        try:
            writing.flush()
            if self._watch is not None:
                self._watch("before commit")
            transaction.commit()
        except BaseException as problem:
            transaction.rollback()
            raise_in_words(problem)
            raise
        if writing.head is not None:
            self._chain.moved(writing.head)
        if self._watch is not None:
            self._watch("after commit")


class Begun:
    """The `with` block of one transaction."""

    __slots__ = ("_record", "_transaction", "_writing")

    def __init__(self, record: Transactions) -> None:
        """Nothing has begun yet."""
        self._record = record

    def __enter__(self) -> Writing:
        """Begin."""
        self._transaction, self._writing = self._record.started()
        return self._writing

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Commit, or undo."""
        if problem is None:
            self._record.ended(self._transaction, self._writing)
            return
        self._transaction.rollback()
        raise_in_words(problem)
