"""The expert adjustment: bounded, by name, reasoned, for a while, and never above a cap."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.adjustment import Adjustment, adjusted, check_adjustment
from approvals.errors import AdjustmentError
from scoring.findings import Finding
from scoring.results import Grade, Rating, Scorecard, Veto
from tests.approvals.company import NOON, TODAY, person, staff
from tests.builders import policy


def rating(score: str, grade: Grade | None, cap: Grade | None = None) -> Rating:
    vetoes = (
        (Veto(id="V8", cap_grade=cap, cap_limit_base=None, stops=False, finding=Finding("V8", "info")),) if cap else ()
    )
    card = Scorecard(factors=(), score=Decimal(score), coverage=Decimal(100), missing_points=Decimal(0))
    return Rating(
        score=Decimal(score), grade=grade, grade_reason=None, coverage=Decimal(100), scorecard=card, vetoes=vetoes
    )


def adjustment(points: int | str = 3, who: str = "ma", **given: Any) -> Adjustment:
    fields: dict[str, Any] = {
        "customer_id": "C1", "points": Decimal(points), "person": who, "reason": "新控股股东实力强", "made_at": NOON,
        "until": TODAY + timedelta(days=60),
    }  # fmt: skip
    return Adjustment(**{**fields, **given})


@pytest.mark.parametrize(
    ("given", "who", "code"),
    [
        ({"points": Decimal("5.1")}, "ma", "adjustment_points"),
        ({"points": Decimal("-5.1")}, "ma", "adjustment_points"),
        ({"points": Decimal(0)}, "ma", "adjustment_points"),
        ({"points": Decimal("NaN")}, "ma", "adjustment_points"),
        ({"reason": "  "}, "ma", "adjustment_reason"),
        ({"until": TODAY - timedelta(days=1)}, "ma", "adjustment_until"),
        ({"until": date(2027, 5, 25)}, "ma", "adjustment_until"),
        ({}, "zhao", "adjustment_role"),
        ({}, "xu", "adjustment_role"),
    ],
)
def test_what_is_refused(given: dict[str, Any], who: str, code: str) -> None:
    with pytest.raises(AdjustmentError) as refused:
        check(adjustment(**given), who)
    assert refused.value.code == code


def check(
    wanted: Adjustment, who: str, *, owner: str = "林晓梅", applicant: str = "lin", found: Rating | None = None
) -> None:
    check_adjustment(
        wanted, person(who), staff(), found or rating("82", "B"), policy(), department="华东", applicant=applicant,
        sales_owner=owner, today=TODAY,
    )  # fmt: skip


def test_five_points_until_the_next_review_are_the_most() -> None:
    check(adjustment(5, until=date(2027, 5, 24)), "ma")
    check(adjustment(-5, until=TODAY), "ma")


@pytest.mark.parametrize("party", [{"owner": "马丽"}, {"applicant": "ma"}])
def test_nobody_adjusts_his_own(party: dict[str, str]) -> None:
    with pytest.raises(AdjustmentError) as refused:
        check(adjustment(), "ma", **party)  # type: ignore[arg-type]
    assert refused.value.code == "adjustment_party"


def test_what_is_not_rated_is_not_adjusted() -> None:
    with pytest.raises(AdjustmentError) as refused:
        check(adjustment(), "ma", found=rating("40", None))
    assert refused.value.code == "adjustment_unrated"
    assert adjusted(rating("46", None), (adjustment(5),), policy(), on=TODAY).grade is None


def test_it_stands_beside_the_score_and_ends_with_its_last_day() -> None:
    one = adjustment(3, until=TODAY)
    found = adjusted(rating("78", "C"), (one,), policy(), on=TODAY)
    assert (found.score, found.grade, found.own_score, found.counted) == (81, "B", 78, (one,))
    assert adjusted(rating("78", "C"), (one,), policy(), on=TODAY + timedelta(days=1)).grade == "C"
    assert adjusted(rating("78", "C"), (one,), policy(), on=TODAY - timedelta(days=1)).counted == ()


def test_the_newest_of_an_expert_counts_and_all_together_stay_within_the_bound() -> None:
    later = adjustment(4, made_at=NOON + timedelta(hours=1))
    found = adjusted(rating("70", "C"), (adjustment(-5), later), policy(), on=TODAY)
    assert (found.points, found.counted) == (4, (later,))
    both = adjusted(rating("70", "C"), (adjustment(5), adjustment(5, "liu")), policy(), on=TODAY)
    assert both.score == 75


@given(st.decimals(0, 100, places=2), st.integers(-5, 5), st.sampled_from("ABCD"))
def test_never_above_a_cap_and_never_beyond_the_scale(score: Decimal, points: int, cap: Grade) -> None:
    own = next(rule.grade for rule in policy().grades if score >= rule.lower)
    before = replace(rating(str(score), max(own, cap), cap))
    found = adjusted(before, (adjustment(points),), policy(), on=TODAY)
    assert found.grade is not None
    assert found.grade >= cap
    assert 0 <= found.score <= 100
    assert abs(found.score - score) <= 5
