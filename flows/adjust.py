"""The bounded expert adjustment: recorded with its reason, rated and routed anew, signed anew by everybody."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from approvals.adjustment import Adjustment, adjusted_json, adjustments_of, check_adjustment, may_adjust
from approvals.advance import advance
from approvals.application import from_json
from approvals.errors import AdjustmentError, RouteError
from approvals.people import Person
from approvals.prospect import Prospect
from approvals.request import Request
from approvals.turns import Actor
from flows.access import Reader
from flows.apply import propose_for
from flows.decide import Decided, fresh, may_know, moved, refused, stale, taken_before
from flows.desk import Desk
from flows.drafts import person_of
from flows.outcomes import decided_in, outcomes
from flows.rated import rated
from flows.routing import evidence_of, form_today, record_of, route_for
from scoring.errors import DeskError
from storage.record import Filed


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjust:
    """What a modal asks for; nothing in it is believed."""

    request_no: str
    version: int
    event_key: str
    payload_hash: str
    points: Decimal
    reason: str
    until: date
    act: str = "adjust"


def adjust(desk: Desk, reader: Reader, wanted: Adjust) -> Decided:
    """Record an adjustment with all that follows from it in one transaction; a refusal is audited and said."""
    record, person = record_of(desk), reader.person
    filed = record.request(wanted.request_no)
    if filed is None or person is None or reader.outsider or not may_know(filed.request, person):
        return Decided(request=None, refusal=DeskError("request_unknown", request_no=wanted.request_no))
    try:
        late = stale(desk, filed.request, wanted.request_no, wanted.version)
        if late is not None:
            raise late
        check_may(desk, filed, person)
        fresh(desk)
        after, prospect = _after(desk, filed, reader, person, wanted)
        _record(desk, filed, after, prospect, wanted)
    except DeskError as refusal:
        return refused(desk, filed, reader, wanted, refusal)
    desk.nudge()
    return Decided(request=after, done=True)


def check_may(desk: Desk, filed: Filed, person: Person) -> None:
    """DeskError unless somebody may adjust the score of this request at all."""
    request = filed.request
    if request.asked.prepay:
        raise AdjustmentError("adjustment_prepay", request_no=request.request_no)
    may_adjust(
        person, desk.people, department=request.department, applicant=request.applicant, sales_owner=request.sales_owner
    )  # fmt: skip


def _after(desk: Desk, filed: Filed, reader: Reader, person: Person, wanted: Adjust) -> tuple[Request, Prospect]:
    """The request with the adjustment, and how it is rated with it."""
    request, form = filed.request, form_today(desk, filed)
    new = Adjustment(
        customer_id=request.customer_id, points=wanted.points, person=person.id, reason=wanted.reason,
        made_at=desk.clock(), until=wanted.until,
    )  # fmt: skip
    rating = propose_for(desk, form, on=desk.on()).assessment.rating
    if rating is None:
        raise AdjustmentError("adjustment_unrated")
    check_adjustment(
        new, person, desk.people, rating, desk.policy, department=request.department, applicant=request.applicant,
        sales_owner=request.sales_owner, today=desk.today(),
    )  # fmt: skip
    prospect = propose_for(desk, form, on=desk.on(), adjustments=(*adjustments_of(request), new))
    after = advance(
        replace(request, **_rated(desk, filed, prospect)),
        "adjust",
        Actor(person=person, account=reader.account),
        now=desk.clock(),
        today=desk.today(),
        policy=desk.policy,
        people=desk.people,
        reason=wanted.reason,
        adjustment=new,
    )
    return after, prospect


def _rated(desk: Desk, filed: Filed, prospect: Prospect) -> Mapping[str, Any]:
    """What the new rating makes of the request; a score taken down so far that nobody may grant a line leaves the way
    as it is: it can then only be returned or refused."""
    request, form = filed.request, from_json(filed.form)
    applicant = person_of(desk, request.applicant)
    if applicant is None:
        raise DeskError("applicant_gone", request_no=request.request_no)
    try:
        route = route_for(desk, prospect, applicant, request_no=request.request_no)
    except RouteError:
        if prospect.assessment.rating is None or prospect.assessment.rating.grade != "D" or prospect.lifted:
            raise
        route = None
    if route is not None:
        return rated(desk, form, prospect, route, applicant, request.request_no)
    return {"grade": "D", "proposed": replace(request.proposed, limit=Decimal(0), payment_days=0)}


def _record(desk: Desk, filed: Filed, after: Request, prospect: Prospect, wanted: Adjust) -> None:
    record, before = record_of(desk), filed.request
    last, found = after.signatures[-1], prospect.adjusted
    with record.begin() as writing:
        if taken_before(writing, wanted):
            raise DeskError("click_again")
        evidence = {**filed.evidence, **evidence_of(desk, prospect)}
        if not writing.save(after, expected_version=before.version, evidence=evidence, form=filed.form):
            raise moved(desk, before)
        facts = {
            "state": after.state, "version": after.version, "round": after.round, "points": str(wanted.points),
            "until": wanted.until.isoformat(), "grade": after.grade, "policy": desk.policy.fingerprint,
            "score": adjusted_json(found) if found is not None else None,
        }  # fmt: skip
        writing.audit(before.request_no, "adjust", last.person, facts)
        outcomes(
            writing, after, delegations=record.delegations(desk.today()), today=desk.today(),
            channel=decided_in(desk, after),
        )  # fmt: skip
