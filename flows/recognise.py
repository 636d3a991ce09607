"""A chat line: which customer does it speak of?"""

from flows.access import Reader
from flows.desk import Desk, View
from flows.lookup import MAX_TEXT, Outcome, asked, found_inside, is_certain, is_part, look_up, show
from storage.search import Found
from texts.messages import sentence

_SHORT = 24
"""A line so short may be a mistyped name; a longer one is talk about something else."""


def answer_line(desk: Desk, reader: Reader, text: str) -> Outcome:
    """A mention or a direct message: as after /credit, and where that is not certain, whoever is named in it."""
    outcome = look_up(desk, reader, text)
    view, found = desk.latest.view, outcome.found
    unsure = outcome.kind == "too_long" or (found is not None and outcome.answered is None and not is_certain(found))
    if view is None or not unsure or outcome.kind == "later":
        return outcome
    return _mentioned(desk, reader, view, text) or outcome


def recognise(desk: Desk, reader: Reader, text: str) -> Outcome:
    """The one customer named in a message, a question when there are several, a word when there is none."""
    view = desk.latest.view
    if view is None:
        return Outcome("no_copy", sentence(reader.lang, "no_copy"))
    if reader.outsider:
        return Outcome("refused", sentence(reader.lang, "nothing"))
    line = text.strip()
    part, found = line, Found("nearest", ())
    if 0 < len(line) <= MAX_TEXT:
        found = view.search.find(line)
        if not is_certain(found):
            part, inside = found_inside(view, line)
            found = inside if is_certain(inside) or is_part(inside) else found
    if is_certain(found):
        return show(desk, reader, found.hits[0].key, found) if found.kind == "one" else asked(reader, part, found)
    named = _mentioned(desk, reader, view, line)
    if named is not None:
        return named
    if found.kind == "choices" and len(part) <= _SHORT:
        return asked(reader, part, found)
    return Outcome("nearest", sentence(reader.lang, "pick_message"))


def _mentioned(desk: Desk, reader: Reader, view: View, text: str) -> Outcome | None:
    hits = view.search.mentioned(text)
    if not hits:
        return None
    if len(hits) == 1:
        return show(desk, reader, hits[0].key)
    return asked(reader, text[:40], Found("choices", hits))
