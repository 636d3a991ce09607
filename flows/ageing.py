"""`creditdesk ageing`: the ageing table of the whole book, from the rollups."""

from collections.abc import Sequence
from typing import Any

from flows.desk import Desk
from flows.rollups import refresh_rollups
from scoring.ageing import MEASURES
from scoring.results import BUCKETS

_BUCKETS = len(BUCKETS)
_HEAD = 3
"""customer_id, name, currency stand before the figures."""


def ageing_of(desk: Desk) -> dict[str, Any]:
    """The JSON contract of `ageing`: a row per customer in his currency, totals by currency and in base.

    A customer has null figures where a rate that his own currency needs is missing; the total in base is null where
    any rate is.
    """
    refresh_rollups(desk)
    totals = {currency: sums for currency, *sums, _ in desk.mirror.ageing_sums()}
    return {
        "rows": [_row(found) for found in desk.mirror.ageing_table()],
        "totals": {
            "base": _base(desk),
            "by_currency": {currency: _shown(sums) for currency, sums in totals.items()},
        },
        "as_of": desk.on().isoformat(),
    }


def _row(found: Sequence[Any]) -> dict[str, Any]:
    head = {"customer_id": found[0], "name": found[1], "currency": found[2]}
    if found[_HEAD] is None:
        return {**head, "ageing": dict.fromkeys(BUCKETS), **dict.fromkeys(MEASURES), "max_days_overdue": None}
    return {**head, **_shown(found[_HEAD:-1]), "max_days_overdue": found[-1]}


def _shown(figures: Sequence[int]) -> dict[str, Any]:
    shown = [minor_text(minor) if minor else "0.00" for minor in figures]
    return {
        "ageing": dict(zip(BUCKETS, shown, strict=False)),
        **dict(zip(MEASURES, shown[_BUCKETS:], strict=True)),
    }


def minor_text(minor: int) -> str:
    """Minor units as "1200.00"."""
    sign, size = ("-", -minor) if minor < 0 else ("", minor)
    return f"{sign}{size // 100}.{size % 100:02d}"


def _base(desk: Desk) -> dict[str, Any]:
    """Every document in base currency, added; null where a rate is missing for anybody."""
    currency = desk.policy.base_currency
    sums, unknown = desk.mirror.base_sums()
    if unknown:
        return {"currency": currency, "ageing": dict.fromkeys(BUCKETS), **dict.fromkeys(MEASURES)}
    return {"currency": currency, **_shown(sums)}
