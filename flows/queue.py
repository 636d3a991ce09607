"""What waits for somebody, what he filed, and what he can approve in one go."""

from collections.abc import Collection, Sequence
from typing import Any

from approvals.bounds import above_proposal, whole_base
from approvals.people import Person
from approvals.request import Request
from flows.access import Reader
from flows.approval import Decide, Event, Place, names_by_id
from flows.decide import Click
from flows.desk import Desk
from flows.request_acts import act_of, open_step, waiting_for
from flows.request_view import Seat, sheet_of
from flows.routing import record_of
from scoring.errors import DeskError
from storage.record import Filed
from texts.blocks import Block, Message
from texts.request_lists import (
    OutReason,
    Together,
    bulk_modal,
    bulk_result,
    home_sections,
    mine_message,
    queue_message,
    request_sentence,
)
from texts.request_sheet import RequestSheet

_MINE = 20
"""Of one's own requests the newest so many."""
_WAITING = 30


def queue_of(desk: Desk, reader: Reader) -> Message:
    """`/credit queue`."""
    person = reader.person
    if person is None:
        return request_sentence(reader.lang, "queue_none")
    waiting, count = _waiting(desk, person)
    sheets = [sheet_of(desk, one, Seat(person=person), brief=True) for one in waiting]
    return queue_message(reader.lang, sheets, together_of(desk, person, waiting, sheets), count)


def mine_of(desk: Desk, reader: Reader) -> Message:
    """`/credit mine`."""
    return mine_message(reader.lang, [] if reader.person is None else _mine(desk, reader.person, _MINE))


def home_requests(desk: Desk, reader: Reader) -> list[Block]:
    """Both lists for App Home; nothing without a record or for whoever has no role."""
    person = reader.person
    if person is None or desk.record is None or desk.latest.view is None:
        return []
    waiting, count = _waiting(desk, person)
    sheets = [sheet_of(desk, one, Seat(person=person), brief=True) for one in waiting]
    together = together_of(desk, person, waiting, sheets)
    return home_sections(reader.lang, sheets, together, _mine(desk, person, 5), count)


def bulk_of(desk: Desk, reader: Reader) -> dict[str, Any]:
    """The modal in which several are approved at once."""
    person = reader.person
    waiting = [] if person is None else _waiting(desk, person)[0]
    sheets = [sheet_of(desk, one, Seat(person=person)) for one in waiting]
    return bulk_modal(reader.lang, together_of(desk, person, waiting, sheets))


def bulk_sent(desk: Desk, reader: Reader, chosen: Sequence[Place], event: Event, decide: Decide) -> Message:
    """Approve each of them as proposed; one that must not be among them (any more) is told, and so is each refusal."""
    person = reader.person
    waiting = [] if person is None else _waiting(desk, person)[0]
    sheets = [sheet_of(desk, one, Seat(person=person)) for one in waiting]
    fit = {one.request_no for one in together_of(desk, person, waiting, sheets).fit}
    done, failed = 0, []
    for place in chosen[: desk.policy.workflow.bulk_requests]:
        refusal = _approve(desk, reader, place, event, decide, fit)
        done += refusal is None
        failed += [(place.request_no, refusal)] if refusal is not None else []
    return bulk_result(reader.lang, done, failed, names_by_id(desk), desk.policy.base_currency)


def _approve(
    desk: Desk, reader: Reader, place: Place, event: Event, decide: Decide, fit: Collection[str]
) -> DeskError | None:
    if place.request_no not in fit:
        return DeskError("not_in_bulk", request_no=place.request_no)
    click = Click(
        request_no=place.request_no, version=place.version, act="approve",
        event_key=f"{event.key}:{place.request_no}", payload_hash=event.digest,
    )  # fmt: skip
    decided = decide(desk, reader, click)
    return DeskError("not_in_bulk", request_no=place.request_no) if decided.worse else decided.refusal


def together_of(desk: Desk, person: Person | None, waiting: list[Filed], sheets: list[RequestSheet]) -> Together:
    """What is within the person's own authority, small and as proposed, at most so many; the rest with its reason."""
    rule = desk.policy.workflow
    fit: list[RequestSheet] = []
    out: list[tuple[RequestSheet, OutReason]] = []
    for filed, sheet in zip(waiting, sheets, strict=True):
        why = _why_not(desk, person, filed.request, sheet)
        if why is None and len(fit) >= rule.bulk_requests:
            why = "count"
        if why is None:
            fit.append(sheet)
        else:
            out.append((sheet, why))
    return Together(
        fit=tuple(fit), out=tuple(out), most=rule.bulk_amount, count=rule.bulk_requests,
        currency=desk.policy.base_currency,
    )  # fmt: skip


def _why_not(desk: Desk, person: Person | None, request: Request, sheet: RequestSheet) -> OutReason | None:
    step, proposed = open_step(desk, request, person), request.proposed
    if step is None or act_of(step) != "approve" or not step.decides:
        return "not_deciding"
    if not proposed.limit and not proposed.prepay:
        return "nothing"
    if whole_base(request, proposed) + request.group_base > desk.policy.workflow.bulk_amount:
        return "amount"
    if any(one.terms is not None and above_proposal(one.terms, proposed) for one in sheet.signed):
        return "above_proposal"
    if any(one["severity"] == "red" for one in sheet.changes):
        return "worse"
    return "flagged" if set(request.flags) - {"security"} else None


def _waiting(desk: Desk, person: Person) -> tuple[list[Filed], int]:
    """Where it is the person's turn, who has waited longest first; and how many there are of them."""
    pending = {one.request.request_no: one for one in record_of(desk).requests(states=("pending",))}
    mine = waiting_for(desk, person, [one.request for one in pending.values()])
    return [pending[one.request_no] for one in mine[:_WAITING]], len(mine)


def _mine(desk: Desk, person: Person, most: int) -> list[RequestSheet]:
    filed = record_of(desk).requests(applicant=person.id)
    newest = list(reversed(filed))[:most]
    return [sheet_of(desk, one, Seat(person=person, applicant=True), brief=True) for one in newest]
