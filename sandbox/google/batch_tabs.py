"""The requests of a batchUpdate that change tabs: insertDimension, deleteDimension, addSheet, updateSheetProperties."""

from typing import Any

from sandbox.google.batch_parts import Answer, UnknownError, keys, tab_of
from sandbox.google.metadata import follow
from sandbox.google.store import MAX_CELLS, MAX_COLUMNS, RangeError, Spreadsheet, Tab


def _span(sheet: Spreadsheet, given: Any) -> tuple[Tab, str, int, int]:
    span = keys(given, "range", {"sheetId", "dimension", "startIndex", "endIndex"})
    tab, dimension = tab_of(sheet, span.get("sheetId", 0)), span.get("dimension")
    start, end = span.get("startIndex", 0), span.get("endIndex")
    if dimension not in {"ROWS", "COLUMNS"} or not isinstance(end, int) or not 0 <= start < end:
        raise RangeError("range must name a dimension, startIndex and endIndex")
    return tab, dimension, start, end


def insert_dimension(sheet: Spreadsheet, given: Any) -> Answer:
    """Empty rows or columns; what stands behind moves, marks with it."""
    keys(given, "insertDimension", {"range", "inheritFromBefore"})
    tab, dimension, start, end = _span(sheet, given.get("range"))
    count, size = end - start, tab.rows if dimension == "ROWS" else tab.columns
    if start > size or (start == 0 and given.get("inheritFromBefore")):
        raise RangeError(f"range.startIndex {start} is beyond the grid")
    if dimension == "ROWS":
        tab.rows += count
        if start < len(tab.cells):
            tab.cells[start:start] = [[] for _ in range(count)]
    else:
        tab.columns += count
        for row in tab.cells:
            if start < len(row):
                row[start:start] = [None] * count
        tab.dates = {column + count if column >= start else column for column in tab.dates}
    check_size(sheet)
    follow(sheet, tab.id, dimension, None, start, count)
    return {}


def delete_dimension(sheet: Spreadsheet, given: Any) -> Answer:
    """Rows or columns go, their marks with them."""
    keys(given, "deleteDimension", {"range"})
    tab, dimension, start, end = _span(sheet, given.get("range"))
    count, size = end - start, tab.rows if dimension == "ROWS" else tab.columns
    if end > size:
        raise RangeError(f"range.endIndex {end} is beyond the grid")
    if count == size:
        raise RangeError("It is not possible to delete all rows or columns of a sheet")
    if dimension == "ROWS":
        tab.rows -= count
        del tab.cells[start:end]
    else:
        tab.columns -= count
        for row in tab.cells:
            del row[start:end]
        tab.dates = {column - count if column >= end else column for column in tab.dates if not start <= column < end}
    follow(sheet, tab.id, dimension, None, start, -count)
    return {}


def check_size(sheet: Spreadsheet) -> None:
    """Ten million cells in all, empty ones counted."""
    if any(tab.columns > MAX_COLUMNS for tab in sheet.tabs):
        raise RangeError(f"A sheet has at most {MAX_COLUMNS} columns.")
    if sum(tab.rows * tab.columns for tab in sheet.tabs) > MAX_CELLS:
        raise RangeError(
            f"This action would increase the number of cells in the workbook above the limit of {MAX_CELLS} cells."
        )


def properties(tab: Tab, index: int) -> Answer:
    """SheetProperties."""
    size = {"rowCount": tab.rows, "columnCount": tab.columns}
    return {"sheetId": tab.id, "title": tab.title, "index": index, "sheetType": "GRID", "gridProperties": size}


def add_sheet(sheet: Spreadsheet, given: Any) -> Answer:
    """One more tab."""
    keys(given, "addSheet", {"properties"})
    wanted = keys(given.get("properties", {}), "properties", {"sheetId", "title", "index", "gridProperties"})
    size = keys(wanted.get("gridProperties", {}), "gridProperties", {"rowCount", "columnCount", "frozenRowCount"})
    if size.get("frozenRowCount", 0) >= size.get("rowCount", 1000):
        raise RangeError("You can't freeze all visible rows on the sheet.")
    number = wanted.get("sheetId", max((tab.id for tab in sheet.tabs), default=0) + 1)
    title = _free_title(sheet, wanted.get("title", f"Sheet{len(sheet.tabs) + 1}"), None)
    if sheet.tab_of(number) is not None:
        raise RangeError(f"A sheet with the id {number} already exists.")
    tab = Tab(number, title, rows=size.get("rowCount", 1000), columns=size.get("columnCount", 26))
    index = wanted.get("index", len(sheet.tabs))
    sheet.tabs.insert(index, tab)
    check_size(sheet)
    return {"properties": properties(tab, index)}


def update_sheet_properties(sheet: Spreadsheet, given: Any) -> Answer:
    """Title, place or size of a tab."""
    keys(given, "updateSheetProperties", {"properties", "fields"})
    wanted = keys(given.get("properties", {}), "properties", {"sheetId", "title", "index", "gridProperties"})
    fields = set(str(given.get("fields") or "").replace(" ", "").split(",")) - {""}
    if not fields:
        raise RangeError("At least one field must be listed in 'fields'.")
    known = {"title", "index", "gridProperties.rowCount", "gridProperties.columnCount"}
    if fields - known:
        raise UnknownError(f"updateSheetProperties fields {min(fields - known)}")
    tab, size = tab_of(sheet, wanted.get("sheetId", 0)), wanted.get("gridProperties", {})
    if "title" in fields:
        tab.title = _free_title(sheet, wanted.get("title"), tab)
    if "index" in fields:
        sheet.tabs.remove(tab)
        sheet.tabs.insert(int(wanted.get("index", 0)), tab)
    if "gridProperties.rowCount" in fields:
        tab.rows = int(size.get("rowCount", 0))
        del tab.cells[tab.rows :]
    if "gridProperties.columnCount" in fields:
        tab.columns = int(size.get("columnCount", 0))
        for row in tab.cells:
            del row[tab.columns :]
    if tab.rows < 1 or tab.columns < 1:
        raise RangeError("A sheet needs at least one row and one column.")
    check_size(sheet)
    return {}


def _free_title(sheet: Spreadsheet, title: Any, own: Tab | None) -> str:
    if not isinstance(title, str) or not 1 <= len(title) <= 100:
        raise RangeError("A sheet's title has 1 to 100 characters.")
    if any(tab.title == title and tab is not own for tab in sheet.tabs):
        raise RangeError(f'A sheet with the name "{title}" already exists. Please enter another name.')
    return title
