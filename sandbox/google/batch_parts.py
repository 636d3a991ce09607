"""What the requests of a batchUpdate are made of: grid ranges, rows of typed cells, field masks."""

from dataclasses import dataclass
from typing import Any

from sandbox.google.cells import Cell, Day, Formula, Moment, computed
from sandbox.google.store import MAX_CHARACTERS, RangeError, Spreadsheet, Tab

Answer = dict[str, Any]
_FIELDS = frozenset({"userEnteredValue", "userEnteredFormat.numberFormat", "userEnteredFormat.numberFormat.type"})
_VALUES = {"numberValue": (int, float), "stringValue": (str,), "boolValue": (bool,), "formulaValue": (str,)}


class UnknownError(Exception):
    """A request that the sandbox does not play: answered with 501 and remembered."""


def keys(given: Any, where: str, allowed: set[str]) -> dict[str, Any]:
    """An object with no other names than these."""
    if not isinstance(given, dict):
        raise RangeError(f"{where} must be an object")
    if set(given) - allowed:
        raise RangeError(f'Unknown name "{min(set(given) - allowed)}" at {where}: cannot find field.')
    return given


@dataclass(frozen=True)
class Grid:
    """A GridRange within its tab, half open."""

    tab: Tab
    top: int
    left: int
    bottom: int
    right: int


def grid(sheet: Spreadsheet, given: Any) -> Grid:
    """A GridRange; what it leaves open reaches to the edge."""
    span = keys(given, "range", {"sheetId", "startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex"})
    tab = tab_of(sheet, span.get("sheetId", 0))
    top, left = span.get("startRowIndex", 0), span.get("startColumnIndex", 0)
    bottom, right = span.get("endRowIndex", tab.rows), span.get("endColumnIndex", tab.columns)
    if not (0 <= top < bottom <= tab.rows and 0 <= left < right <= tab.columns):
        raise RangeError(f"range exceeds grid limits. Max rows: {tab.rows}, max columns: {tab.columns}")
    return Grid(tab, top, left, bottom, right)


def tab_of(sheet: Spreadsheet, sheet_id: Any) -> Tab:
    """A tab by id; RangeError when there is none."""
    tab = sheet.tab_of(sheet_id)
    if tab is None:
        raise RangeError(f"No grid with id: {sheet_id}")
    return tab


def masked_fields(fields: Any) -> set[str]:
    if not isinstance(fields, str) or not fields:
        raise RangeError("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    named = set(fields.replace(" ", "").split(","))
    if not named <= _FIELDS:
        raise UnknownError(f"fields {min(named - _FIELDS)}")
    return named


def _cell(given: Any, fields: set[str], where: str) -> Cell:
    data = keys(given, where, {"userEnteredValue", "userEnteredFormat"})
    value = keys(data.get("userEnteredValue", {}), f"{where}.userEnteredValue", set(_VALUES))
    kind = data.get("userEnteredFormat", {}).get("numberFormat", {}).get("type")
    if not value or "userEnteredValue" not in fields:
        return None
    if len(value) > 1:
        raise RangeError(f"{where}.userEnteredValue: only one value may be set")
    name, content = next(iter(value.items()))
    if not isinstance(content, _VALUES[name]) or (name == "numberValue" and isinstance(content, bool)):
        raise RangeError(f"Invalid value at '{where}.userEnteredValue.{name}'")
    if isinstance(content, str) and len(content) > MAX_CHARACTERS:
        raise RangeError(f"Your input contains more than the maximum of {MAX_CHARACTERS} characters in a single cell.")
    if name == "formulaValue":
        if not str(content).startswith("="):
            raise RangeError(f"{where}.userEnteredValue.formulaValue must begin with =")
        return Formula(str(content), computed(str(content)[1:]))
    if isinstance(content, int | float) and kind in {"DATE", "DATE_TIME"}:
        return Moment(content) if kind == "DATE_TIME" else Day(content)
    return content


def typed_rows(given: Any, fields: set[str]) -> list[list[Cell]]:
    if not isinstance(given, list):
        raise RangeError("rows must be a list")
    return [
        [
            _cell(cell, fields, f"rows[{down}].values[{along}]")
            for along, cell in enumerate(keys(row, f"rows[{down}]", {"values"}).get("values", []))
        ]
        for down, row in enumerate(given)
    ]
