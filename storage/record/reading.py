"""What can be asked of the record: reads on connections of their own, each a whole state."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, NotRequired, TypedDict

import msgspec
from sqlalchemy import Engine, Select, Table, and_, func, or_, select

from approvals.alerts import Alert
from approvals.cases import Case, CaseState
from approvals.dealings import Dealing
from approvals.request import Request, State
from approvals.snapshots import Snapshot
from storage.record import tables as t
from storage.record.box_sql import NAMES
from storage.record.errors import in_words
from storage.record.kinds import AuditEntry, Brief, Card, Delegation, Draft, Filed, Item, JobRun, Slot
from storage.record.moments import from_json, maybe_moment, micros, moment
from storage.record.outbox import item_of

DRAFT_DAYS = 30


class _Code(TypedDict):
    """The part of a form that tells two requests of one company."""

    uscc: NotRequired[str]


_AT_ONCE = 500
_dealing_of = msgspec.json.Decoder(Dealing).decode
_alert_of = msgspec.json.Decoder(Alert).decode
_snapshot_of = msgspec.json.Decoder(Snapshot).decode
_request_of = msgspec.json.Decoder(Request).decode
_code_of = msgspec.json.Decoder(_Code).decode
_case_of = msgspec.json.Decoder(Case).decode
_r, _e, _box = t.requests.c, t.evidence.c, t.outbox.c


class Reading:
    """Reads of one database."""

    def __init__(self, engine: Engine) -> None:
        """Nothing is read yet."""
        self._engine = engine

    def rows(self, statement: Select[Any]) -> Sequence[Any]:
        """All rows of a statement; it goes without a transaction of its own where the database allows."""
        with in_words(), self._engine.connect() as connection:
            return connection.execute(statement).fetchall()

    def filed(self, wanted: Select[Any]) -> list[Filed]:
        """Requests with the evidence of their newest round."""
        return [
            Filed(
                request=_request_of(body), form=from_json(form), evidence=from_json(evidence), filed_policy=policy
            )
            for body, form, evidence, policy in self.rows(wanted)
        ]  # fmt: skip

    def request(self, request_no: str) -> Filed | None:
        """One request, or None."""
        found = self.filed(_filed().where(_r.request_no == request_no))
        return found[0] if found else None

    def requests(
        self, states: Iterable[State], applicant: str, customer_id: str, since: datetime | None
    ) -> list[Filed]:
        """Those that fit everything that is said, oldest first."""
        statement = _filed().order_by(_r.filed_at, _r.request_no)
        wanted = tuple(states)
        if wanted:
            statement = statement.where(_r.state.in_(wanted))
            if set(wanted) <= {"pending", "returned"}:
                statement = statement.where(t.OPEN)
        if applicant:
            statement = statement.where(_r.applicant == applicant)
        if customer_id:
            statement = statement.where(_r.customer_id == customer_id)
        if since is not None:
            statement = statement.where(_r.filed_at >= micros(since))
        return self.filed(statement)

    def open_forms(self) -> list[tuple[Request, Any]]:
        """Requests under way with their forms alone: evidence is ten times as long."""
        found = self.rows(_filed(_r.body, _e.form).where(t.OPEN).order_by(_r.filed_at, _r.request_no))
        return [(_request_of(body), from_json(form)) for body, form in found]

    def recent(self, since: datetime) -> list[Brief]:
        """Requests filed since then, oldest first; of their forms only the code is read."""
        wanted = _filed(_r.body, _e.form).where(_r.filed_at >= micros(since))
        found = self.rows(wanted.order_by(_r.filed_at, _r.request_no))
        return [Brief(_request_of(body), _code_of(form).get("uscc", "")) for body, form in found]

    def customer_ids(self) -> list[str]:
        """Every id that a request was filed under."""
        return [row[0] for row in self.rows(select(_r.customer_id).distinct())]

    def alerts(self, customer_ids: Iterable[str] | None, closed_since: date | None) -> list[Alert]:
        """Not closed, or closed since a day; oldest first."""
        c = t.alerts.c
        wanted = t.LIVING if closed_since is None else or_(t.LIVING, c.closed_on >= closed_since.isoformat())
        statement = select(c.body).where(wanted).order_by(c.alert_id)
        if customer_ids is None:
            return [_alert_of(row.body) for row in self.rows(statement)]
        return [
            _alert_of(row.body)
            for some in _parts(customer_ids)
            for row in self.rows(statement.where(c.customer_id.in_(some)))
        ]

    def dealings(self, customer_ids: Iterable[str]) -> list[Dealing]:
        """Of these customers, oldest first."""
        c = t.dealings.c
        statement = select(c.body).order_by(c.dealing_id)
        return [
            _dealing_of(row.body)
            for some in _parts(customer_ids)
            for row in self.rows(statement.where(c.customer_id.in_(some)))
        ]

    def dealing(self, dealing_id: str) -> Dealing | None:
        """One, or None."""
        found = self.rows(select(t.dealings.c.body).where(t.dealings.c.dealing_id == dealing_id))
        return _dealing_of(found[0].body) if found else None

    def alerts_unwritten(self, limit: int) -> list[Alert]:
        """Some of them, oldest first."""
        c = t.alerts.c
        statement = select(c.body).where(c.written < c.version).order_by(c.alert_id).limit(limit)
        return [_alert_of(row.body) for row in self.rows(statement)]

    def alert(self, alert_id: str) -> Alert | None:
        """One, or None."""
        found = self.rows(select(t.alerts.c.body).where(t.alerts.c.alert_id == alert_id))
        return _alert_of(found[0].body) if found else None

    def snapshots(self, customer_ids: Iterable[str]) -> dict[str, Snapshot]:
        """By customer."""
        c = t.snapshots.c
        return {
            row.customer_id: _snapshot_of(row.body)
            for some in _parts(customer_ids)
            for row in self.rows(select(t.snapshots).where(c.customer_id.in_(some)))
        }

    def drafts(self, now: datetime, *, person: str = "", draft_id: str = "") -> list[Draft]:
        """Drafts of the last thirty days, newest first."""
        c = t.drafts.c
        statement = select(t.drafts).where(c.changed_at > micros(now - timedelta(days=DRAFT_DAYS)))
        statement = statement.where(c.id == draft_id if draft_id else c.person == person)
        found = self.rows(statement.order_by(c.changed_at.desc(), c.id))
        return [
            Draft(
                id=row.id, person=row.person, account=row.account, kind=row.kind, form=from_json(row.form),
                step=row.step, changed_at=moment(row.changed_at),
            )
            for row in found
        ]  # fmt: skip

    def cards(self, request_no: str) -> list[Card]:
        """Every card of a request."""
        statement = select(t.cards).where(t.cards.c.request_no == request_no).order_by(t.cards.c.card_id)
        return [Card(**row._mapping) for row in self.rows(statement)]

    def case(self, case_id: str) -> Case | None:
        """One case, or None."""
        found = self.rows(select(t.cases.c.body).where(t.cases.c.case_id == case_id))
        return _case_of(found[0][0]) if found else None

    def cases(self, states: Iterable[CaseState], customer_id: str) -> list[Case]:
        """Those that fit everything that is said, newest first."""
        c, wanted = t.cases.c, tuple(states)
        statement = select(c.body).order_by(c.opened_at.desc(), c.case_id.desc())
        if wanted:
            statement = statement.where(c.state.in_(wanted))
        if customer_id:
            statement = statement.where(c.customer_id == customer_id)
        return [_case_of(body) for (body,) in self.rows(statement)]

    def delegations(self, on: date) -> list[Delegation]:
        """Those in force on a day and not ended before."""
        c, day = t.delegations.c, on.isoformat()
        fits = and_(c.starts_on <= day, c.ends_on >= day, c.ended_at.is_(None))
        return [_delegation(row) for row in self.rows(select(t.delegations).where(fits).order_by(c.made_at, c.id))]

    def delegations_since(self, day: date) -> list[Delegation]:
        """Those whose last day is not before a day: begun, still to come or ended by hand."""
        c = t.delegations.c
        statement = select(t.delegations).where(c.ends_on >= day.isoformat())
        return [_delegation(row) for row in self.rows(statement.order_by(c.made_at, c.id))]

    def delegation(self, delegation_id: str) -> Delegation | None:
        """One of them, or None."""
        found = self.rows(select(t.delegations).where(t.delegations.c.id == delegation_id))
        return _delegation(found[0]) if found else None

    def all_delegations(self, person: str) -> list[Delegation]:
        """Everything a person has given or taken, ended or not, newest first."""
        c = t.delegations.c
        mine = or_(c.from_person == person, c.to_person == person)
        found = self.rows(select(t.delegations).where(mine).order_by(c.made_at.desc(), c.id))
        return [_delegation(row) for row in found]

    def items(self, table: Table, *fits: Any) -> list[Item]:
        """Items on their way (`tables.outbox`) or over (`tables.delivered`), in the order of their numbers."""
        statement = select(*(table.c[name] for name in NAMES)).where(*fits).order_by(table.c.seq)
        return [item_of(row) for row in self.rows(statement)]

    def backlog(self) -> tuple[int, int, datetime | None]:
        """(waiting or claimed, parked, when the oldest of those not parked was enqueued)."""
        going = _box.state != "parked"
        parked = func.count().filter(_box.state == "parked")
        columns: list[Any] = [func.count().filter(going), parked, func.min(_box.made_at).filter(going)]
        on_their_way, given_up, oldest = self.rows(select(*columns))[0]
        return int(on_their_way), int(given_up), maybe_moment(oldest)

    def is_fresh(self) -> bool:
        """True when nothing was ever recorded."""
        return not any(
            self.rows(select(column).limit(1)) for column in (t.audit.c.seq, _r.request_no, t.inbox.c.event_key)
        )

    def audit(self, after: int, limit: int) -> list[AuditEntry]:
        """Entries in the order of the chain, those behind `after`."""
        statement = select(t.audit).where(t.audit.c.seq > after).order_by(t.audit.c.seq).limit(limit)
        return [_entry(row) for row in self.rows(statement)]

    def openings(self) -> list[AuditEntry]:
        """Where the copy of the head was made, the first one included."""
        return [
            _entry(row) for row in self.rows(select(t.audit).where(t.audit.c.act == "open").order_by(t.audit.c.seq))
        ]

    def newest_audit(self) -> AuditEntry | None:
        """The end of the chain."""
        found = self.rows(select(t.audit).order_by(t.audit.c.seq.desc()).limit(1))
        return _entry(found[0]) if found else None

    def slots(self, job: str, since: date | None) -> list[Slot]:
        """The days whose run somebody took, oldest first."""
        c = t.slots.c
        statement = select(t.slots).where(c.job == job).order_by(c.day)
        if since is not None:
            statement = statement.where(c.day >= since.isoformat())
        return [
            Slot(job=row.job, day=date.fromisoformat(row.day), late=bool(row.late), claimed_at=moment(row.claimed_at))
            for row in self.rows(statement)
        ]

    def job_runs(self, job: str, limit: int) -> list[JobRun]:
        """The last runs of a job, newest first."""
        c = t.job_runs.c
        statement = select(t.job_runs).where(c.job == job).order_by(c.started_at.desc(), c.id).limit(limit)
        return [
            JobRun(
                id=row.id, job=row.job, started_at=moment(row.started_at), ended_at=maybe_moment(row.ended_at),
                outcome=row.outcome,
            )
            for row in self.rows(statement)
        ]  # fmt: skip


def _filed(*columns: Any) -> Select[Any]:
    """Body and evidence of the newest round, or some of it."""
    rounds = t.evidence.alias("rounds").c
    newest = select(func.max(rounds.round)).where(rounds.request_no == _r.request_no)
    return (
        select(*(columns or (_r.body, _e.form, _e.evidence, _e.policy)))
        .select_from(t.requests)
        .join(t.evidence, _e.request_no == _r.request_no)
        .where(_e.round == newest.scalar_subquery())
    )


def _entry(row: Any) -> AuditEntry:
    return AuditEntry(**{**row._mapping, "at": moment(row.at)})


def _delegation(row: Any) -> Delegation:
    return Delegation(
        id=row.id, from_person=row.from_person, to_person=row.to_person, starts_on=date.fromisoformat(row.starts_on),
        ends_on=date.fromisoformat(row.ends_on), reason=row.reason, made_by=row.made_by, made_at=moment(row.made_at),
        ended_at=maybe_moment(row.ended_at), ended_by=row.ended_by,
    )  # fmt: skip


def _parts(names: Iterable[str]) -> Iterator[list[str]]:
    """A few hundred at a time: a statement takes only so many values."""
    rest = iter(names)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
