"""How a call to Slack ended, and what is not to be called again for a while."""

import logging
import threading
from collections.abc import Callable
from http.client import HTTPException
from math import isfinite
from typing import Any, TypeVar

from flows.outgoing import Ending, Sent, StoppedError
from handlers.sending import AWAY, never_left, outcome, refusal

_AUTH = frozenset({
    "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "org_login_required",
    "ekm_access_denied", "team_access_not_granted", "not_allowed_token_type",
    "two_factor_setup_required", "accesslimited",
})  # fmt: skip
"""The desk itself is not let in: nothing is wrong with the item, so it waits until somebody mends the token."""
_SCOPES = frozenset({"missing_scope", "no_permission", "access_denied"})
"""The same for one method."""
_AUTH_SECONDS, _AWAY_SECONDS, _BUSY_SECONDS, _LONGEST_SECONDS = 30.0, 3.0, 1.0, 3600.0
_log = logging.getLogger("creditdesk.outbox")
_T = TypeVar("_T")


class Pauses:
    """What is not to be called for a while, so that one refusal does not cost a call for every item that waits."""

    def __init__(self, timer: Callable[[], float]) -> None:
        """Everything may be called."""
        self._timer = timer
        self._until: dict[str, tuple[float, str]] = {}
        self._lock = threading.Lock()

    def _keep(self, key: str, seconds: float, why: str) -> None:
        """Not before so many seconds; key "" = nothing at all."""
        with self._lock:
            self._until[key] = max(self._until.get(key, (0.0, "")), (self._timer() + seconds, why))

    def _check(self, key: str) -> None:
        """Stop here while it is paused."""
        now = self._timer()
        with self._lock:
            for name in ("", key):
                until, why = self._until.get(name, (0.0, ""))
                if until > now:
                    raise StoppedError(Sent(outcome="busy", why=why, retry_after=until - now))
                self._until.pop(name, None)

    def through(self, key: str, call: Callable[[], _T], *, changes: bool) -> _T:
        """The answer to a call; StoppedError says how it ended instead. `changes`: it may have taken effect."""
        self._check(key)
        try:
            return call()
        except (*AWAY, KeyError, TypeError) as problem:
            sent = self._stopped(key, problem, changes=changes)
            _log.warning("%s %s: %s", key.partition(" ")[0], sent.outcome, sent.why)
            raise StoppedError(sent) from None

    def _stopped(self, key: str, problem: Exception, *, changes: bool) -> Sent:
        word = refusal(problem)
        if word in _AUTH:
            return self._busy("", _AUTH_SECONDS, str(word))
        if word in _SCOPES:
            return self._busy(key, _AUTH_SECONDS, str(word))
        if word is not None:
            return Sent(outcome="refused", why=word)
        if isinstance(problem, (*AWAY,)) and outcome(problem) == "busy":
            return self._busy(key, _retry_after(problem), "ratelimited")
        why = type(problem).__name__
        if isinstance(problem, OSError | HTTPException) and never_left(problem):
            return self._busy("", _AWAY_SECONDS, why)
        ending: Ending = "unknown" if changes else "busy"
        return Sent(outcome=ending, why=why)

    def _busy(self, key: str, seconds: float, why: str) -> Sent:
        self._keep(key, seconds, why)
        return Sent(outcome="busy", why=why, retry_after=seconds)


def _retry_after(problem: Exception) -> float:
    answer: Any = getattr(problem, "response", None)
    headers = {str(name).lower(): value for name, value in dict(getattr(answer, "headers", None) or {}).items()}
    try:
        seconds = float(headers.get("retry-after", _BUSY_SECONDS))
    except (TypeError, ValueError):
        return _BUSY_SECONDS
    return min(max(_BUSY_SECONDS, seconds), _LONGEST_SECONDS) if isfinite(seconds) else _BUSY_SECONDS
