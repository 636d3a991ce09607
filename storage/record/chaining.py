"""Going on with the audit chain: only from an end that fits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storage.record.chain import NOTHING, Head, digest_of, head_at, is_ours
from storage.record.errors import RecordError
from storage.record.head_file import HeadFile
from storage.record.moments import as_canonical_json
from storage.record.sql import Sql
from storage.record.statements import Cursor

CLOCK_SLACK = 300_000_000
"""How far (in microseconds) the clock may stand behind the last entry before nothing is recorded any more."""
Link = tuple[str, str, str, str]
"""Request, act, person, facts as canonical JSON."""


@dataclass(slots=True)
class Chain:
    """The chain of one record, as this process goes on with it."""

    key: bytes
    head_file: HeadFile | None
    wait_for_turn: Callable[[Cursor], None]
    """Only one transaction at a time may add to the chain; it waits here for the one before."""
    fresh: bool = False
    """True while nothing was ever recorded: otherwise a chain without an entry was emptied."""
    last: Head = NOTHING
    """The newest head this process has made; it needs no second look at its code."""

    def add(self, cursor: Cursor, sql: Sql, now: int, links: Sequence[Link]) -> Head:
        """Put entries at the end of the chain; the new head. RecordError when the old end does not fit."""
        self.wait_for_turn(cursor)
        found = sql.head.one(cursor, {})
        if found is None and not self.fresh:
            raise RecordError("record_head_forged")
        head = NOTHING if found is None else Head(*found)
        copied = self._check(head, now)
        now = max(now, head.at)  # the chain's time never goes back, or a clock could creep behind it step by step
        if not copied:
            links = [opening(fresh=self.fresh), *links]
        rows: list[Mapping[str, Any]] = []
        for request_no, act, person, facts in links:
            seq, before = head.count + 1, head.digest
            digest = digest_of(seq, now, request_no, act, person, facts, before)
            head = head_at(self.key, seq, now, digest)
            rows.append({
                "seq": seq, "at": now, "request_no": request_no, "act": act, "person": person, "facts": facts,
                "before": before, "digest": digest, "mac": head.mac,
            })  # fmt: skip
        sql.add_audit.run_many(cursor, rows)
        return head

    def _check(self, head: Head, now: int) -> bool:
        """Whether there is a copy of the head outside, once the end is known to fit."""
        outside = None if self.head_file is None else self.head_file.current()
        for one in (head, outside):
            if one is not None and one not in (self.last, NOTHING) and not is_ours(self.key, one):
                raise RecordError("record_head_forged")
        if outside is not None and outside.count > head.count:
            raise RecordError("record_older_than_head", known=outside.count, kept=head.count)
        if head.at > now + CLOCK_SLACK:
            raise RecordError("record_clock", seconds=(head.at - now) // 1_000_000)
        return outside is not None or (self.head_file is None and not self.fresh)

    def moved(self, head: Head) -> None:
        """It is committed: from here on the copy outside may know of it."""
        self.last, self.fresh = head, False
        if self.head_file is not None:
            self.head_file.put(head)


def opening(*, fresh: bool) -> Link:
    """The first entry of a chain, or one that tells of a copy of the head that was not there and is made anew."""
    return "", "open", "", as_canonical_json({"fresh": fresh})
