"""The score of the whole book at once, from kept facts: what a policy makes of everybody, explained on demand.

A customer's facts are the raw values of the 26 factors as the assessment measured them, whether he is new, and the
worst cap of his vetoes. Points, score, coverage and grade follow from them by the same rules as in `scoring.scorecard`
and `scoring.grades`; a property test holds both equal.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.bands import Bands
from scoring.facts import GRADES, outcomes
from scoring.policy import FACTORS, Policy
from scoring.results import Grade
from scoring.scorecard import HALVED_WHEN_NEW

UNRATED = len(GRADES)
_MILLI = 1000
_SHARE = FACTORS.index("receivables_share")
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class BookScores:
    """The scores of many customers under one policy."""

    def __init__(self, packed: Sequence[bytes], policy: Policy, shares: Sequence[float] | None = None) -> None:
        """Score all of them, from their packed facts. `shares` are today's shares of all receivables, in percent."""
        size = len(packed)
        self._policy = policy
        table: Floats = np.frombuffer(b"".join(packed), dtype="<f8").reshape(size, len(FACTORS) + 2)
        self._values = table[:, : len(FACTORS)].copy()
        if shares is not None:
            known = ~np.isnan(self._values[:, _SHARE])
            self._values[:, _SHARE] = np.where(known, np.array(shares), self._values[:, _SHARE])
        self._new = table[:, -2] > 0
        caps: Ints = table[:, -1].astype(np.int64)
        self._points: Ints = np.zeros((size, len(FACTORS)), dtype=np.int64)
        missing: Ints = np.zeros(size, dtype=np.int64)
        for place, name in enumerate(FACTORS):
            bands, column = policy.bands[name], self._values[:, place]
            empty = np.isnan(column)
            points = _points(column, bands)
            if name in HALVED_WHEN_NEW:
                points = np.where(self._new, np.minimum(points, _whole(bands.max) // 2), points)
            self._points[:, place] = np.where(empty, 0, points)
            missing += np.where(empty, _whole(bands.max), 0)
        self.scores: Ints = self._points.sum(axis=1)
        """In thousandths of a point."""
        self.missing: Ints = missing
        self.grades: Ints = _grades(self.scores, missing, caps, policy)
        """Places in GRADES, or UNRATED."""

    def __len__(self) -> int:
        return len(self.scores)

    def score(self, place: int) -> Decimal:
        """One customer's score, the unrounded sum."""
        return Decimal(int(self.scores[place])) / _MILLI

    def grade(self, place: int) -> Grade | None:
        """One customer's grade; None = unrated."""
        found = int(self.grades[place])
        return None if found == UNRATED else GRADES[found]

    def counts(self) -> dict[str, int]:
        """How many customers have each grade, "unrated" included."""
        found = np.bincount(self.grades, minlength=UNRATED + 1)
        return {**{name: int(found[at]) for at, name in enumerate(GRADES)}, "unrated": int(found[UNRATED])}

    def explain(self, place: int) -> list[dict[str, Any]]:
        """Each factor of one customer: value, points, the most there is, whether it is missing."""
        return [
            self._line(name, float(self._values[place, at]), int(self._points[place, at]))
            for at, name in enumerate(FACTORS)
        ]

    def _line(self, name: str, value: float, points: int) -> dict[str, Any]:
        bands = self._policy.bands[name]
        missing = value != value  # NaN differs from itself
        shown: float | str | None = None if missing else value
        if bands.direction == "choice" and shown is not None:
            names = outcomes(bands)
            shown = names[int(value)] if 0 <= value < len(names) else "other"
        return {
            "factor": name, "value": shown, "points": points / _MILLI, "max": float(bands.max), "missing": missing,
        }  # fmt: skip


def _whole(points: Decimal) -> int:
    return int(points * _MILLI)


def _points(column: Floats, bands: Bands) -> Ints:
    """Points of a whole column: a value reaches a line at the number itself."""
    otherwise = _whole(bands.otherwise)
    if bands.direction == "choice":
        table = np.array([*(_whole(bands.choices[name]) for name in outcomes(bands)), otherwise], dtype=np.int64)
        return table[np.nan_to_num(column, nan=-1.0).astype(np.int64)]  # -1 is the last one
    # bands run from most points to fewest: falling lines where high is good, rising where low is good
    lines = np.array([float(band.line) for band in bands.bands])
    table = np.array([*(_whole(band.points) for band in bands.bands), otherwise], dtype=np.int64)
    if bands.direction == "high":
        return table[len(lines) - np.searchsorted(lines[::-1], column, side="right")]
    return table[np.searchsorted(lines, column, side="left")]


def _grades(scores: Ints, missing: Ints, caps: Ints, policy: Policy) -> Ints:
    bounds = [_whole(rule.lower) for rule in policy.grades]
    own = np.select([scores >= bound for bound in bounds[:-1]], range(len(bounds) - 1), default=len(bounds) - 1)
    lowest = _whole(policy.grade("C").lower)
    unrated = (caps < GRADES.index("D")) & (scores < lowest) & (scores + missing >= lowest)
    return np.where(unrated, UNRATED, np.maximum(own, caps)).astype(np.int64)


def moved(before: BookScores, after: BookScores) -> Iterable[int]:
    """The places of customers whose grade is another one now."""
    return (int(place) for place in np.nonzero(before.grades != after.grades)[0])
