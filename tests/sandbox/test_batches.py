"""Batches apply as a whole or not at all, and answer with what is there afterwards."""

from typing import Any

import pytest
from gspread.exceptions import APIError

from tests.sandbox.sheets import Ledger

TAB = 1000


def text(value: str) -> dict[str, Any]:
    return {"userEnteredValue": {"stringValue": value}}


def figure(value: float) -> dict[str, Any]:
    return {"userEnteredValue": {"numberValue": value}}


def update(row: int, column: int, *cells: dict[str, Any]) -> dict[str, Any]:
    start = {"sheetId": TAB, "rowIndex": row, "columnIndex": column}
    return {"updateCells": {"start": start, "rows": [{"values": list(cells)}], "fields": "userEnteredValue"}}


def mark(number: int, value: str = "r1", **location: Any) -> dict[str, Any]:
    given = {"metadataId": number, "metadataKey": "w", "metadataValue": value, "visibility": "DOCUMENT"}
    return {"createDeveloperMetadata": {"developerMetadata": {**given, "location": location or {"spreadsheet": True}}}}


def row_mark(number: int, row: int) -> dict[str, Any]:
    span = {"sheetId": TAB, "dimension": "ROWS", "startIndex": row, "endIndex": row + 1}
    return mark(number, dimensionRange=span)


def refused(ledger: Ledger, *wanted: dict[str, Any], code: int = 400) -> str:
    with pytest.raises(APIError) as caught:
        ledger.batch(*wanted)
    assert caught.value.code == code
    return str(caught.value)


def place_of(ledger: Ledger, number: int) -> int | None:
    found = ledger.call("GET", f"v4/spreadsheets/key-1/developerMetadata/{number}").json()
    return int(found["location"]["dimensionRange"]["startIndex"]) if "location" in found else None


def test_values_batch_update_with_one_bad_range_writes_nothing(ledger: Ledger) -> None:
    data = [{"range": "客户!A2", "values": [["LEAK"]]}, {"range": "客户!A99999", "values": [["x"]]}]
    with pytest.raises(APIError, match="exceeds grid limits"):
        ledger.sheet.values_batch_update({"valueInputOption": "RAW", "data": data})
    assert ledger.cells[1][0] == "C1"


@pytest.mark.parametrize("body", [
    {"valueInputOption": "RAW"},
    {"valueInputOption": "RAW", "data": []},
    {"valueInputOption": "RAW", "data": [{"values": [["x"]]}]},
    {"valueInputOption": "RAW", "data": [{"range": "客户!A2", "values": [[{"nested": 1}]]}]},
    {"valueInputOption": "RAW", "data": [{"range": "客户!A2", "values": ["flat"]}]},
    {"valueInputOption": "WHATEVER", "data": [{"range": "客户!A2", "values": [["x"]]}]},
    {"valueInputOption": "RAW", "datas": []},
])  # fmt: skip
def test_values_batch_update_refuses_a_body_that_is_not_one(ledger: Ledger, body: dict[str, Any]) -> None:
    with pytest.raises(APIError) as caught:
        ledger.sheet.values_batch_update(body)
    assert caught.value.code == 400
    assert ledger.cells[1][0] == "C1"


def test_a_batch_writes_typed_cells_and_shows_the_after_state_in_its_answer(ledger: Ledger) -> None:
    answer = ledger.batch(
        update(1, 1, text("=1+1"), figure(45_003)), includeSpreadsheetInResponse=True,
        responseRanges=["客户!A2:C2"], responseIncludeGridData=True,
    )  # fmt: skip
    assert ledger.cells[1] == ["C1", "=1+1", 45_003]
    (tab,) = answer["updatedSpreadsheet"]["sheets"]
    shown = [cell["formattedValue"] for cell in tab["data"][0]["rowData"][0]["values"]]
    assert shown == ["C1", "=1+1", "2023-03-18"]


def test_a_batch_with_one_bad_request_leaves_cells_marks_tabs_and_version(ledger: Ledger) -> None:
    version = ledger.google.sheet.version
    added = {"addSheet": {"properties": {"title": "New"}}}
    problem = refused(ledger, update(1, 0, text("LEAK")), mark(7), added, update(99_999, 0, text("x")))
    assert "requests[3].updateCells" in problem
    assert ledger.cells[1][0] == "C1"
    assert ledger.google.sheet.marks == {}
    assert [tab.title for tab in ledger.google.sheet.tabs] == ["客户", "Other"]
    assert ledger.google.sheet.version == version


def test_a_batch_repeated_after_a_lost_answer_is_refused_whole_by_its_marker(ledger: Ledger) -> None:
    row = {"appendCells": {"sheetId": TAB, "rows": [{"values": [text("C4")]}], "fields": "userEnteredValue"}}
    ledger.batch(row, mark(41, "request-9"))
    assert "already exists" in refused(ledger, row, mark(41, "request-9"))
    assert [line[0] for line in ledger.cells if line] == ["id", "C1", "C2", "C3", "C4"]
    found = ledger.call("GET", "v4/spreadsheets/key-1/developerMetadata/41").json()
    assert found["metadataValue"] == "request-9"
    assert found["location"] == {"locationType": "SPREADSHEET", "spreadsheet": True}


def test_markers_are_searched_deleted_and_not_found_afterwards(ledger: Ledger) -> None:
    ledger.batch(mark(1), mark(2), row_mark(3, 2))
    look = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": "w", "locationType": "SPREADSHEET"}}]}
    found = ledger.call("POST", "v4/spreadsheets/key-1/developerMetadata:search", look).json()
    assert [one["developerMetadata"]["metadataId"] for one in found["matchedDeveloperMetadata"]] == [1, 2]
    ledger.batch({"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": 1}}}})
    assert ledger.call("GET", "v4/spreadsheets/key-1/developerMetadata/1").status_code == 404
    assert sorted(ledger.google.sheet.marks) == [2, 3]


@pytest.mark.parametrize("given", [
    {"metadataKey": "", "visibility": "DOCUMENT", "location": {"spreadsheet": True}},
    {"metadataKey": "k", "location": {"spreadsheet": True}},
    {"metadataKey": "k", "visibility": "DOCUMENT"},
    {"metadataKey": "k", "visibility": "DOCUMENT", "location": {"spreadsheet": True, "locationType": "SPREADSHEET"}},
    {"metadataKey": "k", "visibility": "DOCUMENT", "location": {"sheetId": 5}},
    {"metadataKey": "k", "metadataId": -1, "visibility": "DOCUMENT", "location": {"spreadsheet": True}},
    {"metadataKey": "k" * 30_001, "visibility": "DOCUMENT", "location": {"spreadsheet": True}},
])  # fmt: skip
def test_metadata_that_google_refuses_is_refused(ledger: Ledger, given: dict[str, Any]) -> None:
    refused(ledger, {"createDeveloperMetadata": {"developerMetadata": given}})


def test_markers_follow_inserted_and_moved_rows_and_die_with_theirs(ledger: Ledger) -> None:
    ledger.batch(row_mark(1, 1), row_mark(3, 3))
    span = {"sheetId": TAB, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    ledger.batch({"insertDimension": {"range": span, "inheritFromBefore": False}})
    assert (ledger.cells[1], place_of(ledger, 1), place_of(ledger, 3)) == ([], 2, 4)
    ledger.batch({"deleteDimension": {"range": {**span, "startIndex": 2, "endIndex": 3}}})
    assert (place_of(ledger, 1), place_of(ledger, 3)) == (None, 3)


@pytest.mark.parametrize(("right", "stays"), [(None, False), (2, True)])
def test_a_sort_of_all_columns_takes_the_markers_along_and_a_partial_one_does_not(
    ledger: Ledger, right: int | None, stays: bool
) -> None:
    ledger.batch(row_mark(1, 1))
    box = {"sheetId": TAB, "startRowIndex": 1, "endRowIndex": 4, **({"endColumnIndex": right} if right else {})}
    ledger.batch({"sortRange": {"range": box, "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}]}})
    assert [row[0] for row in ledger.cells[1:4]] == ["C3", "C2", "C1"]
    assert place_of(ledger, 1) == (1 if stays else 3)


def test_find_replace_counts_what_it_changed_so_that_it_serves_as_compare_and_set(ledger: Ledger) -> None:
    box = {"sheetId": TAB, "startColumnIndex": 1, "endColumnIndex": 2}
    swap = {"findReplace": {"find": "ACME", "replacement": "taken", "matchEntireCell": True, "range": box}}
    assert ledger.batch(swap)["replies"][0]["findReplace"]["occurrencesChanged"] == 1
    assert ledger.batch(swap)["replies"][0]["findReplace"] == {}
    assert ledger.cells[1][1] == "taken"


def test_a_range_clears_the_cells_that_the_rows_leave_out(ledger: Ledger) -> None:
    box = {"sheetId": TAB, "startRowIndex": 1, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 2}
    ledger.batch({"updateCells": {"range": box, "rows": [{"values": [text("X")]}], "fields": "userEnteredValue"}})
    assert ledger.sheet.sheet1.get("A2:B3", value_render_option="UNFORMATTED_VALUE") == [["X"]]


def test_tabs_are_added_and_renamed_and_a_title_is_taken_only_once(ledger: Ledger) -> None:
    made = ledger.batch(
        {"addSheet": {"properties": {"title": "Bot", "gridProperties": {"rowCount": 5, "columnCount": 3}}}}
    )
    number = made["replies"][0]["addSheet"]["properties"]["sheetId"]
    renamed = {"properties": {"sheetId": number, "title": "授信台"}, "fields": "title"}
    ledger.batch({"updateSheetProperties": renamed})
    assert [one.title for one in ledger.sheet.worksheets()] == ["客户", "Other", "授信台"]
    assert "already exists" in refused(ledger, {"addSheet": {"properties": {"title": "授信台"}}})


def test_the_grid_grows_by_appended_rows(ledger: Ledger) -> None:
    ledger.google.sheet.tabs[0].rows = 4
    row = {"appendCells": {"sheetId": TAB, "rows": [{"values": [text("C4")]}], "fields": "userEnteredValue"}}
    ledger.batch(row)
    assert (ledger.google.sheet.tabs[0].rows, ledger.cells[4][0]) == (5, "C4")


@pytest.mark.parametrize("request_", [
    {"repeatCell": {}}, {"addProtectedRange": {}}, {"updateCells": {"start": {"sheetId": TAB}, "rows": [], "fields": "note"}},
])  # fmt: skip
def test_what_is_not_played_is_refused_loudly_and_nothing_is_applied(ledger: Ledger, request_: dict[str, Any]) -> None:
    refused(ledger, update(1, 0, text("LEAK")), request_, code=501)
    assert ledger.cells[1][0] == "C1"
    assert len(ledger.google.unknown) == 1


def test_a_protected_cell_refuses_a_whole_batch_and_every_way_of_writing(ledger: Ledger) -> None:
    ledger.google.sheet.tabs[0].locked.append((1, 1, 3, 2))
    assert "protected cell" in refused(ledger, update(1, 0, text("X")), update(2, 1, text("Y")))
    assert ledger.cells[1][0] == "C1"
    with pytest.raises(APIError, match="protected cell"):
        ledger.sheet.values_batch_update(
            {"valueInputOption": "RAW", "data": [{"range": "客户!A2:B2", "values": [["X", "Y"]]}]}
        )
    assert ledger.cells[1][0] == "C1"
    ledger.batch(update(3, 1, text("free")))
    assert ledger.cells[3][1] == "free"


def test_a_time_of_day_keeps_its_fraction_and_shows(ledger: Ledger) -> None:
    moment = {
        "userEnteredValue": {"numberValue": 46351.5},
        "userEnteredFormat": {"numberFormat": {"type": "DATE_TIME"}},
    }
    start = {"sheetId": TAB, "rowIndex": 1, "columnIndex": 1}
    ledger.batch(
        {
            "updateCells": {
                "start": start,
                "rows": [{"values": [moment]}],
                "fields": "userEnteredValue,userEnteredFormat.numberFormat",
            }
        }
    )
    shown = ledger.sheet.values_batch_get(["客户!B2"])["valueRanges"][0]["values"]
    plain = ledger.sheet.values_batch_get(["客户!B2"], {"valueRenderOption": "UNFORMATTED_VALUE"})["valueRanges"][0][
        "values"
    ]
    assert (shown, plain) == ([["2026-11-25 12:00"]], [[46351.5]])


def test_text_that_looks_like_an_error_is_text(ledger: Ledger) -> None:
    body = ledger.batch(
        update(1, 1, text("#REF!")),
        includeSpreadsheetInResponse=True,
        responseIncludeGridData=True,
        responseRanges=["客户!B2"],
    )
    cell = body["updatedSpreadsheet"]["sheets"][0]["data"][0]["rowData"][0]["values"][0]
    assert cell["userEnteredValue"] == cell["effectiveValue"] == {"stringValue": "#REF!"}


def test_a_frozen_header_needs_a_row_below_it(ledger: Ledger) -> None:
    ledger.batch({"addSheet": {"properties": {"title": "New", "gridProperties": {"rowCount": 2, "frozenRowCount": 1}}}})
    assert "freeze" in refused(
        ledger, {"addSheet": {"properties": {"title": "Two", "gridProperties": {"rowCount": 1, "frozenRowCount": 1}}}}
    )
