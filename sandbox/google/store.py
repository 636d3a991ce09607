"""The cells of one spreadsheet: tabs, values as Sheets keeps them, a version that grows with every change."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from sandbox.google.cells import EPOCH, Cell, column_name, display, entered, is_empty

__all__ = ["EPOCH", "Cell", "RangeError", "Spreadsheet", "Tab", "column_name", "display", "entered"]

MAX_CELLS = 10_000_000
MAX_COLUMNS = 18_278
MAX_CHARACTERS = 50_000
PROTECTED = (
    "You are trying to edit a protected cell or object. "
    "Please contact the spreadsheet owner to remove protection if you need to edit."
)


class RangeError(Exception):
    """What Sheets answers with 400 INVALID_ARGUMENT."""


@dataclass
class Tab:
    """One tab; `dates` are the columns formatted as dates, `locked` rectangles that no program may write.

    A rectangle is (top, left, bottom, right), half open: protected by a person, the bot not among the editors.
    """

    id: int
    title: str
    cells: list[list[Cell]] = field(default_factory=list)
    rows: int = 1000
    columns: int = 26
    dates: set[int] = field(default_factory=set)
    locked: list[tuple[int, int, int, int]] = field(default_factory=list)

    def open_to_all(self, row: int, column: int) -> None:
        """RangeError for a protected cell."""
        for top, left, bottom, right in self.locked:
            if top <= row < bottom and left <= column < right:
                raise RangeError(PROTECTED)

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

    def used_rows(self) -> int:
        """How many rows down to the last one with anything in it."""
        for number in range(len(self.cells), 0, -1):
            if not all(map(is_empty, self.cells[number - 1])):
                return number
        return 0


@dataclass(frozen=True)
class Mark:
    """A piece of developer metadata. `place` is None for the spreadsheet, else (sheet, dimension or None, index)."""

    id: int
    key: str
    value: str | None
    visibility: str
    place: tuple[int, str | None, int] | None


class Spreadsheet:
    """Tabs by title, developer metadata by id."""

    def __init__(self, key: str, title: str, locale: str = "zh_CN", clock: Callable[[], float] = time.time) -> None:
        """Empty."""
        self.key, self.title, self.locale, self.clock = key, title, locale, clock
        self.tabs: list[Tab] = []
        self.marks: dict[int, Mark] = {}
        self.modified = clock()
        self._version = 1

    @property
    def version(self) -> int:
        """Grows with every change; the time of the change is kept with it."""
        return self._version

    @version.setter
    def version(self, value: int) -> None:
        self._version, self.modified = value, self.clock()

    def add(self, title: str, cells: list[list[Cell]], dates: set[int] | None = None) -> Tab:
        """A new tab, its grid a little larger than its cells."""
        width = max((len(row) for row in cells), default=1)
        rows, columns = max(1000, len(cells) + 200), max(26, width + 6)
        tab = Tab(1000 + len(self.tabs), title, cells, rows, columns, dates or set())
        self.tabs.append(tab)
        return tab

    def tab(self, title: str) -> Tab | None:
        """A tab by title."""
        return next((tab for tab in self.tabs if tab.title == title), None)

    def tab_of(self, sheet_id: object) -> Tab | None:
        """A tab by its id."""
        return next((tab for tab in self.tabs if tab.id == sheet_id), None)

    def snapshot(self) -> tuple[Any, ...]:
        """Everything that a batch may change, so that a refused batch leaves nothing behind."""
        return [
            (tab, replace(tab, cells=[row[:] for row in tab.cells], dates=set(tab.dates))) for tab in self.tabs
        ], dict(self.marks)

    def restore(self, before: tuple[Any, ...]) -> None:
        """As it was; the pages keep their tabs."""
        tabs, self.marks = before
        for tab, kept in tabs:
            vars(tab).update(vars(kept))
        self.tabs = [tab for tab, _ in tabs]
