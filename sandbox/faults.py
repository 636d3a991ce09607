"""Faults on demand: the next calls of a method fail as the real service would, before or after they took effect."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, fields
from typing import Any

from starlette.responses import Response

from sandbox.wire import Cut, Torn

AFTER = frozenset({"lost", "truncated", "cut", "reset"})
"""Applied, and the answer spoiled: an empty 502, half a body, half a body under the whole length, a reset."""
BEFORE = frozenset({"403", "429", "500", "502", "503", "504", "html", "stall"})
"""Refused before anything happened; `stall` says nothing for `seconds` and then resets."""
ERROR = "error:"
"""`error:CODE` refuses with that error in the service's own words."""


class FaultError(ValueError):
    """A plan that the sandbox does not understand."""


@dataclass
class Fault:
    """One entry of the plan; `applies` overrides whether the call takes effect all the same."""

    method: str
    kind: str
    times: int = 1
    retry_after: int = 1
    seconds: float = 60.0
    applies: bool | None = None

    @property
    def takes_effect(self) -> bool:
        """Whether the call is carried out."""
        return self.kind in AFTER if self.applies is None else self.applies

    @property
    def error(self) -> str:
        """The code of an `error:CODE` fault, else empty."""
        return self.kind.removeprefix(ERROR) if self.kind.startswith(ERROR) else ""


def planned(given: dict[str, Any]) -> Fault:
    """A fault as asked for over the wire; FaultError when it is none."""
    names = {field.name for field in fields(Fault)}
    if not set(given) <= names or not {"method", "kind"} <= set(given):
        raise FaultError(f"a fault has {sorted(names)}, not {sorted(given)}")
    fault = Fault(**given)
    if fault.kind not in AFTER | BEFORE and not fault.error:
        raise FaultError(f"no fault is called {fault.kind}; there are {sorted(AFTER | BEFORE)} and {ERROR}CODE")
    if not isinstance(fault.method, str) or not isinstance(fault.times, int) or fault.times < 1:
        raise FaultError("method is a name or *, times a number from 1")
    return fault


class Faults:
    """The plan: first matching entry wins; "*" matches every method."""

    def __init__(self) -> None:
        """Nothing fails."""
        self._plan: list[Fault] = []
        self._released = asyncio.Event()
        self.seen: list[str] = []

    def plan(self, fault: Fault) -> None:
        """Add an entry."""
        self._plan.append(fault)

    def clear(self) -> None:
        """Nothing fails any more; what stalls goes on."""
        self._plan.clear()
        before, self._released = self._released, asyncio.Event()
        before.set()

    def counts(self) -> dict[str, int]:
        """How often each fault happened."""
        return dict(Counter(self.seen))

    def take(self, method: str) -> Fault | None:
        """The fault for this call, used up once."""
        for fault in self._plan:
            if fault.times > 0 and fault.method in {method, "*"}:
                fault.times -= 1
                self.seen.append(f"{method}:{fault.kind}")
                return fault
        return None

    async def through(
        self, method: str, refused: Callable[[Fault], Response], act: Callable[[], Awaitable[Response]]
    ) -> Response:
        """Carry out a call as the plan has it; `refused` words a refusal as this service does."""
        fault = self.take(method)
        if fault is None:
            return await act()
        answer = await act() if fault.takes_effect else None
        if fault.kind == "stall":
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._released.wait(), fault.seconds)
            return Torn()
        if fault.kind == "reset":
            return Torn()
        if fault.kind in {"cut", "truncated"}:
            return _short(fault, answer or refused(fault))
        if fault.kind == "lost":
            return Response("", 502)
        if fault.kind == "html":
            return Response("<html>upstream error</html>", 503, media_type="text/html")
        return refused(fault)


def _short(fault: Fault, answer: Response) -> Response:
    body = bytes(answer.body)
    if fault.kind == "cut":
        return Cut(body, answer.status_code, media_type="application/json")
    return Response(body[: len(body) // 2], answer.status_code, media_type="application/json")
