"""How a cell of each kind is read: money, days, flags, choices, keys, text; what cannot be read raises its code."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from scoring.choice_words import CHOICE_WORDS, CURRENCY_WORDS
from scoring.dates import EPOCH, parse_day
from scoring.ledger import CHOICES, ROW_TYPES, kind_of, may_be_negative
from scoring.money import MAX_WHOLE_DIGITS, AmountError, parse_amount
from scoring.names import normalise_uscc, tidy

MAX_TEXT = 2000
MAX_KEY = 200
RATE_LOWEST, RATE_HIGHEST = Decimal("0.000001"), Decimal(10**6)
"""What one unit of a currency may be worth in another; beyond it somebody typed something else."""
_YES = frozenset({"是", "y", "yes", "true", "1", "有", "√", "✓", "对"})
_NO = frozenset({"否", "n", "no", "false", "0", "无", "×", "✗", "没有"})
_ERRORS = re.compile(r"#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|ERROR!|SPILL!|CALC!)")
_DAYS = re.compile(r"(?:net\s*|月结\s*|票到\s*)?([0-9]{1,4})\s*(?:天|日|days?|d)?", re.IGNORECASE)
_REFERENCES = frozenset({"customer_id", "parent_id", "invoice_no", "order_no", "supplier_id", "partner_id"})

Parser = Callable[[Any], Any]


class CellError(Exception):
    """A cell that cannot be read: the note's code."""


def parser_of(tab: str, key: str, day_first: bool | None, unit: int) -> Parser:
    """How a cell of this column is read."""
    kind = kind_of(tab, key)
    if kind == "money":
        return _money(unit, negative=may_be_negative(tab, key))
    if kind == "date":
        return _date(day_first)
    if kind == "choice":
        return _choice(tab, key)
    if key in _REFERENCES or key in ROW_TYPES[tab].IDENTITY:
        return key_text
    if key == "uscc":
        return lambda cell: normalise_uscc(_text(cell))
    if key == "currency":
        return _currency
    if key == "to_base":
        return _rate
    return {"flag": _flag, "pct": _percent, "days": _days, "count": _count, "number": _number}.get(kind, _text)


def _money(unit: int, *, negative: bool) -> Parser:
    ceiling = 10**MAX_WHOLE_DIGITS
    lowest = -ceiling if negative else -1

    def parse(cell: Any) -> Decimal | None:
        if type(cell) is int and lowest < cell * unit < ceiling:
            return Decimal(cell * unit)
        if isinstance(cell, str):
            if not cell.strip():
                return None
            if cell[0] == "#" and _ERRORS.match(cell):
                raise CellError("error_cell")
        amount = parse_amount(cell, allow_negative=negative)
        # 500万 under a header in 万元 already says its unit
        spelled = unit != 1 and isinstance(cell, str) and any(char in cell for char in "万萬亿億")
        if unit == 1 or spelled:
            return amount
        if abs(amount * unit) >= ceiling:
            raise CellError("amount_too_long")
        return amount * unit

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
        plain = _plain(cell).casefold()
        if not plain:
            return None
        try:
            return words[plain]
        except KeyError:
            raise CellError("choice_unknown") from None

    return parse


def key_text(cell: Any) -> str:
    """Keys are text and kept exactly; a number that the sheet made of one loses only its ".0". CellError if none."""
    if type(cell) is str:
        text = cell.strip()
        if text.startswith("#") and _ERRORS.match(text):
            raise CellError("error_cell")
        if len(text) > MAX_KEY:
            raise CellError("text_too_long")
        return text
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        if cell[:1] == "#" and _ERRORS.match(cell):
            raise CellError("error_cell")
        return tidy(cell[:MAX_TEXT])
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _plain(cell: Any) -> str:
    """Text to compare by: its width does not count."""
    return unicodedata.normalize("NFKC", _text(cell))


@lru_cache(maxsize=256)
def _currency(cell: Any) -> str:
    text = _plain(cell).strip().upper()
    return CURRENCY_WORDS.get(text, text)


def _flag(cell: Any) -> bool | None:
    if isinstance(cell, bool):
        return cell
    plain = _plain(cell).casefold()
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
    text = _plain(cell)
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


def _rate(cell: Any) -> Decimal | None:
    rate = _number(cell)
    if rate is None:
        return None
    if rate <= 0:
        raise CellError("rate_not_positive")
    if not RATE_LOWEST <= rate <= RATE_HIGHEST:
        raise CellError("rate_out_of_range")
    return rate


def _number(cell: Any) -> Decimal | None:
    if isinstance(cell, str) and not cell.strip():
        return None
    try:
        return parse_amount(cell)
    except AmountError:
        raise CellError("number_unreadable") from None
