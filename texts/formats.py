"""Amounts, days and text as a reader of either language expects them; text of people made harmless."""

import re
import unicodedata
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from functools import lru_cache

LANGS = ("zh-CN", "en")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}
"""No sign for the yen: it shares the yuan's."""
_NAMES = {"USD": "美元", "EUR": "欧元", "HKD": "港元", "GBP": "英镑", "JPY": "日元"}
_MONEY = re.compile(r"-?[0-9]+\.[0-9]{2}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MRKDWN = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "*": "∗", "~": "～", "`": "ˋ"})
_SPECIAL = re.compile(r"[&<>*~`_@:]")
_EDGE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_EMOJI = re.compile(r":(?=[\w+'-]+:)")
_BROADCAST = re.compile(r"@(?=here|channel|everyone|group)", re.IGNORECASE)
_BIDI = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_GLUE = "\u2060"
"""Word joiner: shows as nothing, and keeps `:name:` and `@here` from being read as what they look like."""


@lru_cache(maxsize=8192)
def harmless(text: str | int, length: int = 120) -> str:
    """Text of people for Slack: controls and bidi marks gone, one line, cut, then escaped and all markup defused.

    Mentions, links, bold, code, strike, emoji codes and quotes come out as the characters that were typed.
    """
    line = plain_line(text, length)
    if _SPECIAL.search(line) is None:
        return line
    line = _EDGE_UNDERSCORE.sub("＿", line.translate(_MRKDWN))
    return _BROADCAST.sub(f"@{_GLUE}", _EMOJI.sub(f":{_GLUE}", line))


def plain_line(text: object, length: int = 120) -> str:
    """The same without escaping, for plain_text; a dash when nothing readable is left."""
    given = str(text)[: length * 4]
    if not (given.isascii() and given.isprintable()):
        given = "".join(
            " " if char in "\t\r\n" else char
            for char in given
            if char in "\t\r\n" or (char not in _BIDI and unicodedata.category(char)[0] != "C")
        )
    folded = " ".join(given.split())
    if not folded:
        return "—" if str(text) else ""
    return folded if len(folded) <= length else f"{folded[: length - 1]}…"


def money(text: str | Decimal | None, lang: str, currency: str = "CNY", *, floor: bool = False) -> str:
    """ "386000.00" as 38.6 万 or ¥386,000; `floor` never shows more than there is.

    English writes every amount out, so that the figures of one row compare at a glance.
    """
    if text is None:
        return "—"
    cents = _cents(text)
    if lang == "zh-CN":
        return _chinese(cents, currency, floor)
    mark = _SIGNS.get(currency) or harmless(currency, 12) + " "
    sign = "-" if cents < 0 else ""
    return f"{sign}{mark}{_units(cents, floor)}"


def free_amount(text: str | None, lang: str, currency: str) -> str:
    """What is left, never more than there is; below nothing it is rounded like the excess it stands for."""
    return money(text, lang, currency, floor=text is not None and not text.startswith("-"))


def _cents(text: str | Decimal) -> int:
    """Integer cents: "386000.00" is read without Decimal, since a card holds a dozen of them."""
    if isinstance(text, str) and text[-3:-2] == ".":
        return int(text[:-3] + text[-2:])
    return int((Decimal(text) * 100).to_integral_value(ROUND_FLOOR))


def _in_steps(cents: int, step: int, floor: bool) -> int:
    """Whole steps, half up away from zero, or down towards less."""
    if floor:
        return cents // step
    steps = (abs(cents) + step // 2) // step
    return steps if cents >= 0 else -steps


def _units(cents: int, floor: bool) -> str:
    """Whole units without a sign; cents only where they are most of the amount."""
    if abs(cents) < 10**4 and cents % 100:
        return f"{abs(cents) // 100}.{abs(cents) % 100:02d}"
    return f"{abs(_in_steps(cents, 100, floor)):,}"


def _chinese(cents: int, currency: str, floor: bool) -> str:
    name = "" if currency == "CNY" else _NAMES.get(currency) or f" {harmless(currency, 12)}"
    sign = "-" if cents < 0 else ""
    if abs(cents) >= 10**10:
        hundredths = abs(_in_steps(cents, 10**8, floor))
        return f"{sign}{hundredths // 100:,}.{hundredths % 100:02d} 亿{name}"
    if abs(cents) >= 10**6:
        tenths = abs(_in_steps(cents, 10**5, floor))
        if tenths >= 10**4:
            return f"{sign}{abs(_in_steps(cents, 10**6, floor)):,} 万{name}"
        return f"{sign}{tenths // 10:,}.{tenths % 10} 万{name}"
    return f"{sign}{_units(cents, floor)} {name.strip() or '元'}"


def day(text: str | date | None, lang: str, *, year: int | None = None) -> str:
    """ "2026-12-12" as 12月12日 or 12 Dec; with the year unless it is `year`."""
    if text is None:
        return "—"
    found = text if isinstance(text, date) else date.fromisoformat(text)
    if lang == "zh-CN":
        short = f"{found.month}月{found.day}日"
        return short if found.year == year else f"{found.year}年{short}"
    short = f"{found.day} {_MONTHS[found.month - 1]}"
    return short if found.year == year else f"{short} {found.year}"


def _exists(text: str) -> bool:
    """2026-02-30 has the looks of a day and is none."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def fact(value: object, lang: str, currency: str, year: int | None) -> object:
    """A fact as a sentence shows it: money and days by their looks, lists joined, text made harmless."""
    if isinstance(value, str):
        if value[-1:].isdigit():
            if _MONEY.fullmatch(value):
                return money(value, lang, currency)
            if _DAY.fullmatch(value) and _exists(value):
                return day(value, lang, year=year)
        return harmless(value)
    if isinstance(value, list | tuple):
        return ("、" if lang == "zh-CN" else ", ").join(str(fact(item, lang, currency, year)) for item in value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
