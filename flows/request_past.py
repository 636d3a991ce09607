"""What is on record beside a request: earlier ones of the same customer, and ones like it with how they ended."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from approvals.application import from_json
from approvals.people import Person
from approvals.request import OVER, Request
from flows.access import Reader, sight
from flows.answers import Answered, answer_of
from flows.desk import Desk
from scoring.dates import add_months
from scoring.names import normalise, normalise_uscc
from storage.record import Filed
from texts.request_sheet import Alike, Outcome, Past

MONTHS = 24
BAND = Decimal("0.3")
"""Requests of this much more or less are like it."""
_SHOWN = 12


def past_of(desk: Desk, filed: Filed) -> tuple[Past, ...]:
    """Earlier requests of the same customer, by number, code or name; newest first."""
    if desk.record is None:
        return ()
    mine, form = filed.request, from_json(filed.form)
    code, name = normalise_uscc(form.uscc), normalise(form.name)

    def same(other: Filed) -> bool:
        if other.request.request_no == mine.request_no or other.request.filed_at > mine.filed_at:
            return False
        theirs = from_json(other.form)
        known = bool(mine.customer_id) and other.request.customer_id == mine.customer_id
        return known or (bool(code) and normalise_uscc(theirs.uscc) == code) or normalise(theirs.name) == name

    found = [one for one in desk.record.requests() if same(one)]
    return tuple(_past(desk, one.request, "", None) for one in reversed(found[-_SHOWN:]))


def alike_to(desk: Desk, filed: Filed, person: Person | None) -> Alike | None:
    """Requests of the same grade and a near amount that ended in the last months; whose they were only where the
    reader sees that customer anyway. None where no line is asked for."""
    request = filed.request
    if desk.record is None or request.asked.prepay or request.amount_base <= 0:
        return None
    low, high = request.amount_base * (1 - BAND), request.amount_base * (1 + BAND)
    since = add_months(desk.today(), -MONTHS)
    moment = datetime.combine(since, datetime.min.time(), desk.clock().tzinfo)
    found = [
        one.request
        for one in desk.record.requests(states=OVER, since=moment)
        if one.request.request_no != request.request_no
        and one.request.grade == request.grade
        and low <= one.request.amount_base <= high
    ]
    found = sorted(found, key=_ended, reverse=True)[:_SHOWN]
    return Alike(
        grade=request.grade, low=low, high=high, months=MONTHS, found=tuple(_seen(desk, one, person) for one in found)
    )


def _ended(request: Request) -> datetime:
    return request.decided_at or request.filed_at


def _seen(desk: Desk, request: Request, person: Person | None) -> Past:
    """One of another customer: how he stands today is told, who he is only to who may see him."""
    view = desk.latest.view
    known = answer_of(desk, view, request.customer_id) if view is not None and request.customer_id else None
    reader = Reader(account="", person=person)
    full = person is not None and sight(reader, request.department, request.sales_owner) == "full"
    return _past(desk, request, request.name if full else "", known)


def _past(desk: Desk, request: Request, name: str, known: Answered | None) -> Past:
    ended = _ended(request)
    refused = next((one.reason for one in reversed(request.signatures) if one.act == "reject"), "")
    outcome, days = _outcome(known.answer) if known is not None and request.state == "approved" else ("unseen", 0)
    return Past(
        request_no=request.request_no,
        name=name,
        state=request.state,
        on=(desk.local(ended) or ended).date(),
        asked=request.asked,
        decided=request.decided,
        reason=refused if request.state == "rejected" else "",
        outcome=outcome,
        days=days,
    )


def _outcome(answer: dict[str, Any]) -> tuple[Outcome, int]:
    """How a customer who got his line stands today, the worst that holds."""
    written_off = any(one["code"] == "V3" and "written_off_on" in one["facts"] for one in answer["vetoes"] or ())
    if written_off:
        return "written_off", 0
    if answer["overdue"] not in {None, "0.00"}:
        return "overdue", int(answer["max_days_overdue"] or 0)
    if answer["verdict"] == "stop":
        return "stopped", 0
    unused = answer["open"] in {None, "0.00"} and answer["last_payment"] is None
    return ("unused" if unused else "fine"), 0
