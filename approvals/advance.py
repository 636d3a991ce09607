"""`advance`: one act on a request, done or refused. Pure: the same request, act and moment give the same request."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from approvals.authority import authority_of
from approvals.delegation import Delegation, may_stand_for, rank, turns_of
from approvals.people import People, Person, Role
from approvals.request import Request, State
from approvals.steps import Act, Signature, Step
from approvals.terms import Terms
from approvals.transitions import APPLICANT_ACTS, CLOCK_ACTS, MATERIAL_ACTS, SIGNING_ACTS, leads_to
from approvals.turns import Actor, open_steps, standing_signatures
from scoring.errors import DeskError
from scoring.money import convert
from scoring.policy import Policy


class ActError(DeskError):
    """An act that is refused, and why; the request stays as it is."""


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
) -> Request:
    """The request after the act, its version one higher; ActError when it is refused.

    `by` is None for the clock. `terms` are what is recommended or decided, the proposal without them; `steps` the
    new route of a resubmission. Every act leaves one signature, so a request's version is one more than those.
    """
    if not leads_to(request.state, act):
        raise _not_now(request, act, people)
    if act in CLOCK_ACTS:
        return _by_clock(request, act, now, policy, people)
    if by is None:
        raise ActError("not_your_turn", request_no=request.request_no, waits="")
    if act in APPLICANT_ACTS:
        return _by_applicant(request, act, by, now, reason, steps)
    if act == "take_back":
        return _take_back(request, by, now, policy)
    place, whose = _turn(request, act, by, today, delegations, people)
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
    if act == "ask":
        return _signed(request, signature, request.state, request.at, now, moved=False)
    if act == "hand_on":
        return _hand_on(request, signature, policy, people, now)
    if act in {"return", "reject"}:
        return _sent_back(request, signature, now)
    return _passed(request, signature, by.person, policy, people, now)


def _not_now(request: Request, act: Act, people: People) -> ActError:
    """A late click: who was faster, and what came of it."""
    last = next((one for one in reversed(request.signatures) if one.act in MATERIAL_ACTS), None)
    code = "request_over" if request.over else "request_returned" if request.state == "returned" else "act_unknown"
    who = _named(people, last.person) if last else None
    person = who.name if who else "—"
    return ActError(code, request_no=request.request_no, state=request.state, person=person, act=act)


def _signed(
    request: Request,
    signature: Signature,
    state: State,
    at: tuple[int, ...],
    now: datetime,
    *,
    moved: bool = True,
    decided: Terms | None = None,
) -> Request:
    return replace(
        request,
        state=state,
        version=request.version + 1,
        at=at,
        signatures=(*request.signatures, signature),
        step_since=now if moved else request.step_since,
        reminded=0 if moved else request.reminded,
        escalated=False if moved else request.escalated,
        decided=decided,
        decided_at=now if state in {"approved", "rejected"} else None,
    )


def _turn(
    request: Request, act: Act, by: Actor, today: date, delegations: Iterable[Delegation], people: People
) -> tuple[int, str]:
    """The open step that the actor may sign at, and whose turn that is; rules count persons, not accounts."""
    person = by.person
    if person.id == request.applicant:
        raise ActError("own_request", request_no=request.request_no)
    if person.name == request.sales_owner:
        raise ActError("sales_owner", request_no=request.request_no)
    turns = turns_of(person.id, delegations, today)
    mine = [(place, whose) for whose in turns for place in request.at if whose in request.steps[place].people]
    if act in SIGNING_ACTS and any(one.person == person.id for one in standing_signatures(request)):
        raise ActError("already_signed", request_no=request.request_no)
    if not mine:
        waits = request.steps[request.at[0]].people if request.at else ()
        named = [one.name for one in people.people if one.id in waits]
        raise ActError("not_your_turn", request_no=request.request_no, waits="、".join(named))
    return mine[0]


def _by_applicant(request: Request, act: Act, by: Actor, now: datetime, reason: str, steps: Sequence[Step]) -> Request:
    if by.person.id != request.applicant:
        raise ActError("not_the_applicant", request_no=request.request_no)
    made = Signature(act=act, person=by.person.id, account=by.account, at=now, step=-1, reason=reason.strip())
    if act == "withdraw":
        return _signed(request, made, "withdrawn", (), now)
    if not steps:
        raise ActError("act_unknown", request_no=request.request_no, act=act, state=request.state)
    after = _signed(request, made, "pending", (), now)
    return replace(
        after,
        round=request.round + 1,
        round_from=len(request.signatures),
        steps=tuple(steps),
        at=open_steps(steps, ()),
    )


def _by_clock(request: Request, act: Act, now: datetime, policy: Policy, people: People) -> Request:
    made = Signature(act=act, person="", account="", at=now, step=-1)
    if act == "expire":
        return _signed(request, made, "expired", (), now)
    after = _signed(request, made, request.state, request.at, now, moved=False)
    if act == "remind":
        return replace(after, reminded=request.reminded + 1)
    wider = [
        _wider(step, request, policy, people) if place in request.at else step
        for place, step in enumerate(request.steps)
    ]
    return replace(after, steps=tuple(wider), escalated=True)


def _wider(step: Step, request: Request, policy: Policy, people: People) -> Step:
    """The next post up may sign too; beside the ladder, and at its top, nobody is higher."""
    above = _next_up(step.role, request, policy, people)
    return step if above is None else replace(step, people=(*step.people, *above.people))


def _next_up(role: Role, request: Request, policy: Policy, people: People) -> Step | None:
    ladder: tuple[Role, ...] = policy.authority.posts
    if role not in ladder:
        return None
    for post in ladder[ladder.index(role) + 1 :]:
        found = tuple(person.id for person in people.people if post in person.roles and _may(person, request))
        if found:
            return Step(kind="post", role=post, people=found, decides=True)
    return None


def _may(person: Person, request: Request) -> bool:
    here = request.department in person.departments or not person.departments
    return here and person.id != request.applicant and person.name != request.sales_owner


def _take_back(request: Request, by: Actor, now: datetime, policy: Policy) -> Request:
    """The signer himself, in time, and while nobody has signed after him."""
    standing = standing_signatures(request)
    if not standing or standing[-1].person != by.person.id:
        mine = any(one.person == by.person.id for one in standing)
        raise ActError("next_has_signed" if mine else "nothing_to_take_back", request_no=request.request_no)
    last, seconds = standing[-1], policy.workflow.undo_seconds
    if now - last.at > timedelta(seconds=seconds):
        raise ActError("undo_too_late", request_no=request.request_no, seconds=seconds)
    made = Signature(act="take_back", person=by.person.id, account=by.account, at=now, step=last.step)
    return _signed(request, made, "pending", open_steps(request.steps, standing[:-1]), now)


def _hand_on(request: Request, signature: Signature, policy: Policy, people: People, now: datetime) -> Request:
    """Another person of the same or a higher post takes this turn."""
    step = request.steps[signature.step]
    giver = _named(people, signature.for_person or signature.person)
    taker = _named(people, signature.to_person)
    if giver is None or taker is None or not _may(taker, request) or taker.id in step.people:
        raise ActError("hand_on_nobody", request_no=request.request_no)
    fits = may_stand_for(giver, taker, policy) if step.kind == "post" else step.role in taker.roles
    if not fits:
        raise ActError("hand_on_lower", request_no=request.request_no, person=taker.name)
    if any(one.person == taker.id for one in standing_signatures(request)):
        raise ActError("hand_on_signed", request_no=request.request_no, person=taker.name)
    steps = list(request.steps)
    steps[signature.step] = replace(step, people=(*(one for one in step.people if one != giver.id), taker.id))
    return replace(_signed(request, signature, request.state, request.at, now), steps=tuple(steps))


def _named(people: People, person_id: str) -> Person | None:
    return next((one for one in people.people if one.id == person_id), None)


def _sent_back(request: Request, signature: Signature, now: datetime) -> Request:
    step = request.steps[signature.step]
    if not signature.reason:
        raise ActError("reason_missing", request_no=request.request_no)
    if signature.act == "reject" and step.kind == "vouch":
        raise ActError("vouch_only", request_no=request.request_no)
    return _signed(request, signature, "returned" if signature.act == "return" else "rejected", (), now)


def _passed(
    request: Request, signature: Signature, person: Person, policy: Policy, people: People, now: datetime
) -> Request:
    step = request.steps[signature.step]
    if (step.kind == "vouch") != (signature.act == "vouch"):
        raise ActError(
            "vouch_only" if step.kind == "vouch" else "not_your_turn", request_no=request.request_no, waits=""
        )
    terms = signature.terms or request.proposed
    _sensible(request, terms, signature.reason)
    deciding = step.decides and signature.act == "approve"
    if deciding:
        giver = _named(people, signature.for_person) if signature.for_person else None
        held = rank(person, policy) if giver is None else min(rank(person, policy), rank(giver, policy))
        _within(request, terms, held, policy)
    steps = request.steps
    if step.decides and signature.act == "recommend":
        above = _next_up(step.role, request, policy, people)
        if above is None:
            raise ActError("nobody_above", request_no=request.request_no)
        steps = (*(replace(one, decides=False) for one in steps), above)
    standing = [*standing_signatures(request), signature]
    at = open_steps(steps, standing)
    state: State = "approved" if deciding and not at else "pending"
    after = _signed(request, signature, state, at, now, decided=terms if state == "approved" else None)
    return replace(after, steps=steps)


def _sensible(request: Request, terms: Terms, reason: str) -> None:
    """Other values than proposed are of the same currency and kind; above the proposal they need a reason."""
    if terms.currency != request.proposed.currency or terms.prepay != request.proposed.prepay:
        raise ActError("terms_other_kind", request_no=request.request_no)
    if terms.limit < 0 or terms.payment_days < 0:
        raise ActError("terms_negative", request_no=request.request_no)
    proposed = request.proposed
    more = terms.limit > proposed.limit or terms.payment_days > proposed.payment_days
    if more and not reason.strip():
        raise ActError("above_proposal_needs_reason", request_no=request.request_no)


def _within(request: Request, terms: Terms, held: int, policy: Policy) -> None:
    """What is decided stays within the grade, the policy and the authority of who decides, by amount and by days.

    `held` is the rung of who decides; under a delegation the lower one of the two persons.
    """
    if terms.prepay:
        return
    if request.grade in {None, "D"} and terms.limit > 0:
        raise ActError("no_line_for_grade", request_no=request.request_no, grade=request.grade)
    rule = policy.grade(request.grade or "D")
    whole = convert(terms.limit + (terms.temp_limit or Decimal(0)), request.to_base)
    if whole > rule.limit:
        raise ActError("above_grade_limit", request_no=request.request_no, amount=whole, bound=rule.limit)
    if terms.payment_days > rule.longest_days:
        raise ActError(
            "above_grade_days", request_no=request.request_no, days=terms.payment_days, bound=rule.longest_days
        )
    needed = authority_of(policy, whole + request.group_base, terms.payment_days, request.reasons_higher)
    ladder: tuple[Role, ...] = policy.authority.posts
    if held < ladder.index(needed):
        raise ActError("beyond_authority", request_no=request.request_no, post=needed)
