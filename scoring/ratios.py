"""Financial ratios of the newest statements (POLICY.md 1): shares in percent, Z'' of Altman for private firms."""

from datetime import date
from decimal import Decimal

from scoring.ledger import Account, Financials

_HUNDRED = Decimal(100)


def statements(account: Account, on: date) -> list[Financials]:
    """Periods that had ended by D, newest first."""
    ended = [row for row in account.financials if row.period_end is not None and row.period_end <= on]
    return sorted(ended, key=lambda row: (row.period_end or date.min, -row.row), reverse=True)


def ratio_pct(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """part / whole in percent; None where one is missing or the whole is not above 0."""
    return None if part is None or whole is None or whole <= 0 else part / whole * _HUNDRED


def net_assets(row: Financials) -> Decimal | None:
    """Total assets less total liabilities."""
    if row.total_assets is None or row.total_liabilities is None:
        return None
    return row.total_assets - row.total_liabilities


def tangible_net_worth(row: Financials) -> Decimal | None:
    """Net assets without intangible ones; an empty cell of intangible assets is none of them."""
    worth = net_assets(row)
    return None if worth is None else worth - (row.intangible_assets or Decimal(0))


def current_ratio(row: Financials) -> Decimal | None:
    """Current assets over current liabilities."""
    if row.current_assets is None or row.current_liabilities is None or row.current_liabilities <= 0:
        return None
    return row.current_assets / row.current_liabilities


def z_score(row: Financials) -> Decimal | None:
    """Z'' = 6.56 WC/TA + 3.26 RE/TA + 6.72 EBIT/TA + 1.05 BVE/TL (Altman); None when incomplete."""
    assets, liabilities = row.total_assets, row.total_liabilities
    if assets is None or liabilities is None or assets <= 0 or liabilities <= 0:
        return None
    if row.current_assets is None or row.current_liabilities is None:
        return None
    if row.retained_earnings is None or row.ebit is None:
        return None
    working = row.current_assets - row.current_liabilities
    return (
        Decimal("6.56") * working / assets
        + Decimal("3.26") * row.retained_earnings / assets
        + Decimal("6.72") * row.ebit / assets
        + Decimal("1.05") * (assets - liabilities) / liabilities
    )
