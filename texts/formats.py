"""Amounts, days and text as a reader of either language expects them; text of people made harmless."""

import re
import unicodedata
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache

LANGS = ("zh-CN", "en")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}
"""No sign for the yen: it shares the yuan's."""
_NAMES = {"USD": "美元", "EUR": "欧元", "HKD": "港元", "GBP": "英镑", "JPY": "日元"}
_ONE, _TENTH, _HUNDREDTH = Decimal(1), Decimal("0.1"), Decimal("0.01")
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
    """ "386000.00" as 38.6 万 or ¥386,000; `floor` never shows more than there is."""
    if text is None:
        return "—"
    amount = Decimal(text)
    rounding = ROUND_FLOOR if floor else ROUND_HALF_UP
    if lang == "zh-CN":
        return _chinese(amount, currency, rounding)
    step = _HUNDREDTH if abs(amount) < 100 and amount != amount.to_integral_value() else _ONE
    whole = amount.quantize(step, rounding)
    sign = "-" if whole < 0 else ""
    mark = _SIGNS.get(currency) or harmless(currency, 12) + " "
    if abs(whole) >= 10**6:
        millions = (amount / 10**6).quantize(_HUNDREDTH, rounding)
        return f"{sign}{mark}{f'{abs(millions):,}'.rstrip('0').rstrip('.')}m"
    return f"{sign}{mark}{abs(whole):,}"


def _chinese(amount: Decimal, currency: str, rounding: str) -> str:
    size = abs(amount)
    name = "" if currency == "CNY" else _NAMES.get(currency, harmless(f" {currency}", 12))
    if size >= 10**8:
        return f"{(amount / 10**8).quantize(_HUNDREDTH, rounding):,} 亿{name}"
    if size >= 10**4:
        return f"{(amount / 10**4).quantize(_TENTH, rounding):,} 万{name}"
    step = _HUNDREDTH if size < 100 and amount != amount.to_integral_value() else _ONE
    return f"{amount.quantize(step, rounding):,} {name or '元'}"


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


def fact(value: object, lang: str, currency: str, year: int | None) -> object:
    """A fact as a sentence shows it: money and days by their looks, lists joined, text made harmless."""
    if isinstance(value, str):
        if _MONEY.fullmatch(value):
            return money(value, lang, currency)
        if _DAY.fullmatch(value):
            return day(value, lang, year=year)
        return harmless(value)
    if isinstance(value, list | tuple):
        return ("、" if lang == "zh-CN" else ", ").join(str(fact(item, lang, currency, year)) for item in value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
