"""The morning digest: whose figures, when it comes, and that it comes once, by the workspace's own state."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from approvals.channels import Channel, Channels
from flows.deliver_digest import shown_digest
from flows.digest import how_sent, plan_digests, preview_digest, send_digest
from flows.digest_audience import audience_called
from flows.sync import sync
from flows.view import build_view
from flows.watch import watch_ledger
from sandbox.client import all_text
from scoring.errors import MisuseError
from tests.flows.office import EAST, FINANCE, MONDAY, Office, office
from tests.flows.small import Open

SOUTH = "C04SOUTH"
HEAD = ["客户编号", "客户名称", "授信额度", "状态", "部门", "业务经办"]
BILLS = ["发票号", "客户编号", "开票日", "到期日", "金额", "已收"]
HALF_PAST = MONDAY + timedelta(minutes=30)


def book(desk: Office, *overdue: tuple[str, str, int, str]) -> None:
    """Who owes since when: (customer, department, amount, due on)."""
    paper = desk.paper
    paper.customers = [
        HEAD,
        *([one, f"{one}公司", 100_000, "", department, "林晓梅"] for one, department, _, _ in overdue),
    ]
    paper.customers += [[f"Q{n}", f"安静{n}号", 1, "", "华北", ""] for n in range(30)]
    paper.invoices = [
        BILLS,
        *([f"I{n}", one, "2026-09-01", due, amount, 0] for n, (one, _, amount, due) in enumerate(overdue)),
    ]
    paper.invoices += [[f"P{n}", f"Q{n}", "2026-09-01", "2027-01-01", 5, 0] for n in range(30)]
    sync(desk.desk, force=True)
    # the sheet's guards hold back a tab that shrank: here that is meant
    desk.desk.latest.view = build_view(desk.desk, synced_at=desk.now(), held=(), before=None)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as opened:
        book(
            opened, ("A", "华东", 1000, "2026-11-13"), ("B", "华南", 90_000, "2026-11-20"), ("C", "", 500, "2026-11-22")
        )
        yield opened


def morning(desk: Office, minutes: int = 30) -> int:
    """Let it be so many minutes past eight, plan, deliver; how many were planned."""
    desk.slack.forward((MONDAY + timedelta(minutes=minutes)).timestamp() - desk.slack.clock())
    if desk.desk.latest.view is not None:
        sync(desk.desk, force=True)
    planned = plan_digests(desk.desk)
    desk.run()
    return planned


def said(desk: Office, channel: str) -> list[str]:
    """Everything each digest of a channel says."""
    return [all_text({"text": one.text, "blocks": one.blocks}) for one in desk.posted(channel)]


def test_finance_reads_the_whole_book_and_a_department_its_own(desk: Office) -> None:
    assert morning(desk, 29) == 0
    assert morning(desk, 30) == 3
    (finance, south), (east,) = said(desk, FINANCE), said(desk, EAST)
    assert "逾期日报 · 11月23日" in finance
    assert "逾期 *9.2 万*，3 家客户，最久 10 天" in finance
    assert [name for name in "ABC" if f"*{name}公司*" in finance] == ["A", "B", "C"]
    assert finance.index("B公司") < finance.index("A公司") < finance.index("C公司")
    assert "林晓梅（华南）" in finance
    assert "Overdue, 华东, 23 Nov" in east
    assert "*¥1,000* from 1 customer, the longest 10 days" in east
    assert not {"B公司", "C公司"} & set(east.split("*"))
    assert "华南在 channels.yaml 里没有频道" in south
    assert "A公司" not in south


def test_it_comes_once_however_often_and_by_whomever_it_is_planned(desk: Office) -> None:
    assert morning(desk) == 3
    assert [plan_digests(desk.desk) for _ in range(3)] == [0, 0, 0]
    desk.slack.forward(8 * 3600)
    assert plan_digests(desk.desk) == 0
    desk.run()
    assert (len(desk.posted(FINANCE)), len(desk.posted(EAST))) == (2, 1)


@pytest.mark.parametrize("kind", ["reset", "lost", "truncated", "503", "stall", "429", "error:internal_error"])
@pytest.mark.parametrize("applies", [None, True])
def test_faults_neither_lose_nor_double_it(desk: Office, kind: str, applies: bool | None) -> None:
    applies = None if kind == "429" else applies
    desk.fail("chat.postMessage", kind, 3, seconds=3.0, applies=applies)
    desk.fail("conversations.history", "503", 1)
    desk.fail("conversations.info", "reset", 1)
    assert morning(desk) == 3
    assert (len(desk.posted(FINANCE)), len(desk.posted(EAST))) == (2, 1)


def test_a_digest_found_again_shows_the_figures_that_are_kept(desk: Office) -> None:
    desk.desk = replace(desk.desk, channels=Channels(departments={"华东": Channel(channel=EAST)}))
    desk.fail("chat.postMessage", "reset", 1)
    desk.slack.forward(HALF_PAST.timestamp() - desk.slack.clock())
    assert plan_digests(desk.desk) == 1
    assert desk.one()
    book(desk, ("A", "华东", 3000, "2026-11-13"))
    desk.run()
    (only,) = said(desk, EAST)
    assert "3,000 元" in only
    (item,) = [one for one in desk.record.delivered(MONDAY) if one.kind == "digest"]
    assert item.result["totals"] == {"day": "2026-11-23", "customers": 1, "overdue": "3000.00"}


def test_the_next_one_says_what_moved(desk: Office) -> None:
    morning(desk)
    book(desk, ("A", "华东", 1500, "2026-11-13"), ("B", "华南", 90_000, "2026-11-20"), ("D", "华东", 700, "2026-11-20"))
    morning(desk, 24 * 60 + 30)
    assert "Since 23 Nov: +¥1,200, customers +1" in said(desk, EAST)[1]
    assert "较 11月23日：+700 元，+0 家" in said(desk, FINANCE)[2]
    morning(desk, 48 * 60 + 30)
    assert "Unchanged since 24 Nov" in said(desk, EAST)[2]


def test_a_desk_that_was_down_catches_up_once_and_says_so(desk: Office) -> None:
    assert morning(desk, 5 * 60) == 3
    assert "补发，原定 08:30" in said(desk, FINANCE)[0]
    assert [slot.late for slot in desk.record.slots("digest/finance")] == [True]
    assert morning(desk, 24 * 60 + 39) == 3
    assert "补发" not in said(desk, FINANCE)[2]


def test_days_missed_altogether_are_not_made_up_for(desk: Office) -> None:
    morning(desk)
    morning(desk, 3 * 24 * 60 + 31)  # Thursday
    assert [slot.day for slot in desk.record.slots("digest/finance")] == [date(2026, 11, 23), date(2026, 11, 26)]


@pytest.mark.parametrize(("days", "planned"), [(5, 0), (6, 0), (7, 3)])
def test_weekends_are_quiet(desk: Office, days: int, planned: int) -> None:
    assert morning(desk, days * 24 * 60 + 31) == planned


@pytest.mark.parametrize(("day", "works"), [("2026-10-01", False), ("2026-10-10", True), ("2026-02-17", False)])
def test_chinas_holidays_and_make_up_workdays_count(desk: Office, day: str, works: bool) -> None:
    moment = MONDAY + (date.fromisoformat(day) - date(2026, 11, 23)) + timedelta(minutes=31)
    desk.desk = replace(desk.desk, clock=lambda: moment)
    assert bool(plan_digests(desk.desk)) is works


def test_a_channel_may_choose_its_own_time(desk: Office) -> None:
    desk.desk = replace(
        desk.desk, channels=Channels(finance=Channel(channel=FINANCE, digest_time="07:00"), departments={"华东": Channel(channel=EAST, digest_time="09:15")})
    )  # fmt: skip
    assert morning(desk, 1) == 2  # finance, late, and with it the department that has no channel
    assert "原定 07:00" in said(desk, FINANCE)[0] + said(desk, FINANCE)[1]
    assert morning(desk, 74) == 0
    assert morning(desk, 75) == 1


def test_one_that_was_held_up_until_the_next_is_not_sent_any_more(desk: Office) -> None:
    desk.desk = replace(desk.desk, channels=Channels(departments={"华东": Channel(channel=EAST)}))
    desk.slack.forward(HALF_PAST.timestamp() - desk.slack.clock())
    desk.fail("conversations.info", "503", 1)
    assert plan_digests(desk.desk) == 1
    assert desk.one()
    desk.slack.forward(24 * 3600)
    assert plan_digests(desk.desk) == 1
    desk.run()
    assert len(desk.posted(EAST)) == 1
    assert sorted(item.why for item in desk.record.delivered(MONDAY) if item.kind == "digest") == ["", "newer_one_sent"]


def test_all_quiet_is_one_line_and_a_department_without_a_channel_stays_silent(desk: Office) -> None:
    book(desk)
    assert morning(desk) == 2
    (finance,) = desk.posted(FINANCE)
    assert [block["text"]["text"] for block in finance.blocks] == ["*逾期日报 · 11月23日*  没有客户逾期。"]
    assert [block["text"]["text"] for block in desk.posted(EAST)[0].blocks] == [
        "*Overdue, 华东, 23 Nov*  Nobody is overdue."
    ]


@pytest.mark.parametrize("where", ["shared", "archived", "public"])
def test_a_channel_that_others_read_gets_no_figures_and_the_others_get_theirs(desk: Office, where: str) -> None:
    workspace = desk.slack.workspace
    {"shared": workspace.shared.add, "archived": workspace.archived.add, "public": workspace.private.discard}[where](
        EAST
    )
    morning(desk)
    assert (len(desk.posted(EAST)), len(desk.posted(FINANCE))) == (0, 2)
    assert [item.why for item in desk.record.parked()] == [f"channel_{where}"]


def test_before_the_first_sync_nothing_is_planned(desk: Office) -> None:
    desk.desk.latest.view = None
    assert morning(desk) == 0


def test_the_command_sends_one_now_and_not_twice(desk: Office) -> None:
    item = send_digest(desk.desk, desk.record, "华东")
    assert how_sent(desk.desk, item, "华东", "en") == ("waiting", "On its way: the running desk sends it.")
    desk.run()
    assert how_sent(desk.desk, item, "华东", "en") == ("done", f"Sent to {EAST}.")
    again = send_digest(desk.desk, desk.record, "华东")
    assert how_sent(desk.desk, again, "华东", "en")[0] == "twice"
    assert morning(desk) == 2
    assert len(desk.posted(EAST)) == 1


def test_an_unknown_name_says_which_there_are(desk: Office) -> None:
    with pytest.raises(MisuseError) as refused:
        audience_called(desk.desk, "火星")
    assert refused.value.facts == {"found": "火星", "known": "finance, 华东, 华南"}
    assert preview_digest(desk.desk, "华南").customers == 1


# -- figures -------------------------------------------------------------------------------------------------------


def digest_over(ledger: Open, rows: list[str], **tabs: str) -> dict[str, Any]:
    customers = "customer_id,name,currency,department,sales_owner\n" + "".join(
        f"K{n},客户{n},{'USD' if n == 12 else 'CNY'},华东,林晓梅\n" for n in range(13)
    )
    invoices = "invoice_no,customer_id,issued_on,due_on,amount,currency\n" + "".join(rows)
    opened = ledger(customers=customers, invoices=invoices, **tabs)
    desk = replace(opened, channels=Channels(finance=Channel(channel=FINANCE)))
    return preview_digest(desk, "finance").as_json()


def test_the_ten_that_weigh_most_by_money_and_days_and_the_rest_as_a_count(ledger: Open) -> None:
    rows = [f"I{n},K{n},2026-08-01,2026-11-{19 - n:02d},{1000 - n * 50},CNY\n" for n in range(12)]
    found = digest_over(ledger, rows)
    weights = [float(row["overdue"]) * row["days"] for row in found["rows"]]
    assert len(weights) == 10
    assert weights == sorted(weights, reverse=True)
    assert (found["customers"], found["overdue"], found["longest"]) == (12, "8700.00", 12)
    left_out = {f"K{n}" for n in range(12)} - {row["customer_id"] for row in found["rows"]}
    assert left_out == {"K0", "K1"}
    assert (found["rest_customers"], found["rest_overdue"]) == (2, "1950.00")


def test_a_customer_without_a_rate_is_counted_apart(ledger: Open) -> None:
    found = digest_over(ledger, ["I1,K1,2026-08-01,2026-11-10,100,CNY\n", "I2,K12,2026-08-01,2026-11-01,900,USD\n"])
    assert (found["customers"], found["overdue"], found["unknown"]) == (1, "100.00", 1)
    assert [row["customer_id"] for row in found["rows"]] == ["K1"]


def test_a_foreign_customer_counts_in_base_currency(ledger: Open) -> None:
    rates = "currency,as_of,to_base\nUSD,2026-11-01,7.1\n"
    found = digest_over(ledger, ["I2,K12,2026-08-01,2026-11-10,100,USD\n"], rates=rates)
    assert (found["overdue"], found["unknown"]) == ("710.00", 0)


def test_names_of_people_stay_names_and_the_message_within_slacks_limits(desk: Office) -> None:
    hostile = "<!channel> *bold* @here " * 40
    book(desk, *[(f"H{n}", "华东", 10_000 + n, "2026-11-13") for n in range(14)])
    desk.paper.customers = [HEAD, *([*row[:1], hostile, *row[2:5], hostile] for row in desk.paper.customers[1:])]
    sync(desk.desk, force=True)
    morning(desk)
    text = said(desk, FINANCE)[0]
    assert "<!" not in text
    assert "@here" not in text
    assert desk.record.parked() == []


def test_warnings_are_told_when_they_are_new_and_only_counted_afterwards(desk: Office) -> None:
    watch_ledger(desk.desk)
    morning(desk)
    finance, (east,) = said(desk, FINANCE)[0], said(desk, EAST)
    assert "*预警*：🔴 红 0  ·  🟠 橙 32  ·  🟡 黄 2" in finance
    assert "另有 29 条" in finance
    assert "🟠 Orange warning: oldest overdue 10 days  ·  *A公司* (A)  ·  林晓梅  ·  new" in east
    assert "B公司" not in east
    desk.slack.forward(86400)
    sync(desk.desk, force=True)
    watch_ledger(desk.desk)
    plan_digests(desk.desk)
    desk.run()
    assert "🟠 orange 1  ·  🟡 yellow 0 (unchanged since 23 Nov)" in said(desk, EAST)[-1]
    assert "Orange warning" not in said(desk, EAST)[-1]
    assert "（与 11月23日相同）" in said(desk, FINANCE)[-1]


def test_what_has_risen_says_so_and_what_is_over_is_counted(desk: Office) -> None:
    watch_ledger(desk.desk)
    morning(desk)
    book(desk, ("A", "华东", 1000, "2026-11-13"), ("B", "华南", 90_000, "2026-12-20"), ("C", "", 500, "2026-11-22"))
    desk.slack.forward(5 * 86400)
    sync(desk.desk, force=True)
    watch_ledger(desk.desk)
    shown = shown_digest(desk.desk, preview_digest(desk.desk, "finance"), "en")
    text = all_text({"text": shown["text"], "blocks": shown["blocks"]})
    assert "🔴 red 1  ·  🟠 orange 31  ·  🟡 yellow 1 (since 23 Nov: 0 new, 1 worse or better, 1 over)" in text
    assert "🔴 Red warning: oldest overdue 15 days  ·  *A公司* (A)  ·  林晓梅, 华东" in text
    assert "C公司* (C)  ·" not in text.partition("Warnings")[2]
