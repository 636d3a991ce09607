"""The order of what somebody types: keys come in on many threads, and an older one never takes a newer one's place."""

import threading
from collections.abc import Callable, Mapping
from typing import Any


class Keys:
    """Keystrokes of one form are kept in the order in which they were made, whichever thread takes them."""

    def __init__(self, size: int = 64) -> None:
        """Nothing was typed."""
        self._locks = [threading.Lock() for _ in range(size)]
        self._newest: dict[str, str] = {}

    def of(self, body: Mapping[str, Any]) -> "_Turn":
        """A `with` block in which nobody else changes the form of this payload."""
        name = str((body.get("view") or {}).get("private_metadata") or "")
        return _Turn(self._locks[hash(name) % len(self._locks)], self._newest, name)


class _Turn:
    def __init__(self, lock: threading.Lock, newest: dict[str, str], name: str) -> None:
        self._lock, self._newest, self._name = lock, newest, name

    def __enter__(self) -> Callable[[str], bool]:
        self._lock.acquire()
        return self._is_newest

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def _is_newest(self, moment: str) -> bool:
        """False for a key that was pressed before one that is kept already."""
        before = self._newest.get(self._name, "")
        if (len(moment.partition(".")[0]), moment) < (len(before.partition(".")[0]), before):
            return False
        if len(self._newest) > 5_000:
            self._newest.clear()
        self._newest[self._name] = moment
        return True
