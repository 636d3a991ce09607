"""Fault points: every commit and every outgoing call, numbered as they come; at one of them something happens."""

import os
import signal
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from mmap import mmap
from pathlib import Path
from typing import Any, Literal, TypeVar

import requests
from slack_sdk import WebClient

from sandbox.clock import Clock

Mode = Literal["fail before", "fail after", "kill before", "kill after"]
MODES: tuple[Mode, ...] = ("fail before", "fail after", "kill before", "kill after")
_T = TypeVar("_T")


@dataclass
class Points:
    """Counts what happens; at point `number` it fails or the process is killed, once."""

    number: int = 0
    """0 = nothing ever happens."""
    mode: Mode = "fail before"
    passed: list[str] = field(default_factory=list)
    """The names of the points so far."""
    struck: bool = False

    def through(self, name: str, fault: Callable[[], Exception], act: Callable[[], _T]) -> _T:
        """One outgoing call."""
        self._begins(name, fault)
        done = act()
        self._ended(fault)
        return done

    def watch(self, when: str) -> None:
        """One commit: what a record takes for `watch`."""
        if when == "before commit":
            self._begins("commit", ConnectionError)
        else:
            self._ended(ConnectionError)

    def _begins(self, name: str, fault: Callable[[], Exception]) -> None:
        self.passed.append(name)
        self._strikes("before", fault)

    def _ended(self, fault: Callable[[], Exception]) -> None:
        self._strikes("after", fault)

    def _strikes(self, when: str, fault: Callable[[], Exception]) -> None:
        kind, _, place = self.mode.partition(" ")
        if len(self.passed) != self.number or place != when or self.struck:
            return
        self.struck = True
        if kind == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        raise fault()


class CountedSlack(WebClient):
    """The product's client; each of its calls is a point."""

    points: Points

    def api_call(self, api_method: str, **given: Any) -> Any:
        """A call whose answer may never come."""
        return self.points.through(
            api_method, ConnectionResetError, lambda: super(CountedSlack, self).api_call(api_method, **given)
        )


def counted(session: requests.Session, name: str, points: Points) -> None:
    """Make each call of a session a point."""
    send = session.request

    def request(method: str, url: str, **more: Any) -> requests.Response:
        called = f"{name} {method.lower()} {url.partition('?')[0].rsplit('/', 1)[-1]}"
        return points.through(called, requests.ConnectionError, lambda: send(method, url, **more))

    session.request = request  # type: ignore[method-assign,assignment]


class SharedClock(Clock):
    """A time that stands until it is moved, the same for every process that opens its file."""

    def __init__(self, path: Path) -> None:
        """Opened; a new file has to be set first."""
        super().__init__()
        if not path.exists():
            path.write_bytes(bytes(8))
        with path.open("r+b") as opened:
            self._seconds = mmap(opened.fileno(), 8)

    def __call__(self) -> float:
        """Seconds since 1970."""
        return float(struct.unpack("d", self._seconds[:8])[0])

    def now(self) -> datetime:
        """The same as a moment."""
        return datetime.fromtimestamp(self(), UTC)

    def set(self, moment: datetime) -> None:
        """From here on it is this late."""
        self._seconds[:8] = struct.pack("d", moment.timestamp())

    def forward(self, seconds: float) -> None:
        """Let time pass at once."""
        self._seconds[:8] = struct.pack("d", self() + seconds)
