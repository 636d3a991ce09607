"""`advance`: one act on a request, done or refused. Pure: the same request, act and moment give the same request."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from approvals.adjustment import Adjustment, may_adjust
from approvals.bounds import name_of
from approvals.by_clock import by_clock
from approvals.delegation import Delegation
from approvals.errors import ActError
from approvals.people import People
from approvals.request import Request
from approvals.seats import unseated
from approvals.signed import signed
from approvals.signing import send_back, sign, take_back
from approvals.steps import Act, Signature, Step
from approvals.terms import Terms
from approvals.transitions import APPLICANT_ACTS, CLOCK_ACTS, MATERIAL_ACTS, leads_to
from approvals.turns import Actor, hands_of, open_steps, standing_signatures
from approvals.whose import check_party, holds_step, turn
from scoring.policy import Policy

__all__ = ["ActError", "advance"]


def advance(
    request: Request,
    act: Act,
    by: Actor | None,
    *,
    now: datetime,
    today: date,
    policy: Policy,
    people: People,
    delegations: Iterable[Delegation] = (),
    terms: Terms | None = None,
    reason: str = "",
    confirmed: tuple[str, ...] = (),
    to_person: str = "",
    steps: Sequence[Step] = (),
    adjustment: Adjustment | None = None,
) -> Request:
    """The request after the act, its version one higher; ActError when it is refused.

    `by` is None for the clock. `terms` are what is recommended or decided, the proposal without them; `steps` the
    new route of a resubmission; `adjustment` what an expert decides about the score, the request rated by it.

    Every act leaves one signature, so a request's version is one more than those, and no signature is older than the
    one before it, whatever the clock says.
    """
    if not leads_to(request.state, act):
        raise _not_now(request, act, people)
    now = max(now, request.signatures[-1].at if request.signatures else request.filed_at)
    if act in CLOCK_ACTS:
        if by is not None:  # a click that says so is forged
            raise ActError("act_unknown", request_no=request.request_no, act=act, state=request.state)
        return by_clock(request, act, now, policy, people)
    if by is None:
        raise ActError("not_your_turn", request_no=request.request_no, waits="—")
    if act in APPLICANT_ACTS:
        return _by_applicant(request, act, by, now, reason, steps)
    if act == "take_back":
        return take_back(request, by, now, policy)
    if act == "adjust":
        return _adjust(request, by, now, adjustment, people)
    if act == "ask":
        return _ask(request, by, now, reason, to_person, people)
    place, whose = turn(request, act, by, policy=policy, people=people, delegations=delegations, today=today)
    signature = Signature(
        act=act,
        person=by.person.id,
        account=by.account,
        at=now,
        step=place,
        for_person="" if whose == by.person.id else whose,
        terms=terms,
        reason=reason.strip(),
        confirmed=confirmed,
        to_person=to_person,
    )
    if act == "hand_on":
        return _hand_on(request, signature, policy, people)
    if act in {"return", "reject"}:
        return send_back(request, replace(signature, terms=None))
    return sign(request, signature, policy, people, today)


def _not_now(request: Request, act: Act, people: People) -> ActError:
    """A late click: who was faster, and what came of it."""
    last = next((one for one in reversed(request.signatures) if one.act in MATERIAL_ACTS), None)
    code = "request_over" if request.over else "request_returned" if request.state == "returned" else "act_unknown"
    person = name_of(last.person, people) if last else "—"
    return ActError(code, request_no=request.request_no, state=request.state, person=person, act=act)


def _by_applicant(request: Request, act: Act, by: Actor, now: datetime, reason: str, steps: Sequence[Step]) -> Request:
    if by.person.id != request.applicant:
        raise ActError("not_the_applicant", request_no=request.request_no)
    made = Signature(act=act, person=by.person.id, account=by.account, at=now, step=-1, reason=reason.strip())
    if act == "withdraw":
        return signed(request, made, "withdrawn", request.steps)
    if not steps:
        raise ActError("act_unknown", request_no=request.request_no, act=act, state=request.state)
    after = signed(request, made, "pending", steps)
    return replace(
        after, round=request.round + 1, round_from=len(request.signatures), at=open_steps(steps, ()), escalated=False
    )


def _adjust(request: Request, by: Actor, now: datetime, found: Adjustment | None, people: People) -> Request:
    """A new round, whatever it changes: what was signed before was signed for another score."""
    if found is None:
        raise ActError("act_unknown", request_no=request.request_no, act="adjust", state=request.state)
    person = people.by_id.get(by.person.id)
    if person is None:
        raise ActError("not_on_the_way", request_no=request.request_no)
    may_adjust(
        person, people, department=request.department, applicant=request.applicant, sales_owner=request.sales_owner
    )  # fmt: skip
    made = Signature(
        act="adjust", person=person.id, account=by.account, at=now, step=-1, reason=found.reason.strip(),
        points=found.points, until=found.until,
    )  # fmt: skip
    steps = tuple(replace(one, lapsed=False) for one in request.steps)
    after = signed(request, made, "pending", steps)
    return replace(
        after, round=request.round + 1, round_from=len(request.signatures), at=open_steps(steps, ()), step_since=now,
        reminded=0, escalated=False,
    )  # fmt: skip


def _ask(request: Request, by: Actor, now: datetime, reason: str, to_person: str, people: People) -> Request:
    """A question in the thread, from anybody on the way; nothing moves and no turn is used."""
    check_party(request, by.person, people)
    asked = {one for step in request.steps for one in step.people} | hands_of(request.signatures)
    if by.person.id not in asked:
        raise ActError("not_on_the_way", request_no=request.request_no)
    made = Signature(
        act="ask",
        person=by.person.id,
        account=by.account,
        at=now,
        step=-1,
        reason=reason.strip(),
        to_person=to_person,
    )
    return signed(request, made, request.state, request.steps)


def _hand_on(request: Request, signature: Signature, policy: Policy, people: People) -> Request:
    """Another person of the same or a higher post takes this turn; who has it by delegation gives it to nobody."""
    number, step = request.request_no, request.steps[signature.step]
    if signature.for_person:
        raise ActError("hand_on_onward", request_no=number)
    taker = people.by_id.get(signature.to_person)
    given = {one.person for one in request.signatures[request.round_from :] if one.act == "hand_on"}
    party = taker is None or taker.id == request.applicant or taker.id in people.meant_by(request.sales_owner)
    if taker is None or party or taker.id in step.people or taker.id in given:
        raise ActError("hand_on_nobody", request_no=number)
    standing = standing_signatures(request)
    if taker.id in hands_of(standing):
        raise ActError("hand_on_signed", request_no=number, person=taker.name)
    if not holds_step(taker, step, request, policy):
        raise ActError("hand_on_lower", request_no=number, person=taker.name)
    left = (*(one for one in step.people if one != signature.person), taker.id)
    steps = [replace(one, people=left) if one is step else one for one in request.steps]
    short = unseated(steps, standing)
    if short is not None and unseated(request.steps, standing) is None:
        elsewhere = (one.role for place, one in enumerate(steps) if place != signature.step and taker.id in one.people)
        role = next(elsewhere, steps[short].role)
        raise ActError("needed_later", request_no=number, role=role, person=taker.name)
    return signed(request, signature, "pending", steps)
