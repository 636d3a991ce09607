"""Requests in rows: the queue, what somebody filed, what can be decided together, and the route before it is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import orjson

from approvals.terms import Terms
from scoring.errors import DeskError
from texts.blocks import Block, Message, actions, button, context, divider, section
from texts.formats import harmless, money, plain_line
from texts.inputs import field, ticks
from texts.messages import error_sentence
from texts.render import Words, words
from texts.request_card import value_of
from texts.request_lines import grade_said, headline, next_line, stop_line
from texts.request_modals import sheet_modal
from texts.request_refusal import refusal_sentence
from texts.request_sheet import RequestSheet, Stop
from texts.request_terms import moment, terms_said

OutReason = Literal["not_deciding", "amount", "above_proposal", "worse", "flagged", "count", "nothing"]
_MESSAGE_ROWS, _HOME_ROWS, _TICKS = 20, 10, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Requests that can be approved in one go, and those that cannot."""

    fit: tuple[RequestSheet, ...]
    out: tuple[tuple[RequestSheet, OutReason], ...]
    most: Decimal
    """Each at most, in base currency."""
    count: int
    """At most so many."""
    currency: str


def queue_message(lang: str, waiting: Sequence[RequestSheet], together: Together, count: int) -> Message:
    """What waits for the reader, who has waited longest first; `count` is how many do, also beyond those shown."""
    say = words(lang)
    if not waiting:
        text = say.say("request", "queue_none")
        return Message(text=text, blocks=[section(text)])
    title = say.say("request", "queue_title", count=count)
    rows = _rows(waiting, say, _MESSAGE_ROWS, count)
    return Message(text=title, blocks=[section(f"*{title}*"), *rows, *_offer(together, say)])


def mine_message(lang: str, filed: Sequence[RequestSheet]) -> Message:
    """What the reader filed, newest first."""
    say = words(lang)
    title = say.say("request", "mine_title" if filed else "mine_none")
    return Message(text=title, blocks=[section(f"*{title}*"), *_mine(filed, say, _MESSAGE_ROWS)])


def home_sections(
    lang: str, waiting: Sequence[RequestSheet], together: Together, filed: Sequence[RequestSheet], count: int
) -> list[Block]:
    """The same two lists above the look-ups of App Home; nothing where there is nothing."""
    say = words(lang)
    blocks: list[Block] = []
    if waiting:
        title = say.say("request", "queue_title", count=count)
        blocks += [section(f"*{title}*"), *_rows(waiting, say, _HOME_ROWS, count), *_offer(together, say), divider()]
    if filed:
        title = say.say("request", "mine_title")
        blocks += [section(f"*{title}*"), *_mine(filed, say, _HOME_ROWS), divider()]
    return blocks


def _rows(sheets: Sequence[RequestSheet], say: Words, most: int, count: int) -> list[Block]:
    blocks = []
    for sheet in sheets[:most]:
        line = [
            f"*{harmless(sheet.name, 80)}*  ·  {sheet.request_no}  ·  {grade_said(sheet, say)}",
            headline(sheet, say),
        ]
        due = _due(sheet, say)
        blocks.append(_row("waiting", sheet, [*line, due] if due else line, say))
    return [*blocks, *_more(count - len(blocks), say)]


def _mine(sheets: Sequence[RequestSheet], say: Words, most: int) -> list[Block]:
    blocks = []
    for sheet in sheets[:most]:
        terms = terms_said(sheet.decided, say) if sheet.decided is not None else ""
        line = [
            f"*{harmless(sheet.name, 80)}*  ·  {sheet.request_no}",
            say.say("request", f"my_{sheet.state}", terms=terms),
        ]
        following = next_line(sheet, say)
        blocks.append(_row("mine", sheet, [*line, following] if following else line, say))
    return [*blocks, *_more(len(sheets) - most, say)]


def _row(name: str, sheet: RequestSheet, lines: list[str], say: Words) -> Block:
    look = button(say.say("request", "button_open"), "approval.open", value_of(sheet))
    return section("\n".join(lines), accessory=look, block_id=f"{name}.{sheet.request_no}")


def _more(count: int, say: Words) -> list[Block]:
    return [context([say.say("request", "more_requests", count=count)])] if count > 0 else []


def _due(sheet: RequestSheet, say: Words) -> str | None:
    if sheet.escalated:
        return f"⚠️ {say.say('request', 'row_late')}"
    return (
        None
        if sheet.escalates_at is None
        else say.say("request", "row_due", at=moment(sheet.escalates_at, say, sheet.today))
    )


def _offer(together: Together, say: Words) -> list[Block]:
    """Two or more that could be approved in one go."""
    if len(together.fit) < 2:
        return []
    text = say.say("request", "bulk_offer", count=len(together.fit))
    return [section(text, accessory=button(say.say("request", "button_bulk"), "approval.bulk", "{}"), block_id="bulk")]


def bulk_modal(lang: str, together: Together) -> dict[str, Any]:
    """Which of them to approve, all ticked; and the others with the reason why they are not among them."""
    say = words(lang)
    most = money(together.most, say.lang, together.currency)
    blocks = [section(say.say("request", "bulk_head", most=most))]
    for place in range(0, len(together.fit), _TICKS):
        part = together.fit[place : place + _TICKS]
        entries = [(_entry(sheet, say), value_of(sheet)) for sheet in part]
        label = say.say("request", "field_bulk")
        blocks.append(field(f"bulk.{place}", label, ticks(entries, ticked=True), optional=True))
    if together.out:
        lines = [
            "• "
            + say.say(
                "request",
                "bulk_out",
                number=sheet.request_no,
                name=harmless(sheet.name, 40),
                why=_why(why, together, say),
            )
            for sheet, why in together.out[:20]
        ]
        blocks.append(section(f"*{say.say('request', 'bulk_out_head')}*\n" + "\n".join(lines)))
    made = sheet_modal(lang, "bulk", blocks, orjson.dumps({"v": 1}).decode())
    return {**made, "submit": {"type": "plain_text", "text": say.say("request", "submit_bulk")}}


def _entry(sheet: RequestSheet, say: Words) -> str:
    """Number, name and terms within the 75 characters of an option; the name gives way."""
    ends = f"{sheet.request_no} ", f" {terms_said(sheet.proposed, say)}"
    room = 75 - sum(map(len, ends))
    name = plain_line(sheet.name, room)
    return f"{ends[0]}{name}{ends[1]}"


def _why(why: OutReason, together: Together, say: Words) -> str:
    return say.say(
        "request", f"why_{why}", most=money(together.most, say.lang, together.currency), count=together.count
    )


def bulk_result(
    lang: str, done: int, failed: Sequence[tuple[str, DeskError]], names: Mapping[str, str], currency: str = "CNY"
) -> Message:
    """How many were approved, and what stood against the others."""
    say = words(lang)
    head = say.say("request", "bulk_done", count=done)
    lines = [head, *(f"• {refusal_sentence(lang, problem, names, currency)}" for _, problem in failed)]
    return Message(text=head, blocks=[section("\n".join(harmless(line, 400) for line in lines))])


def route_preview(
    lang: str, stops: Sequence[Stop], higher: Sequence[str] = (), refusal: DeskError | None = None
) -> Message:
    """Who signs in which order, and why one post higher; or why it cannot be sent."""
    say = words(lang)
    if refusal is not None:
        why = harmless(error_sentence(lang, refusal), 400)
        text = say.say("request", "route_refused", why=why)
        return Message(text=text, blocks=[section(text)])
    head = say.say("request", "route_head")
    lines = [
        say.say("request", "route_line", place=place, stop=stop_line(stop, say)) for place, stop in enumerate(stops, 1)
    ]
    if higher:
        reasons = say.labels["list"].join(say.say("request", f"higher_{code}") for code in higher)
        lines.append(say.say("request", "route_why", reasons=reasons))
    return Message(text=head, blocks=[section("\n".join([head, *lines]))])


def done_message(lang: str, act: str, **facts: object) -> Message:
    """What has just been done, for whoever clicked."""
    text = words(lang).say("request", f"done_{act}", **facts)
    return Message(text=text, blocks=[section(text)])


def request_sentence(lang: str, code: str, **facts: object) -> Message:
    """One sentence about requests."""
    text = words(lang).say("request", code, **facts)
    return Message(text=text, blocks=[section(text)])


def see_worse(lang: str, sheet: RequestSheet) -> Message:
    """Where no modal could be opened: that something got worse, and the way to confirm it."""
    say = words(lang)
    look = button(say.say("request", "button_confirm_worse"), "approval.confirm_worse", value_of(sheet), primary=True)
    text = say.say("request", "worse_head")
    return Message(text=text, blocks=[section(text), actions([look], "worse")])


def said_terms(lang: str, terms: Terms) -> str:
    """Terms in one phrase."""
    return terms_said(terms, words(lang))
