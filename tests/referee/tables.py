"""The ledger as plain tables of text, read with nothing but csv: for the second computation only.

Cells are taken as the demo and the tests write them: ISO days, plain numbers, yes/no words. Whatever is odd
belongs to the tests of parsing, not here.
"""

import csv
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

Table = list[dict[str, str]]
Tables = dict[str, Table]


def read_tables(folder: Path) -> Tables:
    """Every <tab>.csv of a folder."""
    tables: Tables = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as opened:
            tables[path.stem] = [
                {key: _word(key, (cell or "").strip()) for key, cell in row.items()} for row in csv.DictReader(opened)
            ]
    return tables


_CHOSEN = frozenset({"registry_status", "enforcement", "penalties", "rating", "kind"})
_WORDS = {"存续": "active", "无": "none", "好": "good", "中": "middle", "保证金": "deposit", "信保": "insurance"}


def _word(column: str, cell: str) -> str:
    """The choices that the demo writes in Chinese."""
    return (
        _WORDS.get(cell, cell) if column in {"registry_status", "enforcement", "penalties", "rating", "kind"} else cell
    )


def num(cell: str | None) -> Fraction | None:
    """A plain number, or None where nothing stands."""
    return Fraction(cell.replace(",", "")) if cell else None


def val(cell: str | None) -> Fraction:
    """A plain number, nothing counting as 0."""
    return num(cell) or Fraction(0)


def day(cell: str | None) -> date | None:
    """An ISO day."""
    return date.fromisoformat(cell) if cell else None


def yes(cell: str | None) -> bool:
    """A yes in any of the spellings that tests use."""
    return (cell or "").lower() in {"yes", "y", "true", "1", "是"}


def half_up(amount: Fraction, places: int) -> Fraction:
    """Round half up, away from zero for negatives."""
    scale = Fraction(10) ** places
    shifted = abs(amount) * scale
    whole = shifted.numerator * 2 // shifted.denominator
    rounded = Fraction((whole + 1) // 2) / scale
    return rounded if amount >= 0 else -rounded


def money(amount: Fraction | None) -> str | None:
    """ "1200.00"."""
    if amount is None:
        return None
    cents = half_up(amount, 2) * 100
    sign = "-" if cents < 0 else ""
    whole, rest = divmod(abs(int(cents)), 100)
    return f"{sign}{whole}.{rest:02d}"


def tenth(value: Fraction | None) -> float | None:
    """One decimal."""
    return None if value is None else float(half_up(value, 1))


def months_back(on: date, months: int) -> date:
    """Calendar anniversary, the last day of a shorter month."""
    index = on.year * 12 + on.month - 1 - months
    year, month = divmod(index, 12)
    return last_fitting(year, month + 1, on.day)


def last_fitting(year: int, month: int, wanted: int) -> date:
    """The wanted day of a month, or its last one."""
    for number in range(wanted, 27, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    return date(year, month, min(wanted, 28))


def whole_months_before(on: date, count: int) -> tuple[date, date]:
    """First day of the window of whole months before D's month, and the first day after it."""
    end = date(on.year, on.month, 1)
    return months_back(end, count), end


def within(cell: str | None, first: date, last: date) -> bool:
    """first <= day <= last."""
    found = day(cell)
    return found is not None and first <= found <= last


def total(amounts: Iterable[Fraction]) -> Fraction:
    """A sum that starts from Fraction."""
    return sum(amounts, Fraction(0))


ONE_DAY = timedelta(days=1)
