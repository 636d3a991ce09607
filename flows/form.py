"""The application form, turn by turn: what was typed is kept, a step is checked, the next one is shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from approvals.application_draft import Answer, Filled
from approvals.application_fields import Step, fields_of
from approvals.application_parse import FieldError, Raw
from approvals.prospect import Clash
from flows.access import Reader
from flows.apply import Submitted
from flows.desk import Desk
from flows.drafts import FormError, draft_of, filled_in, keep, kept, step_of
from flows.form_checks import check_step, settled
from flows.form_sheet import sheet_of, shown
from scoring.errors import DeskError
from texts.application_errors import clash_text, field_errors, refusal_text
from texts.application_form import step_view
from texts.application_inputs import CLASH, TYPED, UNSET
from texts.application_lists import refused_view, told, told_view
from texts.blocks import Message
from texts.render import words

__all__ = [
    "CLASH_BLOCK", "TYPED_ACTION", "UNSET_CHOICE", "FormError", "Submit", "Turn", "View",
]  # fmt: skip
View = dict[str, Any]
TYPED_ACTION, CLASH_BLOCK, UNSET_CHOICE = TYPED, CLASH, UNSET
"""How the form's questions are told from other elements, and the choice that takes a choice back."""
Submit = Callable[[Desk, Reader, str, str], Submitted]
"""(desk, reader, draft id, key of the event): files the request of a draft, once per event."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What follows from a submitted step: another view, or errors by block."""

    view: View | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


def typed(
    desk: Desk,
    reader: Reader,
    draft_id: str,
    step: Step,
    state: Mapping[str, Raw],
    answers: Mapping[str, Answer],
    *,
    redraw: bool = True,
) -> View | None:
    """Keep what stands in a step that is still being filled in; the step as it looks now, if it is to be drawn again.

    None also when the draft has gone on to another step: what comes late changes nothing.
    """
    draft = draft_of(desk, reader, draft_id)
    if step_of(draft) != step:
        return None
    draft = kept(desk, draft, step=step, state=state, answers=answers)
    if not redraw:
        return None
    asks = check_step(desk, reader, filled_in(draft), step).asks if answers else ()
    return shown(desk, reader, draft, step, clashes=asks)


def submitted(
    desk: Desk, reader: Reader, draft_id: str, step: Step, state: Mapping[str, Raw], answers: Mapping[str, Answer]
) -> Turn:
    """A step that somebody wants to leave: errors at its fields, a question about a likeness, or the next step."""
    draft = kept(desk, draft_of(desk, reader, draft_id), step=step, state=state, answers=answers)
    filled = filled_in(draft)
    check = check_step(desk, reader, filled, step)
    if check.errors:
        return Turn(errors=field_errors(reader.lang, check.errors))
    if check.stops:
        return Turn(errors=_stopped(reader.lang, check.stops, filled))
    if check.open:
        return Turn(view=shown(desk, reader, draft, step, clashes=check.asks))
    filled = settled(desk, filled, step, check.asks)
    to = filled.after(step)
    draft = keep(desk, replace(draft, form=filled.model_dump(mode="json"), step=to))
    return Turn(view=step_view(reader.lang, sheet_of(desk, reader, draft, to, before=check.values)))


def moved(
    desk: Desk, reader: Reader, draft_id: str, step: Step, state: Mapping[str, Raw], to: Step | None = None
) -> View:
    """To another step, or one back, with everything kept and nothing checked."""
    draft = draft_of(desk, reader, draft_id)
    steps = filled_in(draft).steps
    place = steps.index(step) if step in steps else 0
    target = to if to in steps else steps[max(0, place - 1)]
    return shown(desk, reader, kept(desk, draft, step=step, state=state, to=target), target)


def saved(desk: Desk, reader: Reader, draft_id: str, step: Step, state: Mapping[str, Raw]) -> View:
    """Put aside for later."""
    draft = kept(desk, draft_of(desk, reader, draft_id), step=step, state=state)
    name = filled_in(draft).typed.get("name") or words(reader.lang).topic("application", "label")["unnamed"]
    return told_view(reader.lang, "kept", name=name)


def refusal(lang: str, problem: DeskError) -> View:
    """A refusal in place of the form."""
    return refused_view(lang, problem)


def told_message(lang: str, code: str) -> Message:
    """A sentence outside of the form."""
    return told(lang, code)


def refused_at(lang: str, step: Step, problem: DeskError) -> dict[str, str]:
    """The same at the first field of a step, so that nothing typed goes from the screen."""
    return {fields_of(step)[0].name: refusal_text(lang, problem)}


def _stopped(lang: str, stops: tuple[Clash, ...], filled: Filled) -> dict[str, str]:
    """At the field by which he was found."""
    first = stops[0]
    at = "uscc" if first.kind == "uscc" and "uscc" in filled.typed else "name"
    return field_errors(lang, {at: FieldError("clash_stops", why=clash_text(lang, first))})
