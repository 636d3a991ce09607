"""Questions of a modal as Slack takes them; the action of each is its block's id."""

from collections.abc import Sequence

from texts.blocks import Block, cut, option

LONGEST, LABEL, PLACEHOLDER = 3000, 2000, 150


def plain(text: str, length: int = LABEL) -> Block:
    """A text object without markup."""
    return {"type": "plain_text", "text": cut(text, length), "emoji": True}


def field(name: str, label: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    """One question: its label, what answers it, and a word below."""
    made: Block = {
        "type": "input", "block_id": name, "label": plain(label), "element": {**element, "action_id": name},
        "optional": optional,
    }  # fmt: skip
    return {**made, "hint": plain(hint)} if hint else made


def typed(*, initial: str = "", most: int = LONGEST, lines: bool = False) -> Block:
    """Something to be written."""
    made: Block = {"type": "plain_text_input", "multiline": lines, "max_length": most}
    return {**made, "initial_value": initial} if initial else made


def picked(entries: Sequence[tuple[str, str]], *, chosen: str = "") -> Block:
    """One of a list: (text, value), at most a hundred."""
    made: Block = {"type": "static_select", "options": [option(*one) for one in entries[:100]]}
    return _with_initial(made, chosen)


def radio(entries: Sequence[tuple[str, str]], *, chosen: str = "") -> Block:
    """One of a few, all in sight."""
    made: Block = {"type": "radio_buttons", "options": [option(*one) for one in entries[:10]]}
    return _with_initial(made, chosen)


def _with_initial(element: Block, chosen: str) -> Block:
    found = [one for one in element["options"] if one["value"] == chosen]
    return {**element, "initial_option": found[0]} if found else element


def ticks(entries: Sequence[tuple[str, str]], *, ticked: bool = False) -> Block:
    """Any of a few; `ticked` = all of them to begin with."""
    options = [option(*one) for one in entries[:10]]
    made: Block = {"type": "checkboxes", "options": options}
    return {**made, "initial_options": options} if ticked else made


def dated(*, initial: str = "") -> Block:
    """A day."""
    return {"type": "datepicker", "initial_date": initial} if initial else {"type": "datepicker"}
