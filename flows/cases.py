"""Cases: opened, worked on, closed. Each step is recorded together with what follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from approvals.case_acts import CaseChange, advance_case, knows_case
from approvals.cases import Case, CaseAct, CaseKind, Evidence, Severity, Source
from approvals.errors import CaseError
from approvals.incident import alarmed
from approvals.people import Person
from flows.access import Reader, sight
from flows.accounts import account_of
from flows.approval import Event
from flows.desk import Desk
from flows.routing import record_of
from scoring.errors import DeskError
from scoring.ledger import Customer
from storage.record import Writing

_TRIES = 3
_ADDS: frozenset[CaseAct] = frozenset({"evidence", "measure", "tick"})


@dataclass(frozen=True, slots=True)
class CasePlace:
    """What a button or a modal is about: nothing in it is believed but that it was clicked."""

    case_id: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A case that somebody wants opened."""

    customer_id: str
    kind: CaseKind
    severity: Severity
    what: str
    occurred_on: date
    owner: str
    """Id in people.yaml."""
    drill: bool = False
    source: Source = "command"
    source_id: str = ""
    evidence: Evidence | None = None


class _FasterError(Exception):
    """Somebody else's change was recorded first; nothing of ours was."""


def seen_customer(desk: Desk, reader: Reader, customer_id: str) -> Customer:
    """A customer whom the reader sees in full; one he does not, and one who is not there, are answered alike."""
    account = account_of(desk, customer_id) if customer_id else None
    known = None if account is None else account.customer
    if known is None or reader.person is None or sight(reader, known.department, known.sales_owner) != "full":
        raise CaseError("case_customer_unknown", customer_id=customer_id)
    return known


def case_of(desk: Desk, reader: Reader, case_id: str) -> Case:
    """A case; one that does not exist and one that is not the reader's business are answered alike."""
    case = record_of(desk).case(case_id)
    if case is None or reader.person is None or reader.outsider or not knows_case(case, reader.person):
        raise CaseError("case_unknown", case_id=case_id)
    return case


def owners_of(desk: Desk, customer: Customer) -> list[Person]:
    """Who can have a case of this customer: his sales owner first, then everybody who sees him in full."""
    fit = [one for one in desk.people.people if one.sees(customer.department) or one.name == customer.sales_owner]
    return sorted(fit, key=lambda one: one.name != customer.sales_owner)


def open_case(desk: Desk, reader: Reader, opening: Opening, event: Event) -> Case:
    """Record a new case with its first consequences; CaseError says why not."""
    customer = seen_customer(desk, reader, opening.customer_id)
    if reader.person is None:
        raise CaseError("case_customer_unknown", customer_id=opening.customer_id)
    if opening.occurred_on > desk.today():
        raise CaseError("case_day_future", found=opening.occurred_on)
    if opening.owner not in {one.id for one in owners_of(desk, customer)}:
        raise CaseError("case_owner_unfit", case_id="", person=opening.owner)
    now, year = desk.clock(), desk.today().year
    with record_of(desk).begin() as writing:
        if not writing.first_time(event.key, event.digest):
            raise DeskError("click_again")
        case = Case(
            case_id=f"EV-{year}-{writing.next_no(f'case/{year}'):04d}",
            customer_id=customer.customer_id, name=customer.name, department=customer.department,
            sales_owner=customer.sales_owner, branch=customer.branch,
            currency=customer.currency or desk.policy.base_currency,
            kind=opening.kind, severity=opening.severity, drill=opening.drill, what=opening.what.strip(),
            occurred_on=opening.occurred_on, source=opening.source, source_id=opening.source_id, owner=opening.owner,
            opened_by=reader.person.id, opened_at=now, changed_by=reader.person.id, changed_at=now,
            evidence=(opening.evidence,) if opening.evidence is not None else (),
        )  # fmt: skip
        case = alarmed(case, desk.people)
        writing.open_case(case)
        writing.audit(case.case_id, "case_open", reader.person.id, _facts(case))
        case_outcomes(writing, case)
    desk.nudge()
    return case


def act_on_case(desk: Desk, reader: Reader, place: CasePlace, change: CaseChange, event: Event) -> Case:
    """Record what somebody does with a case; CaseError says why not, and that is audited."""
    for _ in range(_TRIES):
        before = case_of(desk, reader, place.case_id)
        person = reader.person
        if person is None:
            raise CaseError("case_unknown", case_id=place.case_id)
        try:
            after = _stepped(desk, before, place, change, person)
        except CaseError as refusal:
            with record_of(desk).begin() as writing:
                # a modal that was refused at a field keeps its hash: what is sent again, put right, is no repeat
                if writing.first_time(f"refused:{event.digest[:16]}:{event.key}"[:240], event.digest):
                    facts = {"act": change.act, "code": refusal.code}
                    writing.audit(before.case_id, "refused", person.id, facts)
            raise
        try:
            return _record(desk, before, after, change, person, event)
        except _FasterError:
            continue
    raise CaseError("case_moved", case_id=place.case_id)


def _stepped(desk: Desk, before: Case, place: CasePlace, change: CaseChange, person: Person) -> Case:
    """What only adds something fits a newer version too; whatever rests on what was seen does not."""
    if change.act not in _ADDS and place.version != before.version:
        raise CaseError("case_moved", case_id=before.case_id)
    return alarmed(advance_case(before, change, person, desk.clock()), desk.people)


def _record(desk: Desk, before: Case, after: Case, change: CaseChange, person: Person, event: Event) -> Case:
    with record_of(desk).begin() as writing:
        if not writing.first_time(event.key, event.digest):
            raise DeskError("click_again")
        if not writing.save_case(after, expected_version=before.version):
            raise _FasterError
        writing.audit(after.case_id, f"case_{change.act}", person.id, _facts(after))
        case_outcomes(writing, after, before)
    desk.nudge()
    return after


def case_outcomes(writing: Writing, after: Case, before: Case | None = None) -> None:
    """What follows from a step: every card shows it, and so does the ledger; a red case gets its channel."""
    reached = {after.owner, after.opened_by} | ({before.owner} if before is not None else set())
    if after.channel:
        reached.add(f"channel:{after.channel}")
    called = before is not None and before.team == after.team and after.channel
    if after.team and after.state != "closed" and not called:
        writing.cancel(f"incident/{after.case_id}", ("case_channel",))
        writing.enqueue("case_channel", f"incident/{after.case_id}", {"case_id": after.case_id})
    for audience in sorted(reached):
        payload = {"case_id": after.case_id, "audience": audience}
        writing.enqueue("case_card", f"card/{after.case_id}/{audience}", payload)
    row = f"ledger/{after.case_id}"
    writing.cancel(row, ("case_entry",))  # the newest write says all that an older one would have said
    entry = {"case_id": after.case_id, "mark_no": writing.next_no("ledger_mark")}
    writing.enqueue("case_entry", row, entry)


def _facts(case: Case) -> Mapping[str, Any]:
    """What the audit keeps: codes, ids and counts; words stay in the case."""
    return {
        "state": case.state, "version": case.version, "kind": case.kind, "severity": case.severity,
        "owner": case.owner, "drill": case.drill, "team": list(case.team),
        "evidence": len(case.evidence),
        "measures": len(case.measures), "ticked": sum(1 for one in case.checklist if one.by),
    }  # fmt: skip
