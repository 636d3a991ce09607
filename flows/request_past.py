"""What is on record beside a request: earlier ones of the same customer, and ones like it with how they ended."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from approvals.people import Person
from approvals.request import Request
from flows.access import Reader, sight
from flows.answers import Answered, answer_of
from flows.desk import Desk
from scoring.dates import add_months
from scoring.names import normalise
from storage.record import Brief, Filed
from texts.request_sheet import Alike, Outcome, Past

MONTHS = 24
BAND = Decimal("0.3")
"""Requests of this much more or less are like it."""
_SHOWN = 12


def recent_of(desk: Desk) -> list[Brief]:
    """Everything filed in the months that count, oldest first: read once for a card."""
    if desk.record is None:
        return []
    since = datetime.combine(add_months(desk.today(), -MONTHS), time(), desk.clock().tzinfo)
    return desk.record.recent(since)


def past_of(desk: Desk, filed: Filed, recent: Iterable[Brief]) -> tuple[Past, ...]:
    """Earlier requests of the same customer, by number, code or name; newest first."""
    mine, code, name = filed.request, str(filed.form.get("uscc") or ""), normalise(filed.request.name)

    def same(other: Brief) -> bool:
        known = bool(mine.customer_id) and other.request.customer_id == mine.customer_id
        return known or (bool(code) and other.uscc == code) or normalise(other.request.name) == name

    others = (one for one in recent if one.request.request_no != mine.request_no)
    earlier = (one for one in others if one.request.filed_at <= mine.filed_at)
    found = [one for one in earlier if same(one)]
    return tuple(_past(desk, one.request, "", None) for one in reversed(found[-_SHOWN:]))


def alike_to(desk: Desk, filed: Filed, person: Person | None, recent: Iterable[Brief]) -> Alike | None:
    """Requests of the same grade and a near amount that are over; whose they were only where the reader sees that
    customer anyway. None where no line is asked for."""
    request = filed.request
    if request.asked.prepay or request.amount_base <= 0:
        return None
    low, high = request.amount_base * (1 - BAND), request.amount_base * (1 + BAND)
    found = [
        one.request
        for one in recent
        if one.request.over
        and one.request.request_no != request.request_no
        and one.request.grade == request.grade
        and low <= one.request.amount_base <= high
    ]
    found = sorted(found, key=_ended, reverse=True)[:_SHOWN]
    seen = tuple(_seen(desk, one, person) for one in found)
    return Alike(grade=request.grade, low=low, high=high, months=MONTHS, found=seen)


def _ended(request: Request) -> datetime:
    return request.decided_at or request.filed_at


def _seen(desk: Desk, request: Request, person: Person | None) -> Past:
    """One of another customer: how he stands today is told, who he is and in which words he was refused only to who
    may see him."""
    view = desk.latest.view
    known = answer_of(desk, view, request.customer_id) if view is not None and request.customer_id else None
    reader = Reader(account="", person=person)
    full = person is not None and sight(reader, request.department, request.sales_owner) == "full"
    found = _past(desk, request, request.name if full else "", known)
    return found if full else replace(found, reason="")


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
