"""What was typed into one field, read or refused with a code: nothing is guessed, and the value is shown as read."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from approvals.application_fields import Field
from scoring.dates import DateError, parse_day
from scoring.errors import DeskError
from scoring.money import AmountError, parse_amount, round_cents
from scoring.names import normalise, normalise_uscc, tidy, uscc_problem

Raw = str | tuple[str, ...] | None
"""As Slack sends it: text, the value of a choice, or the values of ticked boxes."""
Typed = Mapping[str, str | tuple[str, ...]]
"""Field -> what stands in it, as it was typed."""
Value = str | int | bool | Decimal | date | tuple[str, ...]
FIELD_CODES = (
    "field_missing", "text_control", "text_formula", "text_too_long", "name_unreadable", "uscc_length", "uscc_alphabet",
    "uscc_check", "amount_empty", "amount_not_a_number", "amount_negative", "amount_range", "amount_approximate",
    "amount_exponent", "amount_too_long", "amount_unit", "amount_zero", "days_unreadable", "days_out_of_range",
    "pct_unreadable", "pct_out_of_range", "date_unreadable", "date_ambiguous", "date_two_digit_year",
    "date_out_of_range", "day_future", "day_past", "choice_unknown", "part_above_whole", "period_order",
    "contract_order", "limit_above_policy", "days_above_policy", "currency_unknown", "currency_other", "parent_unknown",
    "clash_stops", "clash_unanswered",
)  # fmt: skip
"""Everything that can be said at a field."""

_WAN = 10_000
_SPELLED = re.compile("[万萬亿億]|(?<![a-z])[wkm](?![a-z])", re.IGNORECASE)
"""A unit in the amount itself; the m of RMB is none."""
_DAYS_UNIT = re.compile(r"^(?:net|月结|票到)?\s*(.*?)\s*(?:天|日|days?|d)?$", re.IGNORECASE)
_YES, _NO = "yes", "no"


class FieldError(DeskError):
    """A field that cannot be taken as it was filled in; `code` is one of FIELD_CODES."""


def parse_field(field: Field, raw: Raw, *, today: date, unit: int = 1) -> Value | None:
    """The value of a field; None when it was left empty, FieldError when it cannot be taken.

    `unit` is what a bare amount counts in: 10,000 where the form says 万元.
    """
    if field.kind == "ticks":
        return _ticks(field, raw)
    text = raw if isinstance(raw, str) else ""
    if not text.strip() or field.kind == "files":
        return None
    if field.kind == "money":
        return _money(field, text, unit)
    return _PARSERS[field.kind](field, text, today)


def _ticks(field: Field, raw: Raw) -> tuple[str, ...]:
    ticked = raw if isinstance(raw, tuple) else ()
    if any(one not in field.options for one in ticked):
        raise FieldError("choice_unknown", found="")
    return tuple(one for one in field.options if one in ticked)


def _money(field: Field, text: str, unit: int) -> Decimal:
    try:
        amount = parse_amount(text, chat=True)
    except AmountError as wrong:
        raise FieldError(wrong.code, **wrong.facts) from None
    if unit != 1 and not _SPELLED.search(unicodedata.normalize("NFKC", text)):
        amount *= unit
    amount = round_cents(amount)
    if amount < 0 and not field.signed:
        raise FieldError("amount_negative", found=text[:80])
    if field.positive and not amount:
        raise FieldError("amount_zero", found=text[:80])
    return amount


def _text(field: Field, text: str, _today: date) -> str:
    if any(unicodedata.category(char) == "Cc" and char not in "\t\r\n" for char in text) or _BIDI & set(text):
        raise FieldError("text_control", found=tidy(text)[:80])
    found = tidy(text)
    if unicodedata.normalize("NFKC", found).startswith("="):
        raise FieldError("text_formula", found=found[:80])
    if len(found) > field.most:
        raise FieldError("text_too_long", most=field.most)
    return found


_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that make text read otherwise than it stands."""


def _name(field: Field, text: str, today: date) -> str:
    found = _text(field, text, today)
    plain = normalise(found)
    if len(plain) < 2 or plain.isdigit():
        raise FieldError("name_unreadable", found=found[:80])
    return found


def _uscc(field: Field, text: str, today: date) -> str:
    code = normalise_uscc(_text(field, text, today))
    problem = uscc_problem(code)
    if problem is not None:
        raise FieldError(problem, found=code[:40])
    return code


def _days(field: Field, text: str, _today: date) -> int:
    """A whole number of days above 0; 三十 and full-width digits too."""
    plain = unicodedata.normalize("NFKC", text).strip()
    bare = _DAYS_UNIT.fullmatch(plain)
    try:
        days = parse_amount(bare[1] if bare else plain)
    except AmountError as wrong:
        code = "days_out_of_range" if wrong.code == "amount_too_long" else "days_unreadable"
        raise FieldError(code, found=text[:80], most=field.most) from None
    if days != int(days):
        raise FieldError("days_unreadable", found=text[:80], most=field.most)
    if not 0 < days <= field.most:
        raise FieldError("days_out_of_range", found=text[:80], most=field.most)
    return int(days)


def _pct(_field: Field, text: str, _today: date) -> Decimal:
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("%").strip()
    try:
        found = parse_amount(plain)
    except AmountError:
        raise FieldError("pct_unreadable", found=text[:80]) from None
    if not 0 <= found <= 100:
        raise FieldError("pct_out_of_range", found=text[:80])
    return found


def _day(field: Field, text: str, today: date) -> date:
    try:
        found = parse_day(text)
    except DateError as wrong:
        raise FieldError(wrong.code, **wrong.facts) from None
    if field.when == "past" and found > today:
        raise FieldError("day_future", found=found.isoformat())
    if field.when == "future" and found < today:
        raise FieldError("day_past", found=found.isoformat())
    return found


def _choice(field: Field, text: str, today: date) -> str:
    """One of the options; where they depend on the ledger the flow looks, and here it is text."""
    if field.options and text not in field.options:
        raise FieldError("choice_unknown", found=tidy(text)[:80])
    return text if field.options else _text(field, text, today)


def _flag(_field: Field, text: str, _today: date) -> bool:
    if text not in {_YES, _NO}:
        raise FieldError("choice_unknown", found=tidy(text)[:80])
    return text == _YES


_PARSERS: Mapping[str, Callable[[Field, str, date], Value]] = {
    "name": _name, "text": _text, "long": _text, "uscc": _uscc, "pct": _pct, "days": _days, "day": _day,
    "choice": _choice, "flag": _flag,
}  # fmt: skip


def unit_of(typed: Typed) -> int:
    """What bare amounts of the statements count in."""
    return _WAN if typed.get("statement.unit") == "wan" else 1
