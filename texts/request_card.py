"""The decision card: what is asked and proposed, the table, the worst fact, the cost, who signed, who is next, buttons.

A reader who has nothing to decide gets the same without buttons; when it is over the card shrinks to who, what, when.
"""

from collections.abc import Sequence
from typing import Any

import orjson

from texts.blocks import Block, Message, actions, button, context, overflow, section
from texts.findings import capital
from texts.formats import harmless
from texts.render import Words, words
from texts.request_changes import completed_line, refused_line
from texts.request_gates import gate_line
from texts.request_lines import (
    bound_said,
    changed_lines,
    due_line,
    headline,
    identity_line,
    loss_line,
    next_line,
    signed_line,
    worst_line,
)
from texts.request_past import record_line
from texts.request_score import score_lines
from texts.request_sheet import Button, RequestSheet
from texts.request_table import situation_lines, situation_table
from texts.request_terms import conditions_said, terms_said, whole_terms

_ROW: tuple[Button, ...] = ("vouch", "complete", "approve", "recommend", "return", "reject", "file", "take_back")
_MORE: tuple[Button, ...] = ("other", "conditions", "adjust", "hand_on", "ask", "recommend_up")
_PRIMARY = frozenset({"vouch", "approve", "recommend"})
_SIGNED_SHOWN, _COMPLETED_SHOWN = 6, 2


def value_of(sheet: RequestSheet, act: str = "", *, sha256: str = "") -> str:
    """What a button carries: the request, the version it saw, of a menu's entry what it stands for, of a file its
    digest."""
    made: dict[str, Any] = {"r": sheet.request_no, "v": sheet.version}
    more = {name: said for name, said in (("a", act), ("f", sha256)) if said}
    return orjson.dumps(made | more).decode()


def request_card(sheet: RequestSheet, lang: str) -> Message:
    """The card for whoever signs, has signed or looks on."""
    say = words(lang)
    if sheet.state != "pending":
        return _closed(sheet, say)
    deciding = any(one in sheet.buttons for one in _PRIMARY)
    if sheet.has_signed and not deciding:
        return _signed(sheet, say)
    blocks = [section(f"*{headline(sheet, say)}*\n{identity_line(sheet, say)}")]
    if not sheet.asked.prepay:
        blocks += [situation_table(sheet, say), context([_note(say)])]
    blocks += [section(text) for text in _facts(sheet, say)]
    blocks += _buttons(sheet, say)
    code = "text_waiting" if deciding else "text_applicant"
    return Message(text=say.say("request", code, number=sheet.request_no), blocks=blocks)


def _signed(sheet: RequestSheet, say: Words) -> Message:
    """What a signer keeps while the others go on."""
    top = [f"*{say.say('request', 'signed_head')}*", identity_line(sheet, say), headline(sheet, say)]
    standing = section(labelled(_standing(sheet, say), say))
    blocks = [section("\n".join(top)), *moved_block(sheet, say), standing, *_buttons(sheet, say)]
    return Message(text=say.say("request", "text_signed", number=sheet.request_no), blocks=blocks)


def request_card_blocks(sheet: RequestSheet, lang: str) -> list[Block]:
    """The same inside a modal, where there are no tables."""
    say = words(lang)
    blocks = request_card(sheet, lang)["blocks"]
    if all(block["type"] != "table" for block in blocks):
        return blocks
    rest = [block for block in blocks if block["type"] != "table" and block != context([_note(say)])]
    return [rest[0], section(situation_lines(sheet, say)), *rest[1:]]


def _note(say: Words) -> str:
    return say.say("request", "after_note")


def _facts(sheet: RequestSheet, say: Words) -> list[str]:
    """Two paragraphs: what it rests on, and where it stands."""
    reason = harmless(sheet.reason, 200) or say.say("request", "no_reason")
    first = [
        ("score_moved", "\n".join(score_lines(sheet, say))), ("worst", worst_line(sheet, say)),
        ("cost", loss_line(sheet, say)), ("reason", reason),
        ("bound", bound_line(sheet, say)),
    ]  # fmt: skip
    changed = "\n".join([*again_lines(sheet, say), *changed_lines(sheet, say)])
    gates = "\n".join([f"*{say.say('request', 'label_gates')}*", *(gate_line(one, sheet, say) for one in sheet.gates)])
    second = [*_standing(sheet, say), ("deadline", due_line(sheet, say)), ("record", capital(record_line(sheet, say)))]
    paragraphs = [labelled(first, say), changed, gates if sheet.gates else "", labelled(second, say)]
    return [text for text in paragraphs if text]


def again_lines(sheet: RequestSheet, say: Words) -> list[str]:
    """What this form says otherwise than one before it: after a refusal, or since it was first sent."""
    lines = [refused_line(sheet.refused, sheet, say)] if sheet.refused is not None else []
    return [*lines, *(completed_line(one, sheet, say) for one in sheet.completed[-_COMPLETED_SHOWN:])]


def _standing(sheet: RequestSheet, say: Words) -> list[tuple[str, str | None]]:
    """Who signed and who is next."""
    signed = "\n".join(signed_line(one, sheet, say) for one in sheet.signed[-_SIGNED_SHOWN:])
    return [("signed", signed), ("next", next_line(sheet, say))]


def moved_block(sheet: RequestSheet, say: Words) -> list[Block]:
    """What an expert made of the score, where the card says little else."""
    lines = score_lines(sheet, say)
    return [section(labelled([("score_moved", "\n".join(lines))], say))] if lines else []


def bound_line(sheet: RequestSheet, say: Words) -> str:
    """What holds the proposal below what is asked, and what goes with it; "" where neither is so."""
    parts = conditions_said(sheet.proposed, say, sheet.today)
    if sheet.raised and sheet.binding:
        parts.insert(0, capital(bound_said(sheet.binding, say)))
    return say.labels["semicolon"].join(parts)


def labelled(lines: Sequence[tuple[str, str | None]], say: Words) -> str:
    """Lines with their labels in bold; what is empty has none."""
    return "\n".join(f"*{say.say('request', f'label_{name}')}*  {text}" for name, text in lines if text)


def _buttons(sheet: RequestSheet, say: Words) -> list[Block]:
    """One row: the decision, the two ways back, the file; the rest behind the last one."""
    shown = [
        button(button_label(one, sheet, say), f"approval.{one}", value_of(sheet), primary=one in _PRIMARY)
        for one in _ROW
        if one in sheet.buttons
    ]
    more = [(say.say("request", f"button_{one}"), value_of(sheet, one)) for one in _MORE if one in sheet.buttons]
    if more:
        shown.append(overflow(more, "approval.more"))
    small = []
    if sheet.take_back_until is not None and "take_back" in sheet.buttons:
        at = f"{sheet.take_back_until:%H:%M:%S}"
        small.append(context([say.say("request", "take_back_until", at=at)]))
    return [*([actions(shown, "approval")] if shown else []), *small]


def button_label(one: Button, sheet: RequestSheet, say: Words) -> str:
    """What a button says; it depends on whose turn it is."""
    if one == "approve" and any(stop.kind == "cosign" for stop in sheet.waiting):
        return say.say("request", "button_cosign")
    if one == "approve" and sheet.asked.prepay:
        return say.say("request", "button_approve_account")
    return say.say("request", f"button_{one}")


def _closed(sheet: RequestSheet, say: Words) -> Message:
    """Who, what, when; a button only while the signer may take it back."""
    terms = whole_terms(sheet.decided, say, sheet.today) if sheet.decided is not None else ""
    top = [f"*{say.say('request', f'closed_{sheet.state}', terms=terms)}*", identity_line(sheet, say)]
    if not sheet.asked.prepay:
        asked, proposed = terms_said(sheet.asked, say), terms_said(sheet.proposed, say)
        top.append(say.say("request", "closed_asked", asked=asked, proposed=proposed))
    blocks = [section("\n".join(top)), *moved_block(sheet, say)]
    last = len(sheet.signed) - 1
    signed = [signed_line(one, sheet, say, bare=place == last) for place, one in enumerate(sheet.signed)]
    if signed:
        blocks.append(section("\n".join(signed)))
    blocks += _buttons(sheet, say)
    return Message(text=say.say("request", "text_over", number=sheet.request_no), blocks=blocks)
