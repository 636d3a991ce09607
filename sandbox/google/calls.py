"""The Sheets v4 and Drive v3 calls that are played, one function each."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sandbox.google import batch, metadata, values
from sandbox.google.a1 import parse
from sandbox.google.resource import resource
from sandbox.google.store import RangeError, Spreadsheet


class NotThereError(Exception):
    """A part of the spreadsheet that does not exist: 404."""


@dataclass(frozen=True)
class Asked:
    """One request, its path, parameters and body taken apart."""

    sheet: Spreadsheet
    parts: tuple[str, ...]
    params: Any
    body: Any
    address: str
    drive_version: tuple[int, float]


Answer = dict[str, Any]
READ = frozenset({"spreadsheets", "spreadsheets.readonly", "drive", "drive.readonly", "drive.file"})
WRITE = frozenset({"spreadsheets", "drive", "drive.file"})
DRIVE = frozenset({"drive", "drive.readonly", "drive.file", "drive.metadata", "drive.metadata.readonly"})
RENDERING = frozenset({"valueRenderOption", "dateTimeRenderOption", "majorDimension"})
RESPONSE = frozenset({"includeValuesInResponse", "responseValueRenderOption", "responseDateTimeRenderOption"})
STANDARD = frozenset({"fields", "alt", "prettyPrint", "key", "quotaUser", "access_token", "oauth_token", "callback", "uploadType"})  # fmt: skip


@dataclass(frozen=True)
class Call:
    """How one call is addressed, what it costs and needs."""

    name: str
    method: str
    path: re.Pattern[str]
    cost: str
    scopes: frozenset[str]
    params: frozenset[str]
    act: Callable[[Asked], Answer]


def spreadsheet(asked: Asked) -> Answer:
    """spreadsheets.get; with a field mask includeGridData is ignored."""
    fields = asked.params.get("fields", "")
    grid = "data" in fields or "*" in fields if fields else asked.params.get("includeGridData") == "true"
    found = resource(asked.sheet, asked.params.getlist("ranges"), grid=grid)
    return {**found, "spreadsheetUrl": asked.address}


def values_get(asked: Asked) -> Answer:
    """spreadsheets.values.get."""
    return values.read(asked.sheet, asked.parts[0], values.look_of(asked.params))


def batch_get(asked: Asked) -> Answer:
    """spreadsheets.values.batchGet."""
    look = values.look_of(asked.params)
    ranges = [values.read(asked.sheet, text, look) for text in asked.params.getlist("ranges")]
    return {"spreadsheetId": asked.sheet.key, "valueRanges": ranges}


def values_update(asked: Asked) -> Answer:
    """spreadsheets.values.update."""
    given = asked.body if isinstance(asked.body, dict) else {}
    if "range" in given and parse(asked.sheet, given["range"]).name != parse(asked.sheet, asked.parts[0]).name:
        raise RangeError(f"Requested range '{asked.parts[0]}' does not match value range '{given['range']}'.")
    write = values.prepare(
        asked.sheet, {**given, "range": asked.parts[0]}, asked.params.get("valueInputOption"), "data"
    )
    values.carry_out(asked.sheet, [write])
    return _written(asked, write, asked.params)


def values_batch_update(asked: Asked) -> Answer:
    """spreadsheets.values.batchUpdate: every range is checked before any cell changes."""
    given = asked.body
    unknown = set(given) - {"valueInputOption", "data", *RESPONSE}
    if unknown:
        raise RangeError(f'Invalid JSON payload received. Unknown name "{min(unknown)}": Cannot find field.')
    data = given.get("data")
    if not isinstance(data, list) or not data:
        raise RangeError("Must specify at least one range in 'data'.")
    writes = [
        values.prepare(asked.sheet, one, given.get("valueInputOption"), f"data[{place}]")
        for place, one in enumerate(data)
    ]
    values.carry_out(asked.sheet, writes)
    answers = [_written(asked, write, given) for write in writes]
    sheets = {write.box.tab.id for write in writes if write.cells}
    totals = {f"total{name}": sum(answer[f"updated{name[7:]}"] for answer in answers)
              for name in ("UpdatedRows", "UpdatedColumns", "UpdatedCells")}  # fmt: skip
    return {"spreadsheetId": asked.sheet.key, **totals, "totalUpdatedSheets": len(sheets), "responses": answers}


def _written(asked: Asked, write: values.Write, options: Any) -> Answer:
    answer = write.answer(asked.sheet.key)
    if options.get("includeValuesInResponse") in {True, "true"}:
        answer["updatedData"] = values.read(asked.sheet, write.box.name, values.look_of(options, "response"))
    return answer


def batch_update(asked: Asked) -> Answer:
    """spreadsheets.batchUpdate."""
    return batch.batch_update(asked.sheet, asked.body)


def metadata_get(asked: Asked) -> Answer:
    """spreadsheets.developerMetadata.get."""
    mark = asked.sheet.marks.get(int(asked.parts[0]))
    if mark is None:
        raise NotThereError(f"No developer metadata with ID {asked.parts[0]} was found.")
    return metadata.shown(mark)


def metadata_search(asked: Asked) -> Answer:
    """spreadsheets.developerMetadata.search."""
    filters = asked.body.get("dataFilters")
    if not isinstance(filters, list) or not filters or set(asked.body) != {"dataFilters"}:
        raise RangeError("Must specify at least one data filter.")
    hits: dict[int, Answer] = {}
    for one in filters:
        for mark in metadata.found(asked.sheet, one):
            hit = hits.setdefault(mark.id, {"developerMetadata": metadata.shown(mark), "dataFilters": []})
            hit["dataFilters"].append(one)
    return {"matchedDeveloperMetadata": list(hits.values())} if hits else {}


def drive_file(asked: Asked) -> Answer:
    """Drive files.get: without a mask only the four fields that Drive gives by itself."""
    version, modified = asked.drive_version
    stamp = datetime.fromtimestamp(modified, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    plain = {
        "kind": "drive#file", "id": asked.sheet.key, "name": asked.sheet.title,
        "mimeType": "application/vnd.google-apps.spreadsheet",
    }  # fmt: skip
    more = {"version": str(version), "modifiedTime": stamp, "createdTime": "2025-01-02T03:04:05.000Z", "trashed": False}
    return {**plain, **more} if asked.params.get("fields") else plain


_KEY = r"v4/spreadsheets/(?P<key>[^/:]+)"


def _call(name: str, method: str, path: str, cost: str, scopes: frozenset[str], params: frozenset[str], act: Callable[[Asked], Answer]) -> Call:  # fmt: skip
    return Call(name, method, re.compile(path, re.DOTALL), cost, scopes, params, act)


CALLS = (
    _call("spreadsheets.get", "GET", _KEY, "read", READ, frozenset({"ranges", "includeGridData"}), spreadsheet),
    _call("spreadsheets.batchUpdate", "POST", rf"{_KEY}:batchUpdate", "write", WRITE, frozenset(), batch_update),
    _call("values.batchGet", "GET", rf"{_KEY}/values:batchGet", "read", READ, RENDERING | {"ranges"}, batch_get),
    _call("values.batchUpdate", "POST", rf"{_KEY}/values:batchUpdate", "write", WRITE, frozenset(), values_batch_update),
    _call("values.get", "GET", rf"{_KEY}/values/(.+)", "read", READ, RENDERING, values_get),
    _call("values.update", "PUT", rf"{_KEY}/values/(.+)", "write", WRITE, RESPONSE | {"valueInputOption"}, values_update),
    _call("developerMetadata.get", "GET", rf"{_KEY}/developerMetadata/([0-9]+)", "read", WRITE, frozenset(), metadata_get),
    _call("developerMetadata.search", "POST", rf"{_KEY}/developerMetadata:search", "read", WRITE, frozenset(), metadata_search),
    _call("files.get", "GET", r"drive/v3/files/(?P<key>[^/]+)", "drive", DRIVE, frozenset({"supportsAllDrives", "includeItemsFromAllDrives"}), drive_file),
)  # fmt: skip
