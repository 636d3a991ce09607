"""The baseline takes each guarded tab once, when it is first there to be read."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from approvals.channels import Channel, Channels
from flows.accounts import account_of
from flows.announce import tell_finance
from flows.desk import Desk
from flows.sync import sync
from sheets.layout import encoded, lay_out
from sheets.reading import Reading
from storage.baseline import Baseline
from storage.decided import place_of
from tests.builders import codes
from tests.paper import Paper, desk_of
from texts.blocks import Message

ORDERS: list[list[Any]] = [["订单号", "客户编号", "金额", "状态", "放行"], ["O1", "C1", 500, "未完成", "released"]]


class Parts(Paper):
    """A ledger of which tabs may not be there."""

    orders: list[list[Any]] | None = None
    customers_there = True

    def fetch(self) -> Reading:
        reading = super().fetch()
        tabs = {tab: raw for tab, raw in reading.tabs.items() if tab != "customers" or self.customers_there}
        if self.orders is not None:
            raw, _ = lay_out("orders", encoded(self.orders), self.names)
            assert raw is not None
            tabs["orders"] = raw
        return replace(reading, tabs=tabs)


@pytest.fixture
def paper() -> Parts:
    return Parts()


@pytest.fixture
def desk(paper: Parts, tmp_path: Path) -> Desk:
    return replace(desk_of(paper, tmp_path), channels=Channels(finance=Channel(channel="C02FINANCE")))


def notes_of(desk: Desk, customer: str) -> list[str]:
    account = account_of(desk, customer)
    assert account is not None
    return codes(account.notes)


def told(desk: Desk) -> list[str]:
    """What goes out to finance now."""
    sent: list[str] = []

    def post(_channel: str, message: Message) -> bool:
        sent.append(message["text"])
        return True

    tell_finance(desk, post)
    return sent


@pytest.mark.parametrize("orders", [None, ORDERS])
def test_nothing_is_decided_by_a_sync_without_customers(desk: Desk, paper: Parts, orders: Any) -> None:
    paper.customers_there, paper.orders = False, orders
    assert sync(desk).baseline_taken is None
    assert told(desk) == []
    paper.customers_there = True
    assert sync(desk).baseline_taken == (30 if orders is None else 31)
    assert "unapproved_edit" not in notes_of(desk, "C1")
    paper.customers[2][2] = 9_000_000
    sync(desk)
    assert "unapproved_edit" in notes_of(desk, "C1")


def test_orders_that_come_later_are_taken_when_they_come_and_finance_is_told(desk: Desk, paper: Parts) -> None:
    assert sync(desk).baseline_taken == 30
    assert len(told(desk)) == 1
    paper.orders = ORDERS
    assert sync(desk).baseline_taken == 31
    assert len(told(desk)) == 1
    assert told(desk) == []
    assert notes_of(desk, "C1").count("unapproved_edit") == 0
    paper.orders = [*ORDERS, ["O2", "C1", 900, "未完成", "released"]]
    assert sync(desk).baseline_taken is None
    assert notes_of(desk, "C1").count("unapproved_edit") == 1


def test_a_file_from_before_tabs_were_told_apart_has_taken_all(tmp_path: Path, paper: Parts, desk: Desk) -> None:
    from sqlite_utils import Database

    sync(desk)
    with Database(str(tmp_path / "baseline.db")).conn as connection:
        connection.execute("delete from meta where name = 'tabs'")
    assert Baseline(tmp_path / "baseline.db").tabs == {"customers", "orders"}


def test_what_the_desk_is_about_to_write_is_a_decision_when_a_sync_sees_it_first(desk: Desk, paper: Parts) -> None:
    sync(desk)
    assert desk.baseline is not None
    account = account_of(desk, "C1")
    assert account is not None
    row = account.customer
    coming = {place_of(row): {**desk.baseline.decided(row), "credit_limit": "777000"}}
    edited = replace(row, credit_limit=Decimal(777_000))
    assert codes(desk.baseline.hold(edited)[1]) == ["unapproved_edit"]
    desk.baseline.expect(coming)
    assert desk.baseline.hold(edited) == (edited, [])
    assert desk.baseline.agrees("customers", "C1", {**desk.baseline.decided(row), "credit_limit": "777000"})
    assert desk.baseline.hold(row) == (row, [])  # not written yet
    desk.baseline.no_longer(coming)
    assert codes(desk.baseline.hold(edited)[1]) == ["unapproved_edit"]
    desk.baseline.expect(coming)
    desk.baseline.keep(coming, ())
    assert desk.baseline.hold(edited) == (edited, [])
    assert codes(desk.baseline.hold(row)[1]) == ["unapproved_edit"]
