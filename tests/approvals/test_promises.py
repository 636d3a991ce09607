"""Promises to pay: at, before and after the day; money counts once; what a person judged stands."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.promises import Arrived, Given, Outcome, judged, reliability

MADE, DAY = date(2026, 11, 1), date(2026, 11, 10)


def promise(number: str = "P1", amount: int | None = 100, **more: Any) -> Given:
    fields: dict[str, Any] = {"promise_id": number, "made_on": MADE, "promised_on": DAY}
    return Given(**{**fields, "amount": None if amount is None else Decimal(amount), **more})


def came(offset: int, amount: int, invoice: str = "") -> Arrived:
    return Arrived(DAY + timedelta(days=offset), Decimal(amount), invoice)


def outcomes(promises: list[Given], receipts: list[Arrived], after: int = 1) -> list[Outcome]:
    return [one.outcome for one in judged(promises, receipts, DAY + timedelta(days=after))]


@pytest.mark.parametrize(
    ("receipts", "after", "said"),
    [
        ([], 0, "open"),
        ([], 1, "broken"),
        ([came(0, 100)], 0, "kept"),
        ([came(0, 99)], 0, "open"),
        ([came(0, 99)], 1, "partly"),
        ([came(1, 100)], 1, "broken"),
        ([came(-9, 100)], 1, "kept"),
        ([came(-10, 100)], 1, "broken"),
        ([came(-3, 60), came(-1, 40)], 1, "kept"),
    ],
)
def test_a_promise_is_judged_by_the_money_that_came_in_time(receipts: list[Arrived], after: int, said: str) -> None:
    assert outcomes([promise()], receipts, after) == [said]


def test_money_keeps_one_promise_only_and_the_earliest_first() -> None:
    second = promise("P2", promised_on=DAY + timedelta(days=1))
    assert outcomes([second, promise()], [came(0, 150)], 2) == ["kept", "partly"]


def test_a_promise_about_an_invoice_is_kept_by_money_for_it() -> None:
    assert outcomes([promise(invoice_no="I1")], [came(0, 100, "I2")]) == ["broken"]
    assert outcomes([promise(invoice_no="I1")], [came(0, 100, "I1")]) == ["kept"]


def test_what_a_person_judged_stands_and_a_missing_day_is_not_guessed() -> None:
    assert outcomes([promise(said="kept")], []) == ["kept"]
    assert outcomes([promise(made_on=None)], [came(0, 100)]) == ["open"]
    assert outcomes([promise(promised_on=None, said="broken")], []) == ["broken"]
    assert outcomes([promise(amount=None)], [came(0, 1)]) == ["kept"]
    assert outcomes([promise(made_on=DAY + timedelta(days=9))], []) == []


def test_reliability_counts_what_is_decided() -> None:
    word = reliability(judged([promise(), promise("P2", said="kept"), promise("P3", said="partly")], [], DAY))
    assert (word.kept, word.partly, word.broken, word.open) == (1, 1, 0, 1)
    assert word.kept_pct == Decimal("50.0")
    assert reliability([]).kept_pct is None


moneys = st.lists(st.tuples(st.integers(-15, 15), st.integers(1, 200)), max_size=5)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 200)), max_size=5), moneys, st.integers(-10, 20))
def test_no_more_is_received_than_came_and_a_decided_promise_stays_decided(
    promises: list[tuple[int, int]], money: list[tuple[int, int]], after: int
) -> None:
    given_ = [
        promise(f"P{place}", amount, promised_on=MADE + timedelta(days=days))
        for place, (days, amount) in enumerate(promises)
    ]
    receipts = [came(offset, amount) for offset, amount in money]
    on = DAY + timedelta(days=after)
    found = judged(given_, receipts, on)
    assert sum(one.received for one in found) <= sum(one.amount for one in receipts if one.on <= on)
    later = {one.given.promise_id: one.outcome for one in judged(given_, receipts, on + timedelta(days=1))}
    over = [one for one in found if one.given.promised_on is not None and one.given.promised_on < on]
    assert all(later[one.given.promise_id] == one.outcome != "open" for one in over)
