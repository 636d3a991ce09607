"""Day and amount of a chat line: what is certain, and nothing else."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.case_line import amount_in_line, day_in_line

POSTED = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("艾克美老板昨天说欠50万", "500000"), ("欠我们 1,200,000 元", "1200000"), ("ACME 退票 80w", "800000"),
        ("五十万货款", "500000"), ("欠 1.2亿", "120000000"), ("ACME owes 350k", "350000"), ("12万3千没付", "123000"),
        ("承诺付款 RMB 80万", "800000"), ("欠５０万", "500000"), ("5万，再说一次 5万", "50000"), ("150块", "150"),
        ("约50万没付", None), ("50万左右", None), ("30-50万", None), ("$5000 owed", None), ("5000美元", None),
        ("100元和200元", None), ("发票 20261103 没付", None), ("手机 13800138000", None), ("C0001 欠 5000", None),
        ("10 KM away", None), ("INV-2026-001", None), ("", None), ("约50万，其中 20万 已付", None),
    ],
)  # fmt: skip
def test_one_exact_amount_is_read_and_nothing_is_guessed(text: str, amount: str | None) -> None:
    assert amount_in_line(text) == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026年11月3日退票", "2026-11-03"), ("since 2026/11/1", "2026-11-01"), ("11月20号没到款", "2026-11-20"),
        ("昨天说的", "2026-11-24"), ("前天来过", "2026-11-23"), ("said yesterday", "2026-11-24"),
        ("答应12月1日付", "2026-11-25"), ("2027-01-05 付", "2026-11-25"), ("13月40日", "2026-11-25"), ("没说", "2026-11-25"),
        ("11月20日说好12月1日付", "2026-11-20"),
    ],
)  # fmt: skip
def test_the_day_spoken_of_never_lies_after_the_message(text: str, day: str) -> None:
    assert day_in_line(text, POSTED) == date.fromisoformat(day)


def test_in_january_december_was_last_year() -> None:
    assert day_in_line("12月20日说的", date(2027, 1, 5)) == date(2026, 12, 20)


@given(st.text(max_size=400), st.dates(min_value=date(2000, 3, 1), max_value=date(2100, 1, 1)))
def test_any_line_is_read_without_a_fault(text: str, posted: date) -> None:
    assert day_in_line(text, posted) <= posted
    amount = amount_in_line(text)
    assert amount is None or amount >= 0


@given(st.integers(1, 10**9), st.integers(0, 700))
def test_an_amount_written_out_and_a_day_come_back(amount: int, back: int) -> None:
    on = POSTED - timedelta(days=back)
    line = f"{on.isoformat()} 客户欠 {amount:,} 元"
    assert (amount_in_line(line), day_in_line(line, POSTED)) == (Decimal(amount), on)
