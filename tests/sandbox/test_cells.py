"""Cells as Sheets keeps them: what is typed, what is sent raw, what a range means."""

import json
from typing import Any

import pytest
from gspread.exceptions import APIError

from sandbox.google.cells import entered
from sandbox.google.store import Spreadsheet
from tests.sandbox.sheets import Ledger

RAW = {"valueRenderOption": "UNFORMATTED_VALUE"}


def get(ledger: Ledger, text: str, **params: str) -> dict[str, Any]:
    found: dict[str, Any] = ledger.client.http_client.values_get("key-1", text, params=params)
    return found


def write(ledger: Ledger, text: str, values: Any, option: str = "RAW") -> dict[str, Any]:
    found: dict[str, Any] = ledger.client.http_client.values_update(
        "key-1", text, params={"valueInputOption": option}, body={"values": values}
    )
    return found


@pytest.mark.parametrize(("typed", "value", "shown"), [
    ("=1+1", 2, "2"),
    ('=IMPORTXML("http://x","//a")', "#NAME?", "#NAME?"),
    ("=1/0", "#DIV/0!", "#DIV/0!"),
    ("007", 7, "7"),
    ("50%", 0.5, "50%"),
    ("2026-01-05", 46_027, "2026-01-05"),
    ("2026年1月5日", 46_027, "2026-01-05"),
    ("1,234.5", 1234.5, "1,234.50"),
    ("1e5", 100_000, "100,000"),
    ("+5", 5, "5"),
    ("'007", "007", "007"),
    ("１２３", 123, "123"),
    ("true", True, "TRUE"),
    (" 5 ", 5, "5"),
    ("约80万", "约80万", "约80万"),
])  # fmt: skip
def test_user_entered_is_parsed_like_typing_and_raw_is_not(ledger: Ledger, typed: str, value: Any, shown: str) -> None:
    write(ledger, "Other!B2", [[typed]], "USER_ENTERED")
    assert get(ledger, "Other!B2", **RAW)["values"] == [[value]]
    assert get(ledger, "Other!B2")["values"] == [[shown]]
    write(ledger, "Other!B2", [[typed]])
    assert get(ledger, "Other!B2", **RAW)["values"] == [[typed]]


def test_a_month_and_a_day_become_a_date_of_this_year(ledger: Ledger) -> None:
    write(ledger, "Other!B2", [["1/2"]], "USER_ENTERED")
    assert get(ledger, "Other!B2")["values"][0][0].endswith("-01-02")
    assert isinstance(get(ledger, "Other!B2", **RAW)["values"][0][0], int)


def test_formula_text_is_given_back_only_when_asked_for(ledger: Ledger) -> None:
    ledger.sheet.sheet1.update_acell("B2", "=2*3")
    assert ledger.sheet.sheet1.acell("B2").value == "6"
    assert ledger.sheet.sheet1.acell("B2", value_render_option="FORMULA").value == "=2*3"


def test_long_digits_lose_their_end_as_numbers_do(ledger: Ledger) -> None:
    assert entered("9007199254740993") == 9007199254740992
    write(ledger, "Other!B2", [[9007199254740993]])
    assert ledger.google.sheet.tabs[1].get(1, 1) == 9007199254740992


@pytest.mark.parametrize(
    "body", ['{"values":[[NaN]]}', '{"values":[[Infinity]]}', "{", "[]", '{"values":[[{}]]}', '{"cells":[]}']
)
def test_a_body_that_is_no_values_is_a_400_in_googles_shape(ledger: Ledger, body: str) -> None:
    answer = ledger.call("PUT", "v4/spreadsheets/key-1/values/Other!B2", body, valueInputOption="RAW")
    assert (answer.status_code, answer.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")


def test_fifty_thousand_characters_fit_and_one_more_does_not(ledger: Ledger) -> None:
    write(ledger, "Other!B2", [["x" * 50_000]])
    with pytest.raises(APIError, match="50000 characters"):
        write(ledger, "Other!B2", [["x" * 50_001]])


def test_values_stay_within_the_range_that_names_its_end(ledger: Ledger) -> None:
    write(ledger, "Other!B2", [["a", "b"], ["c", "d"]])
    with pytest.raises(APIError, match=r"tried writing to row \[3\]"):
        write(ledger, "Other!B2:C2", [["a", "b"], ["c", "d"]])
    with pytest.raises(APIError, match=r"tried writing to column \[C\]"):
        write(ledger, "Other!B2:B3", [["a", "b"]])


def test_null_skips_a_cell_empty_text_clears_it_and_nothing_changed_moves_no_version(ledger: Ledger) -> None:
    write(ledger, "客户!A2:C2", [[None, "", 1]])
    assert ledger.cells[1] == ["C1", "", 1]
    version = ledger.google.sheet.version
    write(ledger, "客户!A2:C2", [[None, None, None]])
    assert ledger.google.sheet.version == version


@pytest.mark.parametrize(("text", "echoed"), [
    ("客户!a1:b2", "'客户'!A1:B2"),
    ("A1:B2", "'客户'!A1:B2"),
    ("客户!B2:A1", "'客户'!A1:B2"),
    ("客户!$A$1:$B$2", "'客户'!A1:B2"),
    ("客户!A2", "'客户'!A2"),
    ("客户!A2:B", "'客户'!A2:B1000"),
    ("客户!2:3", "'客户'!A2:Z3"),
    ("客户!A1:ZZ9000", "'客户'!A1:Z1000"),
    ("'Other'", "Other!A1:Z1000"),
])  # fmt: skip
def test_ranges_are_read_as_sheets_reads_them(ledger: Ledger, text: str, echoed: str) -> None:
    assert get(ledger, text)["range"] == echoed


@pytest.mark.parametrize("text", ["nope!A1", "客户!A5000:B6000", "客户!A", "客户!A0", "客户!1A", "客户!A1:B2:C3"])
def test_what_is_no_range_or_lies_beyond_the_grid_is_a_400(ledger: Ledger, text: str) -> None:
    with pytest.raises(APIError) as caught:
        get(ledger, text)
    assert caught.value.code == 400


def test_columns_come_as_columns_ragged_and_without_trailing_nothing(ledger: Ledger) -> None:
    write(ledger, "Other!A1:B3", [["a", ""], ["b", "c"], ["", ""]])
    assert get(ledger, "Other!A1:C5", majorDimension="COLUMNS")["values"] == [["a", "b"], ["", "c"]]
    assert "values" not in get(ledger, "Other!F1:G5")


def test_dates_come_as_serials_or_as_text(ledger: Ledger) -> None:
    assert get(ledger, "客户!C2", **RAW)["values"] == [[45_000]]
    assert get(ledger, "客户!C2", **RAW, dateTimeRenderOption="FORMATTED_STRING")["values"] == [["2023-03-15"]]


@pytest.mark.parametrize("params", [
    {"valueRenderOption": "JUNK"}, {"majorDimension": "DIAGONAL"}, {"dateTimeRenderOption": "X"}, {"foo": "1"},
])  # fmt: skip
def test_unknown_options_are_a_400(ledger: Ledger, params: dict[str, str]) -> None:
    with pytest.raises(APIError) as caught:
        get(ledger, "客户!A1", **params)
    assert caught.value.code == 400


def test_a_field_mask_leaves_only_what_it_names(ledger: Ledger) -> None:
    found = ledger.sheet.fetch_sheet_metadata(params={"fields": "properties.title,sheets(properties(sheetId,title))"})
    assert found == {
        "properties": {"title": "Book"},
        "sheets": [
            {"properties": {"sheetId": 1000, "title": "客户"}},
            {"properties": {"sheetId": 1001, "title": "Other"}},
        ],
    }
    with pytest.raises(APIError):
        ledger.sheet.fetch_sheet_metadata(params={"fields": "sheets("})


def test_a_refused_batch_restores_what_it_had_touched() -> None:
    sheet = Spreadsheet("k", "t")
    tab = sheet.add("a", [["x"]])
    before = sheet.snapshot()
    tab.set(0, 0, "y")
    tab.title = "b"
    sheet.add("c", [])
    sheet.restore(before)
    assert (sheet.tabs, tab.cells, tab.title) == ([tab], [["x"]], "a")
    assert json.dumps(tab.cells) == '[["x"]]'
