"""A new customer's application, rated as it stands against today's ledger."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from approvals.adjustment import Adjusted, Adjustment, adjusted
from approvals.application import Application
from approvals.application_fields import STATEMENT_NEEDED, Step
from approvals.application_rows import as_account
from approvals.prospect import Lacking, Prospect
from approvals.request import Request
from flows.accounts import account_of
from flows.desk import Desk, View
from scoring.answer import answer_json
from scoring.assess import assess
from scoring.blacklist import listed
from scoring.currency import Rates
from scoring.errors import DeskError, LedgerError
from scoring.exposure import position as position_of
from scoring.ledger import Account, Book, GroupFigures
from scoring.losses import expected_loss
from scoring.money import round_cents
from scoring.proposal import propose, statutory_days
from scoring.results import Assessment, Proposal, Veto

NEW_ID = "?"
"""Stands for the id that a customer gets when the request is filed."""
_FILLED_IN: dict[str, Step] = {
    "years_registered": "company", "paid_in_capital": "company", "licences": "outside", "debt_ratio": "finances",
    "current_ratio": "finances", "roa": "finances", "roe": "finances", "ebit_margin": "finances", "z_score": "finances",
    "operating_cash_flow": "finances", "suits": "outside", "enforcement": "outside", "penalties": "outside",
    "references": "references", "industry_outlook": "business", "market_standing": "business",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of a form that was sent: a request, or why there is none."""

    request: Request | None
    refusal: DeskError | None = None


def propose_for(desk: Desk, form: Application, *, on: date, adjustments: tuple[Adjustment, ...] = ()) -> Prospect:
    """Rate an application against today's ledger; LedgerError while there is no copy of it.

    `adjustments` are what experts decided about the score: those of the day move it, within the policy's bound.
    """
    view = view_of(desk)
    known = account_of(desk, form.customer_id) if form.customer_id else None
    customer_id = form.customer_id or NEW_ID
    account = as_account(form, customer_id, on, known=known)
    book = _with_group(desk, view.book, customer_id, form.parent_id, on)
    assessment, moved = _moved(desk, assess(account, book, desk.policy, on=on, today=desk.today()), adjustments, on)
    asked = in_base(desk, form.asked.limit, form.currency, on)
    proposal = _proposal(desk, account, book, assessment, form, asked, on)
    return Prospect(
        form=form,
        account=account,
        assessment=assessment,
        answer=answer_json(replace(assessment, proposal=proposal), account, desk.policy, on=on),
        proposal=proposal,
        asked_base=asked,
        expected_loss=_loss(desk, account, assessment, proposal, on),
        lacking=_lacking(assessment, form),
        knock_outs=tuple(one for one in assessment.vetoes if _leaves_nothing(one)),
        caps=tuple(one for one in assessment.vetoes if not _leaves_nothing(one)),
        alike=bool(listed(account.customer, book.blacklist, on)[1]),
        over_statutory=_over_statutory(desk, account, form),
        adjusted=moved,
    )


def _moved(
    desk: Desk, assessment: Assessment, adjustments: tuple[Adjustment, ...], on: date
) -> tuple[Assessment, Adjusted | None]:
    """The assessment with what experts decided about its score; the scorecard stays as the rules have it."""
    rating = assessment.rating
    if rating is None or not adjustments:
        return assessment, None
    found = adjusted(rating, adjustments, desk.policy, on=on)
    if not found.counted:
        return assessment, None
    return replace(assessment, rating=replace(rating, score=found.score, grade=found.grade)), found


def view_of(desk: Desk) -> View:
    """Today's view of the ledger; LedgerError before the first one."""
    view = desk.latest.view
    if view is None:
        raise LedgerError("no_copy")
    return view


def in_base(desk: Desk, amount: Decimal, currency: str, on: date) -> Decimal | None:
    """An amount in base currency; None where the rate is missing."""
    rate = rate_to_base(desk, currency, on)
    return None if rate is None else round_cents(amount * rate)


def rate_to_base(desk: Desk, currency: str, on: date) -> Decimal | None:
    """Base currency for one unit, by the newest rate of a day; None where it is missing."""
    rules = desk.policy
    return Rates(view_of(desk).book.rates, rules.base_currency, on, rules.reading.rate_days).to_base(currency)


def currency_kept(desk: Desk, form: Application) -> str:
    """The currency of the customer's row, in which his line will stand; the form's own where there is no row yet."""
    account = account_of(desk, form.customer_id) if form.customer_id else None
    return form.currency if account is None else account.customer.currency or desk.policy.base_currency


def statements_needed(desk: Desk, form: Application, *, on: date) -> frozenset[str]:
    """The statement fields that this application must fill in: two periods above the policy's amount or days.

    A company younger than two years has only one period behind it.
    """
    rule = desk.policy.workflow
    asked = in_base(desk, form.asked.limit, form.currency, on)
    large = asked is None or asked > rule.statements_above_amount
    if form.prepay or not (large or form.asked.payment_days > rule.statements_above_days):
        return frozenset()
    young = form.established_on is not None and (on - form.established_on).days < 2 * 365
    return frozenset(f"statement.{place}.{name}" for place in ((1,) if young else (1, 2)) for name in STATEMENT_NEEDED)


def _proposal(
    desk: Desk, account: Account, book: Book, assessment: Assessment, form: Application, asked: Decimal | None, on: date
) -> Proposal | None:
    rating, position, paying = assessment.rating, assessment.position, assessment.behaviour
    if form.prepay or rating is None or position is None or paying is None or asked is None:
        return None
    days = form.asked_days or None
    return propose(
        account, position, paying, rating, assessment.colour, book, desk.policy, on=on,
        request=asked or None, days=days,
    )  # fmt: skip


def _with_group(desk: Desk, book: Book, customer_id: str, parent_id: str, on: date) -> Book:
    """The book with the applying customer in his group: he is not in the ledger's groups yet."""
    parent = account_of(desk, parent_id) if parent_id else None
    if parent is None:
        return book
    root = book.group_roots.get(parent_id, parent_id)
    roots = {**book.group_roots, customer_id: root}
    if root in book.groups:
        return replace(book, group_roots=roots)
    alone = position_of(parent, book.rates, desk.policy, on=on, today=desk.today())
    limit = parent.customer.group_limit
    figures = GroupFigures(
        parent_id=root,
        limit=limit,
        currency=alone.currency,
        limit_base=None if limit is None else in_base(desk, limit, alone.currency, on),
        exposure_base=alone.exposure_base,
        receivables_base=alone.open_base,
        members=(root,),
    )
    return replace(book, group_roots={**roots, root: root}, groups={**book.groups, root: figures})


def _loss(desk: Desk, account: Account, assessment: Assessment, proposal: Proposal | None, on: date) -> Decimal | None:
    if proposal is None or assessment.rating is None or proposal.limit is None:
        return None
    currency = account.customer.currency or desk.policy.base_currency
    limit = in_base(desk, proposal.limit, currency, on)
    if limit is None:
        return None
    return expected_loss(assessment.rating.grade, limit, secured_base(desk, account, on), desk.policy)


def secured_base(desk: Desk, account: Account, on: date) -> Decimal:
    """The part of a line that unexpired guarantees and insurance cover, in base currency."""
    currency = account.customer.currency or desk.policy.base_currency
    secured = Decimal(0)
    for one in account.securities:
        if one.kind in {"guarantee", "insurance"} and one.amount and (one.expires_on is None or one.expires_on >= on):
            share = Decimal(100) if one.coverage_pct is None else one.coverage_pct
            secured += (in_base(desk, one.amount, one.currency or currency, on) or Decimal(0)) * share / 100
    return secured


def _leaves_nothing(veto: Veto) -> bool:
    return veto.cap_grade == "D" or veto.stops or veto.cap_limit_base == 0


def _lacking(assessment: Assessment, form: Application) -> tuple[Lacking, ...]:
    """Missing factors by the step that would fill them in."""
    if assessment.rating is None or form.prepay:
        return ()
    found: dict[Step, list[tuple[str, Decimal]]] = {}
    for factor in assessment.rating.scorecard.factors:
        step = _FILLED_IN.get(factor.factor)
        if factor.missing and step is not None:
            found.setdefault(step, []).append((factor.factor, factor.max))
    made = [
        Lacking(step, tuple(name for name, _ in parts), sum((points for _, points in parts), Decimal(0)))
        for step, parts in found.items()
    ]
    return tuple(sorted(made, key=lambda one: -one.points))


def _over_statutory(desk: Desk, account: Account, form: Application) -> int | None:
    allowed = statutory_days(account, desk.policy)
    return allowed if allowed is not None and form.asked.payment_days > allowed else None
