"""One net under every listener: each click and each command gets an answer, also when something breaks."""

import logging
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from slack_bolt import BoltResponse

from flows.access import Reader
from flows.replies import broken_reply, known_reply
from handlers.later import Later, new_reference
from handlers.readers import Readers
from handlers.values import Carried, carried
from scoring.errors import DeskError, LedgerError

_log = logging.getLogger("creditdesk.handlers")
_T = TypeVar("_T")
_NOT_OURS = Carried(c="?", v=1)
"""A value that is no customer of anybody: the flows answer it as out of date."""


class Guard:
    """Finds the reader, and turns a failure into one sentence: its own where it has one, else one with a reference."""

    def __init__(self, readers: Readers, later: Later, lang: str) -> None:
        """`lang` is for readers whose own is not known."""
        self._readers, self._later, self._lang = readers, later, lang

    def lang_of(self, account: str) -> str:
        """The language of somebody, without asking Slack."""
        return self._readers.lang_of(account)

    def answer(self, ack: Callable[..., Any], account: str, make: Callable[[Reader], Any]) -> BoltResponse | None:
        """For commands: what `make` returns, a message or a whole answer as text, goes out in the acknowledgement."""
        lang = self._lang
        try:
            reader = self._readers.reader(account)
            lang = reader.lang
            message = make(reader)
        except LedgerError as problem:
            _log.warning("command answered by %s", problem.code)
            message = known_reply(lang, problem)
        except Exception as problem:  # noqa: BLE001  (whatever it is, the person gets an answer)
            reference = new_reference()
            _log.error("command failed: %s ref=%s", type(problem).__name__, reference)
            message = broken_reply(lang, reference)
        if isinstance(message, str):
            return BoltResponse(status=200, body=message)
        ack(response_type="ephemeral", **message)
        return None

    def submission(
        self,
        ack: Callable[..., Any],
        account: str,
        make: Callable[[Reader], Mapping[str, Any]],
        refused: Callable[[str, DeskError], Mapping[str, Any]],
        at: str,
    ) -> None:
        """For modals: what `make` returns is the acknowledgement.

        What the desk can explain goes through `refused`; anything else stands at the block `at`, with a reference.
        """
        lang = self._lang
        try:
            reader = self._readers.reader(account)
            lang = reader.lang
            answer = make(reader)
        except DeskError as problem:
            _log.warning("submission answered by %s", problem.code)
            answer = refused(lang, problem)
        except Exception as problem:  # noqa: BLE001  (whatever it is, the person gets an answer)
            reference = new_reference()
            _log.error("submission failed: %s ref=%s", type(problem).__name__, reference)
            answer = {"response_action": "errors", "errors": {at: broken_reply(lang, reference)["text"]}}
        ack(**answer)

    def click(
        self,
        ack: Callable[..., Any],
        body: dict[str, Any],
        tell: Callable[[Any], object],
        work: Callable[[Reader, Carried], object],
    ) -> None:
        """For clicks: acknowledged at once, done right after; `tell` says what went wrong."""
        ack()
        account = str(body["user"]["id"])
        value = carried((body.get("actions") or [{}])[0].get("value")) or _NOT_OURS
        self.soon(account, tell, lambda reader: work(reader, value))

    def decision(
        self,
        ack: Callable[..., Any],
        account: str,
        tell: Callable[[Any], object],
        make: Callable[[Reader], _T],
        then: Callable[[Reader, _T], object],
    ) -> None:
        """For clicks that must not be lost: `make` records before the acknowledgement, `then` shows what came of it.

        A desk that dies in between has not acknowledged: the person sees that, and the record knows what was done.
        """
        try:
            reader = self._readers.reader(account)
            made = make(reader)
        except Exception as problem:  # noqa: BLE001  (whatever it is, the person gets an answer)
            reference = new_reference()
            _log.error("decision failed: %s ref=%s", type(problem).__name__, reference)
            ack()
            self._later.do(lambda: tell(broken_reply(self._readers.lang_of(account), reference)))
            return
        ack()
        self.soon(account, tell, lambda _reader: then(reader, made))

    def soon(self, account: str, tell: Callable[[Any], object] | None, work: Callable[[Reader], object]) -> None:
        """For events and shortcuts: done after the acknowledgement; `tell` gets the sentence when it breaks."""
        said: Callable[[str], object] | None = None
        if tell is not None:
            told = tell

            def said(reference: str) -> object:
                return told(broken_reply(self._readers.lang_of(account), reference))

        def attempt() -> None:
            reader = self._readers.reader(account)
            try:
                work(reader)
            except LedgerError as problem:
                _log.warning("answered by %s", problem.code)
                if tell is not None:
                    tell(known_reply(reader.lang, problem))

        self._later.do(attempt, said)
