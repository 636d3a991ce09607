"""A policy that is wrong is refused with the line that is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import PolicyError
from scoring.policy import parse_policy
from tests.builders import ROOT, policy

TEXT = (ROOT / "policy.yaml").read_text(encoding="utf-8")


def line_of(words: str) -> int:
    return next(number for number, line in enumerate(TEXT.splitlines(), 1) if words in line)


CASES = [
    ("weights do not sum", "max: 12, low: [[0, 12]", "max: 11, low: [[0, 11]", "scorecard:"),
    ("bands overlap", "[40, 5], [55, 4]", "[55, 5], [40, 4]", "factor: debt_ratio"),
    ("grades overlap", "from: 80", "from: 95", "grades:"),
    (
        "matrix does not end",
        "up_to: 5000000, posts: [responsible_vp, responsible_vp, responsible_vp, responsible_vp]",
        "up_to: 5000000, posts: [dept_gm, dept_gm, dept_gm, dept_gm]",
        "authority:",
    ),
    ("provision falls", "61-90: 15", "61-90: 1", "provision_pct:"),
    ("not a number", "dispute_days: 15", "dispute_days: fifteen", "dispute_days"),
    ("unknown key", "time_zone:", "time_zones:", None),
    ("negative", "round_down_to: 10000", "round_down_to: -1", "round_down_to"),
    ("not finite", "from: 90", "from: .nan", "from: 90"),
    ("order risk weights", "market: 20, credit: 40", "market: 20, credit: 30", "order_risk:"),
    ("duplicate key", "base_currency: CNY", "base_currency: CNY\nbase_currency: USD", None),
    ("alias", "limit: 3000000", "limit: &a 3000000\n    x: *a", None),
    ("tab character", "  - {stage: 1, day: 1}", "\t- x", "stage: 1"),
]


@pytest.mark.parametrize(("old", "new", "where"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_refusal_names_file_and_line(old: str, new: str, where: str | None) -> None:
    with pytest.raises(PolicyError) as refused:
        parse_policy(TEXT.replace(old, new, 1), "mine.yaml")
    facts = refused.value.facts
    assert facts["file"] == "mine.yaml"
    if where is not None:
        assert facts["line"] == line_of(where), refused.value


@pytest.mark.parametrize("text", ["", "# only a comment\n", "- a\n- b\n", "just words", "a: [1", "x" * 300_000, "\x00"])
def test_what_is_no_policy_at_all_is_refused_in_words(text: str) -> None:
    with pytest.raises(PolicyError):
        parse_policy(text)


@given(st.text(max_size=200))
def test_any_text_is_a_policy_or_a_named_refusal(text: str) -> None:
    with pytest.raises(PolicyError):
        parse_policy(text)


def test_fingerprint_changes_with_a_value_and_not_with_a_comment() -> None:
    assert parse_policy("# a comment\n" + TEXT).fingerprint == policy().fingerprint
    assert parse_policy(TEXT.replace("dispute_days: 15", "dispute_days: 16")).fingerprint != policy().fingerprint
