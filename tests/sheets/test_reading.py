"""What people do to a sheet, and what must survive each habit."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from scoring.checks import NOTE_CODES, duplicates, read_rows
from scoring.errors import LedgerError
from scoring.findings import Note
from scoring.ledger import ROW_TYPES, Customer, Invoice, Row, columns_of
from sheets.columns import LedgerMap, load_ledger_map
from sheets.folder import read_folder
from sheets.guards import guard
from sheets.layout import encoded, lay_out
from sheets.workbook import read_workbook
from tests.builders import ROOT, codes

HEAD = ["客户编号", "客户名称", "授信额度", "状态"]


@pytest.fixture(scope="module")
def names() -> LedgerMap:
    return load_ledger_map(ROOT / "ledger.yaml")


def customers(names: LedgerMap, *rows: list[Any]) -> tuple[list[Any], list[Any]]:
    raw, notes = lay_out("customers", encoded(rows), names)
    assert raw is not None, notes
    found = read_rows(raw)
    return found.rows, [*notes, *found.notes]


def test_every_column_of_the_contract_has_headers_in_both_languages(names: LedgerMap) -> None:
    for tab, kind in ROW_TYPES.items():
        assert {*columns_of(tab), *kind.BOT} == set(names.tabs[tab].columns)
        assert all(len(headers) >= 2 for headers in names.tabs[tab].columns.values())


def test_title_above_spacers_between_totals_below_and_sums_at_the_side(names: LedgerMap) -> None:
    rows, notes = customers(
        names,
        ["客户台账 2026"], [], HEAD,
        ["00123", "甲", 500000, "正常", None, "本月目标", 900],
        [], ["", "", ""],
        ["C2", "乙", "80万", "冻结"],
        ["合计", "", 1300000],
    )  # fmt: skip
    assert [(row.customer_id, row.credit_limit, row.status, row.row) for row in rows] == [
        ("00123", Decimal(500000), "active", 4), ("C2", Decimal(800000), "hold", 7),
    ]  # fmt: skip
    assert codes(notes) == ["total_row"]


def test_headers_in_either_language_any_width_and_a_unit_of_ten_thousand(names: LedgerMap) -> None:
    rows, _ = customers(names, ["Customer ID", "NAME ", "授信额度(万元)", "随便一列"], ["C1", "甲", 50, "x"])
    assert rows[0].credit_limit == 500_000
    spelled, _ = customers(names, ["客户编号", "客户名称", "授信额度（万元）"], ["C1", "甲", "50万"])
    assert spelled[0].credit_limit == 500_000


def test_a_renamed_key_column_is_named_with_the_header_that_stands_there(names: LedgerMap) -> None:
    raw, notes = lay_out("customers", encoded([["编码", "客户名称"], ["C1", "甲"]]), names)
    assert raw is None
    assert (notes[0].code, notes[0].column, "编码" in notes[0].found) == ("key_column_missing", "customer_id", True)


def test_a_column_that_stands_twice_is_a_note_and_the_first_counts(names: LedgerMap) -> None:
    rows, notes = customers(names, ["客户编号", "客户名称", "授信额度", "授信额度"], ["C1", "甲", 5, 9])
    assert rows[0].credit_limit == 5
    assert codes(notes) == ["column_duplicate"]


FAULTY = [
    ("授信额度", "约500万", "amount_approximate"), ("授信额度", "100-200万", "amount_range"), ("授信额度", "1e9", "amount_exponent"),
    ("授信额度", -5, "amount_negative"), ("授信额度", "(1,000)", "amount_negative"), ("实缴资本", -0.5, "amount_negative"),
    ("授信额度", "50w", "amount_unit"), ("授信额度", "#REF!", "error_cell"), ("授信额度", "五十", None), ("授信额度", "1234567890123", "amount_too_long"),
    ("额度到期", "3/4/2026", "date_ambiguous"), ("额度到期", "3/4/26", "date_two_digit_year"), ("额度到期", "明年", "date_unreadable"),
    ("额度到期", 9_999_999, "date_out_of_range"), ("状态", "暂停一下", "choice_unknown"), ("账期", "一阵子", "days_unreadable"),
    ("管制品", "也许", "flag_unreadable"), ("统一社会信用代码", "9111", "uscc_length"), ("统一社会信用代码", "91110000600037341I", "uscc_alphabet"),
    ("统一社会信用代码", "91110000600037341A", "uscc_check"),
]  # fmt: skip


@pytest.mark.parametrize(("header", "cell", "code"), FAULTY)
def test_each_unreadable_cell_is_a_note_and_never_a_lost_row(
    names: LedgerMap, header: str, cell: object, code: str | None
) -> None:
    rows, notes = customers(names, ["客户编号", "客户名称", header], ["C1", "甲", cell])
    assert len(rows) == 1
    assert codes(notes) == ([code] if code else [])
    if code and not code.startswith("uscc"):
        assert rows[0].unread
        assert (notes[0].tab, notes[0].row, notes[0].key) == ("customers", 2, "C1")


def test_a_row_with_values_and_no_key_is_named(names: LedgerMap) -> None:
    rows, notes = customers(names, HEAD, ["", "丙", "60万", "正常"])
    assert (rows, codes(notes)) == ([], ["key_missing"])


def test_what_people_typed_is_shown_as_they_typed_it(names: LedgerMap) -> None:
    rows, notes = customers(
        names,
        [*HEAD, "管制品", "账期"],
        [" Ｃ１（旧） ", "甲\u200b（上海）　 公司\n", "约５００万", "ａｃｔｉｖｅ", "Ｙ", "３０天"],
    )
    (row,) = rows
    assert (row.customer_id, row.name) == ("Ｃ１（旧）", "甲（上海） 公司")
    assert (row.status, row.regulated, row.payment_days) == ("active", True, 30)
    assert [(note.key, note.found) for note in notes] == [("Ｃ１（旧）", "约５００万")]


BILLS = ["发票号", "客户编号", "金额", "备注"]


def test_a_row_of_a_customer_counts_without_its_own_key(names: LedgerMap) -> None:
    rows, notes = bills(names, ["", "C1", 100], ["", "C1", 100], ["", 1001, 70], ["#REF!", "C1", 5])
    assert [(row.key, row.row) for row in rows] == [("", 2), ("", 3), ("", 4), ("", 5)]
    assert codes(notes) == ["key_missing", "key_missing", "key_missing", "error_cell"]
    assert codes(duplicates(rows)[1]) == []


def test_sums_and_side_calculations_stay_out(names: LedgerMap) -> None:
    rows, notes = bills(
        names, ["合计", "", 270], ["", "合计", 270], ["", "C1", 200, "小计"], ["", "", 270], ["", "", ""]
    )
    assert (rows, codes(notes)) == ([], ["total_row"] * 4)


def test_a_document_that_names_no_customer_is_named(names: LedgerMap) -> None:
    rows, notes = bills(names, ["X1", "", 99], ["X2", "", ""])
    assert ([row.key for row in rows], codes(notes), notes[0].column) == (
        ["X1", "X2"],
        ["customer_missing"],
        "customer_id",
    )


def bills(names: LedgerMap, *rows: list[Any]) -> tuple[list[Row], list[Note]]:
    """Invoices under their header, as typed rows."""
    raw, _ = lay_out("invoices", encoded([BILLS, *rows]), names)
    assert raw is not None
    read = read_rows(raw)
    return read.rows, read.notes


def test_a_credit_note_and_its_repayment_may_be_negative_a_write_off_may_not(names: LedgerMap) -> None:
    head = ["发票号", "客户编号", "金额", "已收", "坏账核销"]
    raw, _ = lay_out("invoices", encoded([head, ["N1", "C1", -300, "-100", -5]]), names)
    assert raw is not None
    read = read_rows(raw)
    (row,) = read.rows
    assert isinstance(row, Invoice)
    assert (row.amount, row.paid, row.written_off, row.unread) == (-300, -100, None, {"written_off"})
    assert codes(read.notes) == ["amount_negative"]


@pytest.mark.parametrize("rate", [0, -7.1, "0"])
def test_a_rate_is_above_zero(names: LedgerMap, rate: object) -> None:
    raw, _ = lay_out("rates", encoded([["币种", "汇率日期", "折本位币"], ["USD", "2026-11-18", rate]]), names)
    assert raw is not None
    assert codes(read_rows(raw).notes) == ["rate_not_positive"]


def test_documents_without_a_customer_column_are_no_documents(names: LedgerMap) -> None:
    raw, notes = lay_out("invoices", encoded([["发票号", "金额"], ["I1", 5]]), names)
    assert (raw, notes[0].code, notes[0].column) == (None, "key_column_missing", "customer_id")


def test_note_codes_that_rules_utter_are_all_listed(names: LedgerMap) -> None:
    assert {code for _, _, code in FAULTY if code} <= set(NOTE_CODES)


def folder_with(where: Path, **tabs: str) -> Path:
    where.mkdir(parents=True, exist_ok=True)
    for tab, text in tabs.items():
        (where / f"{tab}.csv").write_text(text, encoding="utf-8")
    return where


def test_folder_and_workbook_read_the_same(names: LedgerMap, tmp_path: Path) -> None:
    folder = folder_with(
        tmp_path / "f",
        customers="customer_id,name,credit_limit\n007,甲,500000\n",
        invoices="invoice_no,customer_id,due_on,amount\nI1,007,2026-03-01,12.5\n",
    )
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "客户"
    for row in (["客户编号", "客户名称", "授信额度"], ["007", "甲", 500000]):
        sheet.append(row)
    bills = book.create_sheet("应收")
    for line in (["发票号", "客户编号", "到期日", "金额"], ["I1", "007", date(2026, 3, 1), 12.5]):
        bills.append(line)
    book.save(tmp_path / "l.xlsx")
    found = []
    for reading in (read_folder(folder, names), read_workbook(tmp_path / "l.xlsx", names)):
        found.append([read_rows(reading.tabs[tab]).rows for tab in ("customers", "invoices")])
        assert "tab_missing" in codes(reading.problems)
    assert found[0] == found[1]


def test_gb18030_is_read_and_a_ledger_without_customers_is_refused(names: LedgerMap, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_bytes("customer_id,name\nC1,甲公司\n".encode("gb18030"))
    (row,) = read_rows(read_folder(tmp_path, names).tabs["customers"]).rows
    assert isinstance(row, Customer)
    assert row.name == "甲公司"
    with pytest.raises(LedgerError):
        read_folder(folder_with(tmp_path / "none", invoices="invoice_no\n"), names)


@pytest.mark.parametrize("content", [b"not a zip", b"PK\x03\x04broken"])
def test_what_is_no_workbook_is_refused_in_words(names: LedgerMap, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.xlsx").write_bytes(content)
    with pytest.raises(LedgerError) as refused:
        read_workbook(tmp_path / "x.xlsx", names)
    assert refused.value.code == "ledger_not_a_workbook"


@pytest.mark.parametrize(
    ("before", "rows", "distinct", "held"),
    [
        (100, 81, 81, None),
        (100, 80, 80, "tab_shrunk"),
        (None, 5, 5, None),
        (100, 100, 99, None),
        (100, 100, 98, "tab_duplicates"),
    ],
)
def test_guards_at_their_lines(before: int | None, rows: int, distinct: int, held: str | None) -> None:
    found = guard(
        (),
        {} if before is None else {"customers": before},
        {"customers": (rows, distinct)},
        {},
    )
    assert codes(found.findings) == ([held] if held else [])
    assert bool(found.take) == (held is None)
