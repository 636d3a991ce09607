"""Times and ratios: the median of several runs, floor and path taken in turns."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    path: str
    ratio: float
    at_most: float
    ours: float
    floor: float
    unit: str = "s"

    def row(self) -> str:
        """As the README shows it."""
        scale, unit = (
            (1e6, "us")
            if max(self.ours, self.floor) < 0.01
            else (1e3, "ms")
            if max(self.ours, self.floor) < 1
            else (1, "s")
        )
        mark = "yes" if self.ratio <= self.at_most else "**no**"
        return f"| {self.path} | {self.ours * scale:.1f} {unit} | {self.floor * scale:.1f} {unit} | {self.ratio:.3g} x | {self.at_most:.3g} x | {mark} |"


def median_of(work: Callable[[], object], times: int) -> float:
    """Seconds of one call, the median of `times`."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def compare(
    path: str, ours: Callable[[], object], floor: Callable[[], object], at_most: float, times: int = 5
) -> Figure:
    """Both in turns, so that whatever else the machine does weighs on both."""
    mine, theirs = [], []
    for _ in range(times):
        gc.collect()
        theirs.append(median_of(floor, 1))
        mine.append(median_of(ours, 1))
    one, other = statistics.median(mine), statistics.median(theirs)
    return Figure(path, one / other, at_most, one, other)
