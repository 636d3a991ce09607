"""What the rules suggest: limit and term with the bound that binds (POLICY.md 4, 5)."""

from datetime import date
from decimal import ROUND_FLOOR, Decimal

from scoring.currency import Rates
from scoring.factors_external import in_base
from scoring.ledger import Account, Book
from scoring.policy import Policy
from scoring.ratios import statements, tangible_net_worth
from scoring.results import Behaviour, Colour, Position, Proposal, Rating

BINDING_CODES = ("grade_cap", "rule_cap", "need", "capacity", "portfolio", "request", "missing_data")
CONDITION_CODES = (
    "open_account", "deposit_or_guarantee", "prepay", "over_statutory_term", "no_extension", "shorter_term",
    "clear_v11",
)  # fmt: skip
ZERO = Decimal(0)
_HUNDRED = Decimal(100)


def propose(
    account: Account,
    position: Position,
    paying: Behaviour,
    rating: Rating,
    colour: Colour | None,
    book: Book,
    policy: Policy,
    *,
    on: date,
    request: Decimal | None = None,
    days: int | None = None,
) -> Proposal:
    """Limit in the customer's currency (rounded down in base currency) and days.

    `request` and `days` are what was asked for, in base currency; without them the rules alone bound it.
    An unrated customer gets no proposal above 0; V11 is a rule cap of 0 until it is cleared.
    """
    over = _over_statutory_term(account, policy)
    if rating.grade is None:
        return Proposal(limit=ZERO, payment_days=0, binding="missing_data", conditions=("prepay", *over))
    rule = policy.grade(rating.grade)
    term, conditions = _term(account, rating, colour, policy, days)
    need = _need(account, paying, position, policy, rule.need_factor, term)
    capacity = _capacity(account, position, paying, rating, book, policy, on)
    portfolio = _portfolio(account, position, book, policy)
    secured = _secured(account, position, book, policy, on)
    rule_caps = [veto.cap_limit_base for veto in rating.vetoes if veto.cap_limit_base is not None]
    parts: dict[str, Decimal | None] = {
        "grade_cap": rule.limit,
        "rule_cap": min(rule_caps) if rule_caps else None,
        "need": need,
        "capacity": capacity + secured,
        "portfolio": portfolio,
        "request": request,
    }
    bounds = {name: amount for name, amount in parts.items() if amount is not None}
    lowest = min(bounds.values())
    coefficient: Decimal = getattr(policy.proposal.coefficients, colour or "none")
    limit = _round_down(max(ZERO, lowest) * coefficient, policy.proposal.round_down_to)
    conditions = (*conditions, *over)
    if any(veto.id == "V11" for veto in rating.vetoes):
        conditions = (*conditions, "clear_v11")
    return Proposal(
        limit=_in_own(limit, position, policy),
        payment_days=term,
        binding=next(name for name, amount in bounds.items() if amount == lowest),
        conditions=conditions,
        parts=parts,
    )


def _round_down(amount: Decimal, step: Decimal) -> Decimal:
    return (amount / step).to_integral_value(ROUND_FLOOR) * step


def _in_own(limit_base: Decimal, position: Position, policy: Policy) -> Decimal | None:
    if position.currency == policy.base_currency:
        return limit_base
    return None if not position.to_base else (limit_base / position.to_base).quantize(Decimal("0.01"), ROUND_FLOOR)


def _need(
    account: Account, paying: Behaviour, position: Position, policy: Policy, factor: Decimal, term: int
) -> Decimal:
    """Average monthly sales x (term + 15) / 30 x peak x the grade's factor, in base currency; planned sales
    count for a new customer only."""
    planned = account.customer.planned_monthly_sales
    monthly = paying.average_monthly_sales
    if paying.new_customer and planned is not None:
        monthly = planned
    if monthly is None:
        return ZERO
    rate = position.to_base or Decimal(1)
    rule = policy.proposal
    return monthly * rate * (term + rule.days_added) / 30 * rule.peak_factor * factor


def _capacity(
    account: Account, position: Position, paying: Behaviour, rating: Rating, book: Book, policy: Policy, on: date
) -> Decimal:
    """The lesser share of tangible net worth and yearly revenue; without statements one month of our sales, capped."""
    periods = statements(account, on)
    rule = policy.grade(rating.grade or "D")
    if periods:
        row = periods[0]
        worth = tangible_net_worth(row)
        bounds = []
        for amount, pct in ((worth, rule.net_worth_pct), (row.revenue, rule.revenue_pct)):
            base = None if amount is None else in_base(amount, row, account, book, policy, on)
            if base is not None:
                bounds.append(max(ZERO, base * pct / _HUNDRED))
        if bounds:
            return min(bounds)
    monthly = paying.average_monthly_sales or ZERO
    rate = position.to_base or Decimal(1)
    return min(monthly * rate, policy.vetoes.receivables_share_without_statements)


def _portfolio(account: Account, position: Position, book: Book, policy: Policy) -> Decimal:
    """The group's share of the receivables budget, less what its other members already use."""
    whole = policy.receivables_budget * policy.proposal.portfolio_pct / _HUNDRED
    root = book.group_roots.get(account.customer.customer_id)
    group = None if root is None else book.groups.get(root)
    if group is None or group.exposure_base is None:
        return whole
    return max(ZERO, whole - max(ZERO, group.exposure_base - (position.exposure_base or ZERO)))


def _secured(account: Account, position: Position, book: Book, policy: Policy, on: date) -> Decimal:
    """90 % of amount x coverage of unexpired insurance and guarantees, in base currency; never deposits."""
    rates = Rates(book.rates, policy.base_currency, on, policy.reading.rate_days)
    total = ZERO
    for security in account.securities:
        if security.kind not in {"insurance", "guarantee"} or security.amount is None:
            continue
        if security.unread & {"expires_on", "coverage_pct"}:
            continue
        if security.expires_on is not None and security.expires_on < on:
            continue
        coverage = _HUNDRED if security.coverage_pct is None else security.coverage_pct
        amount = rates.convert(security.amount, security.currency or position.currency, policy.base_currency)
        total += amount * coverage / _HUNDRED * policy.proposal.security_pct / _HUNDRED
    return total


def _term(
    account: Account, rating: Rating, colour: Colour | None, policy: Policy, asked: int | None
) -> tuple[int, tuple[str, ...]]:
    """Days and conditions: request or standard, longest only with score to spare, the law, the day's colour."""
    rule = policy.grade(rating.grade or "D")
    conditions: list[str] = list(rule.conditions)
    top = (
        rule.longest_days if rule.longest_from is not None and rating.score >= rule.longest_from else rule.standard_days
    )
    term = min(rule.standard_days if asked is None else asked, top)
    statutory = statutory_days(account, policy)
    term = term if statutory is None else min(term, statutory)
    held = account.customer.payment_days
    if colour == "yellow":
        if held is not None and term > held:
            term = held
            conditions.append("no_extension")
    elif colour == "orange":
        term = max(0, term - policy.proposal.term_cut_orange_days)
        term = term if held is None else min(term, held)
        conditions.append("shorter_term")
    elif colour == "red":
        return 0, ("prepay",)
    return term, tuple(conditions)


def _over_statutory_term(account: Account, policy: Policy) -> tuple[str, ...]:
    """A flag on the term that was granted, whatever is proposed now."""
    held, statutory = account.customer.payment_days, statutory_days(account, policy)
    return ("over_statutory_term",) if held is not None and statutory is not None and held > statutory else ()


def statutory_days(account: Account, policy: Policy) -> int | None:
    """The longest term the law allows towards a public body or a large enterprise when the seller is an SME."""
    if not policy.seller_is_sme:
        return None
    if account.customer.size_class == "public":
        return policy.law.public_body_days
    return policy.law.large_enterprise_days if account.customer.size_class == "large" else None
