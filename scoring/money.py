"""Amounts as people write them, and the arithmetic of money: Decimal, half up to the cent."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

from scoring.errors import DeskError

CENT = Decimal("0.01")
WIDE = Context(prec=60)
"""Rounds what was added up from impossible amounts as well: they are refused later, in one place."""
LARGEST_SUM = Decimal(2**61 - 1).scaleb(-2)
"""The largest sum of one customer: several of them still fit the 63 bits that a database has for minor units."""
MAX_WHOLE_DIGITS = 12

AMOUNT_CODES = (
    "amount_empty", "amount_not_a_number", "amount_negative", "amount_range", "amount_approximate",
    "amount_exponent", "amount_too_long", "amount_unit",
)  # fmt: skip

_UNITS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "千": 10**3, "百": 10**2, "百万": 10**6, "千万": 10**7}
_CHAT_UNITS = {"w": 10**4, "k": 10**3, "m": 10**6}
_CURRENCY = re.compile(r"^(?:rmb|cny|人民币|[¥￥])\s*|\s*(?:rmb|cny|人民币)$", re.IGNORECASE)
_FOREIGN_NAMES = (
    "usd|eur|gbp|hkd|jpy|aud|cad|chf|sgd|twd|krw|nzd|"
    "美元|美金|欧元|英镑|港币|港元|日元|日币|澳元|加元|瑞郎|台币|韩元|新元|新加坡元"
)
_FOREIGN = re.compile(rf"^(?:{_FOREIGN_NAMES}|[a-z]{{0,3}}[$€£])|(?:{_FOREIGN_NAMES}|[$€£])$", re.IGNORECASE)
"""A currency belongs in its own column: inside an amount it would be read as the row's."""
_TAIL = re.compile(r"(?:元整|圆整|元|圆|块钱|块|整|yuan)$", re.IGNORECASE)
_APPROXIMATE = re.compile(
    r"^(?:约|大约|大概|近|~|≈|about|approx\.?|ca\.?|>|<|>=|<=|超过|不到)|(?:左右|上下|以上|以内|多|余|\+)$",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+")
_EXPONENT = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+")
_RANGE = re.compile(r"[0-9]\s*(?:万|亿|元|w|k|m)?\s*(?:-|~|至|到|–|—|\bto\b)\s*[0-9]", re.IGNORECASE)
_PIECE = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)(百万|千万|万|萬|亿|億|千|百)?")
_CHAT = re.compile(r"((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)\s*([wkm])", re.IGNORECASE)

_DIGITS = {
    **{char: value for value, char in enumerate("零一二三四五六七八九")},
    **{char: value for value, char in enumerate("零壹贰叁肆伍陆柒捌玖")},
    "〇": 0, "两": 2, "兩": 2, "貳": 2, "參": 3, "叄": 3, "陸": 6,
}  # fmt: skip
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_BIG = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_CHINESE = re.compile(
    "["
    + "".join({*_DIGITS, *_TENS, *_BIG})
    + "]+(?:[元圆]?[零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖]角)?(?:[零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖]分)?"
)


class AmountError(DeskError):
    """An amount that cannot be taken as written; `code` is one of AMOUNT_CODES, fact `found` the text."""


def round_cents(amount: Decimal) -> Decimal:
    """Half up to 0.01."""
    return amount.quantize(CENT, ROUND_HALF_UP, WIDE)


def convert(amount: Decimal, rate: Decimal) -> Decimal:
    """amount x rate, rounded half up to 0.01."""
    return (amount * rate).quantize(CENT, ROUND_HALF_UP, WIDE)


def to_minor(amount: Decimal | None) -> int | None:
    """Integer minor units (cents); None stays None."""
    return None if amount is None else int(round_cents(amount).scaleb(2))


def from_minor(minor: int | None) -> Decimal | None:
    """The amount of integer minor units."""
    return None if minor is None else Decimal(minor).scaleb(-2)


def parse_amount(cell: object, *, chat: bool = False, allow_negative: bool = True) -> Decimal:
    """An amount from a cell or a chat line, exactly, or AmountError.

    Numbers of the sheet are taken as they are. Text may carry thousands separators, a mark of the yuan, full-width
    digits, 万 / 亿 / 千, Chinese numerals and brackets for a negative. Only `chat` reads `50w`, `1.2m`, `80k`.
    Another currency's mark, exponents, ranges, approximations and more than twelve digits before the point are
    refused, never guessed.
    """
    if isinstance(cell, bool):
        raise AmountError("amount_not_a_number", found=str(cell))
    if isinstance(cell, int | float):
        return _checked(_of_number(cell), str(cell), allow_negative=allow_negative)
    if isinstance(cell, Decimal):
        if not cell.is_finite():
            raise AmountError("amount_not_a_number", found=str(cell))
        return _checked(cell, str(cell), allow_negative=allow_negative)
    found = str(cell or "")
    return _checked(_of_text(found, chat=chat), found, allow_negative=allow_negative)


def _of_number(cell: float) -> Decimal:
    # repr of a float is its shortest exact spelling: 0.1 is 0.1, not 0.1000000000000000055
    amount = Decimal(repr(cell)) if isinstance(cell, float) else Decimal(cell)
    if not amount.is_finite():
        raise AmountError("amount_not_a_number", found=str(cell))
    # a sheet's 15 significant digits carry sums like 0.30000000000000004
    return round(amount, 6) if isinstance(cell, float) and abs(amount) < 10**MAX_WHOLE_DIGITS else amount


def _checked(amount: Decimal, found: str, *, allow_negative: bool) -> Decimal:
    if abs(amount) >= 10**MAX_WHOLE_DIGITS:
        raise AmountError("amount_too_long", found=found[:80])
    if amount < 0 and not allow_negative:
        raise AmountError("amount_negative", found=found[:80])
    return abs(amount) if amount.is_zero() else amount


def _of_text(found: str, *, chat: bool) -> Decimal:
    text = unicodedata.normalize("NFKC", found[:200]).strip().replace("−", "-").replace("–", "-").replace("—", "-")
    text = re.sub(r"(?<=[0-9])\s+(?=[万萬亿億千百元圆wkm])", "", text, flags=re.IGNORECASE)
    if not text:
        raise AmountError("amount_empty", found=found[:80])
    shown = found[:80]
    if len(found) > 200:
        raise AmountError("amount_too_long", found=shown)
    text, negative = _sign(text)
    if _FOREIGN.search(text):
        raise AmountError("amount_unit", found=shown)
    if _APPROXIMATE.search(text):
        raise AmountError("amount_approximate", found=shown)
    if _EXPONENT.fullmatch(text):
        raise AmountError("amount_exponent", found=shown)
    if _RANGE.search(text):
        raise AmountError("amount_range", found=shown)
    bare, more_negative = _sign(_CURRENCY.sub("", _TAIL.sub("", _CURRENCY.sub("", text).strip())).strip())
    if negative and more_negative:
        raise AmountError("amount_not_a_number", found=shown)
    amount = _magnitude(bare, shown, chat=chat)
    return -amount if negative or more_negative else amount


def _sign(text: str) -> tuple[str, bool]:
    if len(text) > 2 and text[0] == "(" and text[-1] == ")":
        return text[1:-1].strip(), True
    if text[:1] == "-":
        return text[1:].strip(), True
    return (text[1:].strip(), False) if text[:1] == "+" and text[1:2].isdigit() else (text, False)


def _magnitude(text: str, shown: str, *, chat: bool) -> Decimal:
    if _PLAIN.fullmatch(text):
        return _decimal(text, shown)
    short = _CHAT.fullmatch(text)
    if short:
        if not chat:
            raise AmountError("amount_unit", found=shown)
        return _decimal(short[1], shown) * _CHAT_UNITS[short[2].lower()]
    pieces = list(_PIECE.finditer(text))
    if pieces and "".join(piece[0] for piece in pieces) == text:
        return _pieces(pieces, shown)
    if text and _CHINESE.fullmatch(text):
        return _chinese(text, shown)
    raise AmountError("amount_not_a_number", found=shown)


def _decimal(text: str, shown: str) -> Decimal:
    whole = text.replace(",", "")
    if len(whole.split(".")[0].lstrip("0")) > MAX_WHOLE_DIGITS:
        raise AmountError("amount_too_long", found=shown)
    try:
        return Decimal(whole)
    except InvalidOperation:
        raise AmountError("amount_not_a_number", found=shown) from None


def _pieces(pieces: list[re.Match[str]], shown: str) -> Decimal:
    """12万3千: units must fall; 12万3 (is it 30,000 or 3?) is refused."""
    amount, last = Decimal(0), None
    for piece in pieces:
        unit = _UNITS[piece[2]] if piece[2] else 1
        if last is not None and (unit >= last or (unit == 1 and len(piece[1]) < len(str(last)) - 1)):
            raise AmountError("amount_not_a_number", found=shown)
        amount += _decimal(piece[1], shown) * unit
        last = unit
    return amount


def _chinese(text: str, shown: str) -> Decimal:
    """伍佰万, 一亿二千万, 三千零五十; 角 and 分 after the point."""
    match = re.fullmatch(r"([^元圆角分]*)[元圆]?(?:(.)角)?(?:(.)分)?", text)
    if match is None or not match[1]:
        raise AmountError("amount_not_a_number", found=shown)
    total, section, digit, unit_seen, last_big = 0, 0, None, 10**4, 10**12
    for char in match[1]:
        if char in _DIGITS:
            if digit not in {None, 0}:
                raise AmountError("amount_not_a_number", found=shown)
            digit = _DIGITS[char]
        elif char in _TENS:
            if _TENS[char] >= unit_seen or digit == 0:
                raise AmountError("amount_not_a_number", found=shown)
            unit_seen = _TENS[char]
            section += (1 if digit is None else digit) * unit_seen
            digit = None
        else:
            if _BIG[char] >= last_big or section + (digit or 0) == 0:
                raise AmountError("amount_not_a_number", found=shown)
            last_big = _BIG[char]
            total += (section + (digit or 0)) * last_big
            section, digit, unit_seen = 0, None, 10**4
    tail = Decimal(_DIGITS[match[2]] * 10 + 0 if match[2] else 0) + Decimal(_DIGITS[match[3]] if match[3] else 0)
    return Decimal(total + section + (digit or 0)) + tail.scaleb(-2)
