"""`creditdesk ageing`: the ageing table of the whole book, from the rollups."""

from collections.abc import Sequence
from typing import Any

from flows.desk import Desk
from flows.rollups import refresh_rollups
from scoring.ageing import MEASURES
from scoring.results import BUCKETS

_BUCKETS = len(BUCKETS)
_COLUMNS = _BUCKETS + len(MEASURES)
_HEAD = 3
"""customer_id, name, currency stand before the figures."""


def ageing_of(desk: Desk) -> dict[str, Any]:
    """The JSON contract of `ageing`: a row per customer in his currency, totals by currency and in base.

    A customer has null figures where a rate that his own currency needs is missing; the total in base is null where
    any rate is.
    """
    refresh_rollups(desk)
    rows = [_row(found) for found in desk.mirror.ageing_table()]
    return {"rows": rows, "totals": totals_of(desk), "as_of": desk.on().isoformat()}


def totals_of(desk: Desk) -> dict[str, Any]:
    """The book's totals, by currency and in base."""
    found = desk.mirror.ageing_sums()
    base = desk.policy.base_currency
    by_currency = {currency: _shown(sums) for currency, sums, _ in found}
    if any(unknown for _, _, unknown in found):
        whole: dict[str, Any] = {"ageing": dict.fromkeys(BUCKETS), **dict.fromkeys(MEASURES)}
    else:
        own = next((sums for currency, sums, _ in found if currency == base), [0] * _COLUMNS)
        whole = _shown([one + other for one, other in zip(own, desk.mirror.foreign_sums(), strict=True)])
    return {"base": {"currency": base, **whole}, "by_currency": by_currency}


def _row(found: Sequence[Any]) -> dict[str, Any]:
    head = {"customer_id": found[0], "name": found[1], "currency": found[2]}
    if found[_HEAD] is None:
        return {**head, "ageing": dict.fromkeys(BUCKETS), **dict.fromkeys(MEASURES), "max_days_overdue": None}
    return {**head, **_shown(found[_HEAD:-2]), "max_days_overdue": found[-2]}


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
