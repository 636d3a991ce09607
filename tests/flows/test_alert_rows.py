"""Warnings in the ledger's own tab: made when missing, one row each, the newest state, not more often than it may be."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flows.deliver import deliver_next
from flows.outgoing import Ports
from flows.sync import sync
from flows.watch import open_alerts, watch_ledger
from tests.flows.office import Office, office
from tests.sheets.writing import Sheet, served


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Office]:
    (tmp_path / "office").mkdir()
    with office(tmp_path / "office") as opened:
        sync(opened.desk)
        watch_ledger(opened.desk)
        yield opened


@pytest.fixture
def sheet(tmp_path: Path) -> Iterator[Sheet]:
    (tmp_path / "sheet").mkdir()
    with served(tmp_path / "sheet") as found:
        yield found


def bill(desk: Office, customer: str, amount: int) -> None:
    desk.paper.invoices.append([f"N{customer}{amount}", customer, "2026-10-02", "2026-12-30", amount, 0])


def look(desk: Office) -> None:
    sync(desk.desk, force=True)
    watch_ledger(desk.desk)


def deliver(desk: Office, sheet: Sheet) -> int:
    """Everything that is due now; how many items."""
    ports: Ports = replace(desk.ports, ledger=sheet.writer)
    done = 0
    while deliver_next(desk.desk, ports, "a"):
        done += 1
    return done


def test_a_warning_gets_its_row_and_the_row_follows_it(desk: Office, sheet: Sheet) -> None:
    bill(desk, "C3", 90_000)
    look(desk)
    assert deliver(desk, sheet) == 1
    (alert,) = open_alerts(desk.desk)
    header, row = sheet.shown("预警")
    assert header == ["预警编号", "客户编号", "类型", "起始", "级别", "事实", "责任人", "状态"]
    assert row[:3] == [alert.alert_id, "C3", "额度使用率"]
    assert (row[4], row[7]) == ("橙色", "未处理")
    desk.paper.invoices.pop()
    look(desk)
    assert deliver(desk, sheet) == 0  # not sooner than five minutes after the batch before
    desk.slack.forward(timedelta(minutes=5).total_seconds())
    assert deliver(desk, sheet) == 1
    (row,) = sheet.shown("预警")[1:]
    assert row[7] == "已解除 · 原因已消除"
    assert desk.record.alerts_unwritten(10) == []


def test_what_changes_while_a_batch_waits_goes_with_it(desk: Office, sheet: Sheet) -> None:
    for number in range(3):
        bill(desk, f"C{number}", 95_000)
        look(desk)
    assert len([item for item in desk.record.unfinished() if item.kind == "alert_rows"]) == 1
    assert deliver(desk, sheet) == 1
    assert len(sheet.shown("预警")) == 4


def test_a_lost_answer_neither_doubles_a_row_nor_loses_one(desk: Office, sheet: Sheet) -> None:
    bill(desk, "C3", 90_000)
    look(desk)
    sheet.fail("reset", applies=True)
    deliver(desk, sheet)
    bill(desk, "C4", 90_000)
    look(desk)
    sheet.again()
    for _ in range(6):
        desk.slack.forward(400)
        look(desk)  # as the clock does
        deliver(desk, sheet)
    assert sorted(row[1] for row in sheet.shown("预警")[1:]) == ["C3", "C4"]
    assert desk.record.unfinished() == []
    assert desk.record.alerts_unwritten(10) == []


def test_a_ledger_that_cannot_be_written_is_told_once(desk: Office) -> None:
    bill(desk, "C3", 90_000)
    look(desk)
    desk.run()
    bill(desk, "C4", 90_000)
    look(desk)
    assert [(item.kind, item.state) for item in desk.record.unfinished()] == [("alert_rows", "parked")]
