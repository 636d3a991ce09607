"""The documents are held against the code: reasons, policy keys, sections."""

from pathlib import Path

from scoring.policy import Policy
from scoring.verdict import REASON_CODES
from tests.house.tables import PAGE, filled, tables

SINGLE = frozenset({
    "receivables_budget", "unrated_as", "licence_notice_days", "enforcement_clean_months", "expert_adjustment_points",
})  # fmt: skip
DOCS = Path(__file__).parents[2] / "docs"


def test_policy_document_names_every_section_and_reason() -> None:
    text = (DOCS / "policy.md").read_text(encoding="utf-8")
    sections = [name for name, field in Policy.model_fields.items() if field.annotation not in {str, bool}]
    simple = {
        "receivables_budget",
        "unrated_as",
        "licence_notice_days",
        "enforcement_clean_months",
        "expert_adjustment_points",
    }
    assert [name for name in sections if name not in simple and f"`{name}`" not in text] == []
    assert [code for code in REASON_CODES if f"`{code}`" not in text] == []


def test_the_tables_of_requests_are_those_of_the_code() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert filled(text) == text, "python -m tests.house.tables writes them anew"
    assert [name for name, table in tables().items() if table not in text] == []


def test_every_top_decision_is_dated() -> None:
    lines = (DOCS / "decisions.md").read_text(encoding="utf-8").split("## One reading")[1].splitlines()
    undated = [line for line in lines if line.startswith("- ") and not line.startswith("- 20")]
    assert undated == []
