"""A job's rows come into the sheet together, typed, in the right places, and nothing else changes."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.google.cells import Day, Formula, Moment, display
from scoring.names import tidy
from sheets.write_job import LeftOut, RowWrite, WriteConflict
from tests.sheets.writing import CUSTOMERS, HEADER, NOW, Sheet, decision, fresh, job, newcomer, update


def test_decided_cells_are_written_and_no_others(sheet: Sheet) -> None:
    done = sheet.writer.write(job(update(credit_limit=Decimal(500_000), payment_days=45)), already_tried=False)
    expected = [list(row) for row in CUSTOMERS]
    expected[4][2:4] = [50, 45]
    assert sheet.tab().cells == expected
    assert [(place.tab, place.key, place.row) for place in done.places] == [("customers", "C2", 5)]
    assert done.places[0].link.endswith("row=5")
    assert not done.before


def test_a_new_customer_stands_below_the_last_one_and_above_the_totals(sheet: Sheet) -> None:
    done = sheet.writer.write(job(newcomer()), already_tried=False)
    shown = sheet.shown()
    assert [row[:1] for row in shown[3:]] == [["C1"], ["C2"], ["C3"], ["C9"], [], ["合计"], [None]]
    assert sheet.row("C9") == ["C9", "新客户", 12.34, 30, (date(2027, 11, 25) - date(1899, 12, 30)).days, "正常"]
    assert isinstance(sheet.tab().cells[6][4], Day)
    assert done.places[0].row == 7


def test_several_rows_and_tabs_are_one_batch_with_one_mark(sheet: Sheet) -> None:
    rows = (
        newcomer("C8"), newcomer("C9"), decision(decided_at=NOW),
        RowWrite(
            tab="financials", key={"customer_id": "C9", "period_end": date(2025, 12, 31)},
            values={"revenue": Decimal("12.5"), "audited": True}, mode="append",
        ),
    )  # fmt: skip
    sheet.writer.write(job(*rows), already_tried=False)
    assert sheet.count("spreadsheets.batchUpdate") == 1
    assert [row[0] for row in sheet.shown()[3:8]] == ["C1", "C2", "C3", "C8", "C9"]
    assert sheet.shown("Financials")[2] == ["C9", 46022, 12.5, "yes"]
    moment = sheet.tab("审批记录").cells[1][10]
    assert isinstance(moment, Moment)
    assert display(moment, is_date=False) == "2026-11-25 01:30"
    assert sheet.shown("审批记录")[1][:2] == ["CR-2026-0001", "open_account"]
    assert {mark.id: mark.value for mark in sheet.google.sheet.marks.values()} == {7: "m7.46351.0"}
    assert sheet.google.unknown == []


def test_an_empty_tab_gets_its_first_row_under_the_header(sheet: Sheet) -> None:
    sheet.tab().cells[:] = [HEADER]
    sheet.writer.write(job(newcomer()), already_tried=False)
    assert [row[0] for row in sheet.shown()] == ["客户编号", "C9"]


def test_a_full_grid_grows(sheet: Sheet) -> None:
    tab = sheet.tab("审批记录")
    tab.rows = 1
    sheet.writer.write(job(decision()), already_tried=False)
    assert sheet.row("CR-2026-0001", "审批记录")


def test_a_side_calculation_and_a_remark_in_the_key_column_stay_below(sheet: Sheet) -> None:
    sheet.tab().cells[5].extend([None, None, "side", 1])
    sheet.tab().cells[8] = ["备注:每月更新"]
    sheet.writer.write(job(newcomer()), already_tried=False)
    assert [row[:1] for row in sheet.shown()[5:]] == [["C3"], ["C9"], [], ["合计"], ["备注:每月更新"]]


@pytest.mark.parametrize("header", ["授信额度", "Credit limit", "授信额度（万元）", " 授信额度 (元) "])
def test_columns_are_found_by_header_wherever_they_stand_and_in_their_unit(sheet: Sheet, header: str) -> None:
    for row in sheet.tab().cells[2:6]:
        row.insert(0, row.pop(2) if row else None)
    sheet.tab().cells[2][0] = header
    sheet.writer.write(job(update("C1")), already_tried=False)
    assert sheet.tab().cells[3][0] == (50 if "万" in header else 500_000)


def test_choices_and_flags_are_spelled_as_the_column_does(sheet: Sheet) -> None:
    sheet.tab().cells[3][5] = "hold"
    sheet.writer.write(job(update("C1", status="watch")), already_tried=False)
    assert sheet.row("C1")[5] == "关注"
    sheet.writer.write(job(update("C1", status="hold"), number=8, mark="m8"), already_tried=False)
    assert sheet.row("C1")[5] == "冻结"
    sheet.tab("Financials").cells[1][3] = True
    row = RowWrite(
        tab="financials",
        key={"customer_id": "C1", "period_end": date(2024, 12, 31)},
        values={"audited": False},
        mode="upsert",
    )
    sheet.writer.write(job(row, number=9, mark="m9"), already_tried=False)
    assert sheet.tab("Financials").cells[1][3] is False


def test_nothing_empties_a_cell(sheet: Sheet) -> None:
    sheet.writer.write(job(update("C1", limit_expires_on=None)), already_tried=False)
    assert sheet.row("C1")[4] is None


def test_the_desk_s_own_tab_is_laid_out_in_the_language_of_the_others_when_it_is_missing(sheet: Sheet) -> None:
    sheet.google.sheet.tabs.pop(1)
    sheet.writer.write(job(decision(), decision("CR-2026-0002")), already_tried=False)
    assert [row[0] for row in sheet.shown("审批记录")] == ["申请编号", "CR-2026-0001", "CR-2026-0002"]
    sheet.google.sheet.tabs[:] = [sheet.tab("Financials")]
    row = RowWrite(
        tab="financials",
        key={"customer_id": "C2", "period_end": date(2025, 12, 31)},
        values={"revenue": 1},
        mode="append",
    )
    sheet.writer.write(job(row, decision(), number=8, mark="m8"), already_tried=False)
    assert sheet.shown("Decisions")[0][:2] == ["Request no.", "Kind"]


def test_what_is_optional_and_has_no_place_is_left_out_and_said(sheet: Sheet) -> None:
    security = RowWrite(
        tab="securities", key={"security_id": "S1"}, values={"amount": Decimal(1)}, mode="append", optional=True
    )
    there = RowWrite(
        tab="financials", key={"customer_id": "C1", "period_end": date(2024, 12, 31)},
        values={"revenue": Decimal(999), "ebit": Decimal(1)}, mode="append", optional=True,
    )  # fmt: skip
    new = newcomer(industry="化工")
    new = RowWrite(tab=new.tab, key=new.key, values=new.values, mode=new.mode, optional_columns=frozenset({"industry"}))
    done = sheet.writer.write(job(new, security, there), already_tried=False)
    assert set(done.left_out) == {
        LeftOut("securities", "", "no_tab"), LeftOut("customers", "industry", "no_column"),
        LeftOut("financials", "ebit", "no_column"), LeftOut("financials", "", "row_there"),
    }  # fmt: skip
    assert sheet.row("C9")
    assert sheet.row("C1", "Financials")[2] == 100


HOSTILE = [
    '=IMPORTXML("http://x","//a")',
    "+1+1",
    "-2",
    "@SUM(1)",
    "'=1",
    "＝1+1",
    "007",
    "1e9",
    "TRUE",
    "2026-01-01",
    "#REF!",
    "x\u202ey\u0000\nz",
    "😀" * 300,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(sheet: Sheet, text: str) -> None:
    sheet.writer.write(job(newcomer(name=text), decision(reason=text)), already_tried=False)
    for cell in (sheet.tab().cells[6][1], sheet.tab("审批记录").cells[1][8]):
        assert type(cell) is str
        assert cell == tidy(text)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=40),
    amount=st.decimals(min_value=0, max_value=10**11, places=2, allow_nan=False),
    day=st.dates(date(1990, 1, 1), date(2100, 1, 1)),
)
def test_what_was_written_is_read_back_as_it_was_meant(sheet: Sheet, text: str, amount: Decimal, day: date) -> None:
    fresh(sheet)
    sheet.writer.write(job(newcomer(name=text, credit_limit=amount, limit_expires_on=day)), already_tried=False)
    tab = sheet.ledger.fetch().tabs["customers"]
    from scoring.checks import read_rows

    row = next(row for row in read_rows(tab).rows if row.key == "C9")
    read = {name: getattr(row, name) for name in ("name", "credit_limit", "limit_expires_on")}
    assert not row.unread or read["name"] == ""
    assert read["credit_limit"] == amount
    assert read["limit_expires_on"] == day
    if not tidy(text).startswith("#"):
        assert read["name"] == tidy(text)
    assert not any(isinstance(cell, Formula) for cell in sheet.tab().cells[6])


@pytest.mark.parametrize(("row", "code"), [
    (update("C7"), "row_gone"),
    (newcomer("C1"), "key_taken"),
    (update("C1", expected={"credit_limit": Decimal(99_000)}), "cell_changed"),
    (update("C1", expected={"credit_limit": None}), "cell_changed"),
    (update("C3"), "cell_formula"),
    (update("C1", temp_limit=Decimal(5)), "column_missing"),
    (update("C1", expected={"temp_limit": Decimal(5)}), "column_missing"),
    (RowWrite(tab="invoices", key={"invoice_no": "1"}, values={"amount": Decimal(1)}, mode="append"), "tab_missing"),
])  # fmt: skip
def test_a_sheet_that_is_not_as_assumed_is_a_conflict_and_nothing_is_written(
    sheet: Sheet, row: RowWrite, code: str
) -> None:
    before = sheet.shown()
    with pytest.raises(WriteConflict) as met:
        sheet.writer.write(job(row, decision()), already_tried=False)
    assert met.value.code == code
    assert sheet.shown() == before
    assert len(sheet.shown("审批记录")) == 1
    assert sheet.google.sheet.marks == {}


def test_a_conflict_speaks_the_words_of_the_sheet(sheet: Sheet) -> None:
    with pytest.raises(WriteConflict) as met:
        sheet.writer.write(job(update("C1", expected={"credit_limit": Decimal(99_000)})), already_tried=False)
    assert met.value.facts == {
        "tab": "客户", "column": "授信额度(万元)", "row": 4, "key": "C1", "found": 10, "expected": Decimal(99_000),
    }  # fmt: skip


def test_a_guarded_cell_that_says_the_new_value_already_is_no_conflict(sheet: Sheet) -> None:
    sheet.tab().cells[3][2] = 50
    sheet.writer.write(
        job(update("C1", expected={"credit_limit": Decimal(100_000)}, credit_limit=Decimal(500_000))),
        already_tried=False,
    )
    assert sheet.row("C1")[2] == 50


@pytest.mark.parametrize(("change", "code"), [
    (lambda tab: tab.cells[2].__setitem__(0, "编码"), "column_missing"),
    (lambda tab: tab.cells[2].__setitem__(2, "额度"), "column_missing"),
    (lambda tab: tab.cells[2].__setitem__(6, "授信额度"), "column_twice"),
    (lambda tab: tab.cells[5].__setitem__(0, "C2"), "key_twice"),
    (lambda tab: tab.cells.clear(), "tab_empty"),
    (lambda tab: setattr(tab, "title", "客户旧"), "tab_missing"),
    (lambda tab: tab.locked.append((3, 2, 9, 3)), "cell_protected"),
])  # fmt: skip
def test_a_sheet_of_another_shape_is_a_conflict(sheet: Sheet, change: object, code: str) -> None:
    tab = sheet.tab()
    change(tab)  # type: ignore[operator]
    with pytest.raises(WriteConflict) as met:
        sheet.writer.write(job(update("C2"), decision()), already_tried=False)
    assert met.value.code == code
    assert len(sheet.shown("审批记录")) == 1


def test_keys_are_compared_exactly(sheet: Sheet) -> None:
    sheet.tab().cells[3][0] = 123
    sheet.tab().cells[4][0] = "00123"
    sheet.writer.write(job(update("00123")), already_tried=False)
    assert [row[2] for row in sheet.tab().cells[3:5]] == [10, 50]
