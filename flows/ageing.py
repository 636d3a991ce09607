"""`creditdesk ageing`: the ageing table of the whole book, from the rollups."""

from collections.abc import Sequence
from typing import Any

from flows.desk import Desk
from flows.quiet import paused_collector
from flows.rollups import refresh_rollups
from scoring.ageing import MEASURES
from scoring.results import BUCKETS

_BUCKETS = len(BUCKETS)
_COLUMNS = _BUCKETS + len(MEASURES)


def ageing_of(desk: Desk) -> dict[str, Any]:
    """The JSON contract of `ageing`: a row per customer in his currency, totals by currency and in base.

    A customer has null figures where a rate that his own currency needs is missing; the total in base is null where
    any rate is. Where the invoices tab could not be read nobody's figures are known.
    """
    refresh_rollups(desk)
    view = desk.latest.view
    if view is not None and not view.book.invoices_readable:
        return _unknown(desk)
    with paused_collector():
        rows = [_row(found) for found in desk.mirror.ageing_table()]
    return {"rows": rows, "totals": totals_of(desk), "as_of": desk.on().isoformat()}


def _unknown(desk: Desk) -> dict[str, Any]:
    rows = [_row((*found[:3], *(None,) * _COLUMNS, None, None)) for found in desk.mirror.ageing_table()]
    totals = {one.currency: _nothing() for one in desk.mirror.totals()}
    base = {"currency": desk.policy.base_currency, **_nothing()}
    return {"rows": rows, "totals": {"base": base, "by_currency": totals}, "as_of": desk.on().isoformat()}


def _nothing() -> dict[str, Any]:
    return {"ageing": dict.fromkeys(BUCKETS), **dict.fromkeys(MEASURES)}


def totals_of(desk: Desk) -> dict[str, Any]:
    """The book's totals, by currency and in base."""
    base = desk.policy.base_currency
    found = desk.mirror.totals()
    whole = _nothing()
    known = [one.base for one in found if one.base is not None]
    if len(known) == len(found):
        whole = _shown([sum(column) for column in zip(*known, strict=True)] or [0] * _COLUMNS)
    return {
        "base": {"currency": base, **whole},
        "by_currency": {one.currency: _nothing() if one.own is None else _shown(one.own) for one in found},
    }


def _row(found: Sequence[Any]) -> dict[str, Any]:
    customer_id, name, currency, not_due, a, b, c, d, e, over, opened, unapplied, disputed, overdue, days, _ = found
    if opened is None:
        return {
            "customer_id": customer_id, "name": name, "currency": currency, **_nothing(), "max_days_overdue": None,
        }  # fmt: skip
    text = minor_text  # one dict literal a customer: this is the whole book
    return {
        "customer_id": customer_id,
        "name": name,
        "currency": currency,
        "ageing": {
            "not_due": text(not_due), "1-30": text(a), "31-60": text(b), "61-90": text(c), "91-180": text(d),
            "181-365": text(e), "over-365": text(over),
        },
        "open": text(opened),
        "unapplied": text(unapplied),
        "disputed": text(disputed),
        "overdue": text(overdue),
        "max_days_overdue": days,
    }  # fmt: skip


def _shown(figures: Sequence[int]) -> dict[str, Any]:
    shown = [minor_text(minor) for minor in figures]
    return {
        "ageing": dict(zip(BUCKETS, shown, strict=False)),
        **dict(zip(MEASURES, shown[_BUCKETS:], strict=True)),
    }


def minor_text(minor: int) -> str:
    """Minor units as "1200.00"."""
    if not minor:
        return "0.00"
    sign, size = ("", minor) if minor > 0 else ("-", -minor)
    return f"{sign}{size // 100}.{size % 100:02d}"
