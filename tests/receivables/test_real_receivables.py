"""On real receivables: the ageing to the cent, every figure twice, and whether the payment points separate."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sklearn.metrics import roc_auc_score

from flows.accounts import account_of
from flows.ageing import ageing_of
from scoring.behaviour import behaviour
from scoring.exposure import position
from scoring.ledger import Account, Book
from scoring.policy import Policy
from scoring.scorecard import scorecard
from tests.receivables.convert import rows_of
from tests.referee.compare import desk_over, differences

pytestmark = [pytest.mark.receivables, pytest.mark.xdist_group("receivables")]
DAYS = [
    date(2012, 6, 30), date(2012, 12, 31), date(2013, 3, 31), date(2013, 6, 30), date(2013, 9, 30), date(2013, 12, 31),
]  # fmt: skip
EDGES = ((0, "not_due"), (30, "1-30"), (60, "31-60"), (90, "61-90"), (180, "91-180"), (365, "181-365"))
PAYMENT = ("days_beyond_terms", "on_time", "overdue_share", "worst_lateness")


def us_day(text: str) -> date:
    month, day, year = map(int, text.split("/"))
    return date(year, month, day)


def cents_by_bucket(source: Path, on: date) -> dict[str, dict[str, int]]:
    """The second implementation: whole cents, straight from the sample."""
    table: dict[str, dict[str, int]] = {}
    for row in rows_of(source):
        buckets = table.setdefault(row["customerID"], {**{name: 0 for _, name in EDGES}, "over-365": 0})
        if us_day(row["InvoiceDate"]) > on or us_day(row["SettledDate"]) <= on:
            continue
        late = (on - us_day(row["DueDate"])).days
        name = next((bucket for top, bucket in EDGES if late <= top), "over-365")
        whole, _, part = row["InvoiceAmount"].partition(".")
        buckets[name] += int(whole) * 100 + int((part + "00")[:2])
    return table


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_ageing_of_all_customers_to_the_cent(source: Path, ledger: Path, on: date) -> None:
    expected = cents_by_bucket(source, on)
    found = {row["customer_id"]: row["ageing"] for row in ageing_of(desk_over(ledger, on))["rows"]}
    assert len(found) == 100
    in_cents = {
        customer: {bucket: int(Decimal(str(amount)) * 100) for bucket, amount in ageing.items()}
        for customer, ageing in found.items()
    }
    assert in_cents == expected


def test_every_figure_of_every_customer_twice(ledger: Path) -> None:
    assert differences(ledger, date(2013, 6, 30)) == []


def test_payment_points_separate_who_pays_late(ledger: Path) -> None:
    """27 payment points without promises, unfitted: AUC over month ends 2012-01 to 2013-10 at least 0.84."""
    desk = desk_over(ledger, date(2013, 12, 31))
    accounts = [
        account for customer in desk.mirror.customer_ids() if (account := account_of(desk, customer)) is not None
    ]
    bad: list[int] = []
    points: list[float] = []
    assert desk.latest.view is not None
    for on in month_ends():
        for account in accounts:
            outcome = paid_late(account, on)
            if outcome is not None:
                bad.append(outcome)
                points.append(-payment_points(account, desk.latest.view.book, desk.policy, on))
    assert len(bad) > 1000
    assert 0 < sum(bad) < len(bad)
    assert roc_auc_score(bad, points) >= 0.84


def month_ends() -> Iterator[date]:
    for number in range(22):
        year, month = divmod(2012 * 12 + number + 1, 12)
        yield date(year, month + 1, 1) - timedelta(days=1)


def paid_late(account: Account, on: date) -> int | None:
    """1 when an invoice of the 90 days after D was settled more than 15 days late; None outside the sample."""
    settled = sum(1 for row in account.invoices if row.settled_on is not None and row.settled_on <= on)
    coming = [
        (row.settled_on - row.due_on).days
        for row in account.invoices
        if row.issued_on is not None and on < row.issued_on <= on + timedelta(days=90)
        if row.settled_on is not None and row.due_on is not None
    ]
    return None if settled < 3 or not coming else int(any(late > 15 for late in coming))


def payment_points(account: Account, book: Book, policy: Policy, on: date) -> float:
    """Points by the bands alone: what a new customer may earn at most is prudence, not evidence."""
    figures = position(account, book.rates, policy, on=on, today=date(2026, 1, 1))
    paying = behaviour(account, figures, policy, on=on, has_orders_tab=False, rates=book.rates)
    card = scorecard(account, figures, replace(paying, new_customer=False), book, policy, on=on)
    return float(sum(factor.points for factor in card.factors if factor.factor in PAYMENT))
