"""The questions of the application form as Slack inputs; a question's block goes by its name."""

import re
from collections.abc import Sequence
from datetime import date

from approvals.application_draft import Answer
from approvals.application_fields import Field
from approvals.prospect import Clash
from texts.application_sheet import Sheet
from texts.blocks import Block, cut
from texts.formats import plain_line
from texts.render import Words

TYPED = "application.typed."
"""What the action of every question begins with."""
UNSET = "-"
"""Chosen to take a choice back."""
CLASH = "clash."
"""What the block of a question about a likeness begins with."""
_MOST_OPTIONS, _OPTION = 100, 75
_LENGTH = {"money": 60, "days": 40, "pct": 20}
_PLACES = re.compile(r"\.[0-9]+\.")
_TYPES = {"pdf", "png", "jpg", "jpeg", "xlsx", "docx"}


def word_key(name: str) -> str:
    """`statement.revenue` of `statement.1.revenue`: what labels and options go by."""
    return _PLACES.sub(".", name)


def field_word(name: str, say: Words) -> str:
    """A question's label."""
    return str(say.topic("application", "field")[word_key(name)])


def input_of(field: Field, sheet: Sheet, say: Words) -> Block:
    """One question, with what stands in it already."""
    needed = _needed(field, sheet)
    element = _element(field, sheet, say, needed=needed)
    block: Block = {
        "type": "input", "block_id": field.name, "optional": not needed, "element": element,
        "label": _plain(field_word(field.name, say)),
    }  # fmt: skip
    hint = say.topic("application", "hint").get(word_key(field.name))
    if hint:
        block["hint"] = _plain(str(hint))
    if field.kind != "files":
        block["dispatch_action"] = True
    return block


def _needed(field: Field, sheet: Sheet) -> bool:
    credit = field.need == "credit" and sheet.filled.payment_mode == "credit"
    return field.need == "always" or credit or field.name in sheet.needed


def _element(field: Field, sheet: Sheet, say: Words, *, needed: bool) -> Block:
    found = sheet.filled.typed.get(field.name) or sheet.presets.get(field.name, "")
    element: Block = {"action_id": f"{TYPED}{field.name}"}
    if field.kind == "files":
        return element | {"type": "file_input", "filetypes": sorted(_TYPES), "max_files": field.most}
    if field.kind == "ticks":
        options = [option(one, _option_word(field, one, say)) for one in field.options]
        ticked = [one for one in options if one["value"] in found]
        return element | {"type": "checkboxes", "options": options, **({"initial_options": ticked} if ticked else {})}
    choices = choices_of(field, sheet)
    if choices:
        return element | _select(field, choices, str(found), say, needed=needed)
    if field.kind == "day":
        return element | {"type": "datepicker", **({"initial_date": found} if _is_day(str(found)) else {})}
    return element | _text(field, str(found))


def choices_of(field: Field, sheet: Sheet) -> Sequence[str]:
    """What may be chosen; empty for a question that is answered in writing."""
    if field.kind == "flag":
        return ("yes", "no")
    return (field.options or sheet.options.get(field.name, ())) if field.kind == "choice" else ()


def _select(field: Field, choices: Sequence[str], found: str, say: Words, *, needed: bool) -> Block:
    options = [option(one, _option_word(field, one, say)) for one in choices[: _MOST_OPTIONS - 1]]
    if not needed:
        options.append(option(UNSET, say.topic("application", "label")["unset"]))
    chosen = next((one for one in options if one["value"] == found), None)
    kind = "radio_buttons" if field.name == "payment_mode" else "static_select"
    return {"type": kind, "options": options, **({"initial_option": chosen} if chosen else {})}


def _option_word(field: Field, value: str, say: Words) -> str:
    key = f"flag.{value}" if field.kind == "flag" else f"{word_key(field.name)}.{value}"
    return str(say.topic("application", "option").get(key, value))


def _text(field: Field, found: str) -> Block:
    longest = _LENGTH.get(field.kind, field.most)
    return {
        "type": "plain_text_input", "max_length": longest, "multiline": field.kind == "long",
        "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
        **({"initial_value": found[:longest]} if found else {}),
    }  # fmt: skip


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def clash_input(clash: Clash, sheet: Sheet, say: Words) -> Block:
    """The question who somebody is that is like the one applying."""
    asked = say.say("application", f"ask_{clash.kind}", name=plain_line(clash.name, 80), id=clash.customer_id)
    answers: dict[str, tuple[Answer, ...]] = {"prospect": ("same",), "group": ("member", "different")}
    words = say.topic("application", "option")
    options = [option(one, str(words[f"clash.{one}"])) for one in answers.get(clash.kind, ("different",))]
    said = sheet.filled.answers.get(clash.key)
    chosen = next((one for one in options if one["value"] == said), None)
    element: Block = {"type": "radio_buttons", "action_id": f"{TYPED}{CLASH}", "options": options}
    block: Block = {
        "type": "input", "block_id": f"{CLASH}{clash.key}", "label": _plain(asked),
        "element": element | ({"initial_option": chosen} if chosen else {}),
    }  # fmt: skip
    return block | ({"hint": _plain(say.say("application", "ask_name_hint"))} if clash.kind == "name" else {})


def option(value: str, text: str) -> Block:
    """One choice of a list."""
    return {"text": {"type": "plain_text", "text": plain_line(text, _OPTION)}, "value": value[:_OPTION]}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": cut(text, 2000)}
