"""A request as one reader sees it today: the record's facts, the customer on today's ledger, what he may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from approvals.application import from_json
from approvals.application_fields import FIELDS
from approvals.by_clock import escalated
from approvals.changes import changes
from approvals.clock import deadlines, working_hours_between
from approvals.completion import Completion
from approvals.gates import Gate, gates
from approvals.people import Person
from approvals.prospect import Prospect
from approvals.request import Request
from flows.answers import explained
from flows.completing import completions_of
from flows.desk import Desk
from flows.request_acts import buttons_of, delegations_of, said_for_good, take_back_until
from flows.request_changes import completed_of, moves_of, refused_of
from flows.request_facts import bad_of, loss_of, situations
from flows.request_past import alike_to, past_of, recent_of
from flows.request_signed import Names, has_signed, name_of, names_of, signatures_of, stop_of, to_come
from flows.routing import standing_of
from scoring.dates import add_months
from scoring.details import details as details_of
from storage.record import Filed
from texts.request_sheet import RequestSheet

LOOKED_UP = frozenset({"outside", "references"})
"""Steps of the form that the background check answers for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Whose card it is: a person's, the applicant's own, or a channel's, where everybody may click."""

    person: Person | None
    applicant: bool = False


def sheet_of(desk: Desk, filed: Filed, seat: Seat, *, brief: bool = False) -> RequestSheet:
    """Everything a card may say; `brief` leaves out what only the whole card and the file show."""
    if seat.applicant:
        filed = replace(filed, request=announced(desk, filed.request))
    request, form = filed.request, from_json(filed.form)
    prospect = standing_of(desk, filed)
    now, after = situations(desk, request, prospect)
    rating, proposal = prospect.assessment.rating, prospect.proposal
    names, given = names_of(desk), delegations_of(desk)
    signed, void = signatures_of(desk, request, names)
    group = prospect.answer.get("group")
    view = desk.latest.view
    sheet = RequestSheet(
        request_no=request.request_no,
        version=request.version,
        kind=request.kind,
        state=request.state,
        round=request.round,
        customer_id=request.customer_id,
        name=request.name,
        department=request.department,
        applicant=name_of(request.applicant, names),
        filed_at=desk.local(request.filed_at) or request.filed_at,
        currency=request.asked.currency,
        base_currency=desk.policy.base_currency,
        score=float(rating.score) if rating else None,
        grade=rating.grade if rating else None,
        coverage=float(rating.coverage) if rating else None,
        asked=request.asked,
        proposed=request.proposed,
        binding=proposal.binding if proposal else None,
        decided=request.decided,
        decided_at=desk.local(request.decided_at),
        now=now,
        after=after,
        group_name=str(group["id"]) if group else "",
        group_limit=Decimal(group["limit"]) if group and group["limit"] else None,
        reason=form.reason,
        bad=bad_of(request, prospect),
        signed=signed,
        answer=prospect.answer,
        details={},
        form=filed.form,
        buttons=buttons_of(desk, request, seat.person, applicant=seat.applicant),
        has_signed=has_signed(request, seat.person),
        take_back_until=desk.local(take_back_until(desk, request, seat.person)),
        waiting=tuple(stop_of(desk, request, place, names, given) for place in request.at),
        to_come=tuple(stop_of(desk, request, place, names, given) for place in to_come(request)),
        changes=_changes(filed, prospect),
        completed=completed_of(desk, filed, names),
        refused=refused_of(desk, filed, names),
        own_score=float(prospect.adjusted.own_score) if prospect.adjusted else None,
        most_points=desk.policy.expert_adjustment_points,
        review_on=_review_on(desk, prospect),
        moves=moves_of(desk, filed, names, prospect),
        today=desk.today(),
    )
    sheet = _timed(desk, request, sheet)
    if brief:
        return sheet
    tabs = () if view is None else view.book.tabs
    card, recent = rating.scorecard if rating else None, recent_of(desk)
    return replace(
        sheet,
        earlier=void,
        loss=loss_of(desk, request, prospect),
        past=past_of(desk, filed, recent),
        alike=alike_to(desk, filed, seat.person, recent),
        gates=_gates(desk, filed, names),
        details=_details(desk, prospect) | ({} if card is None else explained(card, tabs)),
    )


def _review_on(desk: Desk, prospect: Prospect) -> date | None:
    rating = prospect.assessment.rating
    if rating is None or rating.grade is None:
        return None
    return add_months(desk.today(), desk.policy.grade(rating.grade).review_months)


def announced(desk: Desk, request: Request) -> Request:
    """The request as its applicant may know it: a last word that can still be taken back has not been said."""
    if request.state not in {"approved", "rejected"} or request.decided_at is None or said_for_good(desk, request):
        return request
    *before, last = request.signatures
    return replace(request, state="pending", signatures=tuple(before), at=(last.step,), decided=None, decided_at=None)


def _details(desk: Desk, prospect: Prospect) -> dict[str, Any]:
    view = desk.latest.view
    return {} if view is None else details_of(prospect.assessment, prospect.account, view.book, desk.policy)


def _changes(filed: Filed, prospect: Prospect) -> tuple[Mapping[str, Any], ...]:
    """What is another one than at filing; of no interest once it is over."""
    if filed.request.over:
        return ()
    return tuple(one.as_json() for one in changes(filed.evidence["answer"], prospect.answer))


def _timed(desk: Desk, request: Request, sheet: RequestSheet) -> RequestSheet:
    """How long the open steps have; nothing runs when there are none, and beside the ladder nobody is higher."""
    if not request.at:
        return sheet
    found, now = deadlines(request, desk.policy), desk.clock()
    left = working_hours_between(now, found.escalate_at, desk.policy)
    late = request.escalated or left <= timedelta() or escalated(request, desk.policy, desk.people) is None
    hours = Decimal(int(left.total_seconds() // 360)) / 10
    return replace(
        sheet,
        escalates_at=None if late else desk.local(found.escalate_at),
        hours_left=None if late else (hours if hours < 2 else Decimal(int(hours))),
        escalated=request.escalated,
        expires_on=(desk.local(found.expire_at) or found.expire_at).date(),
        provisional=found.provisional,
    )


def _gates(desk: Desk, filed: Filed, names: Names) -> tuple[Gate, ...]:
    """The four gates with names and local times."""
    background = from_json(filed.form).background
    made = completions_of(filed)
    looked_up = [one for one in made if any(FIELDS[each.field].step in LOOKED_UP for each in one.fields)]
    found = gates(
        filed.request,
        filed.evidence["answer"],
        clashes=tuple(filed.evidence.get("acknowledged") or ()),
        check_source=background.source if background else "",
        screened=_by(made),
        checked=_by(looked_up),
        fingerprint=str(filed.evidence.get("policy") or filed.filed_policy),
    )
    return tuple(replace(one, person=name_of(one.person, names), at=desk.local(one.at)) for one in found)


def _by(made: Sequence[Completion]) -> tuple[str, datetime] | None:
    """Who changed the form last, and when."""
    return (made[-1].person, made[-1].at) if made else None
