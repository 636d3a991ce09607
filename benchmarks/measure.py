"""Times and ratios: the median of several runs, floor and path taken in turns."""

import gc
import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

_MARK = "figure "


@dataclass(frozen=True)
class Figure:
    """One line of the table; `unit` "s" for times, "MiB" for memory."""

    path: str
    ratio: float
    at_most: float
    ours: float
    floor: float
    unit: str = "s"

    def row(self) -> str:
        """As the README shows it."""
        ratio = f"{self.ratio:.3g} x" if self.ratio >= 0.1 or not self.ratio else f"1/{1 / self.ratio:,.0f}"
        most = f"{self.at_most:.3g} x" if self.at_most >= 0.1 else f"1/{1 / self.at_most:,.0f}"
        mark = "yes" if self.ratio <= self.at_most else "**no**"
        return f"| {self.path} | {self._shown(self.ours)} | {self._shown(self.floor)} | {ratio} | {most} | {mark} |"

    def _shown(self, value: float) -> str:
        if self.unit != "s":
            return f"{value:.0f} {self.unit}"
        if value < 0.001:
            return f"{value * 1e6:.0f} us"
        return f"{value * 1e3:.1f} ms" if value < 1 else f"{value:.2f} s"

    def tell(self) -> None:
        """Hand the figure to the run that started this section."""
        print(_MARK + json.dumps(asdict(self)), flush=True)

    @classmethod
    def parsed(cls, line: str) -> "Figure | None":
        """A told figure, or None for any other line."""
        return cls(**json.loads(line.removeprefix(_MARK))) if line.startswith(_MARK) else None


def printed(broken: Sequence[str]) -> str:
    """What broke, if anything."""
    return f"; broken: {', '.join(broken)}" if broken else ""


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes, the collector's debts paid before."""
    gc.collect()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def median_of(work: Callable[[], object], times: int) -> float:
    """Seconds of one call, the median of `times`."""
    return statistics.median(seconds(work) for _ in range(times))


def compare(
    path: str, ours: Callable[[], object], floor: Callable[[], object], at_most: float, times: int = 5
) -> Figure:
    """Both in turns, so that whatever else the machine does weighs on both."""
    mine, theirs = [], []
    for _ in range(times):
        theirs.append(seconds(floor))
        mine.append(seconds(ours))
    one, other = statistics.median(mine), statistics.median(theirs)
    return Figure(path, one / other, at_most, one, other)


def each_in_turn(ours: Sequence[Callable[[], object]], floor: Sequence[Callable[[], object]]) -> tuple[float, float]:
    """(p50 of our calls, p50 of the floor's), one of each in turn."""
    mine, theirs = [], []
    clock = time.perf_counter
    gc.collect()
    for one, other in zip(ours, floor, strict=True):
        began = clock()
        other()
        between = clock()
        one()
        mine.append(clock() - between)
        theirs.append(between - began)
    return statistics.median(mine), statistics.median(theirs)
