"""The grade: by lower bound on the unrounded sum, capped by vetoes, or unrated (POLICY.md 0, 2, 3)."""

from decimal import Decimal

from scoring.policy import Policy
from scoring.results import Grade, Rating, Scorecard, Veto

MISSING_DATA = "missing_data"


def rate(card: Scorecard, vetoes: tuple[Veto, ...], policy: Policy) -> Rating:
    """The rating of a scorecard. A cap never raises a grade; the worst one wins and is named as the reason.

    Below the lowest credit grade with data missing that could lift it there: unrated (grade None), unless a veto
    makes it D anyway.
    """
    own = _by_score(card.score, policy)
    caps = [(veto.cap_grade, veto.id) for veto in vetoes if veto.cap_grade is not None]
    worst, reason = max(caps, key=lambda cap: (cap[0], -_place(cap[1])), default=(None, None))
    lowest_credit = policy.grade("C").lower
    if worst != "D" and card.score < lowest_credit <= card.score + card.missing_points:
        return _rating(card, vetoes, None, MISSING_DATA)
    if worst is not None and worst > own:
        return _rating(card, vetoes, worst, reason)
    return _rating(card, vetoes, own, None)


def _by_score(score: Decimal, policy: Policy) -> Grade:
    return next((rule.grade for rule in policy.grades if score >= rule.lower), policy.grades[-1].grade)


def _place(veto_id: str) -> int:
    return int(veto_id[1:])


def _rating(card: Scorecard, vetoes: tuple[Veto, ...], grade: Grade | None, reason: str | None) -> Rating:
    return Rating(
        score=card.score, grade=grade, grade_reason=reason, coverage=card.coverage, scorecard=card, vetoes=vetoes
    )
