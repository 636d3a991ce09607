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
from flows.words import error_text
from sandbox.demo.__main__ import write_folder
from sandbox.demo.book import make_book
from scoring.errors import MisuseError
from scoring.policy import Policy, parse_policy
from tests.builders import ROOT, policy
from texts.formats import LANGS

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


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("base_currency: CNY", "base_currency: USD", "base_currency"),
        ("time_zone: Asia/Shanghai", "time_zone: Europe/Berlin", "time_zone"),
        ("order_horizon_days: 180", "order_horizon_days: 90", "reading.order_horizon_days"),
    ],
)
@pytest.mark.parametrize("lang", LANGS)
def test_what_would_need_the_whole_book_anew_is_refused_with_a_sentence(
    desk: Desk, old: str, new: str, key: str, lang: str
) -> None:
    with pytest.raises(MisuseError) as refused:
        preview(desk, changed(old, new))
    said = error_text(lang, refused.value)
    assert key in said
    assert new.rsplit(" ", 1)[-1] in said


@pytest.mark.parametrize("old", ["dispute_days: 15", "behaviour_days: 365"])
def test_other_rules_of_reading_are_tried(desk: Desk, old: str) -> None:
    assert preview(desk, changed(old, f"{old.split(maxsplit=1)[0]} 60"))["customers"] == len(desk.mirror.customer_ids())


def test_whoever_has_no_name_or_joins_meanwhile_goes_by_his_id(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(desk.mirror), "named", lambda _: iter(()))
    seen: list[tuple[str, int, int]] = []
    then = stricter().model_copy(update={"receivables_budget": desk.policy.receivables_budget + 1})
    found = preview(desk, then, lambda *how_far: seen.append(how_far))
    assert found["moved"]
    assert all(one["name"] == one["customer_id"] for one in found["moved"])
    assert seen[0] == ("answers", 0, found["customers"])
