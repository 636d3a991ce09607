"""The scorecard: 26 characteristics, each with its raw value, where it stands, its points and the next band."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scoring.bands import Bands
from scoring.dates import whole_years
from scoring.factors_external import external, licences, market
from scoring.factors_trade import payment, relationship
from scoring.findings import Source
from scoring.ledger import Account, Book, Financials
from scoring.measured import Measured
from scoring.policy import FACTORS, Policy
from scoring.ratios import current_ratio, net_assets, ratio_pct, statements, z_score
from scoring.results import Behaviour, FactorScore, Position, Scorecard

ZERO = Decimal(0)
_HALF = Decimal("0.5")
HALVED_WHEN_NEW = frozenset({
    "days_beyond_terms", "on_time", "overdue_share", "worst_lateness", "promises", "order_months", "returns",
    "order_risk",
})  # fmt: skip
"""Payment, order-month, returns and order-risk factors of a new customer earn at most half (POLICY.md 0)."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the factors are measured from."""

    account: Account
    position: Position
    behaviour: Behaviour
    book: Book
    policy: Policy
    on: date


def scorecard(
    account: Account, position: Position, behaviour: Behaviour, book: Book, policy: Policy, *, on: date
) -> Scorecard:
    """Points by factor, in the policy's order. Missing data scores 0 and is marked; nothing is imputed."""
    facts = Facts(account, position, behaviour, book, policy, on)
    measured = {item.factor: item for item in _measure(facts)}
    new = behaviour.new_customer
    factors = tuple(_score(measured[name], policy.bands[name], new=new) for name in FACTORS)
    missing = sum((factor.max for factor in factors if factor.missing), ZERO)
    return Scorecard(
        factors=factors,
        score=sum((factor.points for factor in factors), ZERO),
        coverage=Decimal(100) - missing,
        missing_points=missing,
    )


def _score(item: Measured, bands: Bands, *, new: bool) -> FactorScore:
    value = item.value
    if value is None:
        return FactorScore(
            factor=item.factor, block=bands.block, value=None, points=ZERO, max=bands.max, missing=True,
            source=item.source, next_band={"value": None, "points": bands.max},
        )  # fmt: skip
    earned = bands.points(value) if isinstance(value, Decimal) else bands.choice(value)
    better = bands.next_band(earned)
    halved = new and item.factor in HALVED_WHEN_NEW and earned > bands.max * _HALF
    return FactorScore(
        factor=item.factor,
        block=bands.block,
        value=item.shown if item.shown is not None else value,
        points=bands.max * _HALF if halved else earned,
        max=bands.max,
        missing=False,
        source=item.source,
        next_band=None if halved or better is None else {"value": better[0], "points": better[1]},
        raw=value,
    )


def _measure(facts: Facts) -> Iterator[Measured]:
    yield from _identity(facts)
    yield from _finance(facts)
    yield from external(facts.account, facts.book, facts.policy, facts.on)
    yield from payment(facts.account, facts.behaviour, facts.book, facts.on)
    yield from relationship(facts.account, facts.position, facts.behaviour, facts.book, facts.on)
    yield from market(facts.account, facts.book)


def _identity(facts: Facts) -> Iterator[Measured]:
    customer, on = facts.account.customer, facts.on
    source = Source("customers", customer.customer_id, customer.row)
    since = customer.established_on
    years = None if since is None or since > on else Decimal(whole_years(since, on))
    yield Measured("years_registered", years, source)
    capital = customer.paid_in_capital
    if capital is not None and facts.position.currency != facts.policy.base_currency:
        rate = facts.position.to_base
        capital = None if rate is None else capital * rate
    yield Measured("paid_in_capital", capital, source)
    yield licences(facts.account, facts.policy, on)


def _finance(facts: Facts) -> Iterator[Measured]:
    periods = statements(facts.account, facts.on)
    if not periods:
        for factor in ("debt_ratio", "current_ratio", "roa", "roe", "ebit_margin", "z_score", "operating_cash_flow"):
            yield Measured(factor, None, None)
        return
    row = periods[0]
    source = Source("financials", row.key, row.row)
    yield Measured("debt_ratio", ratio_pct(row.total_liabilities, row.total_assets), source)
    yield Measured("current_ratio", current_ratio(row), source)
    yield Measured("roa", ratio_pct(row.net_profit, row.total_assets), source)
    yield Measured("roe", _return_on_equity(row), source)
    yield Measured("ebit_margin", ratio_pct(row.ebit, row.revenue), source)
    yield Measured("z_score", z_score(row), source)
    yield Measured("operating_cash_flow", _cash_flow(periods), source)


def _return_on_equity(row: Financials) -> Decimal | str | None:
    """Percent; "negative_equity" falls through every band to 0 points."""
    equity = net_assets(row)
    if equity is not None and equity <= 0:
        return "negative_equity"
    return ratio_pct(row.net_profit, equity)


def _cash_flow(periods: list[Financials]) -> str | None:
    newest = periods[0].operating_cash_flow
    if newest is None:
        return None
    if newest <= 0:
        return "none"
    before = periods[1].operating_cash_flow if len(periods) > 1 else None
    return "both" if before is not None and before > 0 else "last"
