"""One transaction: everything in it is recorded, or nothing."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from approvals.request import Request
from storage.record.chain import NOTHING, Head, digest_of, head_at, is_ours
from storage.record.errors import RecordError
from storage.record.head_file import HeadFile
from storage.record.kinds import Card, Delegation, Draft, Facts, Item, Outcome
from storage.record.moments import as_canonical_json, as_json, body_of, micros
from storage.record.outbox import finished, item_ids, moved
from storage.record.sql import Sql
from storage.record.statements import Cursor

CLOCK_SLACK = 300_000_000
"""How far (in microseconds) the clock may stand behind the last entry before nothing is recorded any more."""


@dataclass(slots=True)
class Chain:
    """What continuing the audit chain takes."""

    key: bytes
    head_file: HeadFile | None
    wait_for_turn: Callable[[Cursor], None]
    """Only one transaction at a time may add to the chain; it waits here for the one before."""
    fresh: bool = False
    """True while nothing was ever recorded: otherwise a chain without an entry was emptied."""
    last: Head = NOTHING
    """The newest head this process has made; it needs no second look at its code."""


class Writing:
    """What `Record.begin` gives; valid inside its `with` block only."""

    __slots__ = ("_audit", "_chain", "_ids", "_items", "_sql", "cursor", "head", "now")

    def __init__(self, cursor: Cursor, sql: Sql, chain: Chain, now: int) -> None:
        """The transaction has begun."""
        self.cursor, self._sql, self._chain = cursor, sql, chain
        self.now = now
        self.head: Head | None = None
        self._audit: list[tuple[str, str, str, str]] = []
        self._items: list[Mapping[str, Any]] = []
        self._ids = item_ids(now)

    # -- events -----------------------------------------------------------------------------------------------

    def first_time(self, key: str, payload_hash: str) -> bool:
        """True the first time an event is seen; False for every later delivery, whatever it carries."""
        event = {"event_key": key, "payload_hash": payload_hash, "taken_at": self.now}
        return self._sql.take.run(self.cursor, event) == 1

    def next_no(self, series: str) -> int:
        """1, 2, 3... of a series; a number that was rolled back is given out again."""
        return int(self._sql.count_up.one(self.cursor, {"series": series})[0])

    # -- requests ---------------------------------------------------------------------------------------------

    def file(self, request: Request, form: Facts, evidence: Facts) -> None:
        """A new request with what it rests on; `evidence["policy"]` is the fingerprint it was rated by."""
        row = {
            "request_no": request.request_no, "state": request.state, "version": request.version,
            "applicant": request.applicant, "customer_id": request.customer_id, "filed_at": micros(request.filed_at),
            "body": body_of(request),
        }  # fmt: skip
        self._sql.file.run(self.cursor, row)
        self._add_evidence(request, form, evidence)

    def save(
        self, request: Request, *, expected_version: int, evidence: Facts | None = None, form: Facts | None = None
    ) -> bool:
        """Put `request` in place of its version `expected_version`; False when somebody was faster.

        `evidence` and `form` come together, with a new round.
        """
        values = {
            "this": request.request_no, "expected": expected_version, "state": request.state,
            "version": request.version, "customer": request.customer_id, "body": body_of(request),
        }  # fmt: skip
        saved = self._sql.save.run(self.cursor, values) or self._sql.save_customer.run(self.cursor, values)
        if saved and evidence is not None and form is not None:
            self._add_evidence(request, form, evidence)
        return saved == 1

    def _add_evidence(self, request: Request, form: Facts, evidence: Facts) -> None:
        row = {
            "request_no": request.request_no, "round": request.round, "form": as_json(form),
            "evidence": as_json(evidence), "policy": str(evidence.get("policy", "")),
        }  # fmt: skip
        self._sql.add_evidence.run(self.cursor, row)

    def audit(self, request_no: str, act: str, person: str, facts: Facts) -> None:
        """One link of the audit chain; `facts` hold ids and digests, never names or amounts."""
        self._audit.append((request_no, act, person, as_canonical_json(facts)))

    # -- consequences -----------------------------------------------------------------------------------------

    def enqueue(self, kind: str, subject: str, payload: Facts, *, not_before: datetime | None = None) -> str:
        """Something to deliver once this is committed, after everything that was enqueued for its subject before."""
        new = next(self._ids)
        due = self.now if not_before is None else micros(not_before)
        item = {
            "id": new, "kind": kind, "subject": subject, "payload": as_json(payload), "not_before": due,
            "made_at": self.now, "seq_from": self.now,
        }  # fmt: skip
        self._items.append(item)
        return new

    def cancel(self, subject: str, kinds: Iterable[str]) -> int:
        """Take back what waits and cannot have gone out yet; how many."""
        self._flush_items()
        values = {"whose": subject, "now": self.now}
        return sum(moved(self.cursor, self._sql.box.cancel, {**values, "which": kind}) for kind in kinds)

    def finish(
        self, item: Item, owner: str, *, outcome: Outcome, result: Facts | None = None, why: str = "",
        again_in: float = 0,
    ) -> bool:  # fmt: skip
        """As `Record.finish`, together with what else is recorded here."""
        values = finished(item, owner, outcome, result or {}, why, again_in, self.now)
        if outcome == "done":
            return moved(self.cursor, self._sql.box.deliver, values) == 1
        return self._sql.box.put_back.run(self.cursor, values) == 1

    # -- what else is kept ------------------------------------------------------------------------------------

    def keep_draft(self, draft: Draft) -> None:
        """Keep a draft as it stands, in place of what it was."""
        row = {
            "id": draft.id, "person": draft.person, "account": draft.account, "kind": draft.kind, "step": draft.step,
            "form": as_json(draft.form), "changed_at": micros(draft.changed_at),
        }  # fmt: skip
        self._sql.keep_draft.run(self.cursor, row)

    def drop_draft(self, draft_id: str) -> None:
        """It was sent, or is not wanted any more."""
        self._sql.drop_draft.run(self.cursor, {"this": draft_id})

    def keep_card(self, card: Card) -> None:
        """Keep where a card hangs and what it shows."""
        row = {name: getattr(card, name) for name in Card.__slots__}
        self._sql.keep_card.run(self.cursor, row)

    def delegate(self, delegation: Delegation) -> None:
        """From now on somebody signs for somebody, on the days it names."""
        d = delegation
        row = {
            "id": d.id, "from_person": d.from_person, "to_person": d.to_person, "starts_on": d.starts_on.isoformat(),
            "ends_on": d.ends_on.isoformat(), "reason": d.reason, "made_by": d.made_by, "made_at": micros(d.made_at),
            "ended_at": None if d.ended_at is None else micros(d.ended_at), "ended_by": d.ended_by,
        }  # fmt: skip
        self._sql.delegate.run(self.cursor, row)

    def end_delegation(self, delegation_id: str, by: str) -> bool:
        """It ends now; False when it had ended or never was."""
        return self._sql.end_delegation.run(self.cursor, {"this": delegation_id, "now": self.now, "by": by}) == 1

    def claim_slot(self, job: str, day: date, late: bool) -> bool:
        """True for the one who gets the job's run of that day."""
        row = {"job": job, "day": day.isoformat(), "late": late, "claimed_at": self.now}
        return self._sql.claim_slot.run(self.cursor, row) == 1

    def start_run(self, job: str) -> str:
        """A run of a job begins; its id."""
        row = {"id": secrets.token_hex(16), "job": job, "started_at": self.now, "ended_at": None, "outcome": "running"}
        self._sql.start_run.run(self.cursor, row)
        return str(row["id"])

    def end_run(self, run_id: str, outcome: str) -> None:
        """It is over: `done`, or why not."""
        self._sql.end_run.run(self.cursor, {"this": run_id, "now": self.now, "how": outcome})

    # -- the end ----------------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Write what was gathered; the chain comes last, so that nobody waits for its head longer than he must."""
        self._flush_items()
        if self._audit:
            self._flush_audit()

    def _flush_items(self) -> None:
        if self._items:
            self._sql.box.enqueue.run_many(self.cursor, self._items)
            self._items = []

    def _flush_audit(self) -> None:
        key, head = self._chain.key, self._trusted_head()
        rows = []
        for request_no, act, person, facts in self._audit:
            count, before = head.count + 1, head.digest
            digest = digest_of(count, self.now, request_no, act, person, facts, before)
            head = head_at(key, count, self.now, digest)
            rows.append({
                "seq": count, "at": self.now, "request_no": request_no, "act": act, "person": person, "facts": facts,
                "before": before, "digest": digest, "mac": head.mac,
            })  # fmt: skip
        self._sql.add_audit.run_many(self.cursor, rows)
        self.head, self._audit = head, []

    def _trusted_head(self) -> Head:
        """The head to go on from; a RecordError when it is not ours, or when the copy outside knows of more."""
        self._chain.wait_for_turn(self.cursor)
        found = self._sql.head.one(self.cursor, {})
        head = NOTHING if found is None else Head(*found)
        outside = None if self._chain.head_file is None else self._chain.head_file.current()
        if outside is not None and outside.count > head.count:
            raise RecordError("record_older_than_head", known=outside.count, kept=head.count)
        if found is None and not self._chain.fresh:
            raise RecordError("record_head_forged")
        if found is not None and head != self._chain.last and not is_ours(self._chain.key, head):
            raise RecordError("record_head_forged")
        if head.at > self.now + CLOCK_SLACK:
            raise RecordError("record_clock", seconds=(head.at - self.now) // 1_000_000)
        return head
