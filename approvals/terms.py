"""What is asked for, proposed or decided: a credit line, its days and its conditions."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """One line as a whole, in `currency`: what the customer has afterwards, never an increase alone."""

    limit: Decimal
    """0 where the customer pays before delivery: no line."""
    payment_days: int
    currency: str
    prepay: bool = False
    """款到发货: payment before delivery."""
    temp_limit: Decimal | None = None
    temp_until: date | None = None
    """The last good day of `temp_limit`."""
    deposit_pct: Decimal = Decimal(0)
    """Of each order, in percent."""
    guarantee: str = ""
    """What has to be furnished, in words."""
    valid_until: date | None = None
    """The last good day of the line; None = until the next review says otherwise."""
    conditions: tuple[str, ...] = ()
    """Codes of the proposal (scoring.proposal.CONDITION_CODES) that go with it."""
