"""Faults on demand: the next calls of a method fail as the real service would, before or after it took effect."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["429", "500", "503", "lost", "truncated", "html", "stall"]


@dataclass
class Fault:
    """`lost` and `truncated` apply the call and spoil the answer; the others refuse it."""

    method: str
    kind: Kind
    times: int = 1
    retry_after: int = 1

    @property
    def applies(self) -> bool:
        """Whether the call takes effect all the same."""
        return self.kind in {"lost", "truncated"}


class Faults:
    """The plan: first matching entry wins; "*" matches every method."""

    def __init__(self) -> None:
        """Nothing fails."""
        self._plan: list[Fault] = []
        self.seen: list[str] = []

    def plan(self, fault: Fault) -> None:
        """Add an entry."""
        self._plan.append(fault)

    def clear(self) -> None:
        """Nothing fails any more."""
        self._plan.clear()

    def take(self, method: str) -> Fault | None:
        """The fault for this call, used up once."""
        for fault in self._plan:
            if fault.times > 0 and fault.method in {method, "*"}:
                fault.times -= 1
                self.seen.append(f"{method}:{fault.kind}")
                return fault
        return None
