"""Another policy on the live book: who moves, in a moment where only points differ, exactly in every case."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.wiring import local_desk
from flows.answers import answer_of
from flows.desk import Desk
from flows.preview import only_scores, preview
from sandbox.demo.__main__ import write_folder
from sandbox.demo.book import make_book
from scoring.policy import Policy, parse_policy
from tests.builders import ROOT, policy

ON = date(2026, 11, 20)
TEXT = (ROOT / "policy.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("book")
    write_folder(make_book(ON, 7, 40), folder)
    return local_desk(Settings(_env_file=None), Path(folder), ON)


def changed(old: str, new: str) -> Policy:
    assert TEXT.count(old) == 1, old
    return parse_policy(TEXT.replace(old, new))


def stricter() -> Policy:
    """Grade C begins twenty points higher."""
    return changed("grade: C\n    from: 50\n", "grade: C\n    from: 70\n")


def test_the_policy_in_force_moves_nobody(desk: Desk) -> None:
    found = preview(desk, policy())
    assert found["moved"] == []
    assert found["grades"]["now"] == found["grades"]["then"]
    assert found["customers"] == len(desk.mirror.customer_ids())


@pytest.mark.parametrize("kind", ["points only", "another section too"])
def test_who_moves_is_who_a_desk_under_that_policy_would_grade_otherwise(desk: Desk, kind: str) -> None:
    then = stricter()
    if kind != "points only":
        then = then.model_copy(update={"receivables_budget": then.receivables_budget + 1})
    assert only_scores(desk.policy, then) == (kind == "points only")
    found = preview(desk, then)
    view = desk.latest.view
    assert view is not None
    other = replace(desk, policy=then)
    expected = {}
    for customer_id in desk.mirror.customer_ids():
        one, two = answer_of(desk, view, customer_id), answer_of(other, view, customer_id)
        assert one is not None
        assert two is not None
        if (one.answer["grade"], one.answer["verdict"]) != (two.answer["grade"], two.answer["verdict"]):
            expected[customer_id] = (one.answer["grade"], two.answer["grade"], two.answer["verdict"])
    said = {
        one["customer_id"]: (one["grade"]["now"], one["grade"]["then"], one["verdict"]["then"])
        for one in found["moved"]
    }
    assert said == expected
    assert expected
