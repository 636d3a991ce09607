"""Who is away, who stands in, and whose role rests on a Slack group that cannot be read."""

from datetime import date, datetime
from typing import Any

from texts.absence_modal import AbsentLine, line_facts
from texts.blocks import Message, section
from texts.formats import day, harmless
from texts.render import Words, words
from texts.request_terms import role_said


def group_sentence(lang: str, group: str, why: str) -> str:
    """What is wrong with a Slack group of people.yaml, and what mends it."""
    say = words(lang)
    return _group(say, group, why)


def group_note(lang: str, group: str, why: str, since: datetime | None) -> Message:
    """The same for the administrators, with what holds until it is mended: the members of `since`, or nobody."""
    say = words(lang)
    holds = ""
    if why != "empty":
        at = "" if since is None else f"{day(since.date(), lang)} {since:%H:%M}"
        holds = say.say("absence", "group_holds" if at else "group_nobody", since=at)
    return plain_note(say, f"⚠️ {_group(say, group, why)}{f' {holds}' if holds else ''}")


def _group(say: Words, group: str, why: str) -> str:
    named = harmless(group, 40)
    if why == "empty":
        return say.say("absence", "group_empty", group=named)
    code = why if say.has("absence", f"mend_{why}") else "other"
    mend = say.say("absence", f"mend_{code}", group=named)
    return say.say("absence", "group_unread", group=named, why=harmless(why, 60), mend=mend)


def stuck_note(lang: str, request_no: str, name: str, department: str, role: Any, lapses: date, today: date) -> Message:
    """For the administrators: nobody is left who may sign a request, and what to do about it."""
    say = words(lang)
    text = say.say(
        "absence", "stuck", number=request_no, name=harmless(name, 80), role=role_said(role, say),
        department=harmless(department, 40), day=day(lapses, lang, year=today.year),
    )  # fmt: skip
    return plain_note(say, text)


def lent_note(lang: str, code: str, line: AbsentLine, today: date) -> Message:
    """For who gave a turn or got one (`given_by`, `given_to`, `ended_by`, `ended_to`)."""
    say = words(lang)
    facts = line_facts(line, today, say)
    text = say.say("absence", code, **facts)
    if line.reason and code.startswith("given"):
        text = say.say("absence", "told_reason", line=text, **facts)
    if line.maker:
        text = say.say("absence", "told_maker" if code.startswith("given") else "told_ender", line=text, **facts)
    return plain_note(say, text)


def plain_note(say: Words, text: str) -> Message:
    """A sentence as a message; the phone shows that there is one, and no more."""
    return Message(text=say.say("absence", "note"), blocks=[section(text)])
