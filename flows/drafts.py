"""Drafts of applications: begun, kept after every step and every key, found again by their owner alone."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from approvals.adjustment import Adjustment, adjustments_of
from approvals.application import Attachment, from_json
from approvals.application_draft import Answer, Filled, filled_of
from approvals.application_fields import CREDIT_STEPS, Step
from approvals.application_parse import Raw
from approvals.people import Person, Role
from approvals.request import Request
from approvals.transitions import ASKED_AGAIN
from flows.access import Reader
from flows.decide import may_know
from flows.desk import Desk
from flows.request_acts import open_step, said_for_good
from scoring.errors import DeskError
from storage.record import Draft, Filed, Record

KIND = "open_account"
APPLICANTS: frozenset[Role] = frozenset({
    "sales", "sales_manager", "dept_deputy_gm", "dept_gm", "responsible_vp", "customer_admin",
})  # fmt: skip
"""Roles that may ask for a line."""
MOST_DRAFTS = 50
"""Of one person; beyond it the oldest makes room."""


class FormError(DeskError):
    """The form cannot be shown or taken; `code` is a sentence of texts/*/application.j2."""


def applicant(desk: Desk, reader: Reader) -> tuple[Record, Person]:
    """The record and who is asking; FormError for whoever may not ask for a line, or where nothing is recorded."""
    if desk.record is None:
        raise FormError("only_here")
    if reader.person is None or not may_apply(desk, reader):
        raise FormError("no_role")
    return desk.record, reader.person


def may_apply(desk: Desk, reader: Reader) -> bool:
    """Whether somebody may ask for a line here."""
    person = reader.person
    if desk.record is None or reader.outsider or person is None:
        return False
    return any(grant.role in APPLICANTS for grant in person.held)


def begin(desk: Desk, reader: Reader, filled: Filled | None = None) -> Draft:
    """A new draft at its first step."""
    record, person = applicant(desk, reader)
    draft = Draft(
        id=secrets.token_hex(12), person=person.id, account=reader.account, kind=KIND,
        form=_form(filled or Filled()), step="who", changed_at=desk.clock(),
    )  # fmt: skip
    with record.begin() as writing:
        for old in record.drafts(person.id)[MOST_DRAFTS - 1 :]:
            writing.drop_draft(old.id)
        writing.keep_draft(draft)
    return draft


def mine(desk: Desk, reader: Reader) -> list[Draft]:
    """Drafts that somebody has typed something into, newest first."""
    record, person = applicant(desk, reader)
    return [draft for draft in record.drafts(person.id) if draft.kind == KIND and filled_in(draft).typed]


def draft_of(desk: Desk, reader: Reader, draft_id: str) -> Draft:
    """One's own draft. FormError when it is gone; when it is somebody else's, that is put on record too."""
    record, person = applicant(desk, reader)
    draft = record.draft(draft_id)
    if draft is None or draft.kind != KIND:
        raise FormError("draft_gone")
    if draft.person != person.id:
        with record.begin() as writing:
            writing.audit("", "refused", person.id, {"code": "draft_not_yours", "draft": draft_id})
        raise FormError("draft_not_yours")
    return draft


def filled_in(draft: Draft) -> Filled:
    """What stands in a draft."""
    return Filled.model_validate(draft.form)


def step_of(draft: Draft) -> Step:
    """Where a draft stands; at its beginning when the form has no such step any more."""
    steps = filled_in(draft).steps
    return next((step for step in CREDIT_STEPS if step == draft.step and step in steps), "who")


def kept(
    desk: Desk,
    draft: Draft,
    *,
    step: Step,
    state: Mapping[str, Raw] | None = None,
    answers: Mapping[str, Answer] | None = None,
    attachments: tuple[Attachment, ...] | None = None,
    to: Step | None = None,
) -> Draft:
    """Keep what stands in one step, and go to another; the draft as it is now."""
    filled = filled_in(draft)
    if state is not None:
        filled = filled.with_step(step, state)
    changes: dict[str, Any] = {}
    if answers:
        changes["answers"] = {**filled.answers, **answers}
    if attachments is not None:
        changes["attachments"] = attachments
    changed = filled.model_copy(update=changes) if changes else filled
    return keep(desk, replace(draft, form=_form(changed), step=to or step))


def keep(desk: Desk, draft: Draft) -> Draft:
    """Keep a draft as it is, from now."""
    if desk.record is None:
        raise FormError("only_here")
    now = replace(draft, changed_at=desk.clock())
    with desk.record.begin() as writing:
        writing.keep_draft(now)
    return now


def discard(desk: Desk, reader: Reader, draft_id: str) -> None:
    """Forget one's own draft."""
    draft = draft_of(desk, reader, draft_id)
    if desk.record is not None:
        with desk.record.begin() as writing:
            writing.drop_draft(draft.id)


def from_request(desk: Desk, reader: Reader, request_no: str) -> Draft:
    """A draft of a request: one's own that came back or is over without a line, or one that waits for one's vouching.

    Whoever opens it twice finds what he began the first time.
    """
    record, person = applicant(desk, reader)
    filed = record.request(request_no)
    if filed is None or not may_know(filed.request, person):
        raise FormError("draft_gone")
    if not _may_reopen(desk, filed, person):
        raise FormError("form_closed", number=request_no)
    for draft in record.drafts(person.id):
        known = filled_in(draft)
        if request_no not in {known.request_no, known.reopens}:
            continue
        if known.round in {0, filed.request.round}:
            return keep(desk, replace(draft, form=_form(_named(known, filed.request))))
        # what was begun on an earlier round would undo what the request says since
        with record.begin() as writing:
            writing.drop_draft(draft.id)
    return begin(desk, reader, _again(filed))


def _may_reopen(desk: Desk, filed: Filed, person: Person) -> bool:
    """The applicant while it is not under way; whoever may vouch for it while that is asked."""
    request = filed.request
    if request.state == "returned":
        return request.applicant == person.id
    if request.state in ASKED_AGAIN:
        return request.applicant == person.id and (request.state != "rejected" or said_for_good(desk, request))
    step = open_step(desk, request, person)
    return step is not None and step.kind == "vouch"


def applicant_of(desk: Desk, request_no: str) -> Person | None:
    """Who filed a request; None for one that nobody has filed yet."""
    filed = desk.record.request(request_no) if desk.record is not None and request_no else None
    return None if filed is None else person_of(desk, filed.request.applicant)


def kept_adjustments(desk: Desk, request_no: str) -> tuple[Adjustment, ...]:
    """What experts decided about the score of the request that a form belongs to."""
    filed = desk.record.request(request_no) if desk.record is not None and request_no else None
    return () if filed is None else adjustments_of(filed.request)


def person_of(desk: Desk, person_id: str) -> Person | None:
    """The person of an id; None when he is no longer among the people."""
    return next((one for one in desk.people.people if one.id == person_id), None)


def _again(filed: Filed) -> Filled:
    return _named(filled_of(from_json(filed.form)).model_copy(update={"round": filed.request.round}), filed.request)


def _named(filled: Filled, request: Request) -> Filled:
    """With the request that it goes on with, or, once that is over, asks for again."""
    number, over = request.request_no, request.over
    return filled.model_copy(update={"request_no": "" if over else number, "reopens": number if over else ""})


def _form(filled: Filled) -> dict[str, Any]:
    return filled.model_dump(mode="json")
