"""The whole book at once says what each scorecard says, for every customer of the demo ledger and for any facts."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.settings import Settings
from bot.wiring import local_desk
from flows.answers import answer_of
from flows.desk import Desk
from sandbox.demo.__main__ import write_folder
from sandbox.demo.book import make_book
from scoring.facts import Facts, facts_of, outcomes
from scoring.measured import Measured
from scoring.policy import FACTORS
from scoring.rescore import BookScores
from scoring.scorecard import _score
from tests.builders import policy

ON = date(2026, 11, 20)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("book")
    write_folder(make_book(ON, 7, 60), folder)
    return local_desk(Settings(_env_file=None), Path(folder), ON)


def test_scores_grades_and_points_of_the_demo_ledger(desk: Desk) -> None:
    view = desk.latest.view
    assert view is not None
    ratings, packed = [], []
    for customer_id in desk.mirror.customer_ids():
        answered = answer_of(desk, view, customer_id)
        assert answered is not None
        rating, paying = answered.assessment.rating, answered.assessment.behaviour
        if rating is not None and paying is not None:
            ratings.append(rating)
            packed.append(facts_of(rating, new=paying.new_customer, policy=desk.policy).packed())
    found = BookScores(packed, desk.policy)
    assert len(found) == len(ratings) > 50
    for at, rating in enumerate(ratings):
        assert (found.score(at), found.grade(at)) == (rating.score, rating.grade)
        said = [(line["factor"], line["points"], line["missing"]) for line in found.explain(at)]
        assert said == [(one.factor, float(one.points), one.missing) for one in rating.scorecard.factors]
    assert sum(found.counts().values()) == len(ratings)


values = st.one_of(st.none(), st.decimals(-200, 200, places=2), st.integers(-5, 200).map(Decimal))


@settings(max_examples=200)
@given(st.lists(values, min_size=len(FACTORS), max_size=len(FACTORS)), st.booleans(), st.integers(0, 40))
def test_points_of_any_value_are_those_of_its_band(raw: list[Decimal | None], new: bool, turn: int) -> None:
    kept: list[float] = []
    points = Decimal(0)
    for place, (name, number) in enumerate(zip(FACTORS, raw, strict=True)):
        bands = policy().bands[name]
        asked: Decimal | str | None = number
        names = outcomes(bands)
        if names and number is not None:
            asked = (*names, "something else")[(turn + place) % (len(names) + 1)]
        points += _score(Measured(name, asked, None), bands, new=new).points
        if asked is None:
            kept.append(float("nan"))
        else:
            kept.append(
                float(asked) if isinstance(asked, Decimal) else float(names.index(asked)) if asked in names else -1.0
            )
    assert BookScores([Facts(tuple(kept), new, 0).packed()], policy()).score(0) == points
