"""Cases: what may be done with one in which state, by whom, and what closing needs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.case_acts import CaseChange, advance_case, knows_case
from approvals.cases import CASE_TRANSITIONS, Case, CaseAct, CaseKind, Evidence, Seat, case_table_text, lacking
from approvals.errors import CaseError
from approvals.incident import CHECKLIST, NEEDED, alarmed, team_of
from approvals.people import Person, parse_people
from scoring.errors import PolicyError
from tests.builders import ROOT

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
FILE = parse_people((ROOT / "people.yaml").read_text(encoding="utf-8"))
PEOPLE = FILE.by_id
LINE = Evidence(text="ACME 老板失联", said_on=date(2026, 11, 24), by="lin", at=NOW)


def case(**more: Any) -> Case:
    values: dict[str, Any] = {
        "case_id": "EV-2026-0001", "customer_id": "C1", "name": "客户1号", "department": "华东", "sales_owner": "林晓梅",
        "currency": "CNY", "kind": "credit", "severity": "orange", "what": "老板失联", "occurred_on": date(2026, 11, 24),
        "source": "command", "owner": "lin", "opened_by": "wang", "opened_at": NOW, "changed_at": NOW,
    }  # fmt: skip
    return Case(**{**values, **more})


def done(one: Case, act: CaseAct, who: str = "lin", **more: Any) -> Case:
    return advance_case(one, CaseChange(act=act, **more), PEOPLE[who], NOW)


def refused(one: Case, act: CaseAct, who: str = "lin", **more: Any) -> str:
    with pytest.raises(CaseError) as problem:
        done(one, act, who, **more)
    return problem.value.code


def handled(**more: Any) -> Case:
    one = done(case(**more), "measure", text="上门拜访")
    return done(one, "effect", text="找到人，承诺周五付款", place=0)


def test_a_case_goes_from_open_to_closed_with_cause_and_lesson() -> None:
    one = done(done(case(), "evidence", evidence=LINE), "measure", text=" 上门拜访 ")
    assert (one.state, one.version, one.measures[0].text, one.measures[0].by) == ("acting", 3, "上门拜访", "lin")
    one = done(one, "effect", "wang", text="承诺周五付款", place=0)
    one = done(one, "close", cause="过度扩张", lesson="季度看现金流")
    assert (one.state, one.cause, one.lesson, one.closed_by) == ("closed", "过度扩张", "季度看现金流", "lin")
    again = done(one, "reopen")
    assert (again.state, again.closed_at, again.lesson) == ("acting", None, "季度看现金流")


def test_closing_names_what_is_missing() -> None:
    assert refused(case(), "close", cause="x", lesson="y") == "case_act_not_now"
    one = done(case(), "measure", text="上门拜访")
    assert (lacking(one), refused(one, "close", cause="x", lesson="y")) == (("effect",), "case_lacks_effect")
    reopened = replace(case(), state="acting")
    assert refused(reopened, "close", cause="x", lesson="y") == "case_lacks_measure"
    assert refused(handled(), "close", cause="  ", lesson="y") == "case_words_missing"
    assert refused(handled(), "close", cause="x") == "case_words_missing"


@pytest.mark.parametrize("who", ["lin", "zhao"])
def test_a_red_case_is_not_closed_or_lowered_by_who_has_it(who: str) -> None:
    red = handled(severity="red", owner=who)
    assert refused(red, "close", who, cause="x", lesson="y") == "case_red_needs_other"
    assert refused(red, "change", who, severity="yellow") == "case_red_needs_other"
    assert done(red, "close", "ma", cause="x", lesson="y").state == "closed"
    assert done(red, "change", "chen", severity="orange").severity == "orange"


def test_an_overseer_who_has_a_red_case_himself_needs_another() -> None:
    red = handled(severity="red", owner="ma")
    assert refused(red, "close", "ma", cause="x", lesson="y") == "case_red_needs_other"
    assert done(red, "close", "liu", cause="x", lesson="y").closed_by == "liu"


def test_whoever_has_it_raises_it_and_gives_it_to_somebody_who_sees_the_customer() -> None:
    assert done(case(), "change", severity="red").severity == "red"
    assert done(case(), "change", "wang", owner=PEOPLE["zhao"]).owner == "zhao"
    assert refused(case(), "change", owner=PEOPLE["smith"]) == "case_owner_unfit"
    assert refused(case(), "change", severity="orange", owner=PEOPLE["lin"]) == "case_nothing_changed"
    assert refused(case(), "change", "he", severity="red") == "case_not_yours"
    assert done(case(), "change", "ma", severity="yellow").severity == "yellow"


def test_other_departments_know_nothing_of_it() -> None:
    assert not knows_case(case(), PEOPLE["smith"])
    assert {refused(case(), act, "smith", text="x") for act in get_args(CaseAct)} == {"case_unknown"}
    assert knows_case(case(opened_by="smith"), PEOPLE["smith"])


def test_nothing_but_reopening_is_done_with_a_closed_case() -> None:
    closed = done(handled(), "close", cause="x", lesson="y")
    for act in set(get_args(CaseAct)) - {"reopen"}:
        assert refused(closed, act, "ma", text="x", evidence=LINE) == "case_closed"


def test_a_red_case_has_its_team_and_the_steps_of_the_seats_that_its_kind_needs() -> None:
    red = alarmed(case(severity="red"), FILE)
    assert red.team == ("lin", "wang", "liu", "chen", "he", "sun", "ma")
    assert {one.seat for one in red.checklist} == {"management", "sales", "finance", "legal", "risk"}
    assert alarmed(case(), FILE) == case()
    seats = team_of(FILE, case(kind="service", department="海外"))
    assert (seats["production"], seats["sales"], seats["legal"]) == ((), (), ("sun",))
    assert set(NEEDED) == set(get_args(CaseKind))
    assert {one.seat for one in CHECKLIST} == set(get_args(Seat))
    assert len({one.code for one in CHECKLIST}) == len(CHECKLIST)


def test_the_team_knows_the_case_and_ticks_each_step_once() -> None:
    red = alarmed(case(severity="red", department="海外", sales_owner="", owner="smith", opened_by="smith"), FILE)
    assert {one for one in red.team if knows_case(red, PEOPLE[one])} == set(red.team)
    ticked = done(red, "tick", "he", step="money")
    assert next(one for one in ticked.checklist if one.code == "money").by == "he"
    assert refused(ticked, "tick", "he", step="money") == "case_ticked"
    assert refused(red, "tick", "he", step="staff") == "case_ticked"


def test_a_red_case_closes_when_every_step_is_seen_to() -> None:
    red = alarmed(handled(severity="red"), FILE)
    assert lacking(red) == ("checklist",)
    assert refused(red, "close", "ma", cause="x", lesson="y") == "case_lacks_checklist"
    for one in red.checklist:
        red = done(red, "tick", "ma", step=one.code)
    assert done(red, "close", "ma", cause="x", lesson="y").state == "closed"


def test_a_seat_for_nobody_is_refused_with_its_line() -> None:
    text = (ROOT / "people.yaml").read_text(encoding="utf-8").replace("people: [ma]", "people: [nobody]")
    with pytest.raises(PolicyError, match="people_nobody") as problem:
        parse_people(text)
    assert problem.value.facts["found"] == "nobody"


def test_the_table_stands_in_the_docs() -> None:
    assert case_table_text() in Path(ROOT / "docs" / "cases.md").read_text(encoding="utf-8")


CHANGES: dict[CaseAct, Callable[[str, Person], CaseChange]] = {
    "evidence": lambda _, __: CaseChange(act="evidence", evidence=LINE),
    "measure": lambda text, _: CaseChange(act="measure", text=text),
    "effect": lambda text, _: CaseChange(act="effect", text=text, place=0),
    "tick": lambda text, _: CaseChange(act="tick", step="facts" if text else "decider"),
    "change": lambda text, who: CaseChange(act="change", owner=who, severity="red" if text else "yellow"),
    "close": lambda text, _: CaseChange(act="close", cause=text, lesson=text),
    "reopen": lambda _, __: CaseChange(act="reopen"),
}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(get_args(CaseAct)), st.sampled_from(sorted(PEOPLE)), st.sampled_from(["", " ", "词"]),
            st.sampled_from(sorted(PEOPLE)),
        ),
        max_size=30,
    )
)  # fmt: skip
def test_whatever_is_tried_every_step_is_in_the_table_and_a_closed_case_has_everything(
    steps: list[tuple[CaseAct, str, str, str]],
) -> None:
    one = case()
    for act, who, text, other in steps:
        before = one
        try:
            one = alarmed(advance_case(one, CHANGES[act](text, PEOPLE[other]), PEOPLE[who], NOW), FILE)
        except CaseError:
            assert one == before
            continue
        assert CASE_TRANSITIONS[before.state, act] == one.state
        assert one.version == before.version + 1
        assert one.evidence[: len(before.evidence)] == before.evidence
        assert len(one.measures) >= len(before.measures)
        if one.state == "closed":
            assert one.measures
            assert one.cause.strip()
            assert one.lesson.strip()
            assert all(measure.effect.strip() for measure in one.measures)
            assert all(check.by for check in one.checklist)
            assert one.severity != "red" or one.closed_by != one.owner
