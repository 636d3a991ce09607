"""Late interest of an invoice: simple, from the day after due, at the contract's rate or else the law's (POLICY 5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from scoring.ledger import Contract
from scoring.money import CENT, WIDE
from scoring.policy import Policy

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class DailyRate:
    """Percent of the overdue balance a day, and the contract that says so; "" = the law's."""

    pct: Decimal
    contract_no: str = ""


def daily_rate(contracts: Iterable[Contract], policy: Policy, issued_on: date | None) -> DailyRate:
    """The rate that an invoice of this day bears: of the contracts in force then, the one signed last.

    A contract that names no rate, or one that cannot be read, leaves the law's; so does an invoice without a day.
    """
    own = [
        contract
        for contract in contracts
        if issued_on is not None
        and contract.late_interest_pct is not None
        and contract.late_interest_pct >= 0
        and (contract.signed_on is None or contract.signed_on <= issued_on)
        and (contract.expires_on is None or contract.expires_on >= issued_on)
        and not contract.unread & {"signed_on", "expires_on"}
    ]
    if not own:
        return DailyRate(policy.law.late_interest_pct)
    last = max(own, key=lambda contract: (contract.signed_on or date.min, -contract.row))
    return DailyRate(last.late_interest_pct or Decimal(0), last.contract_no)


def late_interest(balance: Decimal, rate: DailyRate, days: int) -> Decimal:
    """Interest on an overdue balance after so many days, rounded half up to 0.01; none before the day after due."""
    if days <= 0 or balance <= 0:
        return Decimal(0)
    return (balance * rate.pct * days / _HUNDRED).quantize(CENT, ROUND_HALF_UP, WIDE)
