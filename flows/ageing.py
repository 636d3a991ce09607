"""`creditdesk ageing`: the ageing table of the whole book, from the rollups."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flows.desk import Desk
from flows.rollups import refresh_rollups
from flows.view import rates_of
from scoring.ageing import MEASURES
from scoring.currency import Rates
from scoring.findings import money_text
from scoring.results import BUCKETS

_BUCKETS = len(BUCKETS)
_COLUMNS = (*BUCKETS, *MEASURES)
_HEAD = 3
"""customer_id, name, currency stand before the figures."""


def ageing_of(desk: Desk) -> dict[str, Any]:
    """The JSON contract of `ageing`: a row per customer in his currency, totals by currency and in base.

    A customer with a missing rate has null figures; the total in base is then null as well.
    """
    refresh_rollups(desk)
    totals: dict[str, Sequence[int]] = {}
    complete = True
    for currency, *sums, unknown in desk.mirror.ageing_sums():
        complete = complete and not unknown
        totals[currency] = sums
    return {
        "rows": [_row(found) for found in desk.mirror.ageing_table()],
        "totals": {
            "base": _base(desk, totals, complete=complete),
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


def _base(desk: Desk, totals: dict[str, Sequence[int]], *, complete: bool) -> dict[str, Any]:
    rates = Rates(rates_of(desk), desk.policy.base_currency, desk.on(), desk.policy.reading.rate_days)
    base = desk.policy.base_currency
    whole = dict.fromkeys(_COLUMNS, Decimal(0))
    for currency, sums in totals.items():
        for name, minor in zip(_COLUMNS, sums, strict=True):
            whole[name] += rates.convert(Decimal(minor).scaleb(-2), currency, base)
    if not complete or rates.missing:
        return {"currency": base, "ageing": dict.fromkeys(BUCKETS), **dict.fromkeys(MEASURES)}
    return {
        "currency": base,
        "ageing": {name: money_text(whole[name]) for name in BUCKETS},
        **{name: money_text(whole[name]) for name in MEASURES},
    }
