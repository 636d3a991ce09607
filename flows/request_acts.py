"""What somebody may do with a request now: which buttons his card has. A click is checked again all the same."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from approvals.delegation import may_stand_for, rank, turns_of
from approvals.people import Person, Role
from approvals.request import Request
from approvals.steps import Act, Step
from approvals.turns import standing_signatures
from flows.desk import Desk
from texts.request_sheet import Button

_VOUCH: tuple[Button, ...] = ("vouch", "return", "file", "hand_on", "ask")
_COSIGN: tuple[Button, ...] = ("approve", "return", "reject", "file", "hand_on", "ask")
_RECOMMENDS: tuple[Button, ...] = ("recommend", "return", "reject", "file", "other", "hand_on", "ask")
_DECIDES: tuple[Button, ...] = ("approve", "return", "reject", "file", "other", "conditions", "hand_on", "ask")
_PREPAY: frozenset[Button] = frozenset({"other", "conditions", "recommend_up"})
"""What makes no sense where no line is asked for."""


def buttons_of(desk: Desk, request: Request, person: Person | None, *, applicant: bool = False) -> tuple[Button, ...]:
    """For the applicant's own card, for a person, or without one for a channel, where anybody may click."""
    if applicant:
        return _of_applicant(request)
    step = open_step(desk, request, person)
    undo: tuple[Button, ...] = ("take_back",) if take_back_until(desk, request, person) is not None else ()
    if step is None:
        return undo if request.over else ("file", *undo)
    shown = _of_step(step, last=_top(desk, step))
    if request.asked.prepay:
        shown = tuple(one for one in shown if one not in _PREPAY)
    return (*shown, *undo)


def _of_applicant(request: Request) -> tuple[Button, ...]:
    if request.state == "pending":
        return ("file", "withdraw")
    if request.state == "returned":
        return ("resubmit", "file", "withdraw")
    return ("reopen", "file") if request.state == "rejected" else ("file",)


def _of_step(step: Step, *, last: bool) -> tuple[Button, ...]:
    if step.kind == "vouch":
        return _VOUCH
    if step.kind == "cosign":
        return _COSIGN
    if not step.decides:
        return _RECOMMENDS
    return _DECIDES if last else (*_DECIDES, "recommend_up")


def _top(desk: Desk, step: Step) -> bool:
    ladder: tuple[Role, ...] = desk.policy.authority.posts
    return step.role == ladder[-1]


def open_step(desk: Desk, request: Request, person: Person | None) -> Step | None:
    """The open step at which somebody may sign; None when it is not his turn. Without a person the first open one."""
    if request.state != "pending" or not request.at:
        return None
    if person is None:
        return request.steps[request.at[0]]
    if person.id == request.applicant or person.name == request.sales_owner:
        return None
    if any(one.person == person.id for one in standing_signatures(request)):
        return None
    record = desk.record
    delegations = [] if record is None else record.delegations(desk.today())
    whose = turns_of(person.id, delegations, desk.today())
    mine = (place for one in whose for place in request.at if one in request.steps[place].people)
    return next((request.steps[place] for place in mine), None)


def act_of(step: Step | None) -> Act:
    """What the primary button does at a step."""
    if step is None or step.kind == "cosign":
        return "approve"
    if step.kind == "vouch":
        return "vouch"
    return "approve" if step.decides else "recommend"


def take_back_until(desk: Desk, request: Request, person: Person | None) -> datetime | None:
    """Until when somebody may take his signature back; None when it is too late or not his."""
    standing = standing_signatures(request)
    if person is None or not standing or standing[-1].person != person.id or request.state in {"withdrawn", "expired"}:
        return None
    until = standing[-1].at + timedelta(seconds=desk.policy.workflow.undo_seconds)
    return until if until > desk.clock() else None


def may_take_over(desk: Desk, request: Request, person: Person) -> list[Person]:
    """To whom somebody may hand his turn on, in the order of people.yaml."""
    step = open_step(desk, request, person)
    if step is None:
        return []
    signed = {one.person for one in standing_signatures(request)}
    return [one for one in desk.people.people if _fits(desk, request, step, person, one) and one.id not in signed]


def _fits(desk: Desk, request: Request, step: Step, giver: Person, taker: Person) -> bool:
    if taker.id in {giver.id, request.applicant, *step.people} or taker.name == request.sales_owner or not taker.slack:
        return False
    if taker.departments and request.department not in taker.departments:
        return False
    if step.kind != "post":
        return step.role in taker.roles
    return rank(taker, desk.policy) >= 0 and may_stand_for(giver, taker, desk.policy)


def waiting_for(desk: Desk, person: Person, requests: Iterable[Request]) -> list[Request]:
    """Those at which it is somebody's turn, his own or under a delegation; who has waited longest first."""
    mine = [one for one in requests if open_step(desk, one, person) is not None]
    return sorted(mine, key=lambda one: (one.step_since, one.request_no))
