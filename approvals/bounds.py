"""What may be decided: within the grade, the vetoes and the policy, reasoned where it is above the proposal."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from approvals.authority import reasons_higher
from approvals.errors import ActError, RouteError
from approvals.people import People, Role
from approvals.posts import authority_of, ladder
from approvals.request import Request
from approvals.steps import Signature, Step
from approvals.terms import Terms
from scoring.money import convert
from scoring.policy import Policy

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearing:
    """What deciding certain terms takes."""

    needed: Role
    """The post that may decide them."""
    plain: Role
    """The post before any reason for a higher one."""
    higher: tuple[str, ...]
    """Why one post higher: reasons of filing, of today's grade, and of the terms themselves."""
    override: bool
    """Above the proposal."""


def whole_base(request: Request, terms: Terms) -> Decimal:
    """The customer's own line after the decision, the temporary part with it, in base currency."""
    return convert(terms.limit + (terms.temp_limit or ZERO), request.to_base)


def above_proposal(terms: Terms, proposed: Terms) -> bool:
    """Whether anything is more generous than the rules suggest: amount, days, how long, or what has to be furnished."""
    whole, suggested = (one.limit + (one.temp_limit or ZERO) for one in (terms, proposed))
    longer = proposed.valid_until is not None and (
        terms.valid_until is None or terms.valid_until > proposed.valid_until
    )
    eased = terms.deposit_pct < proposed.deposit_pct and not terms.guarantee
    unsecured = bool(proposed.guarantee) and not terms.guarantee
    return whole > suggested or terms.payment_days > proposed.payment_days or longer or eased or unsecured


def check_sense(request: Request, terms: Terms, reason: str, today: date) -> None:
    """ActError unless the terms are a line at all: same currency and kind, real numbers, days that are to come."""
    number, proposed = request.request_no, request.proposed
    amounts = (terms.limit, terms.temp_limit or ZERO, terms.deposit_pct)
    if not all(amount.is_finite() and amount >= 0 for amount in amounts) or terms.payment_days < 0:
        raise ActError("terms_negative", request_no=number)
    if terms.currency != proposed.currency or terms.prepay != proposed.prepay:
        raise ActError("terms_other_kind", request_no=number)
    if terms.prepay and (terms.limit or terms.temp_limit or terms.payment_days):
        raise ActError("terms_prepay_line", request_no=number)
    if not terms.prepay and (terms.limit == 0 or terms.payment_days == 0):
        raise ActError("terms_empty", request_no=number)
    if terms.deposit_pct > 100:
        raise ActError("terms_deposit", request_no=number)
    if terms.valid_until is not None and terms.valid_until < today:
        raise ActError("terms_past", request_no=number, until=terms.valid_until)
    if above_proposal(terms, proposed) and not reason.strip():
        raise ActError("above_proposal_needs_reason", request_no=number)


def bearing(request: Request, terms: Terms, policy: Policy, today: date) -> Bearing:
    """What it takes to decide these terms; ActError where no signature can: beyond the grade, a veto or the policy."""
    if terms.prepay:
        lowest = ladder(policy)[0]
        return Bearing(needed=lowest, plain=lowest, higher=(), override=False)
    number = request.request_no
    if request.grade is None or request.grade == "D":
        raise ActError("no_line_for_grade", request_no=number, grade=request.grade)
    rule, whole = policy.grade(request.grade), whole_base(request, terms)
    bound = rule.limit if request.cap_base is None else min(rule.limit, request.cap_base)
    if whole > bound:
        raise ActError("above_grade_limit", request_no=number, amount=whole, bound=bound)
    if terms.payment_days > rule.longest_days:
        raise ActError("above_grade_days", request_no=number, days=terms.payment_days, bound=rule.longest_days)
    _check_temporary(request, terms, policy, today)
    override = above_proposal(terms, request.proposed)
    own = reasons_higher(policy, grade=request.grade, override=override, temporary=bool(terms.temp_limit))
    higher = tuple(dict.fromkeys((*request.reasons_higher, *own)))
    try:
        amount = whole + request.group_base
        plain = authority_of(policy, amount, terms.payment_days, (), request.branch)
        needed = authority_of(policy, amount, terms.payment_days, higher, request.branch)
    except RouteError as outside:
        raise ActError(outside.code, **outside.facts) from None
    return Bearing(needed=needed, plain=plain, higher=higher, override=override)


def _check_temporary(request: Request, terms: Terms, policy: Policy, today: date) -> None:
    """A temporary increase: a share of the line, for some days, for the grades that the policy names."""
    if not terms.temp_limit:
        return
    rule = policy.proposal.temporary
    most = terms.limit * rule.pct / 100
    last = today + timedelta(days=rule.days)
    fits = terms.temp_until is not None and today <= terms.temp_until <= last
    if request.grade not in rule.grades or terms.temp_limit > most or not fits:
        raise ActError(
            "terms_temporary",
            request_no=request.request_no,
            grades=", ".join(rule.grades),
            pct=rule.pct,
            until=last,
        )


def check_consent(request: Request, terms: Terms, standing: list[Signature], people: People) -> None:
    """ActError when a co-signer agreed to less: to his own terms, or to the larger of asked and proposed."""
    for one in standing:
        if one.step < 0 or request.steps[one.step].kind != "cosign" or one.act != "approve":
            continue
        agreed = (one.terms,) if one.terms else (request.asked, request.proposed)
        limit = max(part.limit + (part.temp_limit or ZERO) for part in agreed)
        days = max(part.payment_days for part in agreed)
        if terms.limit + (terms.temp_limit or ZERO) > limit or terms.payment_days > days:
            raise ActError(
                "above_cosigned",
                request_no=request.request_no,
                person=name_of(one.person, people),
                amount=limit,
                currency=terms.currency,
                days=days,
            )


def check_same(
    request: Request, step: Step, place: int, terms: Terms, standing: list[Signature], people: People
) -> None:
    """ActError when several decide at one step and somebody approved other terms."""
    for one in standing:
        if step.decides and one.step == place and one.act == "approve" and (one.terms or request.proposed) != terms:
            signed = one.terms or request.proposed
            raise ActError(
                "terms_differ",
                request_no=request.request_no,
                person=name_of(one.person, people),
                amount=signed.limit,
                currency=signed.currency,
                days=signed.payment_days,
            )


def name_of(person_id: str, people: People) -> str:
    """A person's name, or a dash when nobody has this id any more."""
    found = people.by_id.get(person_id)
    return found.name if found else "—"
