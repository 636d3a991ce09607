"""Second computation of the verdict and of the answer's headline figures, from a folder of CSV."""

from datetime import date
from fractions import Fraction
from typing import Any

from tests.referee.figures import Figures, RateMissingError, convert, figures, in_force, is_new, open_in_base, paying
from tests.referee.score import FULL, Facts, grade, points, vetoes
from tests.referee.tables import Tables, day, money, num, tenth

HOLD = {"A": 30, "B": 15, "C": 7, None: 7, "D": 7}
NOTICE = {"A": 60, "B": 90, "C": 90, None: 90, "D": 90}


def book_open(tables: Tables, on: date, today: date) -> Fraction | None:
    try:
        return sum(
            (open_in_base(tables, figures(tables, row, on, today), on) for row in tables["customers"]),
            Fraction(0),
        )
    except RateMissingError:
        return None


def answer(tables: Tables, cid: str, on: date, today: date, everyone: Fraction | None) -> dict[str, Any]:
    """The parts of the JSON contract that the second computation covers."""
    customer = next(row for row in tables["customers"] if row["customer_id"] == cid)
    try:
        got = figures(tables, customer, on, today)
    except RateMissingError:
        return {"customer_id": cid, "verdict_is_null_or_stop": True}
    how = paying(tables, customer, got, on)
    facts = Facts(tables, customer, got, how, on, everyone)
    earned = points(facts)
    score = sum((value for value in earned.values() if value is not None), Fraction(0))
    missing = sum((Fraction(FULL[name]) for name, value in earned.items() if value is None), Fraction(0))
    black = blacklisted(tables, customer, on)
    caps = vetoes(facts, blacklisted=black)
    graded = grade(score, missing, caps)
    return {
        "customer_id": cid,
        "score": float(score),
        "coverage": float(100 - missing),
        "grade": graded,
        "points": {name: float(value) if value is not None else 0.0 for name, value in earned.items()},
        "missing": sorted(name for name, value in earned.items() if value is None),
        "vetoes": sorted(caps),
        "exposure": money(got.exposure),
        "headroom": money(got.headroom),
        "utilisation": tenth(got.utilisation),
        "open": money(got.open),
        "unapplied": money(got.unapplied),
        "overdue": money(got.overdue),
        "max_days_overdue": got.max_days,
        "ageing": {name: money(amount) for name, amount in got.buckets.items()},
        "behaviour": {
            "days_beyond_terms": tenth(how.days_beyond),
            "on_time_pct": tenth(how.on_time),
            "worst": how.worst,
            "dso": tenth(how.dso),
            "bpdso": tenth(how.bpdso),
        },
        "next_release": releases(tables, customer, got, on),
        "new": is_new(customer, how, on),
        "decided": verdict(customer, got, graded, caps, on, black=black),
    }


def releases(tables: Tables, customer: dict[str, str], got: Figures, on: date) -> list[dict[str, Any]]:
    by_day: dict[date, Fraction] = {}
    for item in got.items:
        if item.open > 0 and not item.disputed and item.due >= on and day(item.row.get("issued_on")) is not None:
            own = convert(tables, item.open, item.row.get("currency") or got.currency, got.currency, on)
            by_day[item.due] = by_day.get(item.due, Fraction(0)) + own
    return [{"on": due.isoformat(), "amount": money(by_day[due])} for due in sorted(by_day)]


def blacklisted(tables: Tables, customer: dict[str, str], on: date) -> bool:
    for row in tables.get("blacklist", []):
        removed = day(row.get("removed_on"))
        if removed is not None and removed <= on:
            continue
        if (row.get("uscc") and row["uscc"] == customer.get("uscc")) or (
            row.get("name") and row["name"] == customer.get("name")
        ):
            return True
    return customer.get("status") == "blacklist"


def verdict(
    customer: dict[str, str], got: Figures, graded: str | None, caps: dict[str, str], on: date, *, black: bool
) -> str:
    """The verdict as far as one customer's own rows decide it (no group, staleness or likeness)."""
    credit = customer.get("payment_mode") != "prepay"
    expired = not in_force(customer.get("licence_expires_on"), on) or not in_force(
        customer.get("permit_expires_on"), on
    )
    if black or customer.get("status") in {"stop", "closed"} or {"V1", "V2", "V3", "V4", "V5"} & set(caps) or expired:
        return "stop"
    if credit and graded == "D":
        return "stop"
    if not credit:
        return "prepay"
    if not got.limit:
        return "stop"
    lapsed = not in_force(customer.get("limit_expires_on"), on)
    if customer.get("status") == "hold" or lapsed or got.exposure > got.limit:
        return "approval"
    if got.overdue > 0 and got.max_days >= HOLD[graded]:
        return "approval"
    return "ok or approval by a warning"


__all__ = ["answer", "book_open", "num"]
