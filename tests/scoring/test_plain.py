"""The quick lane is equal to the long way wherever it answers, and answers nothing that is not plain."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.cells import MAX_KEY
from scoring.checks import TabReader
from scoring.dates import EPOCH
from scoring.exposure import position
from scoring.ledger import Account, Layout
from scoring.money import to_minor
from scoring.plain import Lane
from scoring.results import BUCKETS
from tests.builders import DAY, customer, policy

BILLS = Layout(
    "invoices", 1,
    ("invoice_no", "customer_id", "issued_on", "due_on", "amount", "currency", "paid", "settled_on", "disputed", "written_off"),
)  # fmt: skip
RECEIPTS = Layout(
    "payments", 1, ("receipt_no", "customer_id", "received_on", "amount", "currency", "invoice_no", "bounced")
)
TODAY = (DAY - EPOCH).days

amounts = st.one_of(
    st.integers(0, 10**7),
    st.integers(0, 10**9).map(lambda cents: cents / 100),
    st.just(""),
    st.just("12.5"),
    st.just(1.005),
)
days = st.one_of(st.integers(TODAY - 500, TODAY + 90), st.just(""), st.just("2026-11-01"))
LONG = "9" * MAX_KEY
numbers = st.sampled_from(
    ["I1", "I2", "I3", "SI-4", "合计", "Total", "", "#REF!", " I5 ", LONG, LONG + "0", LONG + "1"]
)
flags = st.sampled_from(["", "", "", None, False, "否", True, "是"])
bills = st.lists(
    st.tuples(
        numbers, st.just("C1"), days, days, amounts, st.sampled_from(["", "CNY", "CNY", "USD"]), amounts, days, flags,
        st.sampled_from(["", "", 0, 5]),
    ).map(list),
    max_size=4,
)  # fmt: skip
receipts = st.lists(
    st.tuples(
        st.sampled_from(["R1", "R2", "R3", "小计", "", LONG, LONG + "0"]),
        st.just("C1"),
        days,
        amounts,
        st.sampled_from(["", "CNY"]),
        numbers,
        flags,
    ).map(list),
    max_size=3,
)


def long_way(bills: list[list[Any]], receipts: list[list[Any]], today: date) -> tuple[Any, ...]:
    account = Account(
        customer=customer(payment_days=None),
        invoices=tuple(TabReader(BILLS, None).read(enumerate(bills, 2)).rows),  # type: ignore[arg-type]
        payments=tuple(TabReader(RECEIPTS, None).read(enumerate(receipts, 2)).rows),  # type: ignore[arg-type]
    )
    found = position(account, {}, policy(), on=DAY, today=today)
    return (
        tuple(to_minor(found.ageing[name]) for name in BUCKETS),
        to_minor(found.unapplied),
        found.max_days_overdue,
        found.newest_document_on.toordinal() if found.newest_document_on else None,
        to_minor(found.exposure),
    )


@settings(max_examples=400)
@given(bills, receipts, st.booleans())
def test_the_lane_says_what_the_long_way_says_or_nothing(
    bills: list[list[Any]], receipts: list[list[Any]], as_it_stands: bool
) -> None:
    if len({row[0] for row in bills}) < len(bills) or len({row[0] for row in receipts}) < len(receipts):
        return  # two rows with one key never come here: see flows.rollups
    quick = Lane(BILLS, RECEIPTS, on=DAY, as_it_stands=as_it_stands).figures("CNY", bills, receipts)
    if quick is None:
        return
    today = DAY if as_it_stands else DAY + timedelta(days=3)
    opened = sum(quick.buckets)
    said = (quick.buckets, quick.unapplied, quick.max_days_overdue, quick.newest_on, opened - quick.unapplied)
    assert said == long_way(bills, receipts, today)


def test_a_plain_account_is_answered() -> None:
    bill = ["I1", "C1", TODAY - 60, TODAY - 20, 1000.5, "CNY", "", "", "", ""]
    receipt = ["R1", "C1", TODAY - 1, 400, "", "I1", ""]
    quick = Lane(BILLS, RECEIPTS, on=DAY, as_it_stands=True).figures("CNY", [bill], [receipt])
    assert quick is not None
    assert (quick.buckets[1], quick.max_days_overdue) == (to_minor(Decimal("600.5")), 20)


@pytest.mark.parametrize(
    ("place", "cell"), [(3, ""), (4, "1,000"), (4, -5), (5, "USD"), (8, True), (9, 10), (0, ""), (0, LONG + "0")]
)
def test_anything_unusual_goes_the_long_way(place: int, cell: object) -> None:
    bill: list[object] = ["I1", "C1", TODAY - 60, TODAY - 20, 1000, "CNY", "", "", "", ""]
    bill[place] = cell
    assert Lane(BILLS, None, on=DAY, as_it_stands=True).figures("CNY", [bill], []) is None
