"""Amounts, days and names as each language writes them."""

from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from texts.formats import day, fact, harmless, money, plain_line


@pytest.mark.parametrize(
    ("amount", "currency", "chinese", "english"),
    [
        ("386000.00", "CNY", "38.6 万", "¥386,000"),
        ("386000.00", "USD", "38.6 万美元", "$386,000"),
        ("386000.00", "JPY", "38.6 万日元", "JPY 386,000"),
        ("8650.00", "CNY", "8,650 元", "¥8,650"),
        ("8650.40", "EUR", "8,650 欧元", "€8,650"),
        ("0.50", "CNY", "0.50 元", "¥0.50"),
        ("0.00", "CNY", "0 元", "¥0"),
        ("12345678.00", "CNY", "1,235 万", "¥12,345,678"),
        ("123456789.00", "CNY", "1.23 亿", "¥123,456,789"),
        ("3000000.00", "CNY", "300.0 万", "¥3,000,000"),
        ("-124000.00", "CNY", "-12.4 万", "-¥124,000"),
        (None, "CNY", "—", "—"),
    ],
)
def test_money_reads_as_finance_writes_it(amount: str | None, currency: str, chinese: str, english: str) -> None:
    assert money(amount, "zh-CN", currency) == chinese
    assert money(amount, "en", currency) == english


def test_the_year_is_named_unless_it_is_the_one_meant() -> None:
    assert day("2026-12-12", "zh-CN", year=2026) == "12月12日"
    assert day("2026-12-12", "en", year=2026) == "12 Dec"
    assert day(date(2027, 1, 3), "zh-CN", year=2026) == "2027年1月3日"
    assert day("2027-01-03", "en", year=2026) == "3 Jan 2027"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("艾克美贸易(上海)有限公司", "艾克美贸易(上海)有限公司"),
        ("A&B <Co>", "A&amp;B &lt;Co&gt;"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("@here", "@\u2060here"),
        ("*bold* ~gone~ `code`", "∗bold∗ ～gone～ ˋcodeˋ"),
        ("_it_ INV_77_A", "＿it＿ INV_77_A"),
        (":smile: 12:30", ":\u2060smile: 12:30"),
        ("two\nlines\u2028more", "two lines more"),
        ("\u202eevil\u202c", "evil"),
        ("\x00\x07", "—"),
        ("", ""),
    ],
)
def test_text_of_people_is_defused(text: str, shown: str) -> None:
    assert harmless(text) == shown


@given(st.text(max_size=400), st.integers(min_value=1, max_value=200))
def test_whatever_people_type_becomes_one_harmless_line(text: str, length: int) -> None:
    line = plain_line(text, length)
    assert len(line) <= length
    assert "\n" not in line
    shown = harmless(text, length)
    assert not set("<>*~`\n\r\t\x00\u202e") & set(shown)
    assert "@here" not in shown.lower()


@given(st.integers(min_value=-(10**15), max_value=10**15), st.booleans())
def test_shown_amounts_are_the_exact_ones_rounded(cents: int, floor: bool) -> None:
    amount = Decimal(cents).scaleb(-2)
    shown = money(f"{amount:.2f}", "zh-CN", floor=floor)
    number, unit = shown.split(" ")
    scale = {"元": Decimal(1), "万": Decimal(10**4), "亿": Decimal(10**8)}[unit]
    step = Decimal(1).scaleb(-len(number.partition(".")[2]))
    wanted = (amount / scale).quantize(step, ROUND_FLOOR if floor else ROUND_HALF_UP)
    assert Decimal(number.replace(",", "")) == wanted


def test_text_that_only_looks_like_a_day_stays_text() -> None:
    assert fact("2026-02-30", "en", "CNY", None) == "2026-02-30"
    assert fact("2026-02-28", "en", "CNY", 2026) == "28 Feb"
