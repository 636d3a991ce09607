"""Work after an acknowledgement: a small pool of our own, so that nothing raises in the moments after an ack."""

import logging
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

_log = logging.getLogger("creditdesk.handlers")


def new_reference() -> str:
    """A short word that a person can read out to the administrator."""
    return secrets.token_hex(4)


class Later:
    """Runs things after the answer has gone; a failure is logged with its kind, never with its content."""

    def __init__(self, workers: int = 8) -> None:
        """A pool of this many threads."""
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="later")

    def do(self, work: Callable[[], object], otherwise: Callable[[str], object] | None = None) -> None:
        """Soon, in the order of arrival as far as workers are free; when it fails, `otherwise` with a reference."""
        try:
            self._pool.submit(self._guarded, work, otherwise)
        except RuntimeError:
            _log.warning("not done: the desk is stopping")

    @staticmethod
    def _guarded(work: Callable[[], object], otherwise: Callable[[str], object] | None) -> None:
        try:
            work()
        except Exception as problem:  # noqa: BLE001  (the last net: logged, and the person is told)
            reference = new_reference()
            _log.error("after ack: %s ref=%s", type(problem).__name__, reference)
            if otherwise is not None:
                Later._guarded(lambda: otherwise(reference), None)

    def close(self) -> None:
        """Finish what has begun."""
        self._pool.shutdown(wait=True, cancel_futures=False)
