"""What cards say beyond the contract: what unblocks, the way to the next grade, what cut a proposal."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from scoring.assess import assess
from scoring.details import details
from scoring.findings import Finding
from scoring.next_grade import next_grade
from scoring.results import FactorScore, Rating, Scorecard, Veto
from tests.builders import DAY, account, book, invoice, order, policy

SOON, LATER = DAY + timedelta(days=6), DAY + timedelta(days=16)


def said(*rows: Any, **of_customer: Any) -> dict[str, Any]:
    """The details of such an account."""
    given = account(*rows, **of_customer)
    found = assess(given, book(), policy(), on=DAY, today=DAY)
    return details(found, given, book(), policy())


def way_out(*rows: Any) -> Any:
    return said(*rows)["unblock"]


def test_the_first_day_on_which_something_is_free_names_all_that_must_be_paid_until_then() -> None:
    found = way_out(
        order("O1", 60_000),
        invoice("I1", 20_000, due=SOON),
        invoice("I2", 25_000, due=LATER),
        invoice("I3", 1, due=DAY),
    )
    facts = found["facts"]
    assert (found["code"], found["who"]) == ("frees", ["sales_manager"])
    assert [(one["invoice_no"], one["open"], one["due_on"]) for one in facts["bills"]] == [
        ("I3", "1.00", DAY.isoformat()), ("I1", "20000.00", SOON.isoformat()),
    ]  # fmt: skip
    assert (facts["on"], facts["free"], facts["total"], facts["more"]) == (SOON.isoformat(), "15000.00", 2, 0)


def test_three_invoices_are_named_and_the_rest_counted() -> None:
    bills = [invoice(f"I{place}", 1000 + place, due=SOON) for place in range(5)]
    facts = way_out(order("O1", 99_000), *bills)["facts"]
    assert ([one["invoice_no"] for one in facts["bills"]], facts["more"]) == (["I4", "I3", "I2"], 2)


def test_what_only_brings_him_back_to_the_limit_frees_nothing() -> None:
    found = way_out(order("O1", 100_000), invoice("I1", 500, due=SOON))
    assert (found["code"], found["facts"]["over"]) == ("frees_later", "500.00")


def factor(name: str, gain: str | None, value: Any = None) -> FactorScore:
    better = None if gain is None else {"value": value, "points": Decimal(gain)}
    return FactorScore(
        factor=name,
        block="",
        value=None,
        points=Decimal(0),
        max=Decimal(3),
        missing=False,
        source=None,
        next_band=better,
    )


def cap(name: str, grade: Any) -> Veto:
    return Veto(id=name, cap_grade=grade, cap_limit_base=None, stops=False, finding=Finding(name, "info"))


def upwards(score: str, grade: Any, *vetoes: Veto) -> Any:
    factors = (
        factor("order_risk", "3"), factor("days_beyond_terms", "2", Decimal(15)), factor("roa", "1", Decimal(2)),
        factor("on_time", "1.5", Decimal(70)), factor("roe", "0.5", Decimal(8)), factor("suits", None),
    )  # fmt: skip
    card = Scorecard(factors=factors, score=Decimal(score), coverage=Decimal(100), missing_points=Decimal(0))
    rating = Rating(
        score=card.score, grade=grade, grade_reason=None, coverage=card.coverage, scorecard=card, vetoes=vetoes
    )
    return next_grade(rating, policy())


def test_points_to_the_next_grade_without_what_nobody_can_supply() -> None:
    found = upwards("77", "C")
    assert (found["grade"], found["points_needed"], found["caps"]) == ("B", 3, [])
    assert [(one["factor"], one["low"]) for one in found["ways"]] == [
        ("days_beyond_terms", True), ("on_time", False), ("roa", False),
    ]  # fmt: skip
    assert (found["together"], found["enough"]) == (4.5, True)
    assert not upwards("70", "C")["enough"]


@pytest.mark.parametrize(
    ("score", "grade", "vetoes", "expected"),
    [
        ("92", "C", [cap("V8", "C")], ("A", ["V8"], 0)),
        ("92", "D", [cap("V3", "D"), cap("V8", "C")], ("C", ["V3"], 0)),
        ("77", "C", [cap("V8", "C")], ("B", ["V8"], 3)),
        ("85", "B", [cap("V10", "B")], ("A", ["V10"], 5)),
        ("40", None, [cap("V8", "C")], ("C", [], 10)),
    ],
)
def test_a_cap_is_lifted_before_points_help(score: str, grade: Any, vetoes: list[Veto], expected: Any) -> None:
    found = upwards(score, grade, *vetoes)
    assert (found["grade"], found["caps"], found["points_needed"]) == expected
    assert bool(found["ways"]) == bool(found["points_needed"])


def test_nothing_is_above_the_highest_grade() -> None:
    assert upwards("91", "A") is None


def test_a_warning_that_cut_the_proposal_is_named_beside_what_binds_it() -> None:
    from tests.scoring.test_judgement import GOOD, checked, history, statement

    given = account(*history(), checked(), statement(), **GOOD)
    found = assess(given, book(), policy(), on=DAY, today=DAY)
    for colour, cut in ((None, None), ("red", 0), ("orange", 50)):
        seen = details(replace(found, colour=colour), given, book(), policy())["proposal_cut"]  # type: ignore[arg-type]
        assert seen == (None if colour is None else {"colour": colour, "share_pct": cut})
