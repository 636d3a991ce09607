"""The pump: threads that deliver what was committed, woken by a nudge or every second."""

import logging
import secrets
import threading
import time
from collections.abc import Callable

Deliver = Callable[[str], bool]
"""Deliver one item as this owner; False when nothing is due."""
LOOK_SECONDS = 1.0
"""A nudge is a hint and may be lost; looking is what counts."""
TROUBLE_SECONDS = 5.0
_log = logging.getLogger("creditdesk.outbox")


class Bell:
    """What a commit rings and the pump hears."""

    def __init__(self) -> None:
        """Silent."""
        self._heard = threading.Condition()
        self._rung = 0

    def ring(self) -> None:
        """Wake everybody who waits."""
        with self._heard:
            self._rung += 1
            self._heard.notify_all()

    def wait(self, known: int, seconds: float) -> int:
        """Return at the next ring after the `known`-th, or after so long; how often it has rung."""
        with self._heard:
            self._heard.wait_for(lambda: self._rung != known, seconds)
            return self._rung


class Pump:
    """Several workers, so that one stalled call does not hold up the rest; the record keeps each subject's order."""

    def __init__(self, deliver: Deliver, bell: Bell, workers: int = 3) -> None:
        """Not started yet."""
        self._deliver, self._bell = deliver, bell
        self._stop_at: float | None = None
        self._threads = [
            threading.Thread(target=self._work, name=f"pump-{number}", daemon=True) for number in range(workers)
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 15.0) -> bool:
        """Deliver what is due, for as long as this at most, then end; False when a worker is still busy after it."""
        self._stop_at = time.monotonic() + seconds
        self._bell.ring()
        for thread in self._threads:
            thread.join(max(0.0, self._stop_at - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        owner = secrets.token_hex(8)
        rung = 0
        while True:
            seconds = self._one(owner)
            if self._stop_at is not None and (seconds or time.monotonic() > self._stop_at):
                return
            if seconds:
                rung = self._bell.wait(rung, seconds)

    def _one(self, owner: str) -> float:
        """Deliver one; seconds to wait before the next look. A record that cannot be used is a reason to wait."""
        try:
            return 0.0 if self._deliver(owner) else LOOK_SECONDS
        except Exception as problem:  # noqa: BLE001  (the last net of a thread that nobody looks after)
            _log.error("outbox: %s", getattr(problem, "code", type(problem).__name__))
            return TROUBLE_SECONDS
