"""What would lift a customer into the next grade: caps to be lifted first, then points by factor."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from scoring.answer import number
from scoring.grades import rate
from scoring.policy import Policy
from scoring.results import FactorScore, Grade, Rating

_LADDER: tuple[Grade, ...] = ("D", "C", "B", "A")
_SHOWN = 3
_NOBODY_S = frozenset({"order_risk"})
"""Factors that nobody can supply yet."""


def next_grade(rating: Rating, policy: Policy) -> dict[str, Any] | None:
    """From the final grade upwards, an unrated customer's being below C; None at the top.

    `caps`: vetoes that keep him below; `points_needed` beyond them; `ways`: the three factors that give most, with
    what they give `together` and whether that is `enough`.
    """
    here: Grade = rating.grade or "D"
    if here == _LADDER[-1]:
        return None
    target = _LADDER[_LADDER.index(here) + 1]
    caps = [veto for veto in rating.vetoes if veto.cap_grade is not None and veto.cap_grade > target]
    needed = max(Decimal(0), policy.grade(target).lower - rating.score)
    if caps and not needed:
        left = tuple(veto for veto in rating.vetoes if veto not in caps)
        target = rate(rating.scorecard, left, policy).grade or target
    gains = sorted((one for one in rating.scorecard.factors if _open(one)), key=lambda one: -_gain(one))
    ways = gains[:_SHOWN] if needed else []
    together = sum((_gain(one) for one in ways), Decimal(0))
    return {
        "grade": target,
        "caps": [veto.id for veto in caps],
        "points_needed": number(needed),
        "ways": [_way(one, policy) for one in ways],
        "together": number(together),
        "enough": together >= needed,
    }


def _open(factor: FactorScore) -> bool:
    return factor.next_band is not None and factor.factor not in _NOBODY_S


def _gain(factor: FactorScore) -> Decimal:
    points = factor.next_band["points"] if factor.next_band else 0
    return points if isinstance(points, Decimal) else Decimal(str(points))


def _way(factor: FactorScore, policy: Policy) -> Mapping[str, Any]:
    value = factor.next_band["value"] if factor.next_band else None
    return {
        "factor": factor.factor,
        "gain": number(_gain(factor)),
        "value": number(value) if isinstance(value, Decimal) else value,
        "missing": factor.missing,
        "low": policy.bands[factor.factor].direction == "low",
    }
