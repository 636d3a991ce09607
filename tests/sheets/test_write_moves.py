"""People sort, insert, delete and rename in the very moment of writing: the right row gets it, the others keep theirs."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.google.cells import Cell, Formula
from sandbox.google.store import Tab
from sheets.write_job import WriteConflict, WriteJob, WriteUnknown
from tests.sheets.writing import CUSTOMERS, Sheet, decision, fresh, job, newcomer, update

BOTH = job(update("C2", credit_limit=Decimal(500_000), status="hold"), newcomer(), decision())


def insert(tab: Tab, row: int, *cells: Cell) -> None:
    tab.cells.insert(row, list(cells))
    tab.rows += 1


def head(tab: Tab) -> int:
    return next(number for number, row in enumerate(tab.cells) if "客户编号" in row)


def customers(tab: Tab) -> list[int]:
    at = tab.cells[head(tab)].index("客户编号")
    return [number for number, row in enumerate(tab.cells) if len(row) > at and str(row[at]).startswith("C")]


def reverse(tab: Tab) -> None:
    places = customers(tab)
    for place, row in zip(places, [tab.cells[place] for place in reversed(places)], strict=True):
        tab.cells[place] = row


def reverse_values(tab: Tab) -> None:
    """A sort without the last two columns: formulas beside stay where they are."""
    width = len(tab.cells[head(tab)]) - 2
    places = customers(tab)
    left = [(tab.cells[place] + [None] * width)[:width] for place in reversed(places)]
    for place, cells in zip(places, left, strict=True):
        tab.cells[place][:width] = cells


def swap(tab: Tab) -> None:
    for row in tab.cells[head(tab) :]:
        row.extend([None] * (4 - len(row)))
        row.insert(2, row.pop(3))


def column(tab: Tab, place: int, header: Cell = None) -> None:
    top = head(tab)
    for number, row in enumerate(tab.cells):
        if len(row) > place:
            row.insert(place, header if number == top else None)


MOVES: dict[str, Callable[[Tab], object]] = {
    "a row inserted above": lambda tab: insert(tab, head(tab) + 1),
    "a customer inserted above": lambda tab: insert(tab, head(tab) + 1, "C5", "戊", 7, 10, None, "正常"),
    "a title inserted": lambda tab: insert(tab, 0, "标题"),
    "a row deleted above": lambda tab: tab.cells.pop(head(tab) + 1),
    "spacers deleted": lambda tab: tab.cells.pop(head(tab) - 1),
    "sorted": reverse,
    "sorted without the last columns": reverse_values,
    "a column inserted before": lambda tab: column(tab, 1, "新列"),
    "a nameless column inserted before": lambda tab: column(tab, 2),
    "a column inserted between": lambda tab: column(tab, 4, "旁注"),
    "columns swapped": swap,
    "a total typed below": lambda tab: insert(tab, customers(tab)[-1] + 1, None, "小计", 1),
}


def without_ours(tab: Tab) -> list[dict[str, Any]]:
    """Every row but ours by header, as people left it."""
    header = [str(name or f"#{place}") for place, name in enumerate(tab.cells[head(tab)])]
    found = []
    for row in tab.cells:
        named = {name: cell for name, cell in zip(header, row, strict=False) if cell is not None and cell != ""}
        if named and named.get("客户编号") not in {"C2", "C9"}:
            found.append(named)
    return found


@pytest.mark.parametrize("name", MOVES)
def test_a_move_in_between_harms_nobody(sheet: Sheet, name: str) -> None:
    untouched = fresh(sheet).tab()
    MOVES[name](untouched)
    expected = without_ours(untouched)
    kept = {key: value for key, value in named(untouched, "C2").items() if key not in {"授信额度(万元)", "状态"}}
    fresh(sheet)
    sheet.meanwhile(lambda: MOVES[name](sheet.tab()))
    sheet.writer.write(BOTH, already_tried=False)
    tab = sheet.tab()
    assert without_ours(tab) == expected
    assert named(tab, "C2") == {**kept, "授信额度(万元)": 50, "状态": "冻结"}
    assert named(tab, "C9")["授信额度(万元)"] == 12.34
    assert len(sheet.shown("审批记录")) == 2


def named(tab: Tab, key: str) -> dict[str, Any]:
    header = [str(name or f"#{place}") for place, name in enumerate(tab.cells[head(tab)])]
    at = header.index("客户编号")
    rows = [row for row in tab.cells if len(row) > at and row[at] == key]
    assert len(rows) == 1, rows
    return {name: cell for name, cell in zip(header, rows[0], strict=False) if cell is not None and cell != ""}


@pytest.mark.parametrize("name", MOVES)
@pytest.mark.parametrize("kind", ["reset", "503"])
def test_a_move_in_between_and_a_lost_answer(sheet: Sheet, name: str, kind: str) -> None:
    """Rows are found again; where a column moved under a lost answer, a person is told, and nothing goes on."""
    MOVES[name](fresh(sheet).tab())
    expected = without_ours(sheet.tab())
    fresh(sheet)
    sheet.fail(kind, applies=True)
    sheet.meanwhile(lambda: MOVES[name](sheet.tab()))
    try:
        sheet.writer.write(BOTH, already_tried=False)
    except WriteConflict:
        assert "column" in name
        return
    assert without_ours(sheet.tab()) == expected
    assert named(sheet.tab(), "C2")["授信额度(万元)"] == 50
    assert named(sheet.tab(), "C9")["授信额度(万元)"] == 12.34
    assert len(sheet.shown("审批记录")) == 2


@pytest.mark.parametrize("kind", ["", "reset"])
def test_a_header_that_was_hit_comes_back(sheet: Sheet, kind: str) -> None:
    """The first customer stands right below it."""
    if kind:
        sheet.fail(kind)
    sheet.meanwhile(lambda: insert(sheet.tab(), 0, "标题"))
    sheet.writer.write(job(update("C1", credit_limit=Decimal(500_000), status="hold"), decision()), already_tried=False)
    assert sheet.tab().cells[3] == CUSTOMERS[2]
    assert sheet.row("C1")[2:6] == [50, 30, 46000, "冻结"]


def test_a_formula_that_was_hit_comes_back_as_a_formula(sheet: Sheet) -> None:
    """C3's limit is worked out; the sort brings it to where C1 stood."""
    sheet.meanwhile(lambda: reverse(sheet.tab()))
    sheet.writer.write(job(update("C1")), already_tried=False)
    assert sheet.tab().cells[3][2] == Formula("=10+20", 30)
    assert sheet.row("C1")[2] == 50


def test_other_cells_that_people_type_meanwhile_stay(sheet: Sheet) -> None:
    def typing() -> None:
        sheet.tab().cells[4][7] = "赵"
        sheet.tab().cells[3][2] = 11

    sheet.meanwhile(typing)
    sheet.writer.write(BOTH, already_tried=False)
    assert sheet.row("C2")[7] == "赵"
    assert sheet.row("C1")[2] == 11


def test_a_row_that_is_deleted_meanwhile_is_a_conflict_and_its_neighbour_keeps_everything(sheet: Sheet) -> None:
    sheet.meanwhile(lambda: sheet.tab().cells.pop(4))
    with pytest.raises(WriteConflict) as met:
        sheet.writer.write(job(update("C2", credit_limit=Decimal(500_000))), already_tried=False)
    assert met.value.code == "row_gone"
    assert sheet.row("C3") == ["C3", "丙", 30, 45, None, "正常", 0.3, "王"]
    assert sheet.google.sheet.marks == {}


def test_a_guarded_cell_that_changed_while_a_row_moved_is_a_conflict_and_all_is_put_back(sheet: Sheet) -> None:
    def act() -> None:
        insert(sheet.tab(), 3)
        sheet.tab().cells[5][2] = 21

    guarded = job(update("C2", expected={"credit_limit": Decimal(200_000)}, credit_limit=Decimal(500_000)))
    sheet.meanwhile(act)
    with pytest.raises(WriteConflict) as met:
        sheet.writer.write(guarded, already_tried=False)
    assert met.value.code == "cell_changed"
    assert [row[2] if row else None for row in sheet.shown()[3:7]] == [None, 10, 21, 30]
    assert sheet.google.sheet.marks == {}


def test_a_header_that_is_renamed_meanwhile_stops_everything_and_the_cell_keeps_what_it_said(sheet: Sheet) -> None:
    sheet.meanwhile(lambda: sheet.tab().cells[2].__setitem__(2, "额度"))
    with pytest.raises(WriteConflict) as met:
        sheet.writer.write(job(update("C2"), decision()), already_tried=False)
    assert met.value.code == "column_missing"
    assert sheet.row("C2")[2] == 20


def test_a_second_row_of_the_same_key_is_told(sheet: Sheet) -> None:
    sheet.meanwhile(lambda: insert(sheet.tab(), 3, "C9", "重复"))
    with pytest.raises(WriteConflict) as met:
        sheet.writer.write(job(newcomer()), already_tried=False)
    assert met.value.code == "key_twice"


def test_a_row_that_moves_all_the_time_is_given_up_and_everybody_keeps_theirs(sheet: Sheet) -> None:
    sheet.meanwhile(*[lambda: insert(sheet.tab(), 3)] * 5)
    with pytest.raises(WriteConflict) as met:
        sheet.writer.write(job(update("C2")), already_tried=False)
    assert met.value.code == "row_moves"
    assert [row[2] for row in sheet.shown() if row[:1] in (["C1"], ["C2"], ["C3"])] == [10, 20, 30]
    assert sheet.google.sheet.marks == {}


def test_what_cannot_be_put_back_with_certainty_is_told_with_its_row(sheet: Sheet) -> None:
    def act() -> None:
        insert(sheet.tab(), 4, "C7", "typed in the same second", 77)

    sheet.meanwhile(act)
    with pytest.raises(WriteConflict) as met:
        sheet.writer.write(job(update("C2")), already_tried=False)
    assert (met.value.code, met.value.facts["row"], met.value.facts["columns"]) == ("row_damaged", 5, "授信额度(万元)")
    assert sheet.row("C2")[2] == 50
    assert sheet.writer.write(job(update("C2")), already_tried=True).before


def test_after_a_restart_a_row_that_says_what_it_said_is_not_taken_for_written(sheet: Sheet) -> None:
    guarded = job(update("C2", expected={"credit_limit": Decimal(200_000)}, credit_limit=Decimal(500_000)))
    sheet.fail("reset")
    sheet.fail("503", "spreadsheets.get", times=0)

    def act() -> None:
        insert(sheet.tab(), 3)
        sheet.fail("503", "spreadsheets.get", times=2)

    sheet.meanwhile(act)
    with pytest.raises(WriteUnknown):
        sheet.writer.write(guarded, already_tried=False)
    with pytest.raises(WriteConflict) as met:
        sheet.again().write(guarded, already_tried=True)
    assert met.value.code == "landed_elsewhere"


Act = Callable[[Tab], object]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(st.sampled_from(sorted(set(MOVES) - {"a row deleted above"})), min_size=1, max_size=3),
    lost=st.lists(st.sampled_from(["reset", "503", ""]), max_size=3),
)
def test_whatever_is_done_meanwhile_it_lands_once_in_the_right_row_or_a_person_is_told(
    sheet: Sheet, acts: list[str], lost: list[str]
) -> None:
    """Nothing is ever wrong in silence; one thing at a time, with the answer at hand, is always put right."""
    fresh(sheet)
    for kind in lost:
        if kind:
            sheet.fail(kind, applies=True)
    sheet.meanwhile(*[lambda name=name: MOVES[name](sheet.tab()) for name in acts])
    done, told = written(sheet, BOTH)
    assert done or told
    assert done or len(acts) > 1 or any(lost)
    if told != "row_damaged":
        assert named(sheet.tab(), "C1")["授信额度(万元)"] == 10
        assert named(sheet.tab(), "C3")["授信额度(万元)"] == Formula("=10+20", 30)
        assert named(sheet.tab(), "C1")["状态"] == named(sheet.tab(), "C3")["状态"] == "正常"
    if done:
        assert named(sheet.tab(), "C2")["授信额度(万元)"] == 50
        assert named(sheet.tab(), "C9")["客户名称"] == "新客户"
        assert len(sheet.shown("审批记录")) == 2


def written(sheet: Sheet, wanted: WriteJob) -> tuple[bool, str]:
    """(whether it is written, the conflict that a person is told)."""
    for _ in range(6):
        try:
            sheet.writer.write(wanted, already_tried=True)
        except WriteConflict as problem:
            return False, problem.code
        except WriteUnknown:
            continue
        return True, ""
    return False, ""
