"""The credit policy: one validated file, one fingerprint."""

import hashlib
import json
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from scoring.bands import Bands
from scoring.errors import PolicyError
from scoring.policy_parts import (
    Amount,
    Authority,
    DunningStage,
    FactorRule,
    GradeRule,
    Law,
    Operating,
    OrderRisk,
    Part,
    Percent,
    Points,
    ProposalRule,
    Reading,
    Vetoes,
    WarningLines,
    Workflow,
    falling_rates,
)  # fmt: skip
from scoring.results import Grade
from scoring.yaml_lines import Path, read_yaml

POLICY_CODES = (
    "policy_syntax", "policy_empty", "policy_alias", "policy_duplicate_key", "policy_too_long", "policy_not_a_mapping",
    "policy_missing_key", "policy_unknown_key", "policy_value", "policy_not_text",
)  # fmt: skip

FACTORS = (
    "years_registered", "paid_in_capital", "licences", "debt_ratio", "current_ratio", "roa", "roe", "ebit_margin",
    "z_score", "operating_cash_flow", "suits", "enforcement", "penalties", "references", "days_beyond_terms", "on_time",
    "overdue_share", "worst_lateness", "promises", "years_trading", "order_months", "returns", "receivables_share",
    "industry_outlook", "market_standing", "order_risk",
)  # fmt: skip
"""The characteristics of the scorecard, in the order in which every answer lists them."""


class Policy(Part):
    """policy.yaml, validated. Money in `base_currency`, percentages as written (12.5 = 12.5 %)."""

    base_currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    time_zone: str
    receivables_budget: Amount
    seller_is_sme: bool
    reading: Reading
    grades: tuple[GradeRule, ...]
    unrated_as: Literal["A", "B", "C"]
    scorecard: tuple[FactorRule, ...]
    licence_notice_days: Annotated[int, Field(ge=0, le=3660)]
    enforcement_clean_months: Annotated[int, Field(ge=0, le=120)]
    expert_adjustment_points: Points
    vetoes: Vetoes
    proposal: ProposalRule
    law: Law
    authority: Authority
    warnings: WarningLines
    order_risk: OrderRisk
    dunning: tuple[DunningStage, ...]
    provision_pct: dict[str, Percent]
    workflow: Workflow
    operating: Operating

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if [rule.grade for rule in self.grades] != ["A", "B", "C", "D"]:
            raise ValueError("grades must be A, B, C, D in this order")
        bounds = [rule.lower for rule in self.grades]
        if bounds != sorted(set(bounds), reverse=True) or bounds[-1] != 0:
            raise ValueError("grades: bands overlap; lower bounds must fall from A to D and end at 0")
        if [rule.limit for rule in self.grades] != sorted((rule.limit for rule in self.grades), reverse=True):
            raise ValueError("grades: a worse grade cannot have a higher limit")
        if tuple(rule.factor for rule in self.scorecard) != FACTORS:
            raise ValueError(f"scorecard: factors must be exactly {', '.join(FACTORS)}")
        total = sum(rule.max for rule in self.scorecard)
        if total != 100:
            raise ValueError(f"scorecard: weights sum to {total}, not 100")
        wrong = falling_rates(self.provision_pct)
        if wrong:
            raise ValueError(f"provision_pct: {wrong}")
        return self

    def grade(self, grade: Grade) -> GradeRule:
        """The rule of a grade."""
        return self.by_grade[grade]

    @cached_property
    def by_grade(self) -> dict[str, GradeRule]:
        """Rules by grade."""
        return {rule.grade: rule for rule in self.grades}

    @cached_property
    def bands(self) -> dict[str, Bands]:
        """Bands by factor, in the order of the scorecard."""
        return {rule.factor: rule.bands() for rule in self.scorecard}

    @property
    def unrated_hold_days(self) -> int:
        """Days past due that hold the orders of an unrated customer."""
        return self.by_grade[self.unrated_as].hold_days

    def warning_line(self, name: str, grade: Grade | None) -> Decimal:
        """The line of a signal for a grade; unrated and D as the policy's `unrated_as`."""
        place = "ABC".index(grade if grade in {"A", "B", "C"} else self.unrated_as)
        lines: tuple[Decimal, ...] = getattr(self.warnings, name)
        return lines[place]

    @cached_property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits of the content: comments and layout do not change it, any value does."""
        text = json.dumps(self._plain(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def as_json(self) -> dict[str, Any]:
        """The policy as `policy show` prints it: every value, and the fingerprint."""
        return {**self._plain(), "fingerprint": self.fingerprint}

    def _plain(self) -> dict[str, Any]:
        plain: dict[str, Any] = _numbers(self.model_dump(mode="python", by_alias=True))
        return plain


def _numbers(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {key: _numbers(item) for key, item in value.items()}
    return [_numbers(item) for item in value] if isinstance(value, list | tuple) else value


def parse_policy(text: str, file: str = "policy.yaml") -> Policy:
    """A policy from YAML text; PolicyError names file, line and what is wrong."""
    values, lines = read_yaml(text, file)
    if not isinstance(values, dict):
        raise PolicyError("policy_not_a_mapping", file=file, line=1, found=type(values).__name__)
    try:
        return Policy.model_validate(values)
    except ValidationError as wrong:
        raise _refusal(wrong, lines, file) from None


def _refusal(wrong: ValidationError, lines: dict[Path, int], file: str) -> PolicyError:
    """The first fault by line, as one sentence with the key's path."""
    faults = sorted((_line_of(fault["loc"], fault["msg"], lines), str(fault["loc"]), fault) for fault in wrong.errors())
    line, _, fault = faults[0]
    where = ".".join(str(part) for part in fault["loc"])
    code = {"missing": "policy_missing_key", "extra_forbidden": "policy_unknown_key"}.get(fault["type"], "policy_value")
    why = fault["msg"].removeprefix("Value error, ")
    return PolicyError(code, file=file, line=line, key=where, found=why)


def _line_of(loc: tuple[int | str, ...], message: str, lines: dict[Path, int]) -> int:
    """The line of the longest known part of a path; a fault of a whole section stands at that section's key."""
    path = tuple(loc)
    if not path:
        named = message.removeprefix("Value error, ").split(":")[0].split(" ")[0]
        path = (named,) if (named,) in lines else ()
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)
