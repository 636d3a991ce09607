"""Developer metadata: marks on the spreadsheet, a tab, one row or one column, with ids that are unique."""

import secrets
from dataclasses import replace
from typing import Any

from sandbox.google.store import Mark, RangeError, Spreadsheet

MAX_CHARACTERS = 30_000
"""Key and value counted, once for the spreadsheet and once for each tab."""
MAX_ID = 2**31 - 1
_LOOKUP = {"metadataId", "metadataKey", "metadataValue", "visibility", "locationType", "metadataLocation", "locationMatchingStrategy"}  # fmt: skip
_TYPES = {None: "SHEET", "ROWS": "ROW", "COLUMNS": "COLUMN"}


def shown(mark: Mark) -> dict[str, Any]:
    """A DeveloperMetadata resource."""
    value = {} if mark.value is None else {"metadataValue": mark.value}
    return {
        "metadataId": mark.id, "metadataKey": mark.key, **value, "location": _location(mark),
        "visibility": mark.visibility,
    }  # fmt: skip


def _location(mark: Mark) -> dict[str, Any]:
    if mark.place is None:
        return {"locationType": "SPREADSHEET", "spreadsheet": True}
    sheet, dimension, index = mark.place
    if dimension is None:
        return {"locationType": "SHEET", "sheetId": sheet}
    span = {"sheetId": sheet, "dimension": dimension, "startIndex": index, "endIndex": index + 1}
    return {"locationType": _TYPES[dimension], "dimensionRange": span}


def create(sheet: Spreadsheet, given: dict[str, Any]) -> dict[str, Any]:
    """One more mark; RangeError when its id is taken or the room is used up."""
    if set(given) - {"metadataId", "metadataKey", "metadataValue", "visibility", "location"}:
        raise RangeError("Unknown name in developerMetadata")
    key, value, number = given.get("metadataKey"), given.get("metadataValue"), given.get("metadataId")
    if not isinstance(key, str) or not key:
        raise RangeError("developerMetadata.metadataKey must be set")
    if given.get("visibility") not in {"DOCUMENT", "PROJECT"}:
        raise RangeError("developerMetadata.visibility must be specified")
    if number is None:
        number = secrets.randbelow(MAX_ID) + 1
    if not isinstance(number, int) or not 1 <= number <= MAX_ID:
        raise RangeError("developerMetadata.metadataId must be a positive 32-bit integer")
    if number in sheet.marks:
        raise RangeError(f"DeveloperMetadata with ID {number} already exists.")
    mark = Mark(number, key, None if value is None else str(value), given["visibility"], _place(sheet, given))
    _check_room(sheet, mark)
    sheet.marks[number] = mark
    return {"developerMetadata": shown(mark)}


def _place(sheet: Spreadsheet, given: dict[str, Any]) -> tuple[int, str | None, int] | None:
    where = given.get("location")
    if not isinstance(where, dict):
        raise RangeError("developerMetadata.location must be set")
    if "locationType" in where:
        raise RangeError("developerMetadata.location.locationType is read-only")
    if where == {"spreadsheet": True}:
        return None
    if set(where) == {"sheetId"} and sheet.tab_of(where["sheetId"]):
        return int(where["sheetId"]), None, 0
    span = where.get("dimensionRange")
    if set(where) != {"dimensionRange"} or not isinstance(span, dict):
        raise RangeError("developerMetadata.location names no place")
    tab, start, end = sheet.tab_of(span.get("sheetId")), span.get("startIndex", 0), span.get("endIndex")
    if tab is None or span.get("dimension") not in {"ROWS", "COLUMNS"}:
        raise RangeError("developerMetadata.location.dimensionRange names no place")
    if end != start + 1 or not 0 <= start < (tab.rows if span["dimension"] == "ROWS" else tab.columns):
        raise RangeError("developerMetadata.location.dimensionRange must name exactly one row or column")
    return tab.id, span["dimension"], start


def _check_room(sheet: Spreadsheet, mark: Mark) -> None:
    there = [one for one in sheet.marks.values() if _owner(one) == _owner(mark)]
    if sum(len(one.key) + len(one.value or "") for one in [*there, mark]) > MAX_CHARACTERS:
        raise RangeError(f"The total size of developer metadata may not exceed {MAX_CHARACTERS} characters.")


def _owner(mark: Mark) -> int | None:
    return None if mark.place is None else mark.place[0]


def found(sheet: Spreadsheet, data_filter: Any) -> list[Mark]:
    """The marks that a DataFilter names; RangeError for one that the sandbox does not read."""
    look = data_filter.get("developerMetadataLookup") if isinstance(data_filter, dict) else None
    if not isinstance(look, dict) or set(data_filter) != {"developerMetadataLookup"} or set(look) - _LOOKUP:
        raise RangeError("dataFilter: only developerMetadataLookup is understood")
    wanted = {name: look[name] for name in ("metadataId", "metadataKey", "metadataValue", "visibility") if name in look}
    if "metadataLocation" in look:
        wanted["place"] = _place(
            sheet, {"location": {k: v for k, v in look["metadataLocation"].items() if k != "locationType"}}
        )
    if not wanted and "locationType" not in look:
        raise RangeError("developerMetadataLookup names nothing")
    return [mark for mark in sheet.marks.values() if _matches(mark, wanted, look.get("locationType"))]


def _matches(mark: Mark, wanted: dict[str, Any], kind: str | None) -> bool:
    has = {"metadataId": mark.id, "metadataKey": mark.key, "metadataValue": mark.value, "visibility": mark.visibility, "place": mark.place}  # fmt: skip
    return all(has[name] == value for name, value in wanted.items()) and kind in {None, _location(mark)["locationType"]}


def delete(sheet: Spreadsheet, data_filter: Any) -> dict[str, Any]:
    """Take the named marks away."""
    gone = found(sheet, data_filter)
    for mark in gone:
        del sheet.marks[mark.id]
    return {"deletedDeveloperMetadata": [shown(mark) for mark in gone]} if gone else {}


def follow(
    sheet: Spreadsheet, sheet_id: int, dimension: str, moved: dict[int, int] | None, since: int, by: int
) -> None:
    """Marks go with their row or column: by `moved`, else shifted by `by` from `since` on; deleted ones die with it."""
    for mark in list(sheet.marks.values()):
        if mark.place is None or mark.place[:2] != (sheet_id, dimension):
            continue
        at = mark.place[2]
        if moved is not None:
            new = moved.get(at, at)
        elif by < 0 and since <= at < since - by:
            del sheet.marks[mark.id]
            continue
        else:
            new = at + by if at >= since else at
        sheet.marks[mark.id] = replace(mark, place=(sheet_id, dimension, new))
