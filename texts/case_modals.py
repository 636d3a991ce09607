"""The modals of cases: opening one, and one for each thing done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from approvals.cases import KINDS, SEVERITIES, Case, CaseAct, Seat
from texts.blocks import MAX_VIEW_BLOCKS, OPTION, TITLE, Block, Message, actions, button, context, section
from texts.case_card import case_card, case_line, case_title
from texts.case_sheet import CaseSheet, case_value
from texts.formats import harmless, plain_line
from texts.inputs import dated, field, picked, plain, radio, ticks, typed
from texts.messages import error_sentence
from texts.render import Words, words

_WORDS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningSheet:
    """What the opening modal begins with."""

    customer_id: str
    name: str
    owners: Sequence[tuple[str, str]]
    """(name, id) of whom it can be given to."""
    owner: str
    today: date
    open_ones: Sequence[CaseSheet] = ()
    """Cases of the customer that are open already."""
    carried: str
    """What the modal carries."""


def opening_modal(sheet: OpeningSheet, lang: str) -> dict[str, Any]:
    """Open a case of a customer."""
    say = words(lang)
    blocks: list[Block] = [section(f"*{harmless(sheet.name, 80)}*  ·  {harmless(sheet.customer_id, 40)}")]
    if sheet.open_ones:
        blocks.append(context([say.say("case", "open_already", count=len(sheet.open_ones))]))
        blocks += [_listed(one, lang, say) for one in sheet.open_ones[:3]]
    blocks += [
        *judged(say),
        asked("occurred_on", dated(initial=sheet.today.isoformat()), say),
        _words("what", say),
        owner_field(sheet.owners, sheet.owner, say),
        drill_field(say),
    ]
    return _modal("opening", "opening", blocks, sheet.carried, say, submit="submit_open")


def judged(say: Words) -> list[Block]:
    """Kind and severity."""
    kinds = [(say.say("case", f"kind_{one}"), one) for one in KINDS]
    return [asked("kind", picked(kinds, chosen="credit"), say), _severity("orange", say)]


def _severity(chosen: str, say: Words) -> Block:
    colours = [(say.say("case", f"severity_{one}"), one) for one in SEVERITIES]
    return asked("severity", radio(colours, chosen=chosen), say)


def owner_field(owners: Sequence[tuple[str, str]], chosen: str, say: Words) -> Block:
    """Who is to have it."""
    return asked("owner", picked([(plain_line(name, OPTION), number) for name, number in owners], chosen=chosen), say)


def drill_field(say: Words) -> Block:
    """Whether it is an exercise."""
    return asked("drill", ticks([(say.say("case", "drill_tick"), "yes")]), say, optional=True)


def act_modal(act: CaseAct, sheet: CaseSheet, lang: str, *, owners: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """The modal of one act."""
    say, case = words(lang), sheet.case
    head = section(f"*{case_title(case, say)}*\n{case.case_id}")
    return _modal(act, act, [head, *_questions(act, sheet, owners, say)], case_value(case), say, submit=f"submit_{act}")


def _questions(act: CaseAct, sheet: CaseSheet, owners: Sequence[tuple[str, str]], say: Words) -> list[Block]:
    case = sheet.case
    if act == "measure":
        return [_words("text", say, label="field_measure")]
    if act == "effect":
        entries = [(plain_line(f"{n + 1}. {one.text}", OPTION), str(n)) for n, one in enumerate(case.measures)]
        first = next((str(n) for n, one in enumerate(case.measures) if not one.effect), "")
        return [asked("place", picked(entries, chosen=first), say), _words("text", say, label="field_effect")]
    if act == "evidence":
        return [
            _words("text", say, label="field_evidence"),
            asked("said_on", dated(initial=sheet.today.isoformat()), say),
            asked("amount", typed(most=40), say, optional=True),
        ]
    if act == "change":
        return [_severity(case.severity, say), owner_field(owners, case.owner, say)]
    if act == "close":
        return [_words("cause", say, initial=case.cause), _words("lesson", say, initial=case.lesson)]
    return [section(say.say("case", "reopen_ask"))]


def asked(name: str, element: Block, say: Words, *, optional: bool = False) -> Block:
    """One question."""
    return field(name, say.say("case", f"field_{name}"), element, optional=optional)


def _words(name: str, say: Words, *, label: str = "", initial: str = "") -> Block:
    said = say.say("case", label or f"field_{name}")
    return field(name, said, typed(initial=initial[:_WORDS], most=_WORDS, lines=True))


# -- shown --------------------------------------------------------------------------------------------------------


def card_modal(sheet: CaseSheet, lang: str) -> dict[str, Any]:
    """The card in a modal."""
    return _modal("card", "card", case_card(sheet, lang)["blocks"], case_value(sheet.case), words(lang))


def told_modal(lang: str, message: Message) -> dict[str, Any]:
    """A message in a modal's place."""
    return _modal("answer", "card", message["blocks"], "", words(lang))


def cases_message(sheets: Sequence[CaseSheet], lang: str) -> Message:
    """The open cases that somebody may know of, newest first."""
    say = words(lang)
    text = say.say("case", "list_head" if sheets else "list_none", count=len(sheets))
    return Message(text=text, blocks=[section(text), *(_listed(one, lang, say) for one in sheets[:20])])


def _listed(sheet: CaseSheet, lang: str, say: Words) -> Block:
    show = button(say.say("case", "button_show"), "case.show", case_value(sheet.case))
    return section(case_line(sheet, lang), accessory=show, block_id=f"case.{sheet.case.case_id}")


def start_case(lang: str, query: str, found: Sequence[tuple[str, str, str]]) -> Message:
    """Where no modal can be opened at once: a button for each customer who may be meant, as (name, id, value)."""
    say = words(lang)
    text = say.say("case", "start" if found else "start_nobody", query=harmless(query, 60))
    blocks: list[Block] = [section(text)]
    for place, (name, number, value) in enumerate(found[:10]):
        shown = f"*{harmless(name, 80)}*\n{harmless(number, 40)}"
        pressed = button(say.say("case", "button_new"), "case.new", value)
        blocks.append(section(shown, accessory=pressed, block_id=f"case.new.{place}"))
    return Message(text=text, blocks=blocks)


def called_message(
    case: Case, seats: Sequence[tuple[Seat, Sequence[str]]], names: Mapping[str, str], lang: str
) -> Message:
    """The first word in an incident channel: who sits where, and which seats are vacant."""
    say = words(lang)
    told = []
    for seat, ids in seats:
        who = say.labels["list"].join(harmless(names.get(one, one), 40) for one in ids)
        name = say.say("case", f"seat_{seat}")
        told.append(say.say("case", "called_seat", seat=name, who=who or say.say("case", "vacant")))
    drill = f"{say.say('case', 'drill')} " if case.drill else ""
    text = say.say("case", "called", drill=drill, number=case.case_id, seats="").strip()
    full = say.say("case", "called", drill=drill, number=case.case_id, seats="\n" + "\n".join(told))
    return Message(text=text, blocks=[section(full)])


def with_new_case(view: dict[str, Any], lang: str, value: str) -> dict[str, Any]:
    """A modal about a customer with the button that opens a case of him at its end."""
    row = actions([button(words(lang).say("case", "button_new"), "case.new", value)], "case.new")
    return {**view, "blocks": [*view["blocks"][: MAX_VIEW_BLOCKS - 1], row]}


def sentence_of(lang: str, code: str, **facts: object) -> Message:
    """One sentence about cases."""
    text = words(lang).say("case", code, **facts)
    return Message(text=text, blocks=[section(text)])


def case_error(lang: str, code: str) -> str:
    """What is wrong with a field."""
    return words(lang).say("case", f"error_{code}")


def case_refused(lang: str, problem: Any) -> Message:
    """Why not, as a message."""
    text = plain_line(error_sentence(lang, problem), 400)
    return Message(text=text, blocks=[section(harmless(text, 400))])


def _modal(
    callback: str, title: str, blocks: list[Block], value: str, say: Words, *, submit: str = ""
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": "modal", "callback_id": f"case.{callback}", "title": plain(say.say("case", f"title_{title}"), TITLE),
        "close": plain(say.say("request", "cancel") if submit else say.labels["close"], TITLE), "blocks": blocks[:100],
        "private_metadata": value,
    }  # fmt: skip
    return {**made, "submit": plain(say.say("case", submit), TITLE)} if submit else made


def modal_of(name: str, blocks: list[Block], value: str, say: Words) -> dict[str, Any]:
    """A modal that is sent: `name` is its callback, its title and its foot."""
    return _modal(name, name, blocks, value, say, submit=f"submit_{name}")
