"""The head's copy outside the database: who cuts or replaces the database has not changed this file with it."""

import os
import threading
from pathlib import Path

from storage.record.chain import NOTHING, Head

_SIZE = 256
"""Less than a sector: an overwrite in place is old or new, never half."""


class HeadFile:
    """A line with count, time, digest and code. It may be a few entries behind after a power cut, never ahead."""

    def __init__(self, path: Path) -> None:
        """Nothing is opened yet."""
        self.path = path
        self._lock = threading.Lock()
        self._open = -1

    def read(self) -> Head | None:
        """What it says; None when it is missing. One that cannot be read has a code that fits nothing."""
        try:
            text = self.path.read_text(encoding="ascii", errors="replace")
        except FileNotFoundError:
            return None
        return _parsed(text)

    def current(self) -> Head | None:
        """As `read`, by the handle kept open for the writers."""
        with self._lock:
            text = self._text()
        return None if text is None else _parsed(text)

    def put(self, head: Head) -> None:
        """Write a head down, unless another process has written a later one."""
        line = f"{head.count} {head.at} {head.digest} {head.mac}".ljust(_SIZE - 1).encode() + b"\n"
        with self._lock:
            text = self._text()
            if text is None:
                self._open = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
            elif _parsed(text).count > head.count:
                return
            os.lseek(self._open, 0, os.SEEK_SET)
            os.write(self._open, line)

    def _text(self) -> str | None:
        if self._open < 0:
            if not self.path.exists():
                return None
            self._open = os.open(self.path, os.O_RDWR)
        os.lseek(self._open, 0, os.SEEK_SET)
        return os.read(self._open, _SIZE).decode("ascii", errors="replace")

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._open >= 0:
                os.close(self._open)
            self._open = -1


def _parsed(text: str) -> Head:
    parts = text.split()
    if len(parts) == 4 and parts[0].isdecimal() and parts[1].lstrip("-").isdecimal():
        return Head(int(parts[0]), int(parts[1]), parts[2], parts[3])
    return NOTHING
