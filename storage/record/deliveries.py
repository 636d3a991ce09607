"""What is to be delivered: claimed, finished, given up, tried again."""

from datetime import datetime

from storage.record import tables as t
from storage.record.kinds import Facts, Item, Outcome
from storage.record.moments import micros
from storage.record.outbox import MOST_ATTEMPTS, item_of, moved
from storage.record.transactions import Transactions


class Deliveries(Transactions):
    """The outbox of a record."""

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
