"""Raw cells become typed rows; whatever cannot be read becomes a note on its cell, never a guess or a lost row."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from scoring.choice_words import CHOICE_WORDS, CURRENCY_WORDS
from scoring.dates import EPOCH, DateError, parse_day
from scoring.findings import Note
from scoring.ledger import CHOICES, ROW_TYPES, RawTab, Row, kind_of
from scoring.money import AmountError, parse_amount
from scoring.names import normalise_uscc, tidy, uscc_problem

NOTE_CODES = (
    # cells
    "amount_not_a_number", "amount_range", "amount_approximate", "amount_exponent", "amount_too_long", "amount_unit",
    "amount_negative", "date_unreadable", "date_ambiguous", "date_two_digit_year", "date_out_of_range",
    "flag_unreadable", "choice_unknown", "days_unreadable", "number_unreadable", "error_cell", "text_too_long",
    "uscc_length", "uscc_alphabet", "uscc_check",
    # rows
    "key_missing", "total_row", "duplicate_row", "duplicate_key", "customer_unknown",
    # tabs
    "tab_missing", "key_column_missing", "column_duplicate", "header_missing", "tab_empty", "tab_shrunk",
    "tab_duplicates",
    # documents
    "amount_missing", "paid_mismatch", "paid_includes_bounced", "paid_undated", "settled_but_open",
    "settled_on_missing", "due_derived", "due_missing", "issued_on_missing", "dispute_undated", "temp_limit_undated",
    "rate_old", "parent_cycle", "parent_unknown", "unapproved_edit",
)  # fmt: skip
"""Every code a note may have; `texts` holds a sentence for each."""

MAX_TEXT = 2000
_YES = frozenset({"是", "y", "yes", "true", "1", "有", "√", "✓", "对"})
_NO = frozenset({"否", "n", "no", "false", "0", "无", "×", "✗", "没有"})
_ERRORS = re.compile(r"#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|ERROR!|SPILL!|CALC!)")
_TOTALS = re.compile(r"^(合计|总计|小计|总额|共计|本页合计|total|subtotal|grand total|sum)([:：\s].*)?$", re.IGNORECASE)
_DAYS = re.compile(r"(?:net\s*|月结\s*|票到\s*)?([0-9]{1,4})\s*(?:天|日|days?|d)?", re.IGNORECASE)

_REFERENCES = frozenset({"customer_id", "parent_id", "invoice_no", "order_no", "supplier_id", "partner_id"})


class CellError(Exception):
    """A cell that cannot be read: the note's code."""


@dataclass(frozen=True, slots=True)
class TabRead:
    """The rows of a tab and the notes on its cells."""

    rows: list[Row]
    notes: list[Note]


Parser = Callable[[Any], Any]


def read_rows(raw: RawTab, *, day_first: bool | None = None, only: Collection[int] | None = None) -> TabRead:
    """Typed rows of a tab, in its order. `only` restricts the work to these sheet rows.

    Blank rows are passed over; a totals row and a row with values but no key are left out with a note.
    Of equal rows with one key the later ones are left out with a note; differing ones all stay, with a note.
    """
    reader = _Reader(raw, day_first)
    rows: list[Row] = []
    for number, cells in raw.rows:
        if only is None or number in only:
            row = reader.read(number, cells)
            if row is not None:
                rows.append(row)
    return TabRead(rows, reader.notes)


def duplicates(rows: Iterable[Row]) -> tuple[list[Row], list[Note]]:
    """Rows of one tab with equal repeats left out, and a note for each repeated key."""
    first: dict[str, Row] = {}
    kept: list[Row] = []
    notes: list[Note] = []
    for row in rows:
        earlier = first.setdefault(row.key, row)
        if earlier is row:
            kept.append(row)
        elif replace(row, row=0) == replace(earlier, row=0):
            notes.append(Note(row.TAB, row.row, row.key, None, "duplicate_row", str(earlier.row)))
        else:
            kept.append(row)
            notes.append(Note(row.TAB, row.row, row.key, None, "duplicate_key", str(earlier.row)))
    return kept, notes


class _Reader:
    """Parsers of one tab's columns, made once."""

    def __init__(self, raw: RawTab, day_first: bool | None) -> None:
        self.tab = raw.tab
        self.row_type: Any = ROW_TYPES[raw.tab]
        self.notes: list[Note] = []
        known = {field.name for field in fields(self.row_type)}
        self.columns: list[tuple[int, str, Parser]] = [
            (place, key, parser_of(raw.tab, key, day_first, raw.units.get(key, 1)))
            for place, key in enumerate(raw.columns)
            if key is not None and key in known
        ]
        identity = self.row_type.IDENTITY
        self.identity = [(place, key) for place, key, _ in self.columns if key in identity]
        self.first_key = identity[0]
        self.any_key = raw.tab == "blacklist"
        self.first_text = min((place for place, _, _ in self.columns), default=0)

    def read(self, number: int, cells: list[object]) -> Row | None:
        """One row, or None for a blank, a total or a keyless one."""
        width = len(cells)
        keys = [cells[place] for place, _ in self.identity if place < width]
        present = [key for key in keys if key is not None and str(key).strip()]
        if not present or (not self.any_key and len(present) < len(self.identity)):
            self._keyless(number, cells)
            return None
        if isinstance(present[0], str) and _TOTALS.match(present[0].strip()):
            self.notes.append(
                Note(self.tab, number, present[0].strip()[:40], None, "total_row", present[0].strip()[:40])
            )
            return None
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
        return self._row(number, values, wrong)

    def _row(self, number: int, values: dict[str, Any], wrong: list[tuple[str, str, str]]) -> Row | None:
        unread = frozenset(key for key, _, _ in wrong)
        row: Row = self.row_type(row=number, unread=unread, **values)
        name = row.key
        for key, code, found in wrong:
            self.notes.append(Note(self.tab, number, name, key, code, tidy(found)[:80]))
        if unread & set(self.row_type.IDENTITY):
            return None
        uscc = values.get("uscc")
        problem = uscc_problem(uscc) if uscc else None
        if problem:
            self.notes.append(Note(self.tab, number, name, "uscc", problem, str(uscc)[:40]))
        return row

    def _keyless(self, number: int, cells: list[object]) -> None:
        """Silence for spacer rows and side calculations, a note where the desk's own columns hold something."""
        found = [
            (key, cells[place])
            for place, key, _ in self.columns
            if place < len(cells) and cells[place] not in {None, ""} and str(cells[place]).strip()
        ]
        if not found:
            return
        words = [str(cell).strip() for _, cell in found if isinstance(cell, str)]
        total = next((word for word in words if _TOTALS.match(word)), None)
        sums_only = all(isinstance(cell, int | float) for _, cell in found) and len(found) <= 3
        if total is not None or sums_only:
            self.notes.append(Note(self.tab, number, (total or "")[:40], None, "total_row", (total or "")[:40]))
            return
        key, cell = found[0]
        self.notes.append(Note(self.tab, number, "", self.first_key, "key_missing", tidy(f"{key}: {cell}")[:80]))


def parser_of(tab: str, key: str, day_first: bool | None, unit: int) -> Parser:
    """How a cell of this column is read."""
    kind = kind_of(tab, key)
    if kind == "money":
        return _money(unit)
    if kind == "date":
        return _date(day_first)
    if kind == "choice":
        return _choice(tab, key)
    if key in _REFERENCES or key in ROW_TYPES[tab].IDENTITY:
        return _key
    if key == "uscc":
        return lambda cell: normalise_uscc(_text(cell))
    if key == "currency":
        return _currency
    return {"flag": _flag, "pct": _percent, "days": _days, "count": _count, "number": _number}.get(kind, _text)


def _money(unit: int) -> Parser:
    def parse(cell: Any) -> Decimal | None:
        if type(cell) is int and -(10**12) < cell < 10**12:
            return Decimal(cell * unit)
        if isinstance(cell, str):
            if not cell.strip():
                return None
            if cell[0] == "#" and _ERRORS.match(cell):
                raise CellError("error_cell")
        amount = parse_amount(cell)
        # 500万 under a header in 万元 already says its unit
        spelled = unit != 1 and isinstance(cell, str) and any(char in cell for char in "万萬亿億")
        return amount if unit == 1 or spelled else amount * unit

    return parse


def _date(day_first: bool | None) -> Parser:
    known: dict[Any, date] = {}

    def parse(cell: Any) -> date | None:
        found = known.get(cell)
        if found is not None:
            return found
        if type(cell) is int and 20000 < cell < 80000:
            day = date.fromordinal(EPOCH.toordinal() + cell)
        else:
            if isinstance(cell, str):
                if not cell.strip():
                    return None
                if cell[0] == "#" and _ERRORS.match(cell):
                    raise CellError("error_cell")
            day = parse_day(cell, day_first=day_first)
        if len(known) < 20000 and not isinstance(cell, bool):
            known[cell] = day
        return day

    return parse


def _choice(tab: str, key: str) -> Parser:
    words = {choice.casefold(): choice for choice in CHOICES[tab, key]}
    words |= {word.casefold(): choice for word, choice in CHOICE_WORDS[tab, key].items()}

    def parse(cell: Any) -> str | None:
        plain = _text(cell).casefold()
        if not plain:
            return None
        try:
            return words[plain]
        except KeyError:
            raise CellError("choice_unknown") from None

    return parse


def _key(cell: Any) -> str:
    """Keys are text and kept exactly; a number that the sheet made of one loses only its ".0"."""
    if type(cell) is str:
        text = cell.strip()
        if text.startswith("#") and _ERRORS.match(text):
            raise CellError("error_cell")
        if len(text) > 200:
            raise CellError("text_too_long")
        return text if text.isprintable() and text.isascii() else tidy(text)
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        if cell[:1] == "#" and _ERRORS.match(cell):
            raise CellError("error_cell")
        return tidy(cell[:MAX_TEXT])
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _currency(cell: Any) -> str:
    text = unicodedata.normalize("NFKC", _text(cell)).strip().upper()
    return CURRENCY_WORDS.get(text, text)


def _flag(cell: Any) -> bool | None:
    if isinstance(cell, bool):
        return cell
    plain = _text(cell).casefold()
    if not plain:
        return None
    if plain in _YES:
        return True
    if plain in _NO:
        return False
    raise CellError("flag_unreadable")


def _days(cell: Any) -> int | None:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if cell == int(cell) and 0 <= cell <= 3660:
            return int(cell)
        raise CellError("days_unreadable")
    text = _text(cell)
    match = _DAYS.fullmatch(text)
    if not text:
        return None
    if match is None or int(match[1]) > 3660:
        raise CellError("days_unreadable")
    return int(match[1])


def _count(cell: Any) -> int | None:
    number = _number(cell)
    if number is None:
        return None
    if number != int(number) or not 0 <= number <= 10**6:
        raise CellError("number_unreadable")
    return int(number)


def _percent(cell: Any) -> Decimal | None:
    if isinstance(cell, str):
        return _number(unicodedata.normalize("NFKC", cell).strip().removesuffix("%"))
    return _number(cell)


def _number(cell: Any) -> Decimal | None:
    if isinstance(cell, str) and not cell.strip():
        return None
    try:
        return parse_amount(cell)
    except AmountError:
        raise CellError("number_unreadable") from None
