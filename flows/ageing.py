"""`creditdesk ageing`: the ageing table of the whole book, from the rollups."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import orjson

from flows.ageing_rows import COLUMNS, add_minor, minor_text
from flows.desk import Desk
from flows.sync import refresh_sums
from flows.view import rates_of
from scoring.ageing import MEASURES
from scoring.currency import Rates
from scoring.findings import money_text
from scoring.results import BUCKETS
from storage.mirror_rows import Sums

_BUCKETS = len(BUCKETS)


def ageing_of(desk: Desk) -> dict[str, Any]:
    """The JSON contract of `ageing`: a row per customer in his currency, totals by currency and in base.

    A customer with a missing rate has null figures; the total in base is then null as well.
    """
    refresh_sums(desk)
    found = [(one, None if one.ageing is None else orjson.loads(one.ageing)) for one in desk.mirror.sums()]
    by_currency: dict[str, list[list[int]]] = {}
    for one, figures in found:
        if figures is not None:
            by_currency.setdefault(one.currency, []).append(figures[:-1])
    totals = {currency: add_minor(rows) for currency, rows in sorted(by_currency.items())}
    complete = all(figures is not None for _, figures in found)
    return {
        "rows": [_row(one, figures) for one, figures in found],
        "totals": {
            "base": _base(desk, totals, complete=complete),
            "by_currency": {currency: _shown(sums) for currency, sums in totals.items()},
        },
        "as_of": desk.on().isoformat(),
    }


def _row(one: Sums, figures: list[int] | None) -> dict[str, Any]:
    head = {"customer_id": one.customer_id, "name": one.name, "currency": one.currency}
    if figures is None:
        return {**head, "ageing": dict.fromkeys(BUCKETS), **dict.fromkeys(MEASURES), "max_days_overdue": None}
    return {**head, **_shown(figures), "max_days_overdue": figures[-1]}


def _shown(figures: Sequence[int]) -> dict[str, Any]:
    return {
        "ageing": {name: minor_text(amount) for name, amount in zip(BUCKETS, figures, strict=False)},
        **{name: minor_text(amount) for name, amount in zip(MEASURES, figures[_BUCKETS:], strict=False)},
    }


def _base(desk: Desk, totals: dict[str, list[int]], *, complete: bool) -> dict[str, Any]:
    rates = Rates(rates_of(desk), desk.policy.base_currency, desk.on(), desk.policy.reading.rate_days)
    base = desk.policy.base_currency
    whole = dict.fromkeys(COLUMNS, Decimal(0))
    for currency, sums in totals.items():
        for name, minor in zip(COLUMNS, sums, strict=True):
            whole[name] += rates.convert(Decimal(minor).scaleb(-2), currency, base)
    if not complete or rates.missing:
        return {"currency": base, "ageing": dict.fromkeys(BUCKETS), **dict.fromkeys(MEASURES)}
    return {
        "currency": base,
        "ageing": {name: money_text(whole[name]) for name in BUCKETS},
        **{name: money_text(whole[name]) for name in MEASURES},
    }
