"""Ageing by due date: the seven buckets of POLICY.md 0, and the table of the whole book."""

from collections.abc import Iterable
from decimal import Decimal

from scoring.results import BUCKETS, Position

_TOPS = ((0, "not_due"), (30, "1-30"), (60, "31-60"), (90, "61-90"), (180, "91-180"), (365, "181-365"))
ZERO = Decimal(0)


def bucket(days_overdue: int) -> str:
    """The bucket of an invoice this many days past due; due today is not due yet."""
    for top, name in _TOPS:
        if days_overdue <= top:
            return name
    return "over-365"


def add_up(positions: Iterable[Position]) -> dict[str, dict[str, Decimal]]:
    """Sums of buckets, open, unapplied, disputed and overdue by currency."""
    totals: dict[str, dict[str, Decimal]] = {}
    for position in positions:
        sums = totals.setdefault(position.currency, dict.fromkeys((*BUCKETS, *MEASURES), ZERO))
        for name in BUCKETS:
            sums[name] += position.ageing[name]
        for name in MEASURES:
            sums[name] += getattr(position, name)
    return totals


MEASURES = ("open", "unapplied", "disputed", "overdue")
