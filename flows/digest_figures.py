"""What a digest says: who is overdue, for one audience, from the rollups of the mirror."""

from collections.abc import Mapping
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from flows.ageing import minor_text
from flows.desk import Desk
from flows.digest_warnings import warnings_of
from flows.rollups import refresh_rollups
from scoring.ledger import Customer
from texts.digest import Change, Digest, Row

TOP = 10


class Late(NamedTuple):
    """A customer who is overdue; `overdue` in minor units of the base currency, None without a rate."""

    customer_id: str
    name: str
    overdue: int | None
    days: int
    department: str
    sales_owner: str


def overdue_book(desk: Desk) -> list[Late] | None:
    """Everybody who is overdue, in the sheet's order; None when that is not known."""
    refresh_rollups(desk)
    view = desk.latest.view
    if view is not None and not view.book.invoices_readable:
        return None
    found = desk.mirror.overdue()
    whose: dict[str, tuple[str, str]] = {}
    for row in desk.mirror.tab_rows("customers") if found else ():
        if isinstance(row, Customer):
            whose.setdefault(row.customer_id, (row.department.strip(), row.sales_owner.strip()))
    return [Late(*one, *whose.get(one[0], ("", ""))) for one in found]


def departments_in(book: list[Late] | None) -> list[str]:
    """Departments that have somebody overdue, in order."""
    return sorted({one.department for one in book or () if one.department})


def digest_of(
    desk: Desk,
    book: list[Late] | None,
    department: str,
    *,
    day: date,
    before: Mapping[str, Any] | None = None,
    late_for: str = "",
    no_channel: bool = False,
) -> Digest:
    """The digest of a department, or of the whole book for ""; `before` are the totals of the digest before."""
    facts: dict[str, Any] = {
        "department": department, "day": day, "currency": desk.policy.base_currency, "late_for": late_for,
        "no_channel": no_channel,
    }  # fmt: skip
    if book is None:
        return Digest(**facts, known=False)
    mine = [one for one in book if not department or one.department == department]
    counted = [(one.overdue, one) for one in mine if one.overdue is not None]
    total = sum(overdue for overdue, _ in counted)
    heaviest = sorted(counted, key=lambda pair: (-pair[0] * pair[1].days, pair[1].customer_id))
    rows = [
        Row(
            customer_id=one.customer_id, name=one.name or one.customer_id, overdue=minor_text(overdue), days=one.days,
            sales_owner=one.sales_owner, department=one.department,
        )
        for overdue, one in islice(heaviest, TOP)
    ]  # fmt: skip
    rest = heaviest[TOP:]
    since = None if before is None else date.fromisoformat(before["day"])
    return Digest(
        **facts,
        warnings=warnings_of(desk, department, day=day, since=since),
        customers=len(counted),
        overdue=minor_text(total),
        longest=max((one.days for _, one in counted), default=0),
        rows=rows,
        rest_customers=len(rest),
        rest_overdue=minor_text(sum(overdue for overdue, _ in rest)),
        unknown=len(mine) - len(counted),
        change=_change(total, len(counted), before),
    )


def totals_of_digest(digest: Digest) -> dict[str, Any]:
    """What the next digest compares itself with."""
    return {"day": digest.day.isoformat(), "customers": digest.customers, "overdue": digest.overdue}


def _change(total: int, customers: int, before: Mapping[str, Any] | None) -> Change | None:
    if before is None:
        return None
    then = int(str(before["overdue"]).replace(".", ""))
    return Change(
        since=date.fromisoformat(before["day"]),
        customers=customers - int(before["customers"]),
        overdue=minor_text(total - then),
    )
