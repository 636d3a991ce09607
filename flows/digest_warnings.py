"""What a digest says of warnings: how many stand, and what is new about them since the digest before."""

from collections.abc import Mapping
from datetime import date, timedelta

from approvals.alerts import Alert
from flows.desk import Desk
from scoring.ledger import Customer
from texts.digest import Warned, Warnings

TOP = 5
_HEAT = {"red": 0, "orange": 1, "yellow": 2}


def warnings_of(desk: Desk, department: str, *, day: date, since: date | None) -> Warnings | None:
    """Those of a department, or of the whole book for ""; None without a record.

    `since` is the day of the digest before: what has not changed from that day on is only counted. Without one,
    everything is new. What sleeps is counted and not told.
    """
    if desk.record is None:
        return None
    first = since or day - timedelta(days=1)
    whose = _whose(desk)
    found = [
        one
        for one in desk.record.alerts(closed_since=first)
        if one.customer_id in whose and department in {"", whose[one.customer_id][1]}
    ]
    living = [one for one in found if one.state != "closed"]
    news = [one for one in living if one.state != "snoozed" and (since is None or one.changed_on > since)]
    news.sort(key=lambda one: (_HEAT[one.level], one.since, one.alert_id))
    return Warnings(
        since=since,
        red=sum(one.level == "red" for one in living),
        orange=sum(one.level == "orange" for one in living),
        yellow=sum(one.level == "yellow" for one in living),
        new=sum(_is_new(one, since) for one in news),
        changed=sum(not _is_new(one, since) for one in news),
        gone=0 if since is None else sum(one.closed_on is not None and one.closed_on > since for one in found),
        rows=[_row(one, whose, since) for one in news[:TOP]],
        rest=len(news[TOP:]),
    )


def _is_new(alert: Alert, since: date | None) -> bool:
    return since is None or alert.since > since


def _row(alert: Alert, whose: Mapping[str, tuple[str, str, str]], since: date | None) -> Warned:
    name, department, owner = whose[alert.customer_id]
    return Warned(
        customer_id=alert.customer_id, name=name, department=department, sales_owner=owner, kind=alert.kind,
        level=alert.level, facts=dict(alert.facts), new=_is_new(alert, since), escalated=alert.escalated,
    )  # fmt: skip


def _whose(desk: Desk) -> dict[str, tuple[str, str, str]]:
    """(name, department, salesperson) by customer; of repeated rows the first."""
    found: dict[str, tuple[str, str, str]] = {}
    for row in desk.mirror.tab_rows("customers"):
        if isinstance(row, Customer) and row.status != "closed":
            told = (row.name or row.customer_id, row.department.strip(), row.sales_owner.strip())
            found.setdefault(row.customer_id, told)
    return found
