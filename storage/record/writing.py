"""One transaction: everything in it is recorded, or nothing."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from approvals.alerts import Alert
from approvals.cases import Case
from approvals.dealings import Dealing
from approvals.request import Request
from approvals.snapshots import Snapshot
from storage.record.chain import Head
from storage.record.chaining import Chain, Link
from storage.record.kinds import Card, Delegation, Draft, Facts, Item, Outcome
from storage.record.moments import as_canonical_json, as_json, body_of, micros
from storage.record.outbox import finished, item_ids, moved
from storage.record.sql import Sql
from storage.record.statements import Cursor


class Writing:
    """What `Record.begin` gives; valid inside its `with` block only."""

    __slots__ = ("_audit", "_chain", "_ids", "_items", "_sql", "cursor", "head", "now")

    def __init__(self, cursor: Cursor, sql: Sql, chain: Chain, now: int) -> None:
        """The transaction has begun."""
        self.cursor, self._sql, self._chain = cursor, sql, chain
        self.now = now
        self.head: Head | None = None
        self._audit: list[Link] = []
        self._items: list[Mapping[str, Any]] = []
        self._ids = item_ids(now)

    # -- events -----------------------------------------------------------------------------------------------

    def first_time(self, key: str, payload_hash: str) -> bool:
        """True the first time an event is seen; False for every later delivery, whatever it carries."""
        event = {"event_key": key, "payload_hash": payload_hash, "taken_at": self.now}
        return self._sql.take.run(self.cursor, event) == 1

    def was_taken(self, key: str) -> bool:
        """Whether an event was taken before; nothing is recorded."""
        return bool(self._sql.was_taken.all(self.cursor, {"this": key}))

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
        """One link of the audit chain; `facts` hold codes, ids, digests and terms, never names or words of people."""
        self._audit.append((request_no, act, person, as_canonical_json(facts)))

    def begin_chain(self) -> None:
        """The chain begins with an entry of its own."""
        self.head = self._chain.add(self.cursor, self._sql, self.now, ())

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

    def open_case(self, case: Case) -> None:
        """A new case."""
        row = {
            "case_id": case.case_id, "state": case.state, "version": case.version, "customer_id": case.customer_id,
            "opened_at": micros(case.opened_at), "body": as_json(case),
        }  # fmt: skip
        self._sql.open_case.run(self.cursor, row)

    def save_case(self, case: Case, *, expected_version: int) -> bool:
        """Put `case` in place of its version `expected_version`; False when somebody was faster."""
        values = {
            "this": case.case_id, "expected": expected_version, "state": case.state, "version": case.version,
            "body": as_json(case),
        }  # fmt: skip
        return self._sql.save_case.run(self.cursor, values) == 1

    def keep_alert(self, alert: Alert) -> bool:
        """A new warning, or one in place of the version before it; False when somebody was faster."""
        values = {
            "state": alert.state, "version": alert.version, "body": as_json(alert),
            "closed_on": None if alert.closed_on is None else alert.closed_on.isoformat(),
        }  # fmt: skip
        if alert.version == 1:
            new = {**values, "alert_id": alert.alert_id, "customer_id": alert.customer_id, "written": 0}
            return self._sql.open_alert.run(self.cursor, new) == 1
        return self._sql.save_alert.run(
            self.cursor, {**values, "this": alert.alert_id, "expected": alert.version - 1}
        ) == 1  # fmt: skip

    def alert_written(self, alert: Alert) -> None:
        """The sheet shows it as it is in this version."""
        self._sql.alert_written.run(self.cursor, {"this": alert.alert_id, "upto": alert.version})

    def keep_dealing(self, dealing: Dealing) -> None:
        """Something that was done about a debt."""
        row = {"dealing_id": dealing.dealing_id, "customer_id": dealing.customer_id, "ended": False}
        self._sql.keep_dealing.run(self.cursor, {**row, "body": as_json(dealing)})

    def end_dealing(self, dealing: Dealing) -> bool:
        """It has ended, as it says; False when it had before."""
        return self._sql.end_dealing.run(
            self.cursor, {"this": dealing.dealing_id, "over": True, "body": as_json(dealing)}
        ) == 1  # fmt: skip

    def keep_snapshot(self, snapshot: Snapshot) -> None:
        """What a customer looked like."""
        self._sql.keep_snapshot.run(self.cursor, {"customer_id": snapshot.customer_id, "body": as_json(snapshot)})

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
            self.head = self._chain.add(self.cursor, self._sql, self.now, self._audit)
            self._audit = []

    def _flush_items(self) -> None:
        if self._items:
            self._sql.box.enqueue.run_many(self.cursor, self._items)
            self._items = []
