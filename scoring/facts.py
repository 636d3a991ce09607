"""What one customer's score is made from, packed: enough to score the whole book again under another policy."""

from dataclasses import dataclass
from decimal import Decimal
from struct import Struct

from scoring.bands import Bands
from scoring.policy import FACTORS, Policy
from scoring.results import Grade, Rating

GRADES: tuple[Grade, ...] = ("A", "B", "C", "D")
_PACKED = Struct(f"<{len(FACTORS) + 2}d")


@dataclass(frozen=True, slots=True)
class Facts:
    """What one customer's score is made from; a missing value is NaN, a named outcome its place in `outcomes`."""

    values: tuple[float, ...]
    new: bool
    cap: int
    """Place of the worst cap in GRADES; 0 = none."""

    def packed(self) -> bytes:
        """The facts as the mirror keeps them."""
        return _PACKED.pack(*self.values, float(self.new), float(self.cap))


def outcomes(bands: Bands) -> tuple[str, ...]:
    """The named outcomes of a factor in a fixed order; one that the policy does not name is -1."""
    return tuple(sorted(bands.choices))


def facts_of(rating: Rating, *, new: bool, policy: Policy) -> Facts:
    """The facts behind a rating."""
    values = tuple(_number(factor.raw, policy.bands[factor.factor]) for factor in rating.scorecard.factors)
    caps = [GRADES.index(veto.cap_grade) for veto in rating.vetoes if veto.cap_grade is not None]
    return Facts(values, new, max(caps, default=0))


def _number(raw: Decimal | str | None, bands: Bands) -> float:
    if raw is None:
        return float("nan")
    if isinstance(raw, Decimal):
        return float(raw)
    names = outcomes(bands)
    return float(names.index(raw)) if raw in names else -1.0
