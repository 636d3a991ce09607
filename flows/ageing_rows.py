"""A customer's ageing row as the mirror's rollup keeps it: whole minor units, so that the book's table is one read."""

from collections.abc import Sequence

import orjson

from scoring.ageing import MEASURES
from scoring.money import to_minor
from scoring.results import BUCKETS, Position

COLUMNS = (*BUCKETS, *MEASURES)


def ageing_body(figures: Position) -> bytes | None:
    """Buckets, open, unapplied, disputed, overdue in minor units, then the longest days; None without a needed rate."""
    if figures.missing_rates:
        return None
    amounts = [figures.ageing[name] for name in BUCKETS] + [getattr(figures, name) for name in MEASURES]
    return orjson.dumps([*(to_minor(amount) for amount in amounts), figures.max_days_overdue])


def minor_text(minor: int) -> str:
    """Minor units as "1200.00"."""
    sign, size = ("-", -minor) if minor < 0 else ("", minor)
    return f"{sign}{size // 100}.{size % 100:02d}"


def add_minor(rows: Sequence[Sequence[int]]) -> list[int]:
    """Column sums of ageing rows."""
    return [sum(column) for column in zip(*rows, strict=True)] if rows else [0] * len(COLUMNS)
