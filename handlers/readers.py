"""Who is asking: users.info, kept for a while, with the role that people.yaml gives."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from flows.access import Reader, reader_of
from flows.desk import Desk

KEPT_SECONDS = 600.0
FORGOTTEN_SECONDS = 86_400.0
_log = logging.getLogger("creditdesk.readers")


@dataclass(frozen=True, slots=True)
class _Known:
    at: float
    name: str
    lang: str
    outsider: bool


class Readers:
    """Readers by Slack account. When Slack is away, the last thing known of a person holds for a day."""

    def __init__(self, desk: Desk, client: WebClient, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Nobody is known yet."""
        self._desk, self._client, self._monotonic = desk, client, monotonic
        self._known: dict[str, _Known] = {}
        self._lock = threading.Lock()
        self.team: str | None = None

    def reader(self, account: str) -> Reader:
        """The reader; somebody whom Slack cannot describe now and people.yaml does not name is an outsider."""
        known = self._known.get(account)
        if known is None or self._monotonic() - known.at > KEPT_SECONDS:
            known = self._ask(account, known)
        return reader_of(self._desk.people, account, name=known.name, lang=known.lang, outsider=known.outsider)

    def _ask(self, account: str, before: _Known | None) -> _Known:
        try:
            answer: Any = self._client.users_info(user=account, include_locale=True)
            known = self._describe(answer["user"])
        except (SlackClientError, OSError, KeyError):
            _log.warning("users.info unavailable")
            if before is not None and self._monotonic() - before.at < FORGOTTEN_SECONDS:
                return before
            person = self._desk.people.by_slack.get(account)
            lang = (person.lang if person else None) or self._desk.default_lang
            return _Known(self._monotonic(), person.name if person else "", lang, outsider=person is None)
        with self._lock:
            if len(self._known) > 20_000:
                self._known.clear()
            self._known[account] = known
        return known

    def _describe(self, user: dict[str, Any]) -> _Known:
        flags = ("deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger")
        foreign = self.team is not None and user.get("team_id") not in {None, self.team}
        locale = str(user.get("locale") or self._desk.default_lang)
        profile = user.get("profile") or {}
        name = str(profile.get("display_name") or profile.get("real_name") or user.get("real_name") or "")
        lang = "zh-CN" if locale.lower().startswith("zh") else "en"
        return _Known(self._monotonic(), name, lang, outsider=foreign or any(user.get(flag) for flag in flags))
