"""The window and the list of delegations: who is away, who signs for him, from when to when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from approvals.people import Role
from scoring.errors import DeskError
from texts.blocks import OPTION, TITLE, Block, Message, actions, button, context, divider, option, section
from texts.formats import day, harmless, plain_line
from texts.inputs import dated, field, picked, plain, typed
from texts.messages import error_sentence
from texts.render import Words, words
from texts.request_terms import role_said

_REASON, _LISTED, _TOGETHER = 200, 20, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Somebody who signs."""

    id: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsentLine:
    """One delegation, with names."""

    id: str
    giver: str
    taker: str
    starts_on: date
    ends_on: date
    reason: str = ""
    maker: str = ""
    """Who entered or ended it, where that was not the giver."""
    mine: bool = False
    """True when the reader is the giver."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceSheet:
    """What the window shows to one reader."""

    today: date
    days: int
    """The most that a delegation may last."""
    lines: tuple[AbsentLine, ...] = ()
    """What the reader may end."""
    takers: tuple[Named, ...] = ()
    givers: tuple[Named, ...] = ()
    """Whose delegation may be entered; empty = the reader's own alone."""
    me: str = ""
    """The reader's id when he signs himself."""


def absence_modal(
    lang: str, sheet: AbsenceSheet, *, made: AbsentLine | None = None, over: AbsentLine | None = None
) -> dict[str, Any]:
    """What is given, and below it the questions; `made` and `over` are what has just been recorded."""
    say = words(lang)
    blocks: list[Block] = []
    for code, one in (("done_given", made), ("done_ended", over)):
        if one is not None:
            blocks.append(section(f"✅ {say.say('absence', code, **line_facts(one, sheet.today, say))}"))
    blocks += _lines(sheet, say)
    asks = bool(sheet.takers) and made is None
    if asks:
        blocks += [*([divider()] if blocks else []), section(say.say("absence", "head")), *_questions(sheet, say)]
    elif not blocks:
        blocks.append(section(say.say("absence", "nobody" if sheet.me or sheet.givers else "no_turn")))
    return _modal(blocks, say, asks=asks)


def _questions(sheet: AbsenceSheet, say: Words) -> list[Block]:
    asked: list[Block] = []
    if sheet.givers:
        asked.append(field("whose", say.say("absence", "field_whose"), _people(sheet.givers, say, sheet.me)))
    reason = say.say("absence", "hint_reason") if sheet.givers else ""
    return [
        *asked,
        field("to", say.say("absence", "field_to"), _people(sheet.takers, say), hint=say.say("absence", "hint_to")),
        field("starts", say.say("absence", "field_starts"), dated(initial=sheet.today.isoformat())),
        field("ends", say.say("absence", "field_ends"), dated(), hint=say.say("absence", "hint_ends", days=sheet.days)),
        field("reason", say.say("absence", "field_reason"), typed(most=_REASON), hint=reason, optional=True),
    ]


def _people(named: Sequence[Named], say: Words, chosen: str = "") -> Block:
    """One of these; more than a list holds stand in groups of it."""
    entries = [
        (plain_line(say.say("request", "person", who=one.name, role=role_said(one.role, say)), OPTION), one.id)
        for one in named
    ]
    if len(entries) <= _TOGETHER:
        return picked(entries, chosen=chosen)
    parts = [entries[place : place + _TOGETHER] for place in range(0, len(entries), _TOGETHER)]
    groups = [
        {"label": plain(f"{part[0][0]} – {part[-1][0]}", OPTION), "options": [option(*one) for one in part]}
        for part in parts
    ]
    made: Block = {"type": "static_select", "option_groups": groups}
    found = [option(*one) for one in entries if one[1] == chosen]
    return {**made, "initial_option": found[0]} if found else made


def home_blocks(lang: str, sheet: AbsenceSheet) -> list[Block]:
    """A button, and what is given; nothing for whoever has neither."""
    say = words(lang)
    away = button(say.say("absence", "button_away"), "absence.open", "open")
    start = [actions([away], "absence.open")] if sheet.takers else []
    return [*start, *_lines(sheet, say)]


def away_message(lang: str) -> Message:
    """The way in where somebody asked for it in words: a window opens from a button alone."""
    say = words(lang)
    text = say.say("absence", "start")
    away = button(say.say("absence", "button_away"), "absence.open", "open")
    return Message(text=text, blocks=[section(text), actions([away], "absence.open")])


def _lines(sheet: AbsenceSheet, say: Words) -> list[Block]:
    blocks: list[Block] = []
    for one in sheet.lines[:_LISTED]:
        facts = line_facts(one, sheet.today, say)
        text = say.say("absence", "line", **facts)
        if one.reason:
            text = say.say("absence", "line_reason", line=text, **facts)
        if one.maker:
            text = say.say("absence", "line_maker", line=text, **facts)
        value = orjson.dumps({"d": one.id, "v": 1}).decode()
        end = {**button(say.say("absence", "button_end"), "absence.end", value), "confirm": _sure(facts, say)}
        blocks.append(section(text, accessory=end, block_id=f"absence.{one.id}"))
    more = len(sheet.lines) - _LISTED
    return [*blocks, context([say.say("absence", "more", count=more)])] if more > 0 else blocks


def line_facts(one: AbsentLine, today: date, say: Words) -> dict[str, str]:
    """Names and days, fit to be shown."""
    return {
        "giver": harmless(one.giver, 40), "taker": harmless(one.taker, 40),
        "starts": day(one.starts_on, say.lang, year=today.year), "ends": day(one.ends_on, say.lang, year=today.year),
        "reason": harmless(one.reason, _REASON), "maker": harmless(one.maker, 40),
    }  # fmt: skip


def _sure(facts: dict[str, str], say: Words) -> Block:
    return {
        "title": plain(say.say("absence", "end_title"), 100),
        "text": plain(plain_line(say.say("absence", "end_text", **facts), 300), 300),
        "confirm": plain(say.say("absence", "end_yes"), 30),
        "deny": plain(say.say("absence", "end_no"), 30),
    }


def refused_modal(lang: str, problem: DeskError) -> dict[str, Any]:
    """Why not, in a window."""
    return _modal([section(harmless(error_sentence(lang, problem), 400))], words(lang), asks=False)


def _modal(blocks: list[Block], say: Words, *, asks: bool) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": "modal", "callback_id": "absence.give", "title": plain(say.say("absence", "title"), TITLE),
        "close": plain(say.say("request", "cancel") if asks else say.labels["close"], TITLE), "blocks": blocks,
    }  # fmt: skip
    return {**made, "submit": plain(say.say("absence", "submit"), TITLE)} if asks else made
