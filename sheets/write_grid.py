"""One tab as it stood at one moment: where each column is, whose each row is, what every cell holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from scoring.cells import CellError, key_text, parser_of
from scoring.checks import is_total
from scoring.choice_words import CHOICE_WORDS
from scoring.errors import DeskError
from scoring.ledger import CHOICES, ROW_TYPES, Layout
from scoring.names import tidy
from sheets.columns import LedgerMap, identity_of
from sheets.read import Properties
from sheets.write_cells import is_formula
from sheets.write_job import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A tab. Rows and columns count from 0; `rows` begin with whatever stands above the header."""

    tab: str
    properties: Properties
    layout: Layout
    rows: Sequence[Sequence[Any]]
    entered: Sequence[Sequence[Any]]
    """The same cells as people entered them: of a formula its text."""
    names: LedgerMap
    doubled: frozenset[str] = frozenset()
    day_first: bool | None = None
    missing: bool = False
    """True for a tab that does not exist yet."""

    @property
    def head(self) -> int:
        """The row of the header."""
        return self.layout.header_row - 1

    def cell(self, row: int, place: int) -> Any:
        """What a cell shows; None beyond what is filled."""
        return _at(self.rows, row, place)

    def as_entered(self, row: int, place: int) -> Any:
        """What was typed into a cell."""
        return _at(self.entered, row, place)

    def holds_formula(self, row: int, place: int) -> bool:
        """Whether the cell is worked out by the sheet."""
        return is_formula(self.as_entered(row, place), self.cell(row, place))

    def place(self, column: str) -> int | None:
        """Where a column stands; None when the sheet has none."""
        return self.layout.columns.index(column) if column in self.layout.columns else None

    def header(self, place: int) -> str:
        """The text above a column."""
        found = self.cell(self.head, place)
        return found if isinstance(found, str) else ""

    def typed(self, row: int, column: str) -> Value:
        """A cell as the desk reads it. CellError or another DeskError where it cannot be read."""
        place = self.place(column)
        return self.read(column, None if place is None else self.cell(row, place))

    def read(self, column: str, cell: Any) -> Value:
        """What a cell says under a column."""
        if cell is None or cell == "":
            return None
        if self.tab not in ROW_TYPES:
            return tidy(cell) if isinstance(cell, str) else key_text(cell)
        unit = self.layout.units.get(column, 1)
        found: Value = parser_of(self.tab, column, self.day_first, unit)(cell)
        return None if found == "" else found

    def rows_of(self, key: Mapping[str, str | date]) -> list[int]:
        """Every row below the header with this key."""
        places = {column: self.place(column) for column in key}
        return [
            row
            for row in range(self.head + 1, len(self.rows))
            if all(
                place is not None and self.is_key(column, self.cell(row, place), key[column])
                for column, place in places.items()
            )
        ]

    def is_key(self, column: str, cell: Any, key: str | date) -> bool:
        """Whether a cell says this key; one that cannot be read says none."""
        if cell is None or cell == "":
            return False
        try:
            found = key_text(cell) if isinstance(key, str) else self.read(column, cell)
        except (CellError, DeskError):
            return False
        return found == (key.strip() if isinstance(key, str) else key)

    def last_row(self) -> int:
        """The last row that is somebody's: not blank, no total, no lonely remark. The header's when there is none."""
        identity = [place for column in identity_of(self.tab) if (place := self.place(column)) is not None]
        others = [place for place, column in enumerate(self.layout.columns) if column and place not in identity]
        for row in range(len(self.rows) - 1, self.head, -1):
            keys = [str(cell).strip() for place in identity if (cell := self.cell(row, place)) is not None]
            if len(keys) < len(identity) or not all(keys) or is_total(keys[0]):
                continue
            if not others or any(self.cell(row, place) not in {None, ""} for place in others):
                return row
        return self.head

    def spelled(self, column: str, value: Value) -> Value:
        """A choice or a yes as this column spells it already, else in the language of its headers."""
        choice = (self.tab, column) in CHOICES and isinstance(value, str)
        if not choice and not isinstance(value, bool):
            return value
        place = self.place(column)
        cells = [] if place is None else [self.cell(row, place) for row in range(len(self.rows) - 1, self.head, -1)]
        for cell in cells:
            if cell is None or cell == "":
                continue
            if isinstance(cell, bool):
                return value
            try:
                if self.read(column, cell) == value and isinstance(cell, str):
                    return cell.strip()
            except (CellError, DeskError):
                continue
        return self._word(column, value)

    def _word(self, column: str, value: Value) -> Value:
        if isinstance(value, bool):
            return ("是" if value else "否") if self.language == 0 else ("yes" if value else "no")
        words = CHOICE_WORDS.get((self.tab, column), {})
        own = (word for word, choice in words.items() if choice == value and not word.isascii())
        return next(own, value) if self.language == 0 else value

    @property
    def language(self) -> int:
        """In which of the map's languages its headers are: 0 the first, 1 the second."""
        columns = self.names.tabs[self.tab].columns
        count = [0, 0]
        for place, column in enumerate(self.layout.columns):
            for language, name in enumerate(columns.get(column or "", ())[:2]):
                count[language] += self.header(place) == name
        return int(count[1] > count[0])


def _at(rows: Sequence[Sequence[Any]], row: int, place: int) -> Any:
    return rows[row][place] if row < len(rows) and place < len(rows[row]) else None
