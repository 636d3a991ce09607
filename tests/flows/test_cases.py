"""What goes out about cases, into the sandbox's workspace and onto a paper ledger."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from approvals.case_acts import CaseChange
from approvals.cases import Case
from approvals.errors import CaseError
from flows.access import Reader
from flows.approval import Event
from flows.cases import CasePlace, Opening, act_on_case, open_case
from flows.roster import Roster
from flows.sync import sync
from scoring.errors import DeskError
from tests.flows.office import Office, office

LIN, WANG, MA = "U01LIN", "U02WANG", "U09MA"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as opened:
        opened.paper.customers[0] += ["部门", "业务经办"]
        for row in opened.paper.customers[1:]:
            row += ["华东", "林晓梅"]
        sync(opened.desk)
        yield opened


def reader(desk: Office, person: str = "lin") -> Reader:
    found = desk.desk.people.by_id[person]
    return Reader(account=found.slack[0], name=found.name, lang="zh-CN", person=found)


def opening(desk: Office, key: str = "k1", who: str = "lin", **more: Any) -> Case:
    values: dict[str, Any] = {
        "customer_id": "C1", "kind": "credit", "severity": "orange", "what": "老板失联", "owner": "lin",
        "occurred_on": date(2026, 11, 22),
    }  # fmt: skip
    return open_case(desk.desk, reader(desk, who), Opening(**{**values, **more}), Event(key, "h"))


def act(desk: Office, case: Case, who: str = "lin", key: str = "", **change: Any) -> Case:
    place = CasePlace(case.case_id, case.version)
    return act_on_case(
        desk.desk, reader(desk, who), place, CaseChange(**change), Event(key or f"{case.version}{change}", "h")
    )


def test_who_has_it_and_who_opened_it_get_a_card_that_changes_where_it_hangs(desk: Office) -> None:
    case = opening(desk, who="wang")
    desk.run()
    (mine,), (his,) = desk.posted(desk.dm(LIN)), desk.posted(desk.dm(WANG))
    assert case.case_id in mine.text
    case = act(desk, case, act="measure", text="上门拜访")
    desk.run()
    (again,) = desk.posted(desk.dm(LIN))
    assert again.ts == mine.ts
    assert "上门拜访" in str(again.blocks)
    assert "上门拜访" in str(desk.posted(desk.dm(WANG))[0].blocks)
    assert his.ts == desk.posted(desk.dm(WANG))[0].ts


def test_a_new_owner_gets_his_card_and_the_old_one_sees_who_has_it(desk: Office) -> None:
    case = opening(desk)
    desk.run()
    act(desk, case, act="change", owner=desk.desk.people.by_id["wang"])
    desk.run()
    assert "王强" in str(desk.posted(desk.dm(WANG))[0].blocks)
    assert "王强" in str(desk.posted(desk.dm(LIN))[0].blocks)


def test_a_click_or_modal_delivered_twice_is_recorded_once(desk: Office) -> None:
    case = opening(desk)
    with pytest.raises(DeskError, match="click_again"):
        opening(desk)
    act(desk, case, key="m", act="measure", text="对账")
    with pytest.raises(DeskError, match="click_again"):
        act(desk, case, key="m", act="measure", text="对账")
    (kept,) = desk.record.cases()
    assert len(kept.measures) == 1


def test_of_two_who_close_at_once_one_is_told_to_look_again(desk: Office) -> None:
    case = act(desk, opening(desk), act="measure", text="对账")
    case = act(desk, case, act="effect", text="已对清", place=0)
    act(desk, case, act="close", cause="账不清", lesson="按月对账")
    with pytest.raises(CaseError, match="case_moved"):
        act(desk, case, "ma", act="close", cause="别的", lesson="别的")
    (kept,) = desk.record.cases(states=("closed",))
    assert kept.closed_by == "lin"


def test_an_owner_who_does_not_see_the_customer_is_refused(desk: Office) -> None:
    with pytest.raises(CaseError, match="case_owner_unfit"):
        opening(desk, owner="smith")
    with pytest.raises(CaseError, match="case_customer_unknown"):
        opening(desk, who="smith")
    with pytest.raises(CaseError, match="case_customer_unknown"):
        opening(desk, customer_id="C404")
    assert desk.record.cases() == []


def test_numbers_follow_one_another_and_a_refused_one_uses_none(desk: Office) -> None:
    opening(desk, "a")
    with pytest.raises(CaseError):
        opening(desk, "b", owner="smith")
    assert opening(desk, "c").case_id == "EV-2026-0002"


def test_a_card_goes_away_with_the_right_to_see_it(desk: Office) -> None:
    case = opening(desk, who="wang", owner="ma")
    desk.run()
    assert len(desk.posted(desk.dm(WANG))) == 1
    people = desk.desk.people
    gone = people.model_copy(update={"people": tuple(one for one in people.people if one.id != "wang")})
    desk.desk = replace(desk.desk, roster=Roster(type(people)(people=gone.people)))
    act(desk, case, "ma", act="measure", text="停供")
    desk.run()
    assert desk.posted(desk.dm(WANG)) == []
