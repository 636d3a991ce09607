"""`creditdesk ageing`: the ageing table of the whole book."""

from decimal import Decimal
from typing import Any

from flows.desk import Desk
from flows.ledger import positions
from flows.view import build_book
from scoring.ageing import MEASURES, add_up
from scoring.answer import ageing_json
from scoring.currency import Rates
from scoring.findings import money_text
from scoring.results import BUCKETS, Position


def ageing_of(desk: Desk) -> dict[str, Any]:
    """The JSON contract of `ageing`: a row per customer in his currency, totals by currency and in base.

    A customer with a missing rate has null figures; the total in base is then null as well.
    """
    found = positions(desk)
    usable = [figures for _, _, figures in found if not figures.missing_rates]
    by_currency = add_up(usable)
    return {
        "rows": [_row(customer_id, name, figures) for customer_id, name, figures in found],
        "totals": {
            "base": _base(desk, by_currency, complete=len(usable) == len(found)),
            "by_currency": {currency: _sums(sums) for currency, sums in sorted(by_currency.items())},
        },
        "as_of": desk.on().isoformat(),
    }


def _row(customer_id: str, name: str, figures: Position) -> dict[str, Any]:
    known = not figures.missing_rates
    return {
        "customer_id": customer_id,
        "name": name,
        "currency": figures.currency,
        "ageing": ageing_json(figures) if known else dict.fromkeys(BUCKETS),
        **{measure: money_text(getattr(figures, measure)) if known else None for measure in MEASURES},
        "max_days_overdue": figures.max_days_overdue if known else None,
    }


def _sums(sums: dict[str, Decimal]) -> dict[str, Any]:
    return {
        "ageing": {bucket: money_text(sums[bucket]) for bucket in BUCKETS},
        **{measure: money_text(sums[measure]) for measure in MEASURES},
    }


def _base(desk: Desk, by_currency: dict[str, dict[str, Decimal]], *, complete: bool) -> dict[str, Any]:
    rates = Rates(build_book(desk).rates, desk.policy.base_currency, desk.on(), desk.policy.reading.rate_days)
    base = desk.policy.base_currency
    whole = dict.fromkeys((*BUCKETS, *MEASURES), Decimal(0))
    for currency, sums in by_currency.items():
        for name, amount in sums.items():
            whole[name] += rates.convert(amount, currency, base)
    if not complete or rates.missing:
        empty = dict.fromkeys(BUCKETS)
        return {"currency": base, "ageing": empty, **dict.fromkeys(MEASURES)}
    return {"currency": base, **_sums(whole)}
