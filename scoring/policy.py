"""The credit policy: one validated file, one fingerprint."""

import hashlib
import json
from decimal import Decimal
from functools import cached_property
from itertools import pairwise, zip_longest
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator, model_validator

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
)  # fmt: skip
from scoring.refusals import broken, refusal
from scoring.results import BUCKETS, Grade
from scoring.yaml_lines import read_yaml

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

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ValueError, OSError, ZoneInfoNotFoundError):
            raise broken("policy_time_zone", found=name[:40]) from None
        return name

    @model_validator(mode="after")
    def _whole(self) -> Self:
        self._grades_fall()
        for place, (rule, name) in enumerate(zip_longest(self.scorecard, FACTORS)):
            if rule is None or name is None or rule.factor != name:
                raise broken("policy_factor", "scorecard", place, found=rule.factor if rule else "", bound=name or "—")
        total = sum(rule.max for rule in self.scorecard)
        if total != 100:
            raise broken("policy_weights", "scorecard", found=total)
        if tuple(self.provision_pct) != BUCKETS:
            raise broken("policy_buckets", "provision_pct", bound=", ".join(BUCKETS))
        for newer, older in pairwise(BUCKETS):
            if self.provision_pct[older] < self.provision_pct[newer]:
                raise broken("policy_rate_falls", "provision_pct", older, found=self.provision_pct[older], bound=newer)
        self._matrix_reaches()
        return self

    def _grades_fall(self) -> None:
        if [rule.grade for rule in self.grades] != ["A", "B", "C", "D"]:
            raise broken("policy_grades", "grades")
        for place, (better, worse) in enumerate(pairwise(self.grades), 1):
            if worse.lower >= better.lower:
                raise broken("policy_grade_from", "grades", place, "from", found=worse.lower, bound=better.lower)
            if worse.limit > better.limit:
                raise broken("policy_grade_limit", "grades", place, "limit", found=worse.limit, bound=better.limit)
        if self.grades[-1].lower != 0:
            raise broken("policy_grade_end", "grades", 3, "from", found=self.grades[-1].lower)

    def _matrix_reaches(self) -> None:
        """Somebody must be able to decide whatever the grades allow."""
        top, longest = self.grades[0].limit, max(rule.longest_days for rule in self.grades)
        last = len(self.authority.matrix) - 1
        if self.authority.matrix[last].up_to < top:
            found = self.authority.matrix[last].up_to
            raise broken("policy_matrix_amount", "authority", "matrix", last, "up_to", found=found, bound=top)
        if self.authority.days[-1] < longest:
            raise broken("policy_matrix_days", "authority", "days", found=self.authority.days[-1], bound=longest)

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
        raise refusal(wrong, lines, file) from None
