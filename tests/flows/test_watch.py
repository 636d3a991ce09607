"""Warnings over a living ledger: after each sync whoever changed, each day everybody, nothing told twice."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from approvals.alerts import Alert
from flows.desk import Desk
from flows.routing import record_of
from flows.sync import sync
from flows.watch import open_alerts, watch_ledger
from storage.record import open_record
from tests.flows.requests import Clock
from tests.paper import Paper, desk_of

ACCOUNT, OWNER = 4, 5


class Ledger(Paper):
    """Thirty customers who use little, with columns for who they are."""

    def __init__(self) -> None:
        super().__init__()
        self.customers[0] += ["收款账户", "实际控制人"]
        for row in self.customers[1:]:
            row += ["6222", "周立"]


@pytest.fixture
def paper() -> Ledger:
    return Ledger()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(paper: Ledger, clock: Clock, tmp_path: Path) -> Desk:
    made = replace(
        desk_of(paper, tmp_path, clock), record=open_record(tmp_path, "", "a key that is long enough", clock)
    )
    sync(made)
    watch_ledger(made)
    return made


def of(desk: Desk, customer: str) -> list[Alert]:
    return [one for one in open_alerts(desk) if one.customer_id == customer]


def looked(desk: Desk) -> str:
    sync(desk)
    return watch_ledger(desk).told()


def bill(customer: str, amount: int, due: str) -> list[object]:
    return [f"N{customer}{amount}", customer, "2026-10-02", due, amount, 0]


def test_the_first_look_is_at_everybody_and_the_next_at_nobody(desk: Desk) -> None:
    assert len(record_of(desk).snapshots([f"C{n}" for n in range(30)])) == 30
    assert watch_ledger(desk).customers == 0


def test_only_whoever_changed_is_looked_at_and_each_change_is_told_once(desk: Desk, paper: Ledger) -> None:
    paper.invoices.append(bill("C3", 95_000, "2026-12-30"))
    assert looked(desk) == "looked at 1: 1 new, 0 worse, 0 better, 0 gone"
    (alert,) = of(desk, "C3")
    assert (alert.kind, alert.level) == ("utilisation", "orange")
    assert looked(desk) == "looked at 0: 0 new, 0 worse, 0 better, 0 gone"
    paper.invoices.pop()
    assert looked(desk) == "looked at 1: 0 new, 0 worse, 0 better, 1 gone"
    assert of(desk, "C3") == []


def test_time_alone_makes_warnings_and_makes_them_worse(desk: Desk, clock: Clock) -> None:
    assert open_alerts(desk) == []
    clock.forward(days=12)  # 2 December: everybody is one day late
    assert looked(desk).startswith("looked at 30: 30 new")
    clock.forward(days=6)
    assert looked(desk) == "looked at 30: 0 new, 30 worse, 0 better, 0 gone"
    assert {one.level for one in open_alerts(desk)} == {"orange"}
    clock.forward(days=8)
    assert "30 worse" in looked(desk)
    assert {one.level for one in open_alerts(desk)} == {"red"}


def test_who_he_is_and_where_he_pays_from_is_compared_with_the_look_before(desk: Desk, paper: Ledger) -> None:
    paper.customers[4][ACCOUNT] = "6228"
    paper.customers[5][OWNER] = " 周 立 "
    paper.customers[6][OWNER] = ""
    assert looked(desk).startswith("looked at 3: 1 new")
    (alert,) = of(desk, "C3")
    assert (alert.kind, alert.level) == ("bank_account_changed", "yellow")
    assert "6228" not in alert.key
    assert looked(desk).startswith("looked at 0")
    paper.customers[6][OWNER] = "王五"
    looked(desk)
    assert [one.kind for one in of(desk, "C5")] == ["controller_changed"]  # an emptied cell forgets nothing


def test_nothing_ends_because_a_tab_is_missing_and_a_customer_who_left_ends(
    desk: Desk, paper: Ledger, clock: Clock
) -> None:
    clock.forward(days=12)
    looked(desk)
    before = open_alerts(desk)
    view = desk.latest.view
    assert view is not None
    desk.latest.view = replace(view, book=replace(view.book, invoices_readable=False))
    clock.forward(days=1)
    assert watch_ledger(desk).customers == 0
    assert open_alerts(desk) == before
    paper.customers = [row for row in paper.customers if row[0] != "C7"]
    paper.invoices = [row for row in paper.invoices if row[1] != "C7"]
    looked(desk)
    assert of(desk, "C7") == []
    assert len(open_alerts(desk)) == len(before) - 1


def test_what_a_person_did_meanwhile_is_kept(desk: Desk, clock: Clock) -> None:
    clock.forward(days=12)
    looked(desk)
    (alert,) = of(desk, "C3")
    taken = replace(alert, state="taken", owner="wang", version=alert.version + 1)
    with record_of(desk).begin() as writing:
        assert writing.keep_alert(taken)
        assert not writing.keep_alert(replace(alert, state="snoozed", version=alert.version + 1))
    clock.forward(days=6)
    looked(desk)
    (later,) = of(desk, "C3")
    assert (later.state, later.owner, later.level) == ("taken", "wang", "orange")
    assert later.since == alert.since
    assert later.changed_on == alert.changed_on + timedelta(days=6)
