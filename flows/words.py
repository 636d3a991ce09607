"""Words for the command line: the roof reaches the texts through here."""

from typing import Any

from scoring.errors import DeskError
from scoring.findings import Note
from scoring.results import BUCKETS
from texts.absence import group_sentence
from texts.findings import note_line
from texts.messages import error_sentence
from texts.render import words


def error_text(lang: str, problem: DeskError) -> str:
    """An error as one sentence."""
    return error_sentence(lang, problem)


def note_text(lang: str, note: Note) -> str:
    """A note as one line."""
    plain = note_line(note.as_finding().as_json(), words(lang))
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def titles(lang: str) -> dict[str, Any]:
    """Column titles of the ageing table."""
    say = words(lang)
    return {
        "ageing": say.labels["ageing"],
        "customer": say.labels["customer"],
        "currency": say.labels["currency"],
        "total": say.labels["total"],
        "open": say.labels["amount"],
        "overdue": say.labels["overdue"],
        "days": say.labels["days"],
        "buckets": [say.word("bucket", bucket) for bucket in BUCKETS],
    }


def preview_words(lang: str) -> dict[str, str]:
    """Words of the policy preview."""
    say = words(lang)
    names = ("customer", "grade", "score", "verdict", "now", "then", "moved", "unrated")
    plain = {name: say.word("preview", name) for name in names}
    verdicts = {name: say.word("preview", f"verdict_{name}") for name in ("ok", "approval", "stop", "prepay", "none")}
    return {**plain, **verdicts, "None": plain["unrated"]}


def line(lang: str, code: str, **facts: object) -> str:
    """One sentence of the card's own list."""
    return words(lang).say("card", code, **facts)


def check_word(lang: str, what: str) -> str:
    """What the doctor looked at; a tab of the ledger by its title."""
    kind, _, tab = what.partition(" ")
    say = words(lang)
    return f"{say.word('check', kind)} {say.word('tab', tab)}" if tab else say.word("check", kind)


def group_trouble(lang: str, group: str, why: str) -> str:
    """What is wrong with a Slack user group."""
    return group_sentence(lang, group, why)


def plain_held(lang: str, note: Note) -> str:
    """What is wrong with a tab, as one line."""
    return note_text(lang, note)
