"""Raw cells become typed rows; whatever cannot be read becomes a note on its cell, never a guess or a lost row."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

import orjson

from scoring.cells import CellError, Parser, parser_of
from scoring.dates import DateError
from scoring.findings import Note
from scoring.ledger import ROW_TYPES, Layout, RawTab, Row
from scoring.money import AmountError
from scoring.names import tidy, uscc_problem

NOTE_CODES = (
    # cells
    "amount_not_a_number", "amount_range", "amount_approximate", "amount_exponent", "amount_too_long", "amount_unit",
    "amount_negative", "date_unreadable", "date_ambiguous", "date_two_digit_year", "date_out_of_range",
    "flag_unreadable", "choice_unknown", "days_unreadable", "number_unreadable", "rate_not_positive",
    "rate_out_of_range", "error_cell",
    "text_too_long", "uscc_length", "uscc_alphabet", "uscc_check",
    # rows
    "key_missing", "total_row", "duplicate_row", "duplicate_key", "customer_unknown", "customer_missing",
    # tabs
    "tab_missing", "key_column_missing", "column_duplicate", "header_missing", "tab_empty", "tab_shrunk",
    "tab_duplicates",
    # documents
    "amount_missing", "received_on_missing", "paid_mismatch", "paid_includes_bounced", "paid_undated",
    "settled_but_open",
    "settled_on_missing", "due_derived", "due_missing", "issued_on_missing", "dispute_undated", "temp_limit_undated",
    "rate_old", "parent_cycle", "parent_unknown", "unapproved_edit",
)  # fmt: skip
"""Every code a note may have; `texts` holds a sentence for each."""

_TOTALS = re.compile(r"^(合计|总计|小计|总额|共计|本页合计|total|subtotal|grand total|sum)([:：\s].*)?$", re.IGNORECASE)


def is_total(text: str) -> bool:
    """True for what stands in front of a sum (合计, Total)."""
    return _TOTALS.match(text) is not None


@dataclass(frozen=True, slots=True)
class TabRead:
    """The rows of a tab and the notes on its cells."""

    rows: list[Row]
    notes: list[Note]


Numbered = Iterable[tuple[int, list[Any]]]
"""Rows as (row of the sheet, cells)."""


def read_rows(raw: RawTab, *, day_first: bool | None = None) -> TabRead:
    """Typed rows of a whole tab, in its order; see `TabReader.read`."""
    numbered = ((raw.first_row + place, orjson.loads(bytes(cells))) for place, cells in enumerate(raw.rows))
    return TabReader(raw.layout, day_first).read(numbered)


def duplicates(rows: Iterable[Row]) -> tuple[list[Row], list[Note]]:
    """Rows of one tab with equal repeats left out, and a note for each repeated key; keyless rows repeat nothing."""
    first: dict[str, Row] = {}
    kept: list[Row] = []
    notes: list[Note] = []
    for row in rows:
        earlier = first.setdefault(row.key, row) if row.key else row
        if earlier is row:
            kept.append(row)
        elif replace(row, row=0) == replace(earlier, row=0):
            notes.append(Note(row.TAB, row.row, row.key, None, "duplicate_row", str(earlier.row)))
        else:
            kept.append(row)
            notes.append(Note(row.TAB, row.row, row.key, None, "duplicate_key", str(earlier.row)))
    return kept, notes


class TabReader:
    """Parsers of one tab's columns, made once and then used for any of its rows."""

    def __init__(self, layout: Layout, day_first: bool | None) -> None:
        """`day_first` is how the sheet's locale writes 3/4/2026, None = unsettled."""
        self.layout = layout
        self.tab = layout.tab
        self.row_type: Any = ROW_TYPES[layout.tab]
        known = {field.name for field in fields(self.row_type)}
        self.columns: list[tuple[int, str, Parser]] = [
            (place, key, parser_of(layout.tab, key, day_first, layout.units.get(key, 1)))
            for place, key in enumerate(layout.columns)
            if key is not None and key in known
        ]
        identity = self.row_type.IDENTITY
        self.identity = [(place, key) for place, key, _ in self.columns if key in identity]
        self.first_key = identity[0]
        self.any_key = layout.tab == "blacklist"
        self.owner = next(
            (place for place, key, _ in self.columns if key == "customer_id" and key not in identity), None
        )

    def read(self, numbered: Numbered) -> TabRead:
        """Typed rows, in order, and the notes on their cells.

        Blank rows are passed over; a totals row and a row with values but neither key nor customer are left out
        with a note. A customer's row without its own key counts, with a note.
        Rows that repeat a key all stay: which one counts is for the rules (`duplicates`, `scoring.duplicates`).
        """
        notes: list[Note] = []
        rows = [row for number, cells in numbered if (row := self._one(number, cells, notes)) is not None]
        return TabRead(rows, notes)

    def values(self, cells: list[Any]) -> dict[str, Any] | None:
        """The typed cells of an ordinary row by column, empty ones left out; None for any row that needs `read`."""
        present = self._keys(cells)
        if not present or not isinstance(present[0], str) or is_total(present[0].strip()):
            return None
        found, wrong = self._parsed(cells)
        return None if wrong else found

    def _keys(self, cells: list[Any]) -> list[Any]:
        """The row's key cells; none where a part is missing."""
        width = len(cells)
        present = [
            cells[place] for place, _ in self.identity
            if place < width and cells[place] is not None and str(cells[place]).strip()
        ]  # fmt: skip
        return present if self.any_key or len(present) == len(self.identity) else []

    def _one(self, number: int, cells: list[Any], notes: list[Note]) -> Row | None:
        """One row, or None for a blank, a total or a keyless one."""
        present = self._keys(cells)
        if not present:
            if self._keyless(number, cells, notes):
                return None
        elif isinstance(present[0], str) and is_total(present[0].strip()):
            notes.append(Note(self.tab, number, present[0].strip()[:40], None, "total_row", present[0].strip()[:40]))
            return None
        values, wrong = self._parsed(cells)
        return self._row(number, values, wrong, notes)

    def _parsed(self, cells: list[Any]) -> tuple[dict[str, Any], list[tuple[str, str, str]]]:
        """(typed cells by column, (column, code, what stands there) of those that cannot be read)."""
        width = len(cells)
        values: dict[str, Any] = {}
        wrong: list[tuple[str, str, str]] = []
        for place, key, parse in self.columns:
            if place >= width:
                continue
            cell = cells[place]
            if cell is None or cell == "":
                continue
            try:
                value = parse(cell)
            except AmountError as problem:
                wrong.append((key, problem.code, str(cell)))
            except DateError as problem:
                wrong.append((key, problem.code, str(cell)))
            except CellError as problem:
                wrong.append((key, str(problem), str(cell)))
            else:
                if value is not None:
                    values[key] = value
        return values, wrong

    def _row(
        self, number: int, values: dict[str, Any], wrong: list[tuple[str, str, str]], notes: list[Note]
    ) -> Row | None:
        unread = frozenset(key for key, _, _ in wrong)
        row: Row = self.row_type(row=number, unread=unread, **values)
        name = row.key
        for key, code, found in wrong:
            notes.append(Note(self.tab, number, name, key, code, tidy(found)[:80]))
        if unread & set(self.row_type.IDENTITY) and "customer_id" not in values:
            return None
        if self.owner is not None and "customer_id" not in values and len(values) > 1:
            notes.append(Note(self.tab, number, name, "customer_id", "customer_missing"))
        uscc = values.get("uscc")
        problem = uscc_problem(uscc) if uscc else None
        if problem:
            notes.append(Note(self.tab, number, name, "uscc", problem, str(uscc)[:40]))
        return row

    def _keyless(self, number: int, cells: list[Any], notes: list[Note]) -> bool:
        """Whether a row without key is left out: spacer rows and side calculations silently, others with a note.

        A row that says whose it is, and is no sum, stays.
        """
        found = [
            (key, cells[place])
            for place, key, _ in self.columns
            if place < len(cells) and cells[place] not in {None, ""} and str(cells[place]).strip()
        ]
        if not found:
            return True
        owner = None if self.owner is None or self.owner >= len(cells) else cells[self.owner]
        mine = owner is not None and str(owner).strip() != ""
        words = [str(cell).strip() for _, cell in found if isinstance(cell, str)]
        total = next((word for word in words if is_total(word)), None)
        sums_only = all(isinstance(cell, int | float) for _, cell in found) and len(found) <= 3
        if total is not None or (sums_only and not mine):
            notes.append(Note(self.tab, number, (total or "")[:40], None, "total_row", (total or "")[:40]))
            return True
        key, cell = next((pair for pair in found if pair[0] != "customer_id"), found[0])
        notes.append(Note(self.tab, number, "", self.first_key, "key_missing", tidy(f"{key}: {cell}")[:80]))
        return not mine
