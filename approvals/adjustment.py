"""The bounded expert adjustment: a few points up or down, by name, with a reason and a last day (POLICY 1)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from approvals.errors import AdjustmentError
from approvals.people import People, Person, Role
from approvals.request import Request
from scoring.dates import add_months
from scoring.policy import Policy
from scoring.results import Grade, Rating

EXPERT: Role = "risk"
"""Whose judgement it is: neither who sells, nor who completes the assessment, nor who decides on the line."""
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """One recorded decision about a score; the score itself is never overwritten."""

    customer_id: str
    points: Decimal
    """Signed."""
    person: str
    """Id in people.yaml."""
    reason: str
    made_at: datetime
    until: date
    """Its last good day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjusted:
    """A rating with the adjustments of a day beside it: what the rules found stays visible."""

    score: Decimal
    """After adjustment, between 0 and 100."""
    grade: Grade | None
    own_score: Decimal
    points: Decimal
    """What counted, of all of them together."""
    counted: tuple[Adjustment, ...]


def may_adjust(expert: Person, people: People, *, department: str, applicant: str, sales_owner: str) -> None:
    """AdjustmentError unless somebody is an expert for this department and no party."""
    if not expert.holds(EXPERT, department, {one.branch for one in expert.held}):
        raise AdjustmentError("adjustment_role", role=EXPERT)
    if expert.id == applicant or expert.id in people.meant_by(sales_owner):
        raise AdjustmentError("adjustment_party")


def check_adjustment(
    wanted: Adjustment,
    expert: Person,
    people: People,
    rating: Rating,
    policy: Policy,
    *,
    department: str,
    applicant: str,
    sales_owner: str,
    today: date,
) -> None:
    """AdjustmentError unless it may be made: by an expert who is no party, bounded, reasoned, until the next review."""
    most = policy.expert_adjustment_points
    if rating.grade is None:
        raise AdjustmentError("adjustment_unrated")
    may_adjust(expert, people, department=department, applicant=applicant, sales_owner=sales_owner)
    if not wanted.points.is_finite() or wanted.points == 0 or abs(wanted.points) > most:
        raise AdjustmentError("adjustment_points", most=float(most))
    if not wanted.reason.strip():
        raise AdjustmentError("adjustment_reason")
    latest = add_months(today, policy.grade(rating.grade).review_months)
    if not today <= wanted.until <= latest:
        raise AdjustmentError("adjustment_until", until=wanted.until, latest=latest)


def adjusted(rating: Rating, adjustments: tuple[Adjustment, ...], policy: Policy, *, on: date) -> Adjusted:
    """The rating of a day with what experts decided about it.

    The newest of each expert counts, and all of them together at most the policy's points. A veto's cap holds above
    it: an adjustment never lifts a grade over one, and makes no grade where there is none.
    """
    newest: dict[str, Adjustment] = {}
    zone = ZoneInfo(policy.time_zone)
    for one in sorted(adjustments, key=lambda one: one.made_at):
        if one.made_at.astimezone(zone).date() <= on <= one.until:
            newest[one.person] = one
    counted = tuple(newest.values()) if rating.grade is not None else ()
    most = policy.expert_adjustment_points
    points = max(-most, min(most, sum((one.points for one in counted), Decimal(0))))
    score = max(Decimal(0), min(_HUNDRED, rating.score + points))
    return Adjusted(
        score=score,
        grade=_grade(rating, score, policy) if counted else rating.grade,
        own_score=rating.score,
        points=points,
        counted=counted,
    )


def adjustments_of(request: Request) -> tuple[Adjustment, ...]:
    """Everything that experts decided about a request's score, of every round: it holds until its last day."""
    return tuple(
        Adjustment(
            customer_id=request.customer_id, points=one.points, person=one.person, reason=one.reason, made_at=one.at,
            until=one.until,
        )
        for one in request.signatures
        if one.act == "adjust" and one.points is not None and one.until is not None
    )  # fmt: skip


def adjusted_json(found: Adjusted) -> dict[str, Any]:
    """As the evidence keeps it: the rules' score, what moved it, by whom, why and until when."""
    return {
        "own_score": str(found.own_score), "points": str(found.points), "score": str(found.score), "grade": found.grade,
        "counted": [
            {
                "person": one.person, "points": str(one.points), "reason": one.reason,
                "made_at": one.made_at.isoformat(), "until": one.until.isoformat(),
            }
            for one in found.counted
        ],
    }  # fmt: skip


def _grade(rating: Rating, score: Decimal, policy: Policy) -> Grade:
    """The grade of a score, below every cap that a veto sets."""
    own = next((rule.grade for rule in policy.grades if score >= rule.lower), policy.grades[-1].grade)
    return max((own, *(veto.cap_grade for veto in rating.vetoes if veto.cap_grade is not None)))
