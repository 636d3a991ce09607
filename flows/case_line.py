"""A chat line read as evidence: the day it speaks of and the amount it names. Pure; what is not certain is left out."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from scoring.dates import DateError, parse_day
from scoring.money import AmountError, parse_amount

_WHOLE_DAY = re.compile(r"(?<![0-9])([0-9]{4}\s*[-/.年]\s*[0-9]{1,2}\s*[-/.月]\s*[0-9]{1,2}\s*日?)(?![0-9])")
_MONTH_DAY = re.compile(r"(?<![0-9年])([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*[日号]")
_SPOKEN = {"大前天": 3, "前天": 2, "昨天": 1, "昨日": 1, "今天": 0, "今日": 0, "yesterday": 1, "today": 0}
_LONG_AGO = timedelta(days=180)
_NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_FOREIGN = r"[$€£]|(?:usd|eur|gbp|hkd|jpy)(?![a-z])|美元|美金|欧元|英镑|港币|港元|日元"
_AMOUNT = re.compile(
    rf"(?<![0-9A-Za-z.,/-])(?P<before>约|大约|大概|近|超过|不到|about\s|~)?\s*"
    rf"(?P<mark>¥|rmb|cny|人民币|{_FOREIGN})?\s*"
    rf"(?:(?P<chinese>[一二三四五六七八九两十百千零〇]+[万亿][一二三四五六七八九两十百千零〇万]*)|(?P<number>{_NUMBER})"
    rf"(?P<to>\s*(?:-|~|至|到|–)\s*{_NUMBER})?\s*(?P<unit>(?:百万|千万|万|亿|千)[0-9千百]*|[wkm](?![a-z]))?)"
    rf"\s*(?P<tail>元整|元|块钱|块|{_FOREIGN})?(?P<after>左右|上下|以上|以内|多|余)?(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_MOST = 3000


def day_in_line(text: str, posted_on: date) -> date:
    """The day that a line speaks of; the day it was posted where it names none, or one that is still to come."""
    line = unicodedata.normalize("NFKC", text[:_MOST])
    for found in _days(line, posted_on):
        if found <= posted_on:
            return found
    return posted_on


def _days(line: str, posted_on: date) -> Iterator[date]:
    for whole in _WHOLE_DAY.findall(line):
        try:
            yield parse_day(whole.replace(" ", ""))
        except DateError:
            continue
    for month, day in _MONTH_DAY.findall(line):
        try:
            found = date(posted_on.year, int(month), int(day))
        except ValueError:
            continue
        # in January people speak of last December; a day that is coming is a promise
        yield found.replace(year=found.year - 1) if found - posted_on > _LONG_AGO else found
    low = line.casefold()
    yield from (posted_on - timedelta(days=back) for word, back in _SPOKEN.items() if word in low)


def amount_in_line(text: str) -> Decimal | None:
    """The one amount that a line names; None where it names none, several, or one that is not exact."""
    line = unicodedata.normalize("NFKC", text[:_MOST])
    found: set[Decimal | None] = set()
    for match in _AMOUNT.finditer(line):
        if match["chinese"] or match["mark"] or match["unit"] or match["tail"] or "," in (match["number"] or ""):
            found.add(_exact(match))
    return next(iter(found)) if len(found) == 1 else None


def _exact(match: re.Match[str]) -> Decimal | None:
    try:
        return parse_amount(match[0].strip(), chat=True, allow_negative=False)
    except AmountError:
        return None
