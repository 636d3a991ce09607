"""Each further signal of POLICY 7: a ledger that sets it off, one just below its line, and what it says."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from scoring.findings import Finding
from scoring.ledger import Check, Financials, Promise
from scoring.warnings import WARNING_CODES
from tests.builders import DAY, ROOT, account, invoice, judged, order, receipt


def days(count: int) -> date:
    """So many days before D."""
    return DAY - timedelta(days=count)


def paid(number: str, amount: int, closed: int, took: int, late: int = 0) -> list[Any]:
    """An invoice settled `closed` days ago, `took` days after it was issued and `late` after it was due."""
    settled = days(closed)
    issued = settled - timedelta(days=took)
    bill = invoice(
        number, amount, issued=issued, due=settled - timedelta(days=late), settled_on=settled, paid=Decimal(amount)
    )
    return [bill, receipt(f"R{number}", amount, settled, number)]


def promise(number: int, ago: int, outcome: str | None = "broken") -> Promise:
    return Promise(promise_id=f"P{number}", customer_id="C1", promised_on=days(ago), outcome=outcome, row=number)


def suit(ago: int, amount: int, **more: Any) -> Check:
    return Check(customer_id="C1", checked_on=days(ago), suits_amount=Decimal(amount), row=ago, **more)


def statement(assets: int, debts: int, *, current: tuple[int, int] = (300, 100)) -> Financials:
    return Financials(
        customer_id="C1", period_end=date(2025, 12, 31), total_assets=Decimal(assets), total_liabilities=Decimal(debts),
        current_assets=Decimal(current[0]), current_liabilities=Decimal(current[1]),
    )  # fmt: skip


def usual(*amounts: int) -> list[Any]:
    """Earlier orders, shipped, 60, 90, 120 … days ago."""
    return [
        order(f"U{place}", amount, ordered_on=days(60 + 30 * place), status="invoiced")
        for place, amount in enumerate(amounts)
    ]


ENFORCED = {"enforcement": "current"}
BOUNCED = receipt("R9", 777, days(5), bounced=True)
PARTS = [
    invoice("I1", 9_000, due=DAY + timedelta(days=9)),
    receipt("R1", 1_234, days(20), "I1"),
    receipt("R2", 1_234, days(10), "I1"),
]
THIN = statement(1_000, 400, current=(99, 100))

CASES: list[tuple[str, list[Any], list[Any], Any]] = [
    # code, a ledger that sets it off, one that does not, what it measured; unrated customers have the lines of C
    ("order_jump", [*usual(1000, 1000), order("N", 1500)], [*usual(1000, 1000), order("N", 1499)], 1.5),
    ("order_jump", [*usual(100, 300), order("N", 400)], [order("N", 400_000)], 2.0),
    (
        "order_jump",
        [*usual(1000), order("N", 9000)],
        [*usual(1000), order("N", 9000, status="invoiced")],
        9.0,
    ),
    (
        "order_after_idle",
        [order("A", 10, ordered_on=days(100), status="invoiced"), order("N", 10, ordered_on=days(10))],
        [order("A", 10, ordered_on=days(99), status="invoiced"), order("N", 10, ordered_on=days(10))],
        90,
    ),
    (
        "days_to_pay",
        [*paid("I1", 100, 150, 30), *paid("I2", 100, 20, 35)],
        [*paid("I1", 100, 150, 30), *paid("I2", 100, 20, 34)],
        5.0,
    ),
    (
        "days_to_pay",
        [*paid("I1", 100, 150, 30), *paid("I2", 900, 20, 40), *paid("I3", 100, 20, 30)],
        [*paid("I1", 100, 150, 30), *paid("I2", 100, 20, 40), *paid("I3", 900, 20, 30)],
        9.0,
    ),
    (
        "roll",
        [invoice("I1", 20, due=days(45)), *paid("I2", 80, 15, 60, late=30)],
        [invoice("I1", 20, due=days(45)), *paid("I2", 81, 15, 60, late=30)],
        20.0,
    ),
    ("roll", [invoice("I1", 20, due=days(31))], [invoice("I1", 20, due=days(30))], 100.0),
    ("roll", [invoice("I1", 20, due=days(60))], [invoice("I1", 20, due=days(61))], 100.0),
    ("broken_promises", [promise(1, 89)], [promise(1, 90)], 1),
    ("broken_promises", [promise(1, 5), promise(2, 6)], [promise(1, 5, "kept"), promise(2, 5, "partly")], 2),
    (
        "broken_promises",
        [promise(1, 1, None), invoice("I1", 10, due=days(3))],
        [promise(1, 0, None), invoice("I1", 10, due=days(3))],
        1,
    ),
    ("new_suits", [suit(5, 10), statement(2_000, 1_000)], [suit(5, 9), statement(2_000, 1_000)], 1.0),
    (
        "new_suits",
        [suit(5, 60), suit(40, 50), statement(2_000, 1_000)],
        [suit(5, 60), suit(40, 51), statement(2_000, 1_000)],
        1.0,
    ),
    ("new_suits", [suit(5, 500_000)], [suit(5, 499_999)], None),
    ("new_suits", [suit(5, 1), statement(1_000, 1_000)], [suit(5, 0), statement(1_000, 1_000)], None),
    ("funding_chain", [BOUNCED, suit(5, 0, **ENFORCED)], [BOUNCED], None),
    ("funding_chain", [BOUNCED, *PARTS], PARTS, None),
    ("funding_chain", [THIN, suit(5, 0, **ENFORCED)], [statement(9, 1, current=(1, 1)), suit(5, 0, **ENFORCED)], None),
    (
        "funding_chain",
        [THIN, receipt("R1", 20_000, days(3)), receipt("R2", 30_000, days(2))],
        [THIN, receipt("R1", 20_000, days(3)), receipt("R2", 30_001, days(2))],
        None,
    ),
]


def found(rows: list[Any], code: str, **more: Any) -> Finding | None:
    """The signal of an assessment, if it holds."""
    return next((one for one in judged(*rows, **more).warnings if one.code == code), None)


@pytest.mark.parametrize(("code", "set_off", "quiet", "have"), CASES)
def test_a_signal_begins_at_its_line(code: str, set_off: list[Any], quiet: list[Any], have: Any) -> None:
    told = found(set_off, code)
    assert told is not None
    assert told.severity == ("red" if code == "funding_chain" else "yellow")
    assert told.facts["escalated"] is None
    if have is not None:
        assert told.facts["have"] == have
    assert found(quiet, code) is None


def test_who_owes_without_a_line_is_told_by_the_way_he_pays() -> None:
    owes = [invoice("I1", 10, due=DAY + timedelta(days=9))]
    assert found(owes, "credit_without_line", credit_limit=None) is not None
    assert found(owes, "credit_without_line", credit_limit=Decimal(0)) is not None
    assert found(owes, "credit_without_line") is None
    assert found(owes, "credit_without_line", credit_limit=None, payment_mode="prepay") is None
    assert found(owes, "prepay_on_credit", credit_limit=None, payment_mode="prepay") is not None
    assert found([], "prepay_on_credit", payment_mode="prepay") is None
    assert found([], "credit_without_line", credit_limit=None) is None


@pytest.mark.parametrize(("until", "told"), [(91, False), (90, True), (0, True), (-1, False)])
def test_an_outside_rating_warns_before_it_stops_counting(until: int, told: bool) -> None:
    ends = DAY + timedelta(days=until)
    rated = Check(customer_id="C1", checked_on=days(400), rating="good", rating_on=ends.replace(year=ends.year - 1))
    warning = found([rated], "rating_expiring")
    assert (warning is not None) is told
    if warning is not None:
        assert warning.facts["expires_on"] == ends


def test_orders_of_others_and_cancelled_ones_compare_with_nothing() -> None:
    rows = [*usual(1000), order("N", 9000, customer_id="C2"), order("M", 9000, status="cancelled")]
    assert found(rows, "order_jump") is None
    assert account(*rows).orders


def test_every_signal_is_explained() -> None:
    told = (ROOT / "docs" / "warnings.md").read_text(encoding="utf-8")
    assert [code for code in WARNING_CODES if f"`{code}`" not in told] == []
