"""A value as the API takes it: typed, so that no text ever becomes a formula; and cells compared."""

import math
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from scoring.dates import EPOCH
from scoring.names import tidy
from sheets.write_job import Value

CellData: TypeAlias = Mapping[str, Any]
"""A cell as updateCells takes it; {} empties it."""
MAX_TEXT = 50_000
_DAY = {"type": "DATE", "pattern": "yyyy-mm-dd"}
_MOMENT = {"type": "DATE_TIME", "pattern": "yyyy-mm-dd hh:mm"}


def cell_of(value: Value, unit: int = 1) -> CellData:
    """A typed cell. `unit` is what the column counts in: 10000 under a header in 万元."""
    if value is None or value == "":
        return {}
    if isinstance(value, bool):
        return {"userEnteredValue": {"boolValue": value}}
    if isinstance(value, datetime):
        part = (value.hour * 3600 + value.minute * 60 + value.second) / 86400
        return _numbered(value.toordinal() - EPOCH.toordinal() + part, _MOMENT)
    if isinstance(value, date):
        return _numbered(value.toordinal() - EPOCH.toordinal(), _DAY)
    if isinstance(value, int | Decimal):
        return {"userEnteredValue": {"numberValue": _number(Decimal(value) / unit)}}
    return {"userEnteredValue": {"stringValue": tidy(value)[:MAX_TEXT]}}


def _numbered(serial: float, shown_as: Mapping[str, str]) -> CellData:
    return {"userEnteredValue": {"numberValue": serial}, "userEnteredFormat": {"numberFormat": shown_as}}


def _number(value: Decimal) -> int | float:
    if not value.is_finite():
        raise ValueError("a sheet holds no such number")
    return int(value) if value == value.to_integral_value() else float(value)


def entered_cell(entered: Any, shown: Any) -> CellData:
    """A cell as it was: `entered` is a formula's text or the value, `shown` what the sheet made of it."""
    if entered is None or entered == "":
        return {}
    if isinstance(entered, bool):
        return {"userEnteredValue": {"boolValue": entered}}
    if isinstance(entered, int | float):
        return {"userEnteredValue": {"numberValue": entered}}
    kind = "formulaValue" if is_formula(entered, shown) else "stringValue"
    return {"userEnteredValue": {kind: str(entered)}}


def is_formula(entered: Any, shown: Any) -> bool:
    """Whether a cell holds a formula: a text that begins with = and stands there as it is holds none."""
    return isinstance(entered, str) and entered.startswith("=") and entered != shown


def plain(cell: CellData) -> Any:
    """The value within a cell; None when it is empty."""
    return next(iter(cell.get("userEnteredValue", {}).values()), None)


def same(one: Any, other: Any) -> bool:
    """Whether two cells hold the same: nothing and "" are, 1 and TRUE are not."""
    one, other = (None if value == "" else value for value in (one, other))
    if isinstance(one, bool) or isinstance(other, bool) or one is None or other is None:
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-9)
    return bool(one == other)
