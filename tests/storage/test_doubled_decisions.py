"""Rows with one key and differing decisions: the strictest is what was decided, and two rows are no hand edit."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from flows.accounts import account_of, counted
from flows.confirm import confirm_all
from flows.sync import sync
from scoring.ledger import Account, Customer, Order
from storage.baseline import Baseline
from storage.decided import GUARDED_TABS
from tests.builders import codes
from tests.paper import Paper, desk_of

ONE = Customer(customer_id="C1", credit_limit=Decimal(100), status="active", row=2)


@pytest.fixture
def baseline(tmp_path: Path) -> Baseline:
    return Baseline(tmp_path / "baseline.db")


@pytest.mark.parametrize(
    ("column", "mild", "strict"),
    [
        ("credit_limit", Decimal(900), Decimal(100)), ("credit_limit", Decimal(100), None),
        ("temp_limit", Decimal(5), None), ("group_limit", None, Decimal(5)), ("order_cap", Decimal(10), Decimal(9)),
        ("payment_days", 60, 30), ("limit_expires_on", None, date(2026, 1, 1)),
        ("limit_expires_on", date(2027, 1, 1), date(2026, 1, 1)), ("status", "active", "hold"),
        ("status", "hold", "stop"), ("status", None, "watch"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("mild_first", [True, False])
def test_the_strictest_of_twins_was_decided(
    baseline: Baseline, column: str, mild: Any, strict: Any, mild_first: bool
) -> None:
    rows = [replace(ONE, **{column: value}) for value in ((mild, strict) if mild_first else (strict, mild))]
    baseline.take(rows)
    for row, twin in (rows, rows[::-1]):
        held, notes = baseline.hold(row, [twin])
        assert (getattr(held, column), notes) == (strict, [])
    alone = baseline.hold(replace(ONE, **{column: mild}))
    assert getattr(alone[0], column) == strict
    assert codes(alone[1]) == ["unapproved_edit"]


def test_a_raise_of_the_strictest_twin_is_told(baseline: Baseline) -> None:
    rows = [ONE, replace(ONE, credit_limit=Decimal(900), row=3)]
    baseline.take(rows)
    account = Account(customer=rows[1], twins=(replace(ONE, credit_limit=Decimal(800)),))
    notes = counted(account, baseline).notes
    assert [(note.code, note.found) for note in notes] == [("unapproved_edit", "800.00")]


def _order(customer: str, release: str | None, row: int = 2, amount: int = 5) -> Order:
    return Order(order_no="O1", customer_id=customer, amount=Decimal(amount), status="open", release=release, row=row)


@pytest.mark.parametrize("turned", [False, True])
def test_an_order_of_a_rival_decides_nothing_and_is_told_to_nobody(baseline: Baseline, turned: bool) -> None:
    rows = [_order("C1", "released"), _order("C2", None, row=3)]
    customers = [replace(ONE, customer_id=name) for name in ("C1", "C2")]
    baseline.take([*customers, *(rows[::-1] if turned else rows)])
    accounts = [counted(Account(customer=one, orders=tuple(rows)), None) for one in customers]
    held = [counted(account, baseline) for account in accounts]
    assert [[order.release for order in one.orders] for one in held] == [["released"], [None]]
    assert [codes(one.notes).count("unapproved_edit") for one in held] == [0, 0]
    lifted = counted(Account(customer=replace(ONE, customer_id="C2"), orders=(_order("C2", "released"),)), baseline)
    assert [order.release for order in lifted.orders] == [None]


def test_an_order_s_twin_of_the_same_customer_is_no_hand_edit(baseline: Baseline) -> None:
    rows = (_order("C1", "released"), _order("C1", None, row=3, amount=6))
    baseline.take([ONE, *rows])
    held = counted(Account(customer=ONE, orders=rows), baseline)
    assert ([order.release for order in held.orders], codes(held.notes)) == ([None, None], ["duplicate_key"])


def test_a_file_that_knows_orders_by_number_alone_still_holds(baseline: Baseline) -> None:
    baseline.keep(
        {("customers", "C1"): {"credit_limit": "100", "status": "active"}, ("orders", "O1"): {}}, GUARDED_TABS
    )
    held = counted(Account(customer=ONE, orders=(_order("C1", "released"),)), baseline)
    assert ([order.release for order in held.orders], codes(held.notes)) == ([None], ["unapproved_edit"])
    baseline.keep({("orders", "O1"): {"release": "released"}}, GUARDED_TABS)
    held = counted(Account(customer=ONE, orders=(_order("C1", "released"),)), baseline)
    assert ([order.release for order in held.orders], held.notes) == (["released"], ())


def test_doubled_customers_of_a_sheet_are_no_hand_edit(tmp_path: Path) -> None:
    paper = Paper()
    paper.customers += [[f"C{n}", f"客户{n}号", 1, ""] for n in range(30, 200)]
    paper.customers.append(["C3", "客户3号", 900_000, "冻结"])
    desk = desk_of(paper, tmp_path)
    sync(desk)
    account = account_of(desk, "C3")
    assert account is not None
    assert codes(account.notes) == ["duplicate_key"]
    assert (account.customer.credit_limit, account.customer.status) == (Decimal(100_000), "hold")
    assert confirm_all(desk) == []
    paper.customers[1 + 3][2] = 500_000
    sync(desk)
    assert [(note.column, note.found) for note in confirm_all(desk)] == [("credit_limit", "500000.00")]
