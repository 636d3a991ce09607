"""The sandbox's time: the machine's, which a test may move forward instead of waiting."""

import asyncio
import contextlib
import time


class Clock:
    """Seconds since 1970. What waits for a moment is woken when time is moved."""

    def __init__(self) -> None:
        """The machine's time."""
        self._ahead = 0.0
        self._moved = asyncio.Event()

    def __call__(self) -> float:
        """Now."""
        return time.time() + self._ahead

    def forward(self, seconds: float) -> None:
        """Let time pass at once."""
        self._ahead += seconds
        before, self._moved = self._moved, asyncio.Event()
        before.set()

    async def until(self, moment: float) -> None:
        """Return at a moment, however time came there."""
        while (left := moment - self()) > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), left)
