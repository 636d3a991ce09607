"""A1 notation: which cells a text names."""

import re
from dataclasses import dataclass

from sandbox.google.cells import column_name, column_number
from sandbox.google.store import RangeError, Spreadsheet, Tab

_SIDE = r"\$?([A-Za-z]{0,3})\$?([0-9]{0,7})"
_RANGE = re.compile(rf"{_SIDE}(?::{_SIDE})?")
_TITLED = re.compile(r"(?:'((?:[^']|'')+)'|([^'!][^!]*))(?:!(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of a tab, 0-based and inclusive; `bound` when the text says where it ends."""

    tab: Tab
    top: int
    left: int
    bottom: int
    right: int
    bound: bool = True

    @property
    def name(self) -> str:
        """As Sheets echoes it."""
        quoted = self.tab.title.replace("'", "''")
        title = self.tab.title if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", self.tab.title) else f"'{quoted}'"
        first, last = f"{column_name(self.left)}{self.top + 1}", f"{column_name(self.right)}{self.bottom + 1}"
        return f"{title}!{first}" if first == last else f"{title}!{first}:{last}"


def parse(sheet: Spreadsheet, text: str) -> Box:
    """The cells that a text names, within the grid; RangeError when it names none."""
    where = _where(text)
    if where is not None and sheet.tabs:
        return _box(sheet.tabs[0], where, text)
    match = _TITLED.fullmatch(text)
    tab = sheet.tab((match[1] or match[2] or "").replace("''", "'")) if match else None
    if match is None or tab is None:
        raise RangeError(f"Unable to parse range: {text}")
    if match[3] is None:
        return Box(tab, 0, 0, tab.rows - 1, tab.columns - 1)
    where = _where(match[3])
    if where is None:
        raise RangeError(f"Unable to parse range: {text}")
    return _box(tab, where, text)


def _where(text: str) -> tuple[str, str, str | None, str | None] | None:
    """(column, row, last column, last row) of a range without its tab; None when the text is none."""
    match = _RANGE.fullmatch(text)
    if match is None:
        return None
    left, top, right, bottom = match.groups()
    if right is None and bottom is None:
        return (left, top, None, None) if left and top else None
    return (left, top, right, bottom) if (left or top) and (right or bottom) else None


def _box(tab: Tab, where: tuple[str, str, str | None, str | None], text: str) -> Box:
    left, top, right, bottom = where
    if "0" in {top, bottom}:
        raise RangeError(f"Unable to parse range: {text}")
    bound = right is not None
    rows = [int(top) - 1 if top else 0, (int(bottom) - 1 if bottom else tab.rows - 1) if bound else int(top) - 1]
    columns = [
        column_number(left) if left else 0,
        (column_number(right) if right else tab.columns - 1) if bound else column_number(left),
    ]
    if top and bottom:
        rows.sort()
    if left and right:
        columns.sort()
    if rows[0] >= tab.rows or columns[0] >= tab.columns:
        raise RangeError(f"Range ({text}) exceeds grid limits. Max rows: {tab.rows}, max columns: {tab.columns}")
    return Box(tab, rows[0], columns[0], min(rows[1], tab.rows - 1), min(columns[1], tab.columns - 1), bound)
