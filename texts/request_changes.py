"""Fields of the form that say something else than before: completed by whom, or new against a refused request."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from approvals.application_fields import FIELDS
from approvals.completion import FORM, FieldChange
from texts.application_inputs import field_word, word_key
from texts.formats import day, harmless, money
from texts.render import Words
from texts.request_lines import change_line
from texts.request_sheet import Completed, Refused, RequestSheet
from texts.request_terms import moment

_SHOWN = 3
"""Changes that the card itself names; the file names them all."""


def completed_line(one: Completed, sheet: RequestSheet, say: Words) -> str:
    """Who changed what and when, in one line for the card."""
    return say.say("request", "completed", head=_head(one, sheet, say), fields=_some(one.fields, sheet, say))


def _head(one: Completed, sheet: RequestSheet, say: Words) -> str:
    return say.say("request", f"completed_{one.act}", who=harmless(one.who, 40), at=moment(one.at, say, sheet.today))


def completed_lines(one: Completed, sheet: RequestSheet, say: Words) -> list[str]:
    """The same, a line for every field, with where it comes from."""
    return [_head(one, sheet, say), *(_sourced(field, sheet, say) for field in one.fields)]


def refused_line(one: Refused, sheet: RequestSheet, say: Words) -> str:
    """Which refusal it asks again after, and what is new."""
    refusal = say.say(
        "request", "asks_again", number=one.request_no, who=harmless(one.who, 40) or "—",
        at=moment(one.at, say, sheet.today), reason=harmless(one.reason, 160) or "—",
    )  # fmt: skip
    ledger = [change_line(found, sheet, say) for found in one.ledger]
    news = say.labels["semicolon"].join([part for part in (_some(one.fields, sheet, say), *ledger) if part])
    return say.say("request", "news", refusal=refusal, news=news)


def news_lines(one: Refused, sheet: RequestSheet, say: Words) -> list[str]:
    """Everything new, one a line."""
    ledger = [change_line(found, sheet, say) for found in one.ledger]
    return [*(_sourced(field, sheet, say) for field in one.fields), *ledger]


def _some(fields: Sequence[FieldChange], sheet: RequestSheet, say: Words) -> str:
    shown = say.labels["semicolon"].join(_changed(one, sheet, say) for one in fields[:_SHOWN])
    more = len(fields) - _SHOWN
    return shown if more <= 0 else say.say("request", "fields_more", shown=shown, count=more)


def _sourced(one: FieldChange, sheet: RequestSheet, say: Words) -> str:
    line = _changed(one, sheet, say)
    return line if one.source == FORM else f"{line}  ·  {harmless(one.source, 60)}"


def _changed(one: FieldChange, sheet: RequestSheet, say: Words) -> str:
    was, now = (value_said(one.field, text, sheet.currency, say) for text in (one.was, one.now))
    label = field_word(one.field, say)
    place = next((part for part in one.field.split(".") if part.isdigit()), "")
    if place:
        label = say.say("request", "field_place", label=label, place=place)
    return say.say("request", "field_changed", label=label, was=was, now=now)


def value_said(field: str, text: str, currency: str, say: Words) -> str:
    """What stands in a field, as its reader knows it."""
    if not text:
        return say.say("request", "field_empty")
    kind = FIELDS[field].kind if field in FIELDS else "text"
    try:
        if kind == "money":
            return money(Decimal(text), say.lang, currency)
        if kind == "day":
            return day(date.fromisoformat(text), say.lang)
    except (ValueError, InvalidOperation):
        return harmless(text, 60)
    if kind in {"choice", "flag", "ticks"}:
        return say.labels["list"].join(_choice(field, kind, part, say) for part in _parts(kind, text))
    return harmless(text, 60)


def _parts(kind: str, text: str) -> Iterable[str]:
    return text.split(",") if kind == "ticks" else (text,)


def _choice(field: str, kind: str, value: str, say: Words) -> str:
    key = f"flag.{value}" if kind == "flag" else f"{word_key(field)}.{value}"
    return say.topic("application", "option").get(key) or harmless(value, 60)
