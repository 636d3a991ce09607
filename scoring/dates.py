"""Days as sheets and people write them, and months by calendar anniversary."""

import re
import unicodedata
from calendar import monthrange
from datetime import date, timedelta

from scoring.errors import DeskError

DATE_CODES = ("date_unreadable", "date_ambiguous", "date_two_digit_year", "date_out_of_range")
EPOCH = date(1899, 12, 30)
"""Day 0 of a sheet's serial numbers."""
_EARLIEST, _LATEST = date(1900, 1, 1), date(2200, 1, 1)
_YEAR_FIRST = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?(?:[ T][0-9:.]+Z?)?")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_SERIAL = re.compile(r"[0-9]{5}")
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000
"""Serial numbers that an export writes as text, 1954 to 2119: no day is spelled with five digits."""
_YEAR_LAST = re.compile(r"([0-9]{1,2})\s*[-/.]\s*([0-9]{1,2})\s*[-/.]\s*([0-9]{4})")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}\s*[-/.年]\s*[0-9]{1,2}\s*[-/.月]\s*[0-9]{1,2}日?")


class DateError(DeskError):
    """A day that cannot be taken as written; `code` is one of DATE_CODES, fact `found` the text."""


def parse_day(cell: object, *, day_first: bool | None = None) -> date:
    """A day from a cell: serial number (as text too), ISO, 2026/3/1, 2026年3月1日, 20260301.

    `3/4/2026` is read only when `day_first` says how the sheet's locale writes it, or when one part is above 12;
    a two-digit year never. DateError otherwise.
    """
    if isinstance(cell, date):
        return date(cell.year, cell.month, cell.day)
    if isinstance(cell, bool) or cell is None:
        raise DateError("date_unreadable", found=str(cell))
    if isinstance(cell, int | float):
        return _of_number(cell)
    text = unicodedata.normalize("NFKC", str(cell)[:60]).strip()
    if _SERIAL.fullmatch(text) and _FIRST_SERIAL <= int(text) <= _LAST_SERIAL:
        return _of_number(int(text))
    whole = _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text)
    if whole:
        return _day(int(whole[1]), int(whole[2]), int(whole[3]), text)
    last = _YEAR_LAST.fullmatch(text)
    if last:
        return _year_last(int(last[1]), int(last[2]), int(last[3]), text, day_first=day_first)
    raise DateError("date_two_digit_year" if _SHORT_YEAR.fullmatch(text) else "date_unreadable", found=text)


def _of_number(cell: float) -> date:
    if cell != cell or not 1 <= cell < 10**8:  # NaN differs from itself
        raise DateError("date_unreadable", found=str(cell))
    if cell >= 10**7 and cell == int(cell):  # 20260301 that a sheet took for a number
        text = str(int(cell))
        return _day(int(text[:4]), int(text[4:6]), int(text[6:]), text)
    if cell >= 10**6:
        raise DateError("date_out_of_range", found=str(cell))
    return _in_range(EPOCH + timedelta(days=int(cell)), str(cell))


def _year_last(first: int, second: int, year: int, text: str, *, day_first: bool | None) -> date:
    if first > 12 >= second:
        return _day(year, second, first, text)
    if second > 12 >= first:
        return _day(year, first, second, text)
    if first == second:
        return _day(year, first, second, text)
    if day_first is None:
        raise DateError("date_ambiguous", found=text)
    return _day(year, second, first, text) if day_first else _day(year, first, second, text)


def _day(year: int, month: int, day: int, text: str) -> date:
    try:
        return _in_range(date(year, month, day), text)
    except ValueError:
        raise DateError("date_unreadable", found=text) from None


def _in_range(day: date, text: str) -> date:
    if not _EARLIEST <= day < _LATEST:
        raise DateError("date_out_of_range", found=text)
    return day


def add_months(day: date, months: int) -> date:
    """The calendar anniversary, or the month's last day where the month is shorter (31 Jan + 1 = 28 Feb)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def whole_years(since: date, on: date) -> int:
    """Completed calendar years from `since` to `on`; negative before."""
    years = on.year - since.year
    return years if add_months(since, 12 * years) <= on else years - 1


def month_start(day: date) -> date:
    """The first of the day's month."""
    return day.replace(day=1)


def day_first_in(locale: str | None) -> bool | None:
    """How a sheet's locale writes 3/4/2026: True day first, False month first, None unsettled."""
    if not locale:
        return None
    if locale in {"en_US", "en-US", "fil_PH", "en_PH"}:
        return False
    language = re.split(r"[_-]", locale)[0]
    return None if language in {"zh", "ja", "ko", "hu", "lt", "mn", "sv"} else True
