"""What the ledger's `alerts` tab says of a warning: short plain text, in the language of finance."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from texts.findings import warning_words
from texts.formats import plain_line
from texts.render import words


def alert_word(lang: str, kind: str, code: str) -> str:
    """A code's word."""
    return words(lang).word(kind, code)


def alert_facts(kind: str, level: str, facts: Mapping[str, Any], lang: str, on: date, currency: str) -> str:
    """The warning in a line, as people read it in Slack, without the mark before it."""
    found = {"code": kind, "severity": level, "facts": facts}
    return plain_line(warning_words(found, words(lang), on, currency).partition(" ")[2], 200)


def alert_status(lang: str, state: str, reason: str, why: str) -> str:
    """What became of it, and why."""
    say = words(lang)
    told = plain_line(reason, 200) if state == "snoozed" else say.word("alert_closed", why) if why else ""
    return " · ".join(part for part in (say.word("alert_state", state), told) if part)
