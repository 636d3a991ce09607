"""What somebody may do with a request now: which buttons his card has. A click is checked again all the same."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from approvals.adjustment import may_adjust
from approvals.advance import advance
from approvals.delegation import Delegation
from approvals.errors import ActError, AdjustmentError
from approvals.people import Person
from approvals.posts import ladder
from approvals.request import Request
from approvals.steps import Act, Step
from approvals.transitions import ASKED_AGAIN
from approvals.turns import Actor, standing_signatures
from approvals.whose import turn
from flows.desk import Desk
from texts.request_sheet import Button

_VOUCH: tuple[Button, ...] = ("vouch", "complete", "return", "file", "hand_on", "ask")
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
    more: tuple[Button, ...] = ("adjust",) if may_move_score(desk, request, person) else ()
    undo: tuple[Button, ...] = ("take_back",) if take_back_until(desk, request, person) is not None else ()
    if step is None:
        return undo if request.over else ("file", *more, *undo)
    shown = _of_step(step, last=_top(desk, step))
    if request.asked.prepay:
        shown = tuple(one for one in shown if one not in _PREPAY)
    return (*shown, *more, *undo)


def may_move_score(desk: Desk, request: Request, person: Person | None) -> bool:
    """Whether somebody may adjust the score of a request now; the modal and the click look again."""
    if person is None or request.state != "pending" or request.asked.prepay:
        return False
    try:
        may_adjust(
            person, desk.people, department=request.department, applicant=request.applicant,
            sales_owner=request.sales_owner,
        )  # fmt: skip
    except AdjustmentError:
        return False
    return True


def _of_applicant(request: Request) -> tuple[Button, ...]:
    if request.state == "pending":
        return ("file", "withdraw")
    if request.state == "returned":
        return ("resubmit", "file", "withdraw")
    return ("reopen", "file") if request.state in ASKED_AGAIN else ("file",)


def _of_step(step: Step, *, last: bool) -> tuple[Button, ...]:
    if step.kind == "vouch":
        return _VOUCH
    if step.kind == "cosign":
        return _COSIGN
    if not step.decides:
        return _RECOMMENDS
    return _DECIDES if last else (*_DECIDES, "recommend_up")


def _top(desk: Desk, step: Step) -> bool:
    return step.role == ladder(desk.policy)[-1]


def open_step(desk: Desk, request: Request, person: Person | None) -> Step | None:
    """The open step at which somebody may sign; None when it is not his turn. Without a person the first open one."""
    if request.state != "pending" or not request.at:
        return None
    if person is None:
        return request.steps[request.at[0]]
    try:
        place, _ = turn(
            request, "approve", Actor(person=person, account=""), policy=desk.policy, people=desk.people,
            delegations=delegations_of(desk), today=desk.today(),
        )  # fmt: skip
    except ActError:
        return None
    return request.steps[place]


def delegations_of(desk: Desk) -> list[Delegation]:
    """Those in force today."""
    return [] if desk.record is None else desk.record.delegations(desk.today())


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


def said_for_good(desk: Desk, request: Request) -> bool:
    """Whether a last word can no longer be taken back: until then the applicant has not heard it."""
    undo = timedelta(seconds=desk.policy.workflow.undo_seconds)
    return request.decided_at is not None and desk.clock() - request.decided_at >= undo


def may_take_over(desk: Desk, request: Request, person: Person) -> list[Person]:
    """To whom somebody may hand his turn on, in the order of people.yaml: each one is tried."""
    return [one for one in desk.people.people if one.slack and _takes(desk, request, person, one)]


def _takes(desk: Desk, request: Request, giver: Person, taker: Person) -> bool:
    try:
        advance(
            request, "hand_on", Actor(person=giver, account=""), now=desk.clock(), today=desk.today(),
            policy=desk.policy, people=desk.people, delegations=delegations_of(desk), to_person=taker.id,
        )  # fmt: skip
    except ActError:
        return False
    return True


def waiting_for(desk: Desk, person: Person, requests: Iterable[Request]) -> list[Request]:
    """Those at which it is somebody's turn, his own or under a delegation; who has waited longest first."""
    mine = [one for one in requests if open_step(desk, one, person) is not None]
    return sorted(mine, key=lambda one: (one.step_since, one.request_no))
