"""Dunning: each line at, below and above it; interest, limitation and holds; the customer's stage once."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.dunning import LETTERS, MEASURES, Dunning, dunning, stage_of
from approvals.limitation import Proof, limitation
from scoring.dates import add_months
from scoring.interest import DailyRate, daily_rate, late_interest
from scoring.ledger import Contract
from scoring.results import Grade
from tests.builders import account, figures, invoice, policy, receipt

ON = date(2026, 11, 20)


def late(days: int) -> date:
    """The due day of what is so many days late."""
    return ON - timedelta(days=days)


def stood(*rows: Any, grade: Grade | None = "C", on: date = ON, **of_customer: Any) -> Dunning:
    return dunning(figures(*rows, on=on, today=on, **of_customer), account(*rows, **of_customer), grade, policy(), on)


LINES = [(0, -7), (1, 1), (2, 7), (3, 15), (4, 30), (5, 60), (6, 90)]


@pytest.mark.parametrize(("stage", "day"), LINES)
def test_a_stage_begins_on_its_day_and_not_the_day_before(stage: int, day: int) -> None:
    before = stage - 1 if stage else None
    assert [stage_of(days, policy()) for days in (day - 1, day, day + 1)] == [before, stage, stage]
    found = [stood(invoice("I1", 100, due=late(days), issued=date(2025, 1, 1))).stage for days in (day - 1, day)]
    assert found == [before, stage]


def test_the_customer_has_the_highest_stage_and_not_one_for_each_invoice() -> None:
    found = stood(invoice("I1", 100, due=late(3)), invoice("I2", 50, due=late(31)), invoice("I3", 70, due=late(-30)))
    assert (found.stage, found.days, found.overdue) == (4, 31, Decimal(150))
    assert [claim.stage for claim in found.claims] == [4, 1, None]
    assert found.letters == ("demand", "statement")
    assert (found.next_stage, found.next_on) == (5, late(31) + timedelta(days=60))


def test_the_undisputed_part_is_dunned_and_the_rest_is_not() -> None:
    row = invoice("I1", 100, due=late(40), disputed=True, disputed_amount=Decimal(60), disputed_on=late(15))
    found = stood(row)
    assert (found.stage, found.overdue, found.disputed) == (4, Decimal(40), Decimal(60))


@pytest.mark.parametrize(("age", "stage"), [(14, None), (15, None), (16, 4)])
def test_a_dispute_older_than_fifteen_days_is_dunned_again(age: int, stage: int | None) -> None:
    found = stood(invoice("I1", 100, due=late(40), disputed=True, disputed_on=late(age)))
    assert (found.stage, found.disputed) == (stage, Decimal(100))


@pytest.mark.parametrize(("grade", "day"), [("C", 7), (None, 7), ("B", 15), ("A", 30)])
def test_orders_are_held_at_the_line_of_the_grade(grade: Grade | None, day: int) -> None:
    held = [stood(invoice("I1", 100, due=late(days)), grade=grade).holds for days in (day - 1, day, day + 1)]
    assert held == [False, True, True]


def test_grade_d_is_held_whatever_is_due() -> None:
    assert stood(grade="D").holds
    assert not stood(grade="C").holds


def test_a_bounced_receipt_pays_nothing_and_acknowledges_nothing() -> None:
    rows = (invoice("I1", 100, due=late(20)), receipt("R1", 100, late(5), "I1", bounced=True))
    found = stood(*rows)
    assert (found.stage, found.overdue) == (3, Decimal(100))
    assert found.claims[0].limitation.since == late(20)


def test_a_stage_asks_for_letters_and_measures() -> None:
    assert set(LETTERS) == set(MEASURES) == {rule.stage for rule in policy().dunning}
    found = stood(invoice("I1", 100, due=late(90)))
    assert (found.letters[0], found.measures[0]) == ("lawyer", "claim")
    assert stood().stage is None
    assert stood().letters == ()
    assert stood(invoice("I1", 100, due=late(-30))).letters == ("statement",)


def test_day_by_day_over_two_years_each_stage_begins_once_and_on_its_day() -> None:
    """From before the leap day of 2028 on; what is disputed for a while is back on the sixteenth day."""
    due = date(2028, 2, 22)
    row = invoice("I1", 100, due=due, issued=date(2028, 1, 1), disputed=True, disputed_on=date(2028, 3, 1))
    days = [due + timedelta(days=offset) for offset in range(-20, 730)]
    stages = [stood(row, on=day).stage for day in days]
    begun = [(day, now) for day, before, now in zip(days[1:], stages, stages[1:], strict=False) if now != before]
    assert begun == [
        (date(2028, 2, 15), 0), (date(2028, 2, 23), 1), (date(2028, 2, 29), 2), (date(2028, 3, 1), None),
        (date(2028, 3, 17), 3), (date(2028, 3, 23), 4), (date(2028, 4, 22), 5), (date(2028, 5, 22), 6),
    ]  # fmt: skip


# -- interest ------------------------------------------------------------------------------------------------------


def test_interest_is_simple_from_the_day_after_due() -> None:
    law = DailyRate(policy().law.late_interest_pct)
    assert [late_interest(Decimal(10_000), law, days) for days in (-1, 0, 1, 30)] == [0, 0, Decimal(5), Decimal(150)]
    assert late_interest(Decimal("0.01"), law, 1000) == Decimal("0.01")  # half up


def contract(number: str, pct: str | None, signed: date | None, expires: date | None, **more: Any) -> Contract:
    rate = None if pct is None else Decimal(pct)
    return Contract(
        contract_no=number, customer_id="C1", signed_on=signed, expires_on=expires, late_interest_pct=rate, **more
    )


@pytest.mark.parametrize(
    ("contracts", "said"),
    [
        ([], ("0.05", "")),
        ([contract("K1", "0.08", date(2026, 1, 1), date(2026, 12, 31))], ("0.08", "K1")),
        ([contract("K1", "0.08", date(2026, 10, 1), None)], ("0.08", "K1")),
        ([contract("K1", "0.08", date(2026, 10, 2), None)], ("0.05", "")),
        ([contract("K1", "0.08", None, date(2026, 10, 1))], ("0.08", "K1")),
        ([contract("K1", "0.08", None, date(2026, 9, 30))], ("0.05", "")),
        ([contract("K1", None, None, None)], ("0.05", "")),
        ([contract("K1", "0", None, None)], ("0", "K1")),
        ([contract("K1", "0.08", None, None, unread=frozenset({"expires_on"}))], ("0.05", "")),
        ([contract("K1", "0.08", date(2025, 1, 1), None), contract("K2", "0.03", date(2026, 1, 1), None)], ("0.03", "K2")),
    ],
)  # fmt: skip
def test_the_rate_is_that_of_the_contract_in_force_when_the_invoice_was_issued(
    contracts: list[Contract], said: tuple[str, str]
) -> None:
    found = daily_rate(contracts, policy(), date(2026, 10, 1))
    assert (found.pct, found.contract_no) == (Decimal(said[0]), said[1])
    assert daily_rate(contracts, policy(), None).contract_no == ""


def test_interest_is_on_what_is_demanded_and_each_invoice_has_its_own_rate() -> None:
    old = contract("K1", "0.1", date(2025, 1, 1), date(2026, 6, 30))
    found = stood(
        invoice("I1", 1000, due=late(10), issued=date(2026, 6, 1)),
        invoice(
            "I2",
            1000,
            due=late(10),
            issued=date(2026, 7, 1),
            disputed=True,
            disputed_amount=Decimal(500),
            disputed_on=late(1),
        ),
        old,
    )
    assert [claim.interest for claim in found.claims] == [Decimal(10), Decimal("2.5")]
    assert found.interest == Decimal("12.5")


# -- limitation ----------------------------------------------------------------------------------------------------

DUE = date(2024, 2, 29)
ENDS = date(2027, 2, 28)


@pytest.mark.parametrize(
    ("left", "warned"), [(181, None), (180, 180), (179, 180), (31, 180), (30, 30), (1, 30), (0, 30), (-1, 0)]
)
def test_limitation_warns_at_its_lines(left: int, warned: int | None) -> None:
    found = limitation(DUE, (), policy(), ENDS - timedelta(days=left))
    assert (found.expires_on, found.days_left, found.warned) == (ENDS, left, warned)


@pytest.mark.parametrize(
    ("proof", "since"),
    [
        (Proof(DUE - timedelta(days=1), "demand"), DUE),
        (Proof(date(2025, 5, 5), "demand"), date(2025, 5, 5)),
        (Proof(ENDS, "demand"), ENDS),
        (Proof(ENDS + timedelta(days=1), "demand"), DUE),
        (Proof(ENDS + timedelta(days=1), "acknowledgement"), ENDS + timedelta(days=1)),
        (Proof(date(2029, 1, 2), "acknowledgement"), DUE),
    ],
)
def test_a_proof_within_the_period_begins_it_anew(proof: Proof, since: date) -> None:
    assert limitation(DUE, [proof], policy(), date(2029, 1, 1)).since == since


def test_part_payment_acknowledges_the_invoice_it_names() -> None:
    found = stood(
        invoice("I1", 100, due=late(300)), invoice("I2", 100, due=late(300)), receipt("R1", 10, late(9), "I1")
    )
    assert [claim.limitation.since for claim in found.claims] == [late(9), late(300)]


# -- whatever the ledger says --------------------------------------------------------------------------------------

days_late = st.integers(-400, 2000)
amounts = st.decimals("0.01", "9999999", places=2)
books = st.lists(st.tuples(days_late, amounts, st.booleans(), st.integers(0, 40)), max_size=6)


def rows_of(book: list[tuple[int, Decimal, bool, int]]) -> list[Any]:
    return [
        invoice(
            f"I{place}", str(amount), due=late(days), issued=late(days + 30) if days > -30 else ON, disputed=disputed,
            disputed_on=late(age) if disputed else None,
        )
        for place, (days, amount, disputed, age) in enumerate(book)
    ]  # fmt: skip


@given(books)
def test_dunning_agrees_with_overdue_and_never_asks_for_what_is_in_dispute(
    book: list[tuple[int, Decimal, bool, int]],
) -> None:
    rows = rows_of(book)
    where, found = figures(*rows), stood(*rows)
    assert found.overdue == where.overdue
    assert (found.stage or 0) >= 1 or found.overdue == 0
    assert found.stage == max((claim.stage for claim in found.claims if claim.stage is not None), default=None)
    assert all(claim.demanded + claim.disputed >= claim.open for claim in found.claims)
    assert all(claim.demanded > 0 for claim in found.demanded)


@given(books)
def test_a_day_without_payment_never_lowers_stage_interest_or_hold(
    book: list[tuple[int, Decimal, bool, int]],
) -> None:
    rows = [row for row in rows_of(book) if not row.disputed]
    today, tomorrow = stood(*rows), stood(*rows, on=ON + timedelta(days=1))
    assert (tomorrow.stage or -1) >= (today.stage or -1)
    assert tomorrow.interest >= today.interest
    assert tomorrow.holds >= today.holds
    if today.next_on == ON + timedelta(days=1):
        assert tomorrow.stage is not None
        assert today.next_stage is not None
        assert tomorrow.stage >= today.next_stage
    else:
        assert tomorrow.stage == today.stage


@given(
    st.lists(st.tuples(st.integers(-100, 4000), st.sampled_from(["demand", "acknowledgement"])), max_size=6),
    st.integers(0, 4000),
)
def test_proof_never_shortens_the_period(given_proofs: list[tuple[int, Any]], days: int) -> None:
    on = DUE + timedelta(days=days)
    proofs = [Proof(DUE + timedelta(days=offset), kind) for offset, kind in given_proofs]
    found, bare = limitation(DUE, proofs, policy(), on), limitation(DUE, (), policy(), on)
    assert found.expires_on >= bare.expires_on
    assert found.expires_on == add_months(found.since, 36)
    assert found.since <= max(on, DUE)
    assert found == limitation(DUE, reversed(proofs), policy(), on)
