"""Who is asking: users.info, kept for a while, with the role that people.yaml gives."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from flows.access import Reader, reader_of
from flows.desk import Desk
from handlers.later import Later
from handlers.quiet import quiet_logger

FRESH_SECONDS = 600.0
TRUSTED_SECONDS = 3_600.0
FORGOTTEN_SECONDS = 86_400.0
PAUSE_SECONDS = 15.0
"""After a failure nobody waits for users.info again for so long."""
TIMEOUT_SECONDS = 2
"""An answer is due within three seconds, users.info included."""
MOST_KNOWN = 20_000
_NOBODY = frozenset({"user_not_found", "user_not_visible"})
MOST_WARMED = 200
_log = logging.getLogger("creditdesk.readers")


@dataclass(frozen=True, slots=True)
class _Known:
    at: float
    name: str
    lang: str
    outsider: bool


class Readers:
    """Readers by Slack account; asked again beside the answers, not before them.

    Ten minutes what is known is fresh; within the hour it still answers, and is asked for again in the background;
    after that the answer waits. While Slack is away the last thing known of a person holds for a day.
    """

    def __init__(
        self,
        desk: Desk,
        client: WebClient,
        later: Later,
        team: Callable[[WebClient], str],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nobody is known yet. `team` tells the bot's own workspace: without it nobody can be told from a stranger."""
        self._desk, self._later, self._team, self._monotonic = desk, later, team, monotonic
        self._client = WebClient(
            token=client.token,
            base_url=client.base_url,
            timeout=TIMEOUT_SECONDS,
            retry_handlers=[],
            logger=quiet_logger(),
        )
        self._known: dict[str, _Known] = {}
        self._asking: set[str] = set()
        self._lock = threading.Lock()
        self._paused_until = float("-inf")

    def reader(self, account: str) -> Reader:
        """The reader; somebody whom Slack cannot describe now and people.yaml does not name is an outsider."""
        known = self._known.get(account)
        if known is None:
            known = self._ask(account) or self._unasked(account)
        else:
            age = self._monotonic() - known.at
            if age > TRUSTED_SECONDS:
                known = self._ask(account) or (known if age < FORGOTTEN_SECONDS else self._unasked(account))
            elif age > FRESH_SECONDS:
                self._ask_soon(account)
        return reader_of(self._desk.people, account, name=known.name, lang=known.lang, outsider=known.outsider)

    def lang_of(self, account: str) -> str:
        """The language of somebody, without asking Slack."""
        known = self._known.get(account)
        return known.lang if known is not None else self._unasked(account).lang

    def warm(self) -> None:
        """Get to know the people of people.yaml before they ask."""
        for account in list(self._desk.people.by_slack)[:MOST_WARMED]:
            if account not in self._known and self._ask(account) is None:
                return

    def _ask_soon(self, account: str) -> None:
        with self._lock:
            if account in self._asking:
                return
            self._asking.add(account)

        def ask() -> None:
            try:
                self._ask(account)
            finally:
                with self._lock:
                    self._asking.discard(account)

        self._later.do(ask)

    def _ask(self, account: str) -> _Known | None:
        """Ask Slack and keep it; None when Slack does not tell."""
        if self._monotonic() < self._paused_until:
            return None
        try:
            team = self._team(self._client)
            answer: Any = self._client.users_info(user=account, include_locale=True)
            known = self._describe(answer["user"], team)
        except SlackApiError as refused:
            if refused.response.get("error") not in _NOBODY:
                self._pause(refused)
                return None
            known = _Known(self._monotonic(), "", self._desk.default_lang, outsider=True)
        except (SlackClientError, OSError, HTTPException, KeyError, ValueError) as problem:
            self._pause(problem)
            return None
        with self._lock:
            if len(self._known) > MOST_KNOWN:
                self._known.clear()
            self._known[account] = known
        return known

    def _pause(self, problem: Exception) -> None:
        _log.warning("users.info unavailable: %s", type(problem).__name__)
        self._paused_until = self._monotonic() + PAUSE_SECONDS

    def _unasked(self, account: str) -> _Known:
        """What people.yaml alone says; whom it does not name gets nothing."""
        person = self._desk.people.by_slack.get(account)
        lang = (person.lang if person else None) or self._desk.default_lang
        return _Known(self._monotonic(), person.name if person else "", lang, outsider=person is None)

    def _describe(self, user: dict[str, Any], team: str) -> _Known:
        name = name_in(user)
        lang = lang_in(user) or lang_of_locale(self._desk.default_lang)
        return _Known(self._monotonic(), name, lang, outsider=is_outsider(user, team))


def is_outsider(user: Mapping[str, Any], team: str) -> bool:
    """A guest, a Slack Connect stranger, a bot or a deactivated account, as users.info describes it."""
    flags = ("deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger")
    return user.get("team_id") not in {None, team} or any(user.get(flag) for flag in flags)


def name_in(user: Mapping[str, Any]) -> str:
    """How somebody is called; "" where users.info does not tell."""
    profile = user.get("profile") or {}
    return str(profile.get("display_name") or profile.get("real_name") or user.get("real_name") or "")


def lang_in(user: Mapping[str, Any]) -> str:
    """The language of an account by its locale; "" where users.info does not tell."""
    locale = str(user.get("locale") or "")
    return lang_of_locale(locale) if locale else ""


def lang_of_locale(locale: str) -> str:
    """The one of our two languages that a locale reads."""
    return "zh-CN" if locale.lower().startswith("zh") else "en"
