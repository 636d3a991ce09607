"""Amounts and days as people write them: one table of cases, two strictness levels."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as referee

from scoring.calendar import is_working_day, provisional, working_days_between
from scoring.dates import DATE_CODES, DateError, add_months, parse_day, whole_years
from scoring.findings import money_text
from scoring.money import AMOUNT_CODES, AmountError, from_minor, parse_amount, to_minor
from scoring.names import alike, normalise, pinyin, stem, uscc_problem

READ = [
    ("500万", "5000000"), ("1.2亿", "120000000"), ("五百万", "5000000"), ("伍佰万元整", "5000000"), ("12万3千", "123000"),
    ("1,200,000", "1200000"), ("¥1,000.00", "1000"), ("(1,000)", "-1000"), ("RMB 80万", "800000"), ("５００万", "5000000"),
    ("一亿二千万", "120000000"), ("三千零五十", "3050"), ("十二万", "120000"), ("1 000万".replace(" ", ""), "10000000"),
    ("80万元", "800000"), ("-5", "-5"), ("−5", "-5"), ("0", "0"), ("0.10", "0.1"), ("100 万", "1000000"), ("CNY 5,000", "5000"), ("5000人民币", "5000"),
    ("999999999999", "999999999999"), ("两千", "2000"), ("3千", "3000"), (".5", "0.5"),
]  # fmt: skip
ONLY_IN_CHAT = [("50w", "500000"), ("1.2m", "1200000"), ("80k", "80000"), ("50W", "500000"), ("50 w", "500000")]
REFUSED = [
    ("USD 5,000", "amount_unit"), ("$100", "amount_unit"), ("-$100", "amount_unit"), ("HK$100", "amount_unit"), ("100€", "amount_unit"),
    ("500万美元", "amount_unit"), ("５００ＵＳＤ", "amount_unit"), ("（€5）", "amount_unit"),
    ("", "amount_empty"), ("   ", "amount_empty"), ("1e9", "amount_exponent"), ("NaN", "amount_not_a_number"),
    ("Infinity", "amount_not_a_number"), ("100-200万", "amount_range"), ("100~200", "amount_range"), ("约500万", "amount_approximate"),
    ("500万左右", "amount_approximate"), ("500万以上", "amount_approximate"), (">500", "amount_approximate"),
    ("1234567890123", "amount_too_long"), ("12万3", "amount_not_a_number"), ("万", "amount_not_a_number"),
    ("1,23,4", "amount_not_a_number"), ("abc", "amount_not_a_number"), ("=SUM(A1)", "amount_not_a_number"),
    ("3千12万", "amount_not_a_number"), ("0x10", "amount_not_a_number"), ("١٢", "amount_not_a_number"), ("--5", "amount_not_a_number"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "text"), [("0.125", "0.13"), ("-0.125", "-0.13"), ("2.675", "2.68"), ("-0.001", "0.00"), ("12", "12.00")]
)
def test_money_is_written_half_up(amount: str, text: str) -> None:
    assert money_text(Decimal(amount)) == text


@pytest.mark.parametrize(("text", "amount"), READ)
@pytest.mark.parametrize("chat", [False, True])
def test_amount_is_read_exactly_in_cells_and_in_chat(text: str, amount: str, *, chat: bool) -> None:
    assert parse_amount(text, chat=chat) == Decimal(amount)


@pytest.mark.parametrize(("text", "amount"), ONLY_IN_CHAT)
def test_short_units_are_read_in_chat_and_refused_in_a_cell(text: str, amount: str) -> None:
    assert parse_amount(text, chat=True) == Decimal(amount)
    with pytest.raises(AmountError) as refused:
        parse_amount(text)
    assert refused.value.code == "amount_unit"


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_amount_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(AmountError) as refused:
        parse_amount(text)
    assert refused.value.code == code


def test_negative_is_refused_where_it_makes_no_sense() -> None:
    with pytest.raises(AmountError) as refused:
        parse_amount("(1,000)", allow_negative=False)
    assert refused.value.code == "amount_negative"


@given(st.text(max_size=300) | st.floats() | st.integers() | st.booleans(), st.booleans())
def test_whatever_stands_in_a_cell_gives_a_finite_amount_or_a_named_refusal(cell: object, chat: bool) -> None:
    try:
        amount = parse_amount(cell, chat=chat)
    except AmountError as refused:
        assert refused.code in AMOUNT_CODES
    else:
        assert amount.is_finite()
        assert abs(amount) < 10**12


@given(st.integers(min_value=-(10**13), max_value=10**13))
def test_minor_units_go_there_and_back(cents: int) -> None:
    assert to_minor(from_minor(cents)) == cents


DAYS = [
    ("2026-03-01", date(2026, 3, 1)), ("2026/3/1", date(2026, 3, 1)), ("2026年3月1日", date(2026, 3, 1)), ("20260301", date(2026, 3, 1)),
    (20260301, date(2026, 3, 1)), (43831, date(2020, 1, 1)), ("43831", date(2020, 1, 1)), ("20000", date(1954, 10, 3)), ("25/3/2026", date(2026, 3, 25)), ("3/25/2026", date(2026, 3, 25)),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "day"), DAYS)
def test_day_is_read(cell: object, day: date) -> None:
    assert parse_day(cell) == day


@pytest.mark.parametrize(
    ("cell", "code"),
    [("3/4/2026", "date_ambiguous"), ("3/4/26", "date_two_digit_year"), ("2026-02-30", "date_unreadable"), ("soon", "date_unreadable"),
     (True, "date_unreadable"), (9_999_999, "date_out_of_range")],
)  # fmt: skip
def test_day_is_refused_with_its_reason(cell: object, code: str) -> None:
    with pytest.raises(DateError) as refused:
        parse_day(cell)
    assert refused.value.code == code


def test_locale_settles_an_ambiguous_day() -> None:
    assert parse_day("3/4/2026", day_first=True) == date(2026, 4, 3)
    assert parse_day("3/4/2026", day_first=False) == date(2026, 3, 4)


@given(st.text(max_size=80) | st.floats() | st.integers())
def test_whatever_stands_in_a_date_cell_gives_a_day_or_a_named_refusal(cell: object) -> None:
    try:
        parse_day(cell)
    except DateError as refused:
        assert refused.code in DATE_CODES


def test_calendar_anniversaries() -> None:
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert whole_years(date(2020, 11, 21), date(2026, 11, 20)) == 5
    assert whole_years(date(2020, 11, 20), date(2026, 11, 20)) == 6


def test_make_up_workdays_count_and_an_unpublished_year_is_provisional() -> None:
    assert is_working_day(date(2026, 2, 28))  # a Saturday worked for Spring Festival
    assert not is_working_day(date(2026, 10, 1))
    assert working_days_between(date(2026, 9, 30), date(2026, 10, 9)) == 2
    assert not provisional(2026)
    assert provisional(2099)


@given(st.text(alphabet="0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17))
def test_check_character_agrees_with_the_referee(body: str) -> None:
    good = body + referee.calc_check_digit(body)
    assert uscc_problem(good) is None
    wrong = body + ("0" if good[-1] != "0" else "1")
    assert uscc_problem(wrong) == "uscc_check"


def test_names_are_compared_without_width_case_brackets_and_legal_form() -> None:
    assert normalise("上海 恒达（贸易）有限公司") == normalise("上海恒达(贸易)有限公司")
    assert stem("ACME Trading (Shanghai) Co., Ltd.") == "acmetradingshanghai"
    assert pinyin("恒达") == ("hengda", "hd")
    assert alike("上海恒達貿易有限公司", "上海恒达贸易有限责任公司")
    assert alike("上海恒达贸易有限公司", "上海恒大贸易有限公司")  # one character in ten, and the same pinyin
    assert not alike("上海恒达贸易有限公司", "北京永昌建材有限公司")
