"""One net under every listener: each click and each command gets an answer, also when something breaks."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flows.access import Reader
from flows.replies import broken_reply
from handlers.later import new_reference
from handlers.readers import Readers
from handlers.values import Carried, carried

_log = logging.getLogger("creditdesk.handlers")


class Guard:
    """Finds the reader, and turns a failure into one sentence with a reference."""

    def __init__(self, readers: Readers, lang: str) -> None:
        """`lang` is for readers whose own is not known."""
        self._readers, self._lang = readers, lang

    @contextmanager
    def answering(self, ack: Callable[..., Any], account: str) -> Iterator[Reader]:
        """For commands and shortcuts: a failure before the acknowledgement is answered in it."""
        lang = self._lang
        try:
            reader = self._readers.reader(account)
            lang = reader.lang
            yield reader
        except Exception as problem:  # noqa: BLE001  (whatever it is, the person gets an answer)
            reference = new_reference()
            _log.error("listener failed: %s ref=%s", type(problem).__name__, reference)
            ack(response_type="ephemeral", **broken_reply(lang, reference))

    @contextmanager
    def acting(self, ack: Callable[..., Any], body: dict[str, Any]) -> Iterator[tuple[Reader, Carried]]:
        """For clicks: acknowledged at once; a value that is not ours is answered as out of date."""
        ack()
        value = carried((body.get("actions") or [{}])[0].get("value"))
        try:
            reader = self._readers.reader(body["user"]["id"])
            yield reader, value or Carried(c="?", v=1)
        except Exception as problem:  # noqa: BLE001  (an exception after an ack would discard the ack)
            _log.error("click failed: %s ref=%s", type(problem).__name__, new_reference())
