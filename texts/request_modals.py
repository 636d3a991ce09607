"""The modals behind the buttons of a decision card; each carries the request and the version it was opened on."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from approvals.terms import Terms
from texts.blocks import OPTION, TITLE, Block, Message, context, section
from texts.formats import day, harmless, plain_line
from texts.inputs import dated, field, picked, plain, radio, ticks, typed
from texts.render import Words, words
from texts.request_card import value_of
from texts.request_lines import change_line
from texts.request_sheet import Found, RequestSheet
from texts.request_terms import terms_said, whole_terms

Ask = Literal[
    "approve", "vouch", "recommend", "other", "conditions", "return", "reject", "recommend_up", "hand_on", "ask",
    "adjust",
]  # fmt: skip
READY: Mapping[str, tuple[str, ...]] = {
    "return": ("return_statements", "return_background", "return_contract"),
    "reject": ("reject_ability", "reject_record", "reject_need"),
}
"""Reasons that need not be written."""
OWN_WORDS = "own_words"
_PLAIN = frozenset({"approve", "vouch", "recommend"})
"""Acts without a question of their own: their modal is there to confirm what got worse."""
_REASON, _GUARANTEE = 600, 200
Confirm = tuple[str, str]
"""(block id, what has to be ticked): the id holds what exactly is confirmed, so that a change asks again."""


def ask_modal(
    kind: Ask,
    sheet: RequestSheet,
    lang: str,
    *,
    people: Sequence[tuple[str, str]] = (),
    confirm: Sequence[Confirm] = (),
) -> dict[str, Any]:
    """The modal of one act. `people` = (name, id) of whom it can be handed on to; `confirm` = what to tick first."""
    say = words(lang)
    ticked = [field(name, text, ticks([(say.say("request", "tick"), "yes")])) for name, text in confirm]
    asked = _questions(kind, sheet, say, people)
    # what has to be ticked stands first: nobody scrolls to see why a modal did not close
    blocks = [section(f"*{harmless(sheet.name, 80)}*  ·  {sheet.request_no}"), *ticked, *asked]
    if kind in _PLAIN:
        blocks = [blocks[0], *asked, *ticked]
    code = "worse" if kind in _PLAIN else kind
    submit = f"submit_{kind}" if say.has("request", f"submit_{kind}") else "submit"
    return _modal(f"approval.{kind}", code, blocks, value_of(sheet), say, submit=submit)


def _questions(kind: Ask, sheet: RequestSheet, say: Words, people: Sequence[tuple[str, str]]) -> list[Block]:
    if kind in _PLAIN:
        return [context([say.say("request", "worse_head")])]
    if kind in {"return", "reject"}:
        return _ready(kind, say)
    if kind == "hand_on":
        return [
            _labelled("to", picked([(plain_line(name, OPTION), number) for name, number in people]), say),
            _words("reason", say, optional=True),
        ]
    if kind == "ask":
        return [_words("question", say, hint="hint_shown")]
    if kind == "adjust":
        return _adjustment(sheet, say)
    if kind == "recommend_up":
        return [*_amounts(sheet, say), _words("reason", say, hint="hint_above", optional=True)]
    if kind == "conditions":
        return [
            section(terms_said(sheet.proposed, say)),
            *_conditions(sheet, say),
            _words("reason", say, optional=True),
        ]
    return [*_amounts(sheet, say), *_conditions(sheet, say), _words("reason", say, hint="hint_above", optional=True)]


def _adjustment(sheet: RequestSheet, say: Words) -> list[Block]:
    """Points, reason, last day, each with its bound."""
    points = say.say("request", "hint_points", most=f"{sheet.most_points:g}")
    until = say.say("request", "hint_until", day=day(sheet.review_on, say.lang) if sheet.review_on else "—")
    return [
        context([say.say("request", "adjust_head")]),
        field("points", say.say("request", "field_points"), typed(most=10), hint=points),
        _words("reason", say, hint="hint_reason_shown"),
        field("until", say.say("request", "field_until"), dated(), hint=until),
    ]


def _amounts(sheet: RequestSheet, say: Words) -> list[Block]:
    """Limit and days, the proposal standing in them."""
    terms = sheet.proposed
    hint = say.labels["semicolon"].join((
        say.say("request", "hint_proposed", terms=terms_said(terms, say)), say.say("request", "hint_limit"),
    ))  # fmt: skip
    limit = typed(initial=f"{terms.limit:f}".removesuffix(".00"), most=40)
    return [
        field("limit", say.say("request", "field_limit"), limit, hint=hint),
        _labelled("days", typed(initial=str(terms.payment_days), most=10), say),
    ]


def _conditions(sheet: RequestSheet, say: Words) -> list[Block]:
    """Deposit, guarantee, last day; as recommended last, where somebody did."""
    terms = recommended(sheet)
    return [
        field("deposit", say.say("request", "field_deposit"), typed(initial=_pct(terms), most=10), optional=True),
        field(
            "guarantee", say.say("request", "field_guarantee"),
            typed(initial=terms.guarantee, most=_GUARANTEE), optional=True,
        ),
        field(
            "valid_until", say.say("request", "field_valid_until"),
            dated(initial=terms.valid_until.isoformat() if terms.valid_until else ""), optional=True,
        ),
    ]  # fmt: skip


def recommended(sheet: RequestSheet) -> Terms:
    """What was recommended last with terms of its own, else the proposal."""
    return next((one.terms for one in reversed(sheet.signed) if one.terms is not None), sheet.proposed)


def _pct(terms: Terms) -> str:
    return f"{float(terms.deposit_pct):g}" if terms.deposit_pct else ""


def _ready(kind: Ask, say: Words) -> list[Block]:
    entries = [(say.say("request", f"ready_{code}"), code) for code in (*READY[kind], OWN_WORDS)]
    ready = _labelled("ready", radio(entries), say, hint="hint_shown")
    return [ready, _words("words", say, optional=True)]


def ready_reason(code: str, lang: str) -> str:
    """The words of a ready reason."""
    return words(lang).say("request", f"ready_{code}")


def _labelled(name: str, element: Block, say: Words, *, hint: str = "") -> Block:
    return field(name, say.say("request", f"field_{name}"), element, hint=say.say("request", hint) if hint else "")


def _words(name: str, say: Words, *, hint: str = "", optional: bool = False) -> Block:
    return field(
        name, say.say("request", f"field_{name}"), typed(most=_REASON, lines=True),
        hint=say.say("request", hint) if hint else "", optional=optional,
    )  # fmt: skip


def confirm_terms(terms: Terms, sheet: RequestSheet, lang: str, *, deciding: bool) -> str:
    """What is ticked before other values count: amount and days again, and how they compare with the proposal."""
    say = words(lang)
    above = terms.limit > sheet.proposed.limit or terms.payment_days > sheet.proposed.payment_days
    code = ("confirm_above" if above else "confirm_terms") if deciding else "confirm_recommend"
    if above and not deciding:
        code = "confirm_above_recommend"
    said = whole_terms(terms, say, sheet.today)
    return plain_line(say.say("request", code, terms=said, proposed=terms_said(sheet.proposed, say)), 300)


def confirm_worse(worse: Sequence[Found], sheet: RequestSheet, lang: str) -> str:
    """What is ticked before a decision on figures that have become worse."""
    say = words(lang)
    changes = say.labels["semicolon"].join(change_line(one, sheet, say) for one in worse)
    return plain_line(say.say("request", "confirm_worse", changes=changes), 300)


def field_error(lang: str, code: str, **facts: object) -> str:
    """What is wrong with a field."""
    return words(lang).say("request", f"error_{code}", **facts)


def answer_modal(lang: str, message: Message) -> dict[str, Any]:
    """A sentence in place of the modal that was sent."""
    return _modal("approval.answer", "answer", message["blocks"], "", words(lang))


def sheet_modal(lang: str, name: str, blocks: list[Block], value: str) -> dict[str, Any]:
    """A modal that only shows: `name` is its callback and its title."""
    return _modal(f"approval.{name}", name, blocks, value, words(lang))


def _modal(
    callback: str, title: str, blocks: list[Block], value: str, say: Words, *, submit: str = ""
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": "modal", "callback_id": callback, "title": plain(say.say("request", f"title_{title}"), TITLE),
        "close": plain(say.say("request", "cancel") if submit else say.labels["close"], TITLE), "blocks": blocks[:100],
        "private_metadata": value,
    }  # fmt: skip
    return {**made, "submit": plain(say.say("request", submit), TITLE)} if submit else made
