"""The last step of the form: who would sign, whether anything is missing, and the request itself."""

from dataclasses import replace

from approvals.application import Application
from approvals.application_draft import application_of
from flows.access import Reader
from flows.apply import propose_for
from flows.desk import Desk
from flows.drafts import FormError, applicant_of, draft_of, filled_in, keep, kept_adjustments, person_of
from flows.form import Submit, Turn, View, refused_at
from flows.form_checks import check_step
from flows.form_sheet import shown
from flows.routing import route_for
from scoring.errors import DeskError
from storage.record import Draft
from texts.application_errors import clash_text, error_text
from texts.application_lists import route_view, told_view
from texts.application_sheet import RouteStop


def routed(desk: Desk, reader: Reader, draft_id: str) -> View:
    """Who would sign, before anything is sent; or why nobody could be asked."""
    draft = draft_of(desk, reader, draft_id)
    filled, person = filled_in(draft), reader.person
    if person is None:
        raise FormError("no_role")
    prospect = propose_for(
        desk,
        application_of(filled, today=desk.today()),
        on=desk.on(),
        adjustments=kept_adjustments(desk, filled.request_no),
    )
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


def _name(desk: Desk, person_id: str) -> str:
    person = person_of(desk, person_id)
    return person.name if person else person_id


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
        code = "vouched" if done.request.signatures and done.request.signatures[-1].act == "vouch" else "submitted"
        return Turn(view=told_view(reader.lang, code, number=number, name=done.request.name))
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
        return shown(desk, reader, draft, step, clashes=check.asks, problem=" ".join(dict.fromkeys(said)))
    return application_of(filled, today=desk.today())
