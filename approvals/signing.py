"""A signature that passes or ends a step: vouched for, recommended, approved, returned, rejected, taken back."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from approvals.authority import Asked, Signers, cosigners
from approvals.bounds import Bearing, bearing, check_consent, check_same, check_sense, name_of, whole_base
from approvals.errors import ActError, RouteError
from approvals.people import People, Person, Role
from approvals.posts import ladder, rank_of
from approvals.request import Request, State
from approvals.seats import unseated
from approvals.signed import signed
from approvals.steps import Signature, Step
from approvals.terms import Terms
from approvals.turns import Actor, decision, hands_of, open_steps, standing_signatures
from scoring.policy import Policy


def send_back(request: Request, signature: Signature) -> Request:
    """Returned for changes or rejected, with a reason; the customer administrator only returns."""
    if signature.act == "reject" and request.steps[signature.step].kind == "vouch":
        raise ActError("vouch_only", request_no=request.request_no)
    if not signature.reason:
        raise ActError("reason_missing", request_no=request.request_no)
    return signed(request, signature, "returned" if signature.act == "return" else "rejected", request.steps)


def sign(request: Request, signature: Signature, policy: Policy, people: People, today: date) -> Request:
    """Vouched for, recommended or approved: the next step opens, or it is decided."""
    step = request.steps[signature.step]
    if (step.kind == "vouch") != (signature.act == "vouch"):
        code = "vouch_only" if step.kind == "vouch" else "vouched_already"
        raise ActError(code, request_no=request.request_no)
    if step.kind == "vouch":
        return _pass(request, replace(signature, terms=None), request.steps, people)
    if step.kind == "cosign":
        signature = _consent(request, signature)
    terms = signature.terms or request.proposed
    check_sense(request, terms, signature.reason, today)
    signature = replace(signature, terms=None if terms == request.proposed else terms)
    takes = bearing(request, terms, policy, today)
    if step.kind == "cosign":
        return _pass(request, signature, request.steps, people)
    if signature.act == "approve":
        return _approve(request, signature, terms, takes, policy, people)
    steps = request.steps
    if step.decides:
        more = _further(request, signature, takes, policy, people)
        lower = tuple(
            replace(one, decides=False) if place == signature.step else one for place, one in enumerate(steps)
        )
        signature, steps = replace(signature, added=len(more)), (*lower, *more)
    return _pass(request, signature, steps, people)


def _consent(request: Request, signature: Signature) -> Signature:
    """A co-signer's yes, whichever button: `approve`. Who signs after the decision agrees to what was decided."""
    decided = decision(request.steps, standing_signatures(request))
    if decided is None or signature.terms is None:
        return replace(signature, act="approve")
    terms = decided.terms or request.proposed
    if signature.terms != terms:
        raise ActError(
            "terms_decided",
            request_no=request.request_no,
            amount=terms.limit,
            currency=terms.currency,
            days=terms.payment_days,
        )
    return replace(signature, act="approve", terms=None)


def _approve(
    request: Request, signature: Signature, terms: Terms, takes: Bearing, policy: Policy, people: People
) -> Request:
    """Decided, by whoever's post bears it: by amount and by days, under a delegation that of whose turn it is."""
    step, standing = request.steps[signature.step], standing_signatures(request)
    if not step.decides or rank_of(step.role, policy) < rank_of(takes.needed, policy):
        needed = takes.needed if step.decides else deciding_role(request)
        raise ActError("beyond_authority", request_no=request.request_no, post=needed)
    check_consent(request, terms, standing, people)
    check_same(request, step, signature.step, terms, standing, people)
    missing = _missing(request, signature, takes, policy, people)
    signature = replace(signature, added=len(missing))
    return _pass(request, signature, (*request.steps, *missing), people)


def deciding_role(request: Request) -> Role:
    """The post whose signature is the decision, as the route stands."""
    return next(step.role for step in request.steps if step.decides)


def _pass(request: Request, signature: Signature, steps: tuple[Step, ...], people: People) -> Request:
    """Count a signature; refused when a later step would have nobody left but who signs here."""
    standing = standing_signatures(request)
    after = [*standing, signature]
    short = unseated(steps, after)
    if short is not None and unseated(request.steps, standing) is None:
        names = ", ".join(name_of(one, people) for one in steps[short].people)
        raise ActError("needed_later", request_no=request.request_no, role=steps[short].role, person=names)
    decided = decision(steps, after)
    state: State = "approved" if decided is not None and not open_steps(steps, after) else "pending"
    terms = (decided.terms or request.proposed) if decided is not None and state == "approved" else None
    return signed(request, signature, state, steps, decided=terms)


def _further(
    request: Request, signature: Signature, takes: Bearing, policy: Policy, people: People
) -> tuple[Step, ...]:
    """The way upward when the deciding post recommends: co-signers that are missing, then the posts above it."""
    here = rank_of(request.steps[signature.step].role, policy)
    if here + 1 >= len(ladder(policy)):
        raise ActError("nobody_above", request_no=request.request_no)
    needed = max(rank_of(takes.needed, policy), here + 1)
    signers = signers_for(request, policy, people, signature)
    only = policy.authority.route == "direct"
    try:
        posts = signers.posts(here + 1, needed, only=only)
    except RouteError:
        raise ActError("nobody_above", request_no=request.request_no) from None
    return (*_missing(request, signature, takes, policy, people), *posts)


def _missing(
    request: Request, signature: Signature, takes: Bearing, policy: Policy, people: People
) -> tuple[Step, ...]:
    """Co-signers that these terms ask for and that the route does not have."""
    terms = signature.terms or request.proposed
    asked = asked_of(request, people, terms=terms, override=takes.override)
    there = {step.role for step in request.steps if step.kind == "cosign"}
    stays = bool(takes.higher) and takes.plain == ladder(policy)[-1]
    wanted = [role for role in cosigners(asked, policy, stays=stays) if role not in there]
    signers = signers_for(request, policy, people, signature)
    try:
        return tuple(signers.step("cosign", role) for role in wanted)
    except RouteError as nobody:
        raise ActError(nobody.code, **nobody.facts) from None


def signers_for(request: Request, policy: Policy, people: People, signature: Signature | None = None) -> Signers:
    """Who may still sign a request: nobody who has signed already."""
    signed = [*standing_signatures(request), *([signature] if signature else [])]
    return Signers(asked_of(request, people), policy, people, hands_of(signed))


def asked_of(request: Request, people: People, *, terms: Terms | None = None, override: bool = False) -> Asked:
    """What the route of a request depends on, as it stands or with other terms."""
    wanted = terms or request.asked
    applicant = people.by_id.get(request.applicant)
    return Asked(
        department=request.department,
        branch=request.branch,
        applicant=applicant or Person(id=request.applicant, name=request.applicant, roles=()),
        sales_owner=request.sales_owner,
        own_base=whole_base(request, wanted),
        group_base=request.group_base,
        payment_days=wanted.payment_days,
        grade=request.grade,
        prepay=wanted.prepay,
        higher=request.reasons_higher,
        override=override,
        sued="sued" in request.flags,
        security="security" in request.flags,
    )


def take_back(request: Request, by: Actor, now: datetime, policy: Policy) -> Request:
    """The signer himself, in time, and while nobody has signed after him; what his signature added goes with it."""
    standing, number = standing_signatures(request), request.request_no
    if not standing or standing[-1].person != by.person.id:
        mine = any(one.person == by.person.id for one in standing)
        raise ActError("next_has_signed" if mine else "nothing_to_take_back", request_no=number)
    last, seconds = standing[-1], policy.workflow.undo_seconds
    later = request.signatures[request.signatures.index(last) + 1 :]
    if now - last.at >= timedelta(seconds=seconds) or any(one.act in {"escalate", "reroute"} for one in later):
        raise ActError("undo_too_late", request_no=number, seconds=seconds)
    steps = request.steps[: len(request.steps) - last.added]
    if last.act == "recommend" and last.added:
        steps = tuple(replace(one, decides=True) if place == last.step else one for place, one in enumerate(steps))
    made = Signature(act="take_back", person=by.person.id, account=by.account, at=now, step=last.step)
    return signed(request, made, "pending", steps)
