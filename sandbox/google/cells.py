"""What a cell holds, how typed text becomes it, and how it shows."""

import ast
import operator
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

EPOCH = date(1899, 12, 30)


class Day(int):
    """A serial day that its cell shows as a date."""

    __slots__ = ()


class Moment(float):
    """A serial day with its time, that its cell shows as both."""

    __slots__ = ()


class Percent(float):
    """A number that its cell shows in hundredths."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula's text and what it yields."""

    text: str
    value: str | float | int | bool


Cell = str | float | int | bool | Formula | None
_NUMBER = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?|[+-]?\.[0-9]+")
_DATE = re.compile(r"([0-9]{4})(?:-|/|年)([0-9]{1,2})(?:-|/|月)([0-9]{1,2})日?")
_SHORT_DATE = re.compile(r"([0-9]{1,2})(?:/|月)([0-9]{1,2})日?")
_ARITHMETIC = re.compile(r"[0-9+\-*/(). ]{1,200}")
_EXACT = 2**53


def entered(value: object) -> Cell:
    """A value as if typed: formulas, numbers, days, percentages and booleans are recognised; RAW keeps the text."""
    if not isinstance(value, str):
        return stored(value)
    if value.startswith("'"):
        return value[1:]
    if value.startswith("=") and len(value) > 1:
        return Formula(value, computed(value[1:]))
    text = unicodedata.normalize("NFKC", value).strip()
    if _NUMBER.fullmatch(text):
        return number(text)
    if text.endswith("%") and _NUMBER.fullmatch(text[:-1]):
        return Percent(float(text[:-1].replace(",", "")) / 100)
    day = typed_day(text)
    return day if day is not None else {"TRUE": True, "FALSE": False}.get(text.upper(), value)


def stored(value: object) -> Cell:
    """A value as it is; an integer of more digits than a sheet's numbers hold loses them."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _EXACT:
        return int(float(value))
    return value  # type: ignore[return-value]


def number(text: str) -> float | int:
    """Typed digits as a number; leading zeros go."""
    found = float(text.replace(",", ""))
    return int(found) if found.is_integer() and abs(found) < 1e18 else found


def typed_day(text: str) -> Day | None:
    """A typed date; month and day alone are of this year."""
    full, short = _DATE.fullmatch(text), _SHORT_DATE.fullmatch(text)
    if full is None and short is None:
        return None
    parts = full.groups() if full else (str(datetime.now(UTC).year), *(short.groups() if short else ()))
    try:
        return Day((date(*map(int, parts)) - EPOCH).days)
    except ValueError:
        return None


_DOES = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def computed(text: str) -> str | float | int:
    """Arithmetic on constants; anything else shows as an unknown name, which the sandbox does not compute."""
    if not _ARITHMETIC.fullmatch(text):
        return "#NAME?"

    def value(node: ast.expr) -> float:
        if isinstance(node, ast.BinOp) and type(node.op) in _DOES:
            return float(_DOES[type(node.op)](value(node.left), value(node.right)))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
            return -value(node.operand) if isinstance(node.op, ast.USub) else value(node.operand)
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return float(node.value)
        raise SyntaxError

    try:
        found = value(ast.parse(text.strip(), mode="eval").body)
    except ZeroDivisionError:
        return "#DIV/0!"
    except (SyntaxError, OverflowError, RecursionError):
        return "#ERROR!"
    return int(found) if found.is_integer() else found


def shown_value(cell: Cell) -> str | float | int | bool | None:
    """The value behind a cell: of a formula, what it yields."""
    return cell.value if isinstance(cell, Formula) else cell


def display(cell: Cell, is_date: bool) -> str:
    """A cell as the sheet shows it."""
    value = shown_value(cell)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Percent):
        return f"{value:.0%}" if (value * 100).is_integer() else f"{value:.2%}"
    if isinstance(value, Moment):
        return (datetime(1899, 12, 30, tzinfo=UTC) + timedelta(days=value)).strftime("%Y-%m-%d %H:%M")
    if (is_date or isinstance(value, Day)) and isinstance(value, int | float):
        try:
            return (EPOCH + timedelta(days=int(value))).isoformat()
        except OverflowError:
            return "###"
    return f"{value:,.2f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value or "")


def is_empty(cell: Cell) -> bool:
    """Nothing in it."""
    return cell is None or (isinstance(cell, str) and not cell)


def column_number(name: str) -> int:
    """ "A" is 0, "AA" is 26."""
    found = 0
    for char in name.upper():
        found = found * 26 + ord(char) - 64
    return found - 1


def column_name(number: int) -> str:
    """0 is "A"."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name
