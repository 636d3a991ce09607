"""spreadsheets.batchUpdate: all of its requests, or none."""

from collections.abc import Callable
from typing import Any

from sandbox.google import batch_cells, batch_tabs, metadata
from sandbox.google.batch_parts import UnknownError, keys
from sandbox.google.resource import resource
from sandbox.google.store import RangeError, Spreadsheet


def _create(sheet: Spreadsheet, given: Any) -> dict[str, Any]:
    return metadata.create(
        sheet, keys(given, "createDeveloperMetadata", {"developerMetadata"}).get("developerMetadata", {})
    )


def _delete(sheet: Spreadsheet, given: Any) -> dict[str, Any]:
    return metadata.delete(sheet, keys(given, "deleteDeveloperMetadata", {"dataFilter"}).get("dataFilter"))


REQUESTS: dict[str, Callable[[Spreadsheet, Any], dict[str, Any]]] = {
    "updateCells": batch_cells.update_cells,
    "appendCells": batch_cells.append_cells,
    "sortRange": batch_cells.sort_range,
    "findReplace": batch_cells.find_replace,
    "createDeveloperMetadata": _create,
    "deleteDeveloperMetadata": _delete,
    "insertDimension": batch_tabs.insert_dimension,
    "deleteDimension": batch_tabs.delete_dimension,
    "addSheet": batch_tabs.add_sheet,
    "updateSheetProperties": batch_tabs.update_sheet_properties,
}
_NAMES = {"requests", "includeSpreadsheetInResponse", "responseRanges", "responseIncludeGridData"}
_SILENT = frozenset(
    {"updateCells", "appendCells", "sortRange", "insertDimension", "deleteDimension", "updateSheetProperties"}
)


def batch_update(sheet: Spreadsheet, given: dict[str, Any]) -> dict[str, Any]:
    """Apply everything and answer the after-state where asked; on the first refusal nothing has happened."""
    keys(given, "body", _NAMES)
    requests = given.get("requests")
    if not isinstance(requests, list) or not requests:
        raise RangeError("Must specify at least one request.")
    before = sheet.snapshot()
    try:
        replies = [_one(sheet, place, request) for place, request in enumerate(requests)]
        answer: dict[str, Any] = {"spreadsheetId": sheet.key, "replies": replies}
        if given.get("includeSpreadsheetInResponse"):
            ranges = given.get("responseRanges") or []
            answer["updatedSpreadsheet"] = resource(sheet, ranges, grid=bool(given.get("responseIncludeGridData")))
    except Exception:
        sheet.restore(before)
        raise
    sheet.version += 1
    return answer


def _one(sheet: Spreadsheet, place: int, request: Any) -> dict[str, Any]:
    if not isinstance(request, dict) or len(request) != 1:
        raise RangeError(f"Invalid requests[{place}]: exactly one kind must be set")
    kind, given = next(iter(request.items()))
    act = REQUESTS.get(kind)
    if act is None:
        raise UnknownError(kind)
    try:
        reply = act(sheet, given)
    except RangeError as wrong:
        raise RangeError(f"Invalid requests[{place}].{kind}: {wrong}") from None
    except (TypeError, ValueError, AttributeError) as wrong:
        raise RangeError(f"Invalid requests[{place}].{kind}: {type(wrong).__name__}") from None
    return {} if kind in _SILENT else {kind: reply}
