"""Bands of a factor: lower bounds where high is good, upper bounds where low is good, so no gap can be expressed."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Direction = Literal["high", "low", "choice"]


@dataclass(frozen=True, slots=True)
class Band:
    """A line and the points earned by reaching it."""

    line: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True)
class Bands:
    """The points of one factor; bands run from most points to fewest."""

    factor: str
    block: str
    max: Decimal
    direction: Direction
    bands: tuple[Band, ...] = ()
    choices: dict[str, Decimal] = field(default_factory=dict)
    otherwise: Decimal = Decimal(0)

    def points(self, value: Decimal) -> Decimal:
        """Points of a number; a value reaches a line at the number itself."""
        if self.direction == "high":
            for band in self.bands:
                if value >= band.line:
                    return band.points
        else:
            for band in self.bands:
                if value <= band.line:
                    return band.points
        return self.otherwise

    def choice(self, name: str) -> Decimal:
        """Points of a named outcome."""
        return self.choices.get(name, self.otherwise)

    def next_band(self, points: Decimal) -> tuple[Decimal | str, Decimal] | None:
        """(what would gain the next better band, points gained); None at the top."""
        if self.direction == "choice":
            better = sorted((given, name) for name, given in self.choices.items() if given > points)
            return (better[0][1], better[0][0] - points) if better else None
        for band in reversed(self.bands):
            if band.points > points:
                return band.line, band.points - points
        return None
