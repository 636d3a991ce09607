"""The record: requests with their evidence, the audit chain, and what is still to be delivered."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from types import TracebackType

from approvals.request import State
from scoring.findings import Finding
from storage.record import tables as t
from storage.record.chaining import Chain
from storage.record.connections import SqliteDoor, Transaction, Watch, door_to
from storage.record.errors import in_words, raise_in_words
from storage.record.head_file import HeadFile
from storage.record.kinds import AuditEntry, Card, Delegation, Draft, Facts, Filed, Item, JobRun, Outcome, Slot
from storage.record.migrating import migrate
from storage.record.moments import micros
from storage.record.outbox import MOST_ATTEMPTS, item_of, moved
from storage.record.reading import Reading
from storage.record.sql import Sql
from storage.record.verifying import problems
from storage.record.writing import Writing

_PAGE = 1000


class Record:
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
        with in_words():
            migrate(self._door.engine)
        self._sql = Sql(self._door.engine.dialect)
        self._reading = Reading(self._door.engine)
        copy = None if head_file is None else HeadFile(head_file)
        # a copy of the head without a record belongs to one that was taken away: nothing begins over it
        fresh = self._reading.is_fresh() and (copy is None or copy.read() is None)
        self._chain = Chain(key, copy, self._door.wait_for_chain, fresh)
        if fresh:
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

    # -- requests ---------------------------------------------------------------------------------------------

    def request(self, request_no: str) -> Filed | None:
        """One request, or None."""
        return self._reading.request(request_no)

    def requests(
        self,
        *,
        states: Iterable[State] = (),
        applicant: str = "",
        customer_id: str = "",
        since: datetime | None = None,
    ) -> list[Filed]:
        """Requests that fit everything that is said, oldest first."""
        return self._reading.requests(states, applicant, customer_id, since)

    def draft(self, draft_id: str) -> Draft | None:
        """One draft younger than thirty days, or None. Whose it is the caller has to look at."""
        found = self._reading.drafts(self._clock(), draft_id=draft_id)
        return found[0] if found else None

    def drafts(self, person: str) -> list[Draft]:
        """A person's drafts younger than thirty days, newest first."""
        return self._reading.drafts(self._clock(), person=person)

    def cards(self, request_no: str) -> list[Card]:
        """Every card of a request."""
        return self._reading.cards(request_no)

    def delegations(self, on: date) -> list[Delegation]:
        """Delegations in force on a day."""
        return self._reading.delegations(on)

    def all_delegations(self, person: str) -> list[Delegation]:
        """Everything a person has given or taken, ended or not, newest first."""
        return self._reading.all_delegations(person)

    # -- deliveries -------------------------------------------------------------------------------------------

    def claim(self, owner: str, lease_seconds: float) -> Item | None:
        """The next item that is due, for `owner` alone until the lease ends; None when there is none.

        Per subject strictly in order: one waits while an earlier one of its subject waits or is claimed; a parked one
        stops its subject only for the ledger. An item whose lease ran out comes back with `unknown` set.
        """
        with self.begin() as writing:
            cursor = writing.cursor
            now = self._door.now(cursor, writing.now)
            self._sql.box.give_up.run(cursor, {"now": now, "most": MOST_ATTEMPTS})
            values = {"now": now, "by": owner, "until": now + int(lease_seconds * 1_000_000)}
            found = self._sql.box.claim.one(cursor, values)
        return None if found is None else item_of(found)

    def finish(
        self,
        item: Item,
        owner: str,
        *,
        outcome: Outcome,
        result: Facts | None = None,
        why: str = "",
        again_in: float = 0,
    ) -> bool:
        """Say what became of a claimed item; False when another one has claimed it since.

        done: over. refused: parked with `why`. unknown: waits `again_in` seconds (else longer each time) and is read
        back first; parked after ten claims. busy: waits as if it had not been tried.
        """
        with self.begin() as writing:
            return writing.finish(item, owner, outcome=outcome, result=result, why=why, again_in=again_in)

    def item(self, item_id: str) -> Item | None:
        """One item, on its way or over, or None."""
        for table in (t.outbox, t.delivered):
            if found := self._reading.items(table, table.c.id == item_id):
                return found[0]
        return None

    def parked(self) -> list[Item]:
        """What was given up, oldest first."""
        return self._reading.items(t.outbox, t.outbox.c.state == "parked")

    def unfinished(self) -> list[Item]:
        """What waits, is claimed or parked, oldest first."""
        return self._reading.items(t.outbox)

    def delivered(self, since: datetime) -> list[Item]:
        """What ended well since then, oldest first: the reconciler looks whether it is there, and once."""
        over = t.delivered.c
        return self._reading.items(t.delivered, over.ended_at >= micros(since), over.state == "done")

    def backlog(self) -> tuple[int, int, datetime | None]:
        """(waiting or claimed, parked, when the oldest of those on their way was enqueued)."""
        return self._reading.backlog()

    def retry(self, item_id: str) -> bool:
        """A parked item is tried again; False when it is not parked."""
        with self.begin() as writing:
            return self._sql.box.retry.run(writing.cursor, {"this": item_id, "now": writing.now}) == 1

    def redo(self, item_id: str) -> bool:
        """A delivered item goes out again, since what it brought is gone; False when it was not delivered."""
        with self.begin() as writing:
            values = {"this": item_id, "now": writing.now, "seq_from": writing.now}
            return moved(writing.cursor, self._sql.box.redo, values) == 1

    # -- audit ------------------------------------------------------------------------------------------------

    def audit_entries(self) -> Iterator[AuditEntry]:
        """The chain from its first entry on."""
        after = 0
        while page := self._reading.audit(after, _PAGE):
            yield from page
            after = page[-1].seq

    def audit_head(self) -> AuditEntry | None:
        """The newest entry."""
        return self._reading.newest_audit()

    def verify_audit(self) -> list[Finding]:
        """Everything that is wrong with the chain; empty when it is whole."""
        file = self._chain.head_file
        outside = None if file is None else file.read()
        return list(problems(self._chain.key, outside, self.audit_entries(), copied=file is not None))

    # -- jobs -------------------------------------------------------------------------------------------------

    def slots(self, job: str, since: date | None = None) -> list[Slot]:
        """The days whose run of a job somebody took, oldest first."""
        return self._reading.slots(job, since)

    def job_runs(self, job: str, limit: int = 20) -> list[JobRun]:
        """The last runs of a job, newest first."""
        return self._reading.job_runs(job, limit)

    def tidy(self) -> None:
        """Forget events after 30 days, unsent drafts after 30, finished deliveries and runs after 90."""
        now = self._clock()
        month, quarter = micros(now - timedelta(days=30)), micros(now - timedelta(days=90))
        values = {"events": month, "drafts": month, "sent": quarter, "runs": quarter}
        with self.begin() as writing:
            for statement in self._sql.tidy:
                statement.run(writing.cursor, values)

    # -- transactions -----------------------------------------------------------------------------------------

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

    def __init__(self, record: Record) -> None:
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
