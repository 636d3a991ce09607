"""A policy that is wrong is refused with the line that is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import PolicyError
from scoring.policy import parse_policy
from tests.builders import ROOT, policy
from texts.formats import LANGS
from texts.render import words

TEXT = (ROOT / "policy.yaml").read_text(encoding="utf-8")


def line_of(words: str) -> int:
    return next(number for number, line in enumerate(TEXT.splitlines(), 1) if words in line)


LAST_ROW = "up_to: 5000000, posts: [responsible_vp, responsible_vp, responsible_vp, responsible_vp]"
BRANCH = "  branches: {{成都: {{days: [30], matrix: [{{up_to: 1, posts: [{}]}}]}}}}\n  route: chain"
CASES = [
    ("policy_weights", "max: 12, low: [[0, 12]", "max: 11, low: [[0, 11]", "scorecard:"),
    ("policy_bands_overlap", "[40, 5], [55, 4]", "[55, 5], [40, 4]", "factor: debt_ratio"),
    ("policy_bands_points", "[40, 5], [55, 4]", "[40, 5], [55, 6]", "factor: debt_ratio"),
    ("policy_bands_max", "factor: roa, block: finance, max: 4", "factor: roa, block: finance, max: 5", "factor: roa"),
    ("policy_factor", "factor: roa", "factor: roi", "factor: roa"),
    ("policy_grade_from", "from: 80", "from: 95", "from: 80"),
    ("policy_grade_limit", "limit: 3000000", "limit: 6000000", "limit: 3000000"),
    ("policy_grade_end", "from: 0", "from: 1", "from: 0"),
    ("policy_longest_days", "longest_days: 90", "longest_days: 50", "longest_days: 90"),
    ("policy_matrix_column", LAST_ROW, "up_to: 5000000, posts: [dept_gm, dept_gm, dept_gm, dept_gm]", "up_to: 5000000"),
    ("policy_matrix_row", "{up_to: 200000, posts: [sales_manager, dept_deputy_gm", "{up_to: 200000, posts: [dept_gm, dept_deputy_gm", "up_to: 200000"),
    ("policy_matrix_width", "posts: [dept_gm, dept_gm, dept_gm, responsible_vp]", "posts: [dept_gm]", "up_to: 3000000"),
    ("policy_matrix_rises", "up_to: 3000000", "up_to: 900000", "up_to: 3000000"),
    ("policy_matrix_amount", LAST_ROW, LAST_ROW.replace("5000000", "4999999"), "up_to: 5000000"),
    ("policy_matrix_days", "  days: [30, 45, 60, 90]", "  days: [30, 45, 60, 89]", "  days: [30, 45, 60, 90]"),
    ("policy_rate_falls", "61-90: 15", "61-90: 1", "61-90: 15"),
    ("policy_warning_lines", "utilisation_orange: [100, 100, 90]", "utilisation_orange: [100, 80, 90]", "utilisation_orange"),
    ("policy_warning_lines", "overdue_red_days: [60, 30, 15]", "overdue_red_days: [60, 30, 5]", "overdue_red_days"),
    ("policy_risk_lines", "release_above: 60", "release_above: 20", "release_above"),
    ("policy_weights", "market: 20, credit: 40", "market: 20, credit: 30", "weights: {market"),
    ("policy_coefficient", "yellow: 0.9, orange: 0.5", "yellow: 0.4, orange: 0.5", "coefficients:"),
    ("policy_payment_score", "    - [15, 70]", "    - [-5, 70]", "    - [15, 70]"),
    ("policy_time_zone", "time_zone: Asia/Shanghai", "time_zone: Asia/Shangai", "time_zone"),
    ("policy_whole_number", "dispute_days: 15", "dispute_days: fifteen", "dispute_days"),
    ("policy_number", "from: 90", "from: .nan", "from: 90"),
    ("policy_yes_no", "seller_is_sme: true", "seller_is_sme: maybe", "seller_is_sme"),
    ("policy_one_of", "route: chain", "route: ring", "route"),
    ("policy_above", "round_down_to: 10000", "round_down_to: -1", "round_down_to"),
    ("policy_at_least", "dispute_days: 15", "dispute_days: -1", "dispute_days"),
    ("policy_pattern", "base_currency: CNY", "base_currency: yuan", "base_currency"),
    ("policy_too_few", "order_jump: [2.0, 1.8, 1.5]", "order_jump: [2.0, 1.8]", "order_jump"),
    ("policy_wrong_kind", "order_jump: [2.0, 1.8, 1.5]", "order_jump: 2", "order_jump"),
    ("policy_unknown_key", "time_zone:", "time_zones:", "time_zone"),
    ("policy_missing_key", "dispute_days: 15 #", "#", "reading:"),
    ("policy_duplicate_key", "base_currency: CNY", "base_currency: CNY\nbase_currency: USD", None),
    ("policy_alias", "limit: 3000000", "limit: &a 3000000\n    x: *a", None),
    ("policy_working_hours", 'working_hours: ["09:00", "18:00"]', 'working_hours: ["18:00", "09:00"]', "working_hours:"),
    ("policy_one_of", "  route: chain", "  modes: {finance: both}\n  route: chain", "  route: chain"),
    ("policy_one_of", "  route: chain", BRANCH.format("responsible_vp"), "  route: chain"),
    ("policy_matrix_width", "  route: chain", BRANCH.format("dept_gm, dept_gm"), "  route: chain"),
    ("policy_syntax", "  - {stage: 1, day: 1}", "\t- x", "stage: 1"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "old", "new", "where"), CASES)
def test_refusal_names_what_is_wrong_and_the_line_of_the_wrong_entry(
    code: str, old: str, new: str, where: str | None
) -> None:
    assert old in TEXT
    with pytest.raises(PolicyError) as refused:
        parse_policy(TEXT.replace(old, new, 1), "mine.yaml")
    facts = refused.value.facts
    assert (refused.value.code, facts["file"]) == (code, "mine.yaml")
    if where is not None:
        assert facts["line"] == line_of(where), refused.value
    for lang in LANGS:
        assert words(lang).say("errors", code, **facts)


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


@pytest.mark.parametrize(
    ("text", "why", "line", "column"),
    [
        ("a: 1\nb: [1, 2\n", "structure", 3, 1), ("a: 1\n b: 2\n", "structure", 2, 3), ("a: 'x\n", "structure", 2, 1),
        ("a: 1\nb: \x07\n", "control", 2, 4), ("a: 1\nb: !!str 2\n", "tag", 2, 4), ("? [x]\n: 1\n", "key", 1, 3),
        ("a: " + "[" * 3000 + "]" * 3000, "depth", 1, 1), ("a: %x\n", "structure", 1, 4),
    ],
)  # fmt: skip
def test_what_is_no_yaml_is_told_in_the_reader_s_language_with_line_and_column(
    text: str, why: str, line: int, column: int
) -> None:
    with pytest.raises(PolicyError) as refused:
        parse_policy(text, "mine.yaml")
    facts = refused.value.facts
    assert (refused.value.code, facts["why"], facts["line"], facts["column"]) == ("policy_syntax", why, line, column)
    said = {lang: words(lang).say("errors", "policy_syntax", **facts) for lang in LANGS}
    assert said["zh-CN"].startswith(f"mine.yaml 第 {line} 行第 {column} 列：")
    assert said["en"].startswith(f"mine.yaml, line {line}, column {column}: ")
    english = said["zh-CN"].replace("mine.yaml", "").replace("YAML", "").replace(str(facts["found"]), "")
    assert not [char for char in english if char.isascii() and char.isalpha()]
