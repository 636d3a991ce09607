"""The modal that turns a chat line into evidence: what was read from it stands in the questions, to be put right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from approvals.cases import Case
from texts.blocks import OPTION
from texts.case_modals import asked, drill_field, judged, modal_of
from texts.formats import plain_line
from texts.inputs import dated, field, picked, typed
from texts.render import Words, words

NEW = "new"
"""The choice that opens a case instead of adding to one."""
_LINE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSheet:
    """What was read from a line."""

    text: str
    customer: str
    """"" where the line does not tell."""
    said_on: date
    amount: Decimal | None
    cases: Sequence[Case]
    """Open ones that it may belong to, the likeliest first."""
    chosen: str
    carried: str


def message_modal(sheet: LineSheet, lang: str) -> dict[str, Any]:
    """Keep a line as evidence, in a case that is open or in a new one."""
    say = words(lang)
    into = [(say.say("case", "into_new"), NEW), *((_named(one, say), one.case_id) for one in sheet.cases)]
    amount = "" if sheet.amount is None else f"{sheet.amount:,.2f}".removesuffix(".00")
    hint_new = say.say("case", "hint_new")
    blocks = [
        _hinted("customer", typed(initial=plain_line(sheet.customer, 120), most=120), say),
        asked("into", picked(into, chosen=sheet.chosen), say),
        field("text", say.say("case", "field_evidence"), typed(initial=sheet.text[:_LINE], most=_LINE, lines=True)),
        asked("said_on", dated(initial=sheet.said_on.isoformat()), say),
        _hinted("amount", typed(initial=amount, most=40), say, optional=True),
        *({**one, "hint": {"type": "plain_text", "text": hint_new, "emoji": True}} for one in judged(say)),
        drill_field(say),
    ]
    return modal_of("message", blocks, sheet.carried, say)


def _named(one: Case, say: Words) -> str:
    kind = say.say("case", f"kind_{one.kind}")
    return plain_line(say.say("case", "into_old", number=one.case_id, kind=kind, name=one.name), OPTION)


def _hinted(name: str, element: dict[str, Any], say: Words, *, optional: bool = False) -> dict[str, Any]:
    hint = say.say("case", f"hint_{name}")
    return field(name, say.say("case", f"field_{name}"), element, hint=hint, optional=optional)
