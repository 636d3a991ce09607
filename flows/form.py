"""The application form, turn by turn: what was typed is kept, a step is checked, the next one is shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from approvals.application import Application, Attachment, FileKind
from approvals.application_draft import Answer, Filled, application_of
from approvals.application_fields import Step, fields_of
from approvals.application_parse import FieldError, Raw
from approvals.attachments import Fetched, FileError, checked
from approvals.prospect import Clash
from flows.access import Reader
from flows.apply import Submitted, propose_for
from flows.desk import Desk
from flows.drafts import (
    FormError,
    applicant_of,
    begin,
    discard,
    draft_of,
    filled_in,
    from_request,
    keep,
    kept,
    mine,
    person_of,
    step_of,
)
from flows.form_checks import check_step, settled
from flows.form_sheet import sheet_of
from flows.routing import route_for
from scoring.errors import DeskError
from storage.record import Draft
from texts.application_form import (
    clash_text,
    drafts_view,
    error_text,
    fetching_view,
    field_errors,
    refusal_text,
    refused_view,
    route_view,
    step_view,
    told,
    told_view,
)
from texts.application_inputs import CLASH, TYPED, UNSET
from texts.application_sheet import DraftLine, RouteStop
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


def opened(desk: Desk, reader: Reader, *, name: str = "", uscc: str = "") -> View:
    """The form: first what was begun before, unless a name says that it is about somebody new."""
    drafts = [] if name else mine(desk, reader)
    return _list_of(desk, reader, drafts) if drafts else fresh(desk, reader, name=name, uscc=uscc)


def fresh(desk: Desk, reader: Reader, *, name: str = "", uscc: str = "") -> View:
    """The first step of a new draft."""
    typed = {key: text for key, text in (("name", name), ("uscc", uscc)) if text}
    return _shown(desk, reader, begin(desk, reader, Filled(typed=typed)), "who")


def continued(desk: Desk, reader: Reader, draft_id: str) -> View:
    """A draft where it was left."""
    draft = draft_of(desk, reader, draft_id)
    return _shown(desk, reader, draft, step_of(draft))


def resumed(desk: Desk, reader: Reader, request_no: str) -> View:
    """The form of one's own request that came back or was rejected."""
    draft = from_request(desk, reader, request_no)
    return _shown(desk, reader, draft, step_of(draft))


def discarded(desk: Desk, reader: Reader, draft_id: str) -> View:
    """The list without one of its drafts."""
    discard(desk, reader, draft_id)
    drafts = mine(desk, reader)
    return _list_of(desk, reader, drafts) if drafts else told_view(reader.lang, "discarded")


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
    return _shown(desk, reader, draft, step, clashes=asks)


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
        return Turn(view=_shown(desk, reader, draft, step, clashes=check.asks))
    filled = settled(desk, filled, step, check.asks)
    to = after(filled, step)
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
    return _shown(desk, reader, kept(desk, draft, step=step, state=state, to=target), target)


def saved(desk: Desk, reader: Reader, draft_id: str, step: Step, state: Mapping[str, Raw]) -> View:
    """Put aside for later."""
    draft = kept(desk, draft_of(desk, reader, draft_id), step=step, state=state)
    name = filled_in(draft).typed.get("name") or words(reader.lang).topic("application", "label")["unnamed"]
    return told_view(reader.lang, "kept", name=name)


def fetching(desk: Desk, reader: Reader, draft_id: str) -> View:
    """Shown while the files of a draft are looked at."""
    return fetching_view(reader.lang, draft_of(desk, reader, draft_id).id)


def files_taken(desk: Desk, reader: Reader, draft_id: str, found: Mapping[FileKind, list[Fetched | FileError]]) -> Turn:
    """Uploads, told by their content: kept in place of older ones of their kind, or errors at their fields."""
    draft = draft_of(desk, reader, draft_id)
    taken: dict[FileKind, list[Attachment]] = {}
    errors: dict[str, str] = {}
    for kind, files in found.items():
        for one in files:
            try:
                if isinstance(one, FileError):
                    raise one
                taken.setdefault(kind, []).append(checked(one, kind))
            except FileError as wrong:
                errors.setdefault(f"files.{kind}", error_text(reader.lang, wrong))
    if errors:
        return Turn(errors=errors)
    if desk.files is not None:
        for files in found.values():
            for one in files:
                if isinstance(one, Fetched):
                    desk.files.keep(one.content)
    old = tuple(one for one in filled_in(draft).attachments if one.kind not in taken)
    every = (*old, *(one for files in taken.values() for one in files))
    to = after(filled_in(draft), "files")
    draft = kept(desk, draft, step="files", attachments=every, to=to)
    return Turn(view=_shown(desk, reader, draft, to))


def files_refused(desk: Desk, reader: Reader, draft_id: str, errors: Mapping[str, str]) -> View:
    """The files step with what is wrong above it: for what came out after it was left."""
    draft = draft_of(desk, reader, draft_id)
    return _shown(desk, reader, draft, "files", problem="\n".join(errors.values()))


def file_error(lang: str, wrong: FileError) -> str:
    """What stands at the field of a file that is not taken."""
    return error_text(lang, wrong)


def refusal(lang: str, problem: DeskError) -> View:
    """A refusal in place of the form."""
    return refused_view(lang, problem)


def told_message(lang: str, code: str) -> Message:
    """A sentence outside of the form."""
    return told(lang, code)


def refused_at(lang: str, step: Step, problem: DeskError) -> dict[str, str]:
    """The same at the first field of a step, so that nothing typed goes from the screen."""
    return {fields_of(step)[0].name: refusal_text(lang, problem)}


def routed(desk: Desk, reader: Reader, draft_id: str) -> View:
    """Who would sign, before anything is sent; or why nobody could be asked."""
    draft = draft_of(desk, reader, draft_id)
    filled, person = filled_in(draft), reader.person
    if person is None:
        raise FormError("no_role")
    prospect = propose_for(desk, application_of(filled, today=desk.today()), on=desk.on())
    found = route_for(desk, prospect, applicant_of(desk, filled.request_no) or person, request_no=filled.request_no)
    stops = [
        RouteStop(
            kind=step.kind,
            role=step.role,
            names=tuple(_name(desk, one) for one in step.people),
            mode=step.mode,
            decides=step.decides,
            passed_up=step.passed_up,
        )
        for step in found.steps
    ]
    return route_view(reader.lang, stops, found.higher)


def sent(desk: Desk, reader: Reader, draft_id: str, event_key: str, submit: Submit | None) -> Turn:
    """The last step: the request is filed, or the applicant reads what is still in the way."""
    draft = draft_of(desk, reader, draft_id)
    whole = complete(desk, reader, draft)
    if isinstance(whole, dict):
        return Turn(view=whole)
    if submit is None:
        return Turn(errors=refused_at(reader.lang, "review", FormError("only_here")))
    done = submit(desk, reader, draft.id, event_key)
    if done.request is not None:
        number = done.request.request_no
        return Turn(view=told_view(reader.lang, "submitted", number=number, name=done.request.name))
    problem = done.refusal or DeskError("request_not_filed")
    return Turn(errors=refused_at(reader.lang, "review", problem))


def complete(desk: Desk, reader: Reader, draft: Draft) -> Application | View:
    """The application of a draft with nothing wrong in it; else the first step that has to be seen to."""
    filled = filled_in(draft)
    for step in filled.steps:
        check = check_step(desk, reader, filled, step)
        if check.passed:
            continue
        draft = keep(desk, replace(draft, step=step))
        said = [error_text(reader.lang, wrong) for wrong in check.errors.values()]
        said += [clash_text(reader.lang, one) for one in check.stops]
        return _shown(desk, reader, draft, step, clashes=check.asks, problem=" ".join(dict.fromkeys(said)))
    return application_of(filled, today=desk.today())


def after(filled: Filled, step: Step) -> Step:
    """The step that follows."""
    steps = filled.steps
    return steps[min(steps.index(step) + 1, len(steps) - 1)] if step in steps else steps[-1]


def _shown(
    desk: Desk, reader: Reader, draft: Draft, step: Step, *, clashes: tuple[Clash, ...] = (), problem: str = ""
) -> View:
    return step_view(reader.lang, sheet_of(desk, reader, draft, step, clashes=clashes, problem=problem))


def _name(desk: Desk, person_id: str) -> str:
    person = person_of(desk, person_id)
    return person.name if person else person_id


def _list_of(desk: Desk, reader: Reader, drafts: list[Draft]) -> View:
    lines = [
        DraftLine(
            draft_id=draft.id,
            name=str(filled_in(draft).typed.get("name", "")),
            step=step_of(draft),
            changed_at=desk.local(draft.changed_at) or draft.changed_at,
        )
        for draft in drafts
    ]
    return drafts_view(reader.lang, lines)


def _stopped(lang: str, stops: tuple[Clash, ...], filled: Filled) -> dict[str, str]:
    """At the field by which he was found."""
    first = stops[0]
    at = "uscc" if first.kind == "uscc" and "uscc" in filled.typed else "name"
    return field_errors(lang, {at: FieldError("clash_stops", why=clash_text(lang, first))})
