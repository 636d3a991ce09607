"""`creditdesk doctor`: looks at everything the desk needs and says in one sentence what is wrong and where."""

import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bot.app import slack_client
from bot.settings import Settings
from bot.wiring import google_source, load_channels, load_people, load_policy, record_of, state_folder
from flows.audit import verified_lines, verify
from flows.outbox import backlog, backlog_lines
from flows.words import error_text, group_trouble, plain_held
from handlers.sending import AWAY, refusal
from scoring.errors import DeskError, MisuseError, PolicyError

State = Literal["good", "wrong", "unknown"]
SCOPES = (
    "commands", "chat:write", "users:read", "im:history", "im:write", "app_mentions:read", "channels:read",
    "channels:history", "files:read", "files:write", "groups:read", "groups:history", "groups:write",
    "usergroups:read",
)  # fmt: skip

LINES = 5
"""Findings about the audit chain that are listed; `creditdesk audit verify` has all."""


@dataclass(frozen=True, slots=True)
class Result:
    """One thing looked at."""

    what: str
    state: State
    sentence: str

    def as_json(self) -> dict[str, str]:
        """{"check","state","sentence"}."""
        return {"check": self.what, "state": self.state, "sentence": self.sentence}


def examine(settings: Settings, lang: str) -> list[Result]:
    """Every check, in the order in which one would mend things."""
    results: list[Result] = []
    for what, look in (
        ("policy", lambda: _policy(settings)),
        ("people", lambda: _people(settings)),
        ("channels", lambda: _channels(settings)),
        ("secrets", lambda: _secrets(lang)),
        ("stores", lambda: _stores(settings, lang)),
        ("record", lambda: _record(settings, lang)),
        ("slack", lambda: _slack(settings)),
        ("groups", lambda: _groups(settings, lang)),
        ("socket", lambda: _socket(settings)),
        ("ledger", lambda: _ledger(settings, lang)),
    ):
        results += _guarded(what, look, lang)
    return results


def _guarded(what: str, look: Callable[[], Iterator[Result]], lang: str) -> list[Result]:
    try:
        return list(look())
    except DeskError as problem:
        return [Result(what, "wrong", error_text(lang, problem))]


def _policy(settings: Settings) -> Iterator[Result]:
    policy = load_policy(settings.creditdesk_policy)
    yield Result("policy", "good", f"{settings.creditdesk_policy.name}, {policy.fingerprint}")


def _people(settings: Settings) -> Iterator[Result]:
    people = load_people(settings.creditdesk_people)
    yield Result("people", "good", f"{settings.creditdesk_people.name}, {len(people.people)}")


def _channels(settings: Settings) -> Iterator[Result]:
    load_channels(settings.creditdesk_channels)
    yield Result("channels", "good", settings.creditdesk_channels.name)


def _secrets(lang: str) -> Iterator[Result]:
    path = Path(".env")
    if path.exists() and path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        yield Result("secrets", "unknown", _open_to_others(lang, ".env", "600"))


def _stores(settings: Settings, lang: str) -> Iterator[Result]:
    home = state_folder(settings)
    if home.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH | stat.S_IXOTH):
        yield Result("stores", "unknown", _open_to_others(lang, str(home), "700"))
    else:
        yield Result("stores", "good", str(home))


def _record(settings: Settings, lang: str) -> Iterator[Result]:
    """The chain, and what was given up on its way out."""
    record = record_of(settings)
    verified, waiting = verify(record), backlog(record)
    record.close()
    for text in verified_lines(lang, verified)[:LINES]:
        yield Result("record", "wrong" if verified.findings else "good", text)
    if waiting.parked:
        yield Result("record", "wrong", backlog_lines(lang, waiting)[len(waiting.parked)])


def _open_to_others(lang: str, where: str, mode: str) -> str:
    return error_text(lang, MisuseError("readable_by_others", where=where, mode=mode))


def _slack(settings: Settings) -> Iterator[Result]:
    if not settings.slack_bot_token.get_secret_value():
        raise MisuseError("setting_missing", name="SLACK_BOT_TOKEN")
    try:
        answer: Any = slack_client(settings).auth_test()
    except AWAY as problem:
        raise _slack_problem("SLACK_BOT_TOKEN", problem) from None
    granted = str(answer.headers.get("x-oauth-scopes", ""))
    missing = [scope for scope in SCOPES if granted and scope not in granted.split(",")]
    if missing:
        raise MisuseError("slack_scope", found=", ".join(missing))
    yield Result("slack", "good", f"{answer['team']} · {answer['user']}")


def _slack_problem(name: str, problem: Exception) -> MisuseError:
    word = refusal(problem)
    if word is None:
        return MisuseError("slack_unreachable", why=type(problem).__name__)
    return MisuseError("slack_token", name=name, why=word)


def _groups(settings: Settings, lang: str) -> Iterator[Result]:
    """Each Slack user group that people.yaml gives a role to: who is in it decides who may decide."""
    try:
        people = load_people(settings.creditdesk_people)
    except PolicyError:  # said by the check of the file itself
        return
    groups = dict.fromkeys(one.group for one in people.groups)
    if not groups or not settings.slack_bot_token.get_secret_value():
        return
    client = slack_client(settings)
    for group in groups:
        try:
            answer: Any = client.usergroups_users_list(usergroup=group)
            count = len(answer["users"])
        except (*AWAY, KeyError) as problem:
            why = refusal(problem) or type(problem).__name__
            yield Result(f"groups {group}", "wrong", group_trouble(lang, group, why))
            continue
        found = str(count) if count else group_trouble(lang, group, "empty")
        yield Result(f"groups {group}", "good" if count else "wrong", found)


def _socket(settings: Settings) -> Iterator[Result]:
    if settings.creditdesk_transport == "http":
        if not settings.slack_signing_secret.get_secret_value():
            raise MisuseError("setting_missing", name="SLACK_SIGNING_SECRET")
        return
    token = settings.slack_app_token.get_secret_value()
    if not token:
        raise MisuseError("setting_missing", name="SLACK_APP_TOKEN")
    try:
        slack_client(settings).apps_connections_open(app_token=token)
    except AWAY as problem:
        raise _slack_problem("SLACK_APP_TOKEN", problem) from None
    yield Result("socket", "good", "Socket Mode")


def _ledger(settings: Settings, lang: str) -> Iterator[Result]:
    """Fetches without changing the kept copy: what the doctor looks at must not move what the desk answers from."""
    reading = google_source(settings).fetch()
    yield Result("ledger", "good", f"{reading.title}, {len(reading.tabs)}")
    for note in reading.problems:
        required = note.tab in {"customers", "invoices"}
        state: State = "wrong" if required or note.code != "tab_missing" else "unknown"
        yield Result(f"ledger {note.tab}", state, plain_held(lang, note))
    for tab, count in repeated(reading.tabs).items():
        yield Result(f"ledger {tab}", "wrong", plain_held(lang, duplicate_note(tab, count)))


def repeated(tabs: Any) -> dict[str, int]:
    """Tabs with more than one percent duplicate keys, and how many."""
    from storage.taking import keys_in

    found: dict[str, int] = {}
    for tab, raw in tabs.items():
        rows, distinct = keys_in(raw)
        if rows - distinct > rows * 0.01:
            found[tab] = rows - distinct
    return found


def duplicate_note(tab: str, count: int) -> Any:
    """A note for the doctor's list."""
    from scoring.findings import Note

    return Note(tab, None, "", None, "tab_duplicates", str(count))
