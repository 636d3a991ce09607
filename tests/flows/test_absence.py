"""Somebody is away: his turn given, taken back and over by the calendar; who gets which card, and what is on record."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from approvals.delegation import Delegation
from approvals.errors import DelegationError
from approvals.people import Grant, People, Person
from flows.absence import Wanted, delegate, end_delegation, keep_absences
from flows.decide import known_to
from flows.ledger_entry import entry_of
from flows.notes import made_note
from flows.request_texts import CardTexts
from flows.roster import Roster
from flows.routing import record_of
from tests.flows.requests import NOON, Office, office
from tests.texts.plain import page

TODAY = date(2026, 11, 20)


def staffed(folder: Path) -> Office:
    """The company, with a deputy GM of another department."""
    made = office(folder)
    people = made.desk.people
    far = Person(id="gao", name="高远", roles=("dept_deputy_gm",), departments=("华南",), slack=("U20NEW",), lang="en")
    made.desk = replace(made.desk, roster=Roster(People(people=(*people.people, far))))
    return made


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Office]:
    made = staffed(tmp_path)
    yield made
    record_of(made.desk).close()


def gives(hall: Office, giver: str, taker: str, start: str = "2026-11-20", end: str = "2026-11-24", **more: Any) -> str:
    wanted = Wanted(
        whose=more.get("whose", ""), to=taker, starts_on=date.fromisoformat(start), ends_on=date.fromisoformat(end),
        reason=more.get("reason", "年假"),
    )  # fmt: skip
    return delegate(hall.desk, hall.reader(giver), wanted, f"g{hall.keys()}", "h").id


def ends(hall: Office, person: str, delegation_id: str) -> Delegation:
    return end_delegation(hall.desk, hall.reader(person), delegation_id, f"e{hall.keys()}", "h")


def out(hall: Office) -> list[tuple[str, str, bool]]:
    """(kind, to whom, only where it hangs) of what waits to go out, taken away by looking."""
    found, record = [], record_of(hall.desk)
    while (item := record.claim("test", 60)) is not None:
        to = str(item.payload.get("audience") or item.payload.get("person"))
        found.append((item.kind, to, bool(item.payload.get("hung"))))
        record.finish(item, "test", outcome="done")
    return found


def new_cards(hall: Office) -> set[str]:
    return {to for kind, to, hung in out(hall) if kind == "card" and not hung}


def waiting(hall: Office) -> str:
    """A request that waits for the sales manager; its number."""
    number = hall.filed().request_no
    hall.does("xu", number, "vouch")
    hall.clock.forward(minutes=2)
    out(hall)
    return number


def card(hall: Office, number: str, audience: str, lang: str = "zh-CN") -> str:
    filed = record_of(hall.desk).request(number)
    assert filed is not None
    drawn = CardTexts().card(hall.desk, filed, audience, lang)
    return "" if drawn is None else str(drawn.message)


def audited(hall: Office, act: str) -> list[dict[str, Any]]:
    return [json.loads(one.facts) for one in record_of(hall.desk).audit_entries() if one.act == act]


def test_what_waits_reaches_the_stand_in_at_once_and_both_are_told(hall: Office) -> None:
    number = waiting(hall)
    made = gives(hall, "wang", "gao")
    sent = out(hall)
    assert {to for kind, to, hung in sent if kind == "card" and not hung} == {"gao"}
    assert {to for kind, to, hung in sent if kind == "card" and hung} == {"applicant", "xu", "wang"}
    assert [to for kind, to, _ in sent if kind == "note"] == ["wang", "gao"]
    assert "approval.recommend" in card(hall, number, "gao")
    assert "王强［请假：高远 代］" in card(hall, number, "applicant")
    assert "王强 [away: 高远 signs]" in card(hall, number, "xu", "en")
    assert audited(hall, "delegate") == [
        {"delegation": made, "from": "wang", "to": "gao", "starts_on": "2026-11-20", "ends_on": "2026-11-24"}
    ]
    after = hall.does("gao", number, "recommend")
    assert (after.signatures[-1].person, after.signatures[-1].for_person) == ("gao", "wang")
    assert audited(hall, "recommend")[-1]["for"] == "wang"


def test_a_signature_for_somebody_is_shown_everywhere_as_such(hall: Office) -> None:
    number = waiting(hall)
    gives(hall, "wang", "gao")
    after = hall.does("gao", number, "recommend")
    filed = record_of(hall.desk).request(number)
    assert filed is not None
    said = {audience: card(hall, number, audience) for audience in ("applicant", "wang", "zhao", "gao")}
    assert all("高远（部门副总） 代 王强" in one for one in said.values())
    payload = {"what": "recommend", "signature": len(after.signatures) - 1}
    for lang, words in (
        ("zh-CN", "高远（部门副总） 代 王强已推荐"),
        ("en", "高远 (department deputy GM) for 王强 recommends"),
    ):
        assert words in str(CardTexts().thread(hall.desk, filed, "applicant", lang, payload))
    for person in ("he", "ma"):
        hall.does(person, number, "approve")
    hall.does("zhao", number, "recommend")
    hall.does("chen", number, "approve")
    decided = record_of(hall.desk).request(number)
    assert decided is not None
    (entry,) = (row for row in entry_of(hall.desk, decided, mark="m", mark_no=1).rows if row.tab == "decisions")
    assert "高远 代 王强" in str(entry.values["approvers"])


def test_a_delegation_to_come_brings_its_cards_when_offices_open_on_its_first_day(hall: Office) -> None:
    number = waiting(hall)
    gives(hall, "wang", "gao", "2026-11-23")
    assert {kind for kind, *_ in out(hall)} == {"note"}
    assert "approval.recommend" not in card(hall, number, "gao")
    assert keep_absences(hall.desk) == {}
    hall.clock.now = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)  # 00:30 on the day
    assert "approval.recommend" in card(hall, number, "gao")
    assert keep_absences(hall.desk) == {}
    hall.clock.now = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    assert keep_absences(hall.desk) == {"begun": 1}
    assert new_cards(hall) == {"gao"}
    assert keep_absences(hall.desk) == {}


def test_who_is_needed_at_a_later_step_is_not_named_as_a_stand_in_and_is_told_why(hall: Office) -> None:
    number = waiting(hall)
    gives(hall, "wang", "zhao")
    assert new_cards(hall) == set()
    assert "请假" not in card(hall, number, "applicant")
    assert hall.refused("zhao", number, "recommend").code == "needed_later"


def test_after_the_last_day_the_buttons_go_from_the_card_that_hangs_and_no_new_one_comes(hall: Office) -> None:
    number = waiting(hall)
    gives(hall, "wang", "gao")
    out(hall)
    hall.clock.now = datetime(2026, 11, 24, 15, 59, tzinfo=UTC)
    assert keep_absences(hall.desk) == {}
    hall.clock.now = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
    assert keep_absences(hall.desk) == {"over": 1}
    sent = out(hall)
    assert ("card", "gao", True) in sent
    assert all(hung for _, _, hung in sent)
    assert "approval.recommend" not in card(hall, number, "gao")
    assert "请假" not in card(hall, number, "applicant")
    assert keep_absences(hall.desk) == {}
    # what moves later still changes the card that hangs with him, and posts none
    hall.desk.latest.view = replace(hall.desk.latest.view, synced_at=hall.clock.now)  # type: ignore[type-var]
    hall.does("wang", number, "return", reason="请补报表")
    assert ("card", "gao", True) in out(hall)


def test_a_delegation_that_is_ended_takes_the_turn_back_at_once(hall: Office) -> None:
    number = waiting(hall)
    made = gives(hall, "wang", "gao")
    out(hall)
    gao = hall.desk.people.by_id["gao"]
    assert known_to(hall.desk, hall.now(number), gao)
    over = ends(hall, "gao", made)
    assert (over.ended_by, over.ended_at) == ("gao", hall.clock.now)
    sent = out(hall)
    assert ("card", "gao", True) in sent
    assert [to for kind, to, _ in sent if kind == "note"] == ["wang", "gao"]
    assert hall.refused("gao", number, "recommend").code == "request_unknown"
    assert card(hall, number, "gao") == ""
    assert audited(hall, "end_delegation")[0]["delegation"] == made
    with pytest.raises(DelegationError, match="delegation_ended"):
        ends(hall, "wang", made)
    assert keep_absences(hall.desk) == {}


def test_whose_step_comes_later_is_named_with_his_stand_in_and_the_card_comes_with_the_step(hall: Office) -> None:
    number = waiting(hall)
    gives(hall, "zhao", "chen")
    sent = out(hall)
    assert {to for kind, to, hung in sent if kind == "card" and not hung} == set()
    gives(hall, "wang", "gao")
    out(hall)
    hall.does("wang", number, "recommend")
    assert "gao" not in new_cards(hall)
    hall.does("he", number, "approve")
    hall.does("ma", number, "approve")
    assert {"zhao", "chen"} <= new_cards(hall)


@pytest.mark.parametrize(
    ("maker", "given", "code"),
    [
        ("wang", {"taker": "wang"}, "delegation_self"),
        ("zhao", {"taker": "wang"}, "delegation_lower"),
        ("wang", {"taker": "nobody"}, "delegation_nobody"),
        ("lin", {"taker": "wang"}, "delegation_no_turn"),
        ("lin", {"taker": "zhao", "whose": "wang"}, "delegation_not_yours"),
        ("wang", {"taker": "zhao", "start": "2026-11-19"}, "delegation_past"),
        ("wang", {"taker": "zhao", "start": "2026-11-25"}, "delegation_over"),
        ("wang", {"taker": "zhao", "end": "2026-12-20"}, "delegation_too_long"),
        ("xu", {"taker": "zhao", "whose": "wang", "reason": " "}, "delegation_reason"),
        ("xu", {"taker": "xu", "whose": "wang"}, "delegation_maker"),
        ("wang", {"taker": "chen"}, "delegation_twice"),
        ("chen", {"taker": "liu"}, "delegation_onward"),
    ],
)  # fmt: skip
def test_what_the_rules_forbid_is_refused_and_on_record(
    hall: Office, maker: str, given: dict[str, Any], code: str
) -> None:
    if code == "delegation_twice":
        gives(hall, "wang", "zhao")
    if code == "delegation_onward":
        gives(hall, "zhao", "chen")
    before = record_of(hall.desk).delegations_since(TODAY)
    with pytest.raises(DelegationError, match=code):
        gives(hall, maker, given.pop("taker"), **given)
    assert record_of(hall.desk).delegations_since(TODAY) == before
    assert audited(hall, "refused") == [{"act": "delegate", "code": code}]


def test_the_customer_administrator_enters_it_for_somebody_ill(hall: Office) -> None:
    made = gives(hall, "xu", "zhao", whose="wang", reason="急诊")
    sent = out(hall)
    assert [to for kind, to, _ in sent if kind == "note"] == ["wang", "zhao"]
    assert audited(hall, "delegate")[0] | {"delegation": made} == audited(hall, "delegate")[0]
    note = {"what": "delegated", "person": "wang", "delegation": made, "by": "xu"}
    said = {lang: str(made_note(hall.desk, note, lang)) for lang in ("zh-CN", "en")}
    assert "由 徐蕾 登记" in said["zh-CN"]
    assert "Entered by 徐蕾" in said["en"]
    ends(hall, "sun", made)  # the administrator


def test_a_delivery_that_comes_twice_does_it_once(hall: Office) -> None:
    wanted = Wanted(whose="", to="zhao", starts_on=TODAY, ends_on=TODAY, reason="")
    delegate(hall.desk, hall.reader("wang"), wanted, "same", "h")
    with pytest.raises(Exception, match="click_again"):
        delegate(hall.desk, hall.reader("wang"), wanted, "same", "h")
    assert len(record_of(hall.desk).delegations(TODAY)) == 1


def test_the_notes_say_who_for_whom_and_when(hall: Office) -> None:
    made = gives(hall, "wang", "zhao")
    ended = {"what": "undelegated", "delegation": made, "by": "zhao"}
    begun = {"what": "delegated", "delegation": made, "by": "wang"}
    pages = [
        page(message)
        for facts in (begun, ended)
        for person in ("wang", "zhao")
        if (message := made_note(hall.desk, {**facts, "person": person}, "zh-CN")) is not None
    ]
    assert pages == [
        "(授信台提醒)\n11月20日至11月24日 由 *赵敏* 代您审批，等您处理的申请也会送给代办人。用 `/credit 委托` 可以结束。原因：“年假”。\n",
        "(授信台提醒)\n*王强* 11月20日至11月24日 请假，由您代办。这些天等 王强 处理的申请也会送给您，您的签字记为“赵敏 代 王强”。用 `/credit 委托` 可以结束。原因：“年假”。\n",
        "(授信台提醒)\n*赵敏* 不再代您审批（11月20日至11月24日），等您处理的申请由您自己处理。由 赵敏 结束。\n",
        "(授信台提醒)\n您不再代 *王强* 审批（11月20日至11月24日）。\n",
    ]


def test_who_stands_in_across_departments_sees_what_waits_and_nothing_else(hall: Office) -> None:
    number = waiting(hall)
    gao = hall.desk.people.by_id["gao"]
    assert not known_to(hall.desk, hall.now(number), gao)
    gives(hall, "wang", "gao", "2026-11-21")
    assert not known_to(hall.desk, hall.now(number), gao)
    hall.clock.forward(days=1)
    assert known_to(hall.desk, hall.now(number), gao)
    assert not known_to(hall.desk, hall.now(number), Person(id="z", name="Z", roles=(), grants=(Grant(role="sales"),)))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.integers(0, 6), length=st.integers(0, 6),
    hours=st.lists(st.integers(1, 40), min_size=1, max_size=8), ended=st.none() | st.integers(0, 7),
)  # fmt: skip
def test_whenever_the_clock_looks_buttons_are_there_on_the_days_and_only_then(
    tmp_path_factory: pytest.TempPathFactory, start: int, length: int, hours: list[int], ended: int | None
) -> None:
    hall = staffed(tmp_path_factory.mktemp("away"))
    number = waiting(hall)
    first, last = TODAY.toordinal() + start, TODAY.toordinal() + start + length
    made = gives(hall, "wang", "gao", date.fromordinal(first).isoformat(), date.fromordinal(last).isoformat())
    over, hung, begun = False, "gao" in new_cards(hall), start == 0
    assert hung == begun
    for place, step in enumerate(hours):
        hall.clock.forward(hours=step)
        if ended == place and hall.desk.today().toordinal() <= last:
            ends(hall, "wang", made)
            over = True
        keep_absences(hall.desk)
        hung = hung or "gao" in new_cards(hall)
        today = hall.desk.today().toordinal()
        holds = first <= today <= last and not over
        assert ("approval.recommend" in card(hall, number, "gao")) == holds
        local = hall.desk.local(hall.clock.now)
        assert local is not None
        if holds and local.hour >= 9:
            assert hung
        if today < first:
            assert not hung
    assert hall.clock.now >= NOON
    record_of(hall.desk).close()
