"""A case in the ledger: one row of `events`, brought up to date, once."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flows.deliver import deliver_next
from flows.sync import sync
from tests.flows.office import Office, office
from tests.flows.test_cases import act, opening
from tests.sheets.writing import Sheet, served

EVENTS = "风险事件"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as opened:
        opened.paper.customers[0] += ["部门", "业务经办"]
        for row in opened.paper.customers[1:]:
            row += ["华东", "林晓梅"]
        sync(opened.desk)
        yield opened


@pytest.fixture
def sheet(tmp_path: Path) -> Iterator[Sheet]:
    home = tmp_path / "sheet"
    home.mkdir()
    with served(home) as found:
        yield found


def run(desk: Office, sheet: Sheet) -> None:
    """Deliver until nothing waits any more."""
    for _ in range(200):
        if deliver_next(desk.desk, replace(desk.ports, ledger=sheet.writer), "a"):
            continue
        if not desk.record.unfinished():
            return
        desk.slack.forward(5)
    raise AssertionError(desk.record.unfinished())


def row(sheet: Sheet, case_id: str) -> dict[str, Any]:
    """The row of a case by its headers."""
    head = sheet.shown(EVENTS)[0]
    found = sheet.row(case_id, EVENTS)
    return dict(zip(head, [*found, *[None] * (len(head) - len(found))], strict=True))


def test_a_case_is_added_and_brought_up_to_date_in_its_row(desk: Office, sheet: Sheet) -> None:
    case = opening(desk)
    run(desk, sheet)
    assert (row(sheet, case.case_id)["状态"], row(sheet, case.case_id)["责任人"]) == ("待处理", "林晓梅")
    case = act(desk, case, act="measure", text="=1+1")
    case = act(desk, case, act="effect", text="找到人", place=0)
    act(desk, case, act="close", cause="过度扩张", lesson="看现金流")
    run(desk, sheet)
    told = row(sheet, case.case_id)
    assert (told["状态"], told["原因"], told["教训"]) == ("已关闭", "过度扩张", "看现金流")
    assert "1. =1+1" in told.values()
    assert "1. 找到人" in told.values()
    assert len(sheet.shown(EVENTS)) == 2
    assert sheet.google.unknown == []


def test_an_answer_that_is_lost_leaves_one_row(desk: Office, sheet: Sheet) -> None:
    sheet.fail("reset")
    case = opening(desk)
    run(desk, sheet)
    assert [one[0] for one in sheet.shown(EVENTS)[1:]] == [case.case_id]


def test_an_exercise_says_so_in_the_ledger(desk: Office, sheet: Sheet) -> None:
    case = opening(desk, drill=True)
    run(desk, sheet)
    told = [str(cell) for cell in row(sheet, case.case_id).values() if str(cell).startswith("【演练】")]
    assert len(told) == 2


def test_steps_in_quick_succession_are_one_write(desk: Office, sheet: Sheet) -> None:
    case = opening(desk)
    act(desk, case, act="measure", text="上门")
    assert [item.kind for item in desk.record.unfinished()].count("case_entry") == 1
    run(desk, sheet)
    assert "1. 上门" in row(sheet, case.case_id).values()
