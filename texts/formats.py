"""Amounts, days and text as a reader of either language expects them; text of people made harmless."""

import re
import unicodedata
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

LANGS = ("zh-CN", "en")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_NAMES = {"USD": "美元", "EUR": "欧元", "HKD": "港元", "GBP": "英镑", "JPY": "日元"}
_MONEY = re.compile(r"-?[0-9]+\.[0-9]{2}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MRKDWN = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_QUIET = str.maketrans({"*": "∗", "~": "～", "`": "ˋ"})
_BIDI = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def harmless(text: object, length: int = 120) -> str:
    """Text of people for Slack: controls and bidi marks gone, one line, cut, then & < > escaped and markup defused."""
    return plain_line(text, length).translate(_QUIET).translate(_MRKDWN)


def plain_line(text: object, length: int = 120) -> str:
    """The same without escaping, for plain_text."""
    kept = "".join(
        " " if char in "\t\r\n" else char
        for char in str(text)[: length * 4]
        if char in "\t\r\n" or (char not in _BIDI and unicodedata.category(char)[0] != "C")
    )
    folded = " ".join(kept.split())
    return folded if len(folded) <= length else f"{folded[: length - 1]}…"


def money(text: str | Decimal | None, lang: str, currency: str = "CNY", *, floor: bool = False) -> str:
    """ "386000.00" as 38.6 万 or ¥386,000; `floor` never shows more than there is."""
    if text is None:
        return "—"
    amount = Decimal(text)
    rounding = ROUND_FLOOR if floor else ROUND_HALF_UP
    if lang == "zh-CN":
        shown = _wan(amount, rounding)
        return shown if currency == "CNY" else f"{shown.removesuffix(' 元')} {_NAMES.get(currency, currency)}"
    whole = amount.quantize(Decimal(1), rounding)
    sign = "-" if whole < 0 else ""
    mark = _SIGNS.get(currency)
    return f"{sign}{mark}{abs(whole):,}" if mark else f"{sign}{currency} {abs(whole):,}"


def _wan(amount: Decimal, rounding: str) -> str:
    size = abs(amount)
    if size >= 10**8:
        return f"{(amount / 10**8).quantize(Decimal('0.01'), rounding)} 亿"
    if size >= 10**4:
        return f"{(amount / 10**4).quantize(Decimal('0.1'), rounding)} 万"
    return f"{amount.quantize(Decimal(1), rounding):,} 元"


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
