"""The cells of one spreadsheet: tabs, values as Sheets keeps them, a version that grows with every change."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

EPOCH = date(1899, 12, 30)
Cell = str | float | int | bool | None
_A1 = re.compile(r"(?:'((?:[^']|'')+)'|([^!]+))(?:!\$?([A-Z]*)\$?([0-9]*)(?::\$?([A-Z]*)\$?([0-9]*))?)?")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


class RangeError(Exception):
    """A range that cannot be parsed or names no tab."""


@dataclass
class Tab:
    """One tab; `dates` are the columns formatted as dates."""

    id: int
    title: str
    cells: list[list[Cell]] = field(default_factory=list)
    rows: int = 1000
    columns: int = 26
    dates: set[int] = field(default_factory=set)

    def get(self, row: int, column: int) -> Cell:
        """One cell, 0-based."""
        return self.cells[row][column] if row < len(self.cells) and column < len(self.cells[row]) else None

    def set(self, row: int, column: int, value: Cell) -> None:
        """One cell, 0-based; RangeError outside the grid."""
        if row >= self.rows or column >= self.columns:
            raise RangeError(f"Range exceeds grid limits. Max rows: {self.rows}, max columns: {self.columns}")
        while len(self.cells) <= row:
            self.cells.append([])
        line = self.cells[row]
        while len(line) <= column:
            line.append(None)
        line[column] = value


class Spreadsheet:
    """Tabs by title."""

    def __init__(self, key: str, title: str, locale: str = "zh_CN") -> None:
        """Empty."""
        self.key, self.title, self.locale = key, title, locale
        self.tabs: list[Tab] = []
        self.version = 1

    def add(self, title: str, cells: list[list[Cell]], dates: set[int] | None = None) -> Tab:
        """A new tab, its grid a little larger than its cells."""
        width = max((len(row) for row in cells), default=1)
        tab = Tab(1000 + len(self.tabs), title, cells, max(1000, len(cells) + 200), max(26, width + 6), dates or set())
        self.tabs.append(tab)
        return tab

    def tab(self, title: str) -> Tab | None:
        """A tab by title."""
        return next((tab for tab in self.tabs if tab.title == title), None)

    def parse(self, text: str) -> tuple[Tab, int, int, int, int]:
        """(tab, first row, first column, last row, last column), 0-based and inclusive."""
        match = _A1.fullmatch(text)
        title = (match[1] or match[2] or "").replace("''", "'") if match else ""
        tab = self.tab(title)
        if match is None or tab is None:
            raise RangeError(f"Unable to parse range: {text}")
        top = int(match[4]) - 1 if match[4] else 0
        left = column_number(match[3]) if match[3] else 0
        if match[5] is None and match[3]:
            return tab, top, left, top, left
        bottom = int(match[6]) - 1 if match[6] else tab.rows - 1
        right = column_number(match[5]) if match[5] else tab.columns - 1
        return tab, top, left, bottom, right

    def values(self, text: str, *, formatted: bool) -> tuple[str, list[list[Any]]]:
        """(range as echoed, rows with trailing empty cells and rows trimmed)."""
        tab, top, left, bottom, right = self.parse(text)
        rows: list[list[Any]] = []
        for line in tab.cells[top : bottom + 1]:
            row: list[Any] = list(line[left : right + 1])
            while row and row[-1] in {None, ""} and not isinstance(row[-1], bool):
                row.pop()
            shown = [("" if cell is None else cell) for cell in row]
            rows.append(
                [display(cell, left + place in tab.dates) for place, cell in enumerate(shown)] if formatted else shown
            )
        while rows and not rows[-1]:
            rows.pop()
        quoted = tab.title.replace("'", "''")
        return f"'{quoted}'!{column_name(left)}{top + 1}:{column_name(right)}{bottom + 1}", rows

    def write(self, text: str, rows: list[list[Any]], *, user_entered: bool) -> int:
        """Write values from the range's first cell; null skips a cell. Checked as a whole before anything changes."""
        tab, top, left, _, _ = self.parse(text)
        if top + len(rows) > tab.rows or left + max((len(row) for row in rows), default=0) > tab.columns:
            raise RangeError(f"Range ({text}) exceeds grid limits. Max rows: {tab.rows}, max columns: {tab.columns}")
        count = 0
        for down, row in enumerate(rows):
            for along, value in enumerate(row):
                if value is None:
                    continue
                tab.set(top + down, left + along, entered(value) if user_entered else value)
                count += 1
        self.version += 1
        return count


def entered(value: Any) -> Cell:
    """A value as if typed: numbers, days and booleans are recognised; RAW would keep the text."""
    if not isinstance(value, str):
        return value  # type: ignore[no-any-return]
    text = unicodedata.normalize("NFKC", value).strip()
    if _NUMBER.fullmatch(text.replace(",", "")) and not (text.startswith("0") and len(text) > 1 and text[1] != "."):
        number = float(text.replace(",", ""))
        return int(number) if number.is_integer() else number
    if _DATE.fullmatch(text):
        try:
            return (date.fromisoformat("-".join(part.zfill(2) for part in text.split("-"))) - EPOCH).days
        except ValueError:
            return value
    return {"TRUE": True, "FALSE": False}.get(text.upper(), value)


def display(cell: Cell, is_date: bool) -> str:
    """A cell as the sheet shows it."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if is_date and isinstance(cell, int | float):
        return (EPOCH + timedelta(days=int(cell))).isoformat()
    return f"{cell:,.2f}" if isinstance(cell, float) else f"{cell:,}" if isinstance(cell, int) else str(cell or "")


def column_number(name: str) -> int:
    """ "A" is 0, "AA" is 26."""
    number = 0
    for char in name:
        number = number * 26 + ord(char) - 64
    return number - 1


def column_name(number: int) -> str:
    """0 is "A"."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name
