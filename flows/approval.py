"""Buttons and modals of a decision card: opened with what stands now, read, and put to `flows.decide`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from approvals.advance import advance
from approvals.application_parse import Raw
from approvals.steps import Act
from approvals.transitions import leads_to
from approvals.turns import Actor
from approvals.whose import turn
from flows.access import Reader
from flows.adjust import Adjust, adjust, check_may
from flows.approval_read import Reading, confirms, read
from flows.attachments import fetch
from flows.decide import FRESH, Click, Decided, known_to
from flows.desk import Desk
from flows.form import View
from flows.form_ways import resumed
from flows.request_acts import act_of, delegations_of, may_take_over, open_step
from flows.request_view import Seat, sheet_of
from flows.routing import record_of
from flows.setting import setting_of
from scoring.errors import DeskError
from storage.record import Filed
from texts.blocks import Message
from texts.cards import Setting
from texts.formats import harmless
from texts.request_card import request_card_blocks, value_of
from texts.request_file import request_file
from texts.request_lists import done_message, request_sentence, see_worse
from texts.request_mine import applicant_card
from texts.request_modals import Ask, answer_modal, ask_modal, sheet_modal
from texts.request_refusal import refusal_message, refusal_sentence
from texts.request_sheet import RequestSheet

Decide = Callable[[Desk, Reader, Click], Decided]
Asking = Ask
Plain = Literal["approve", "vouch", "recommend", "take_back", "withdraw"]
"""Acts of a single click."""
ASKS: tuple[Ask, ...] = get_args(Ask)
"""Everything that a modal can be sent for."""
_AT: Mapping[str, str] = {
    "above_grade_limit": "limit", "above_policy_amount": "limit", "beyond_authority": "limit", "terms_empty": "limit",
    "no_line_for_grade": "limit", "above_cosigned": "limit", "terms_differ": "limit", "above_grade_days": "days",
    "above_policy_days": "days", "terms_past": "valid_until", "terms_deposit": "deposit", "reason_missing": "words",
    "adjustment_points": "points", "adjustment_until": "until", "adjustment_reason": "reason",
    "above_proposal_needs_reason": "reason", "hand_on_nobody": "to", "hand_on_lower": "to", "hand_on_signed": "to",
}  # fmt: skip
"""At which question a refusal stands; the others take the modal's place."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a button or modal is about: nothing in it is believed but that it was clicked."""

    request_no: str
    version: int


@dataclass(frozen=True, slots=True)
class Event:
    """One delivery of one click: what tells it from all others, and a digest of what it said."""

    key: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a click brings about: a modal, with a message where none can be opened; or a message alone."""

    view: View | None = None
    message: Message | None = None
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What follows from a modal that was sent: errors at its questions, another view in its place, or its end."""

    errors: Mapping[str, str] = field(default_factory=dict)
    view: View | None = None


def pressed(desk: Desk, reader: Reader, place: Place, act: Plain, event: Event, decide: Decide) -> Shown:
    """A button that acts at once: as proposed, with nothing to fill in."""
    done = decide(desk, reader, _click(place, act, event))
    if done.refusal is not None:
        return Shown(message=_refused(desk, reader, done.refusal))
    if done.worse and done.request is not None:
        filed = _filed(desk, reader, place.request_no)
        sheet = _sheet(desk, reader, filed)
        return Shown(view=_worse_modal(reader, sheet, act), message=see_worse(reader.lang, sheet))
    return Shown(message=done_message(reader.lang, _done_code(done, act), seconds=_undo(desk), to=""), done=done.done)


def _done_code(done: Decided, act: Act) -> str:
    pending = done.request is not None and done.request.state == "pending"
    return "cosign" if act == "approve" and pending else act


def confirming(desk: Desk, reader: Reader, place: Place) -> View:
    """What got worse, once more, from the button of a message."""
    filed = _filed(desk, reader, place.request_no)
    return _worse_modal(reader, _sheet(desk, reader, filed), act_of(open_step(desk, filed.request, reader.person)))


def _worse_modal(reader: Reader, sheet: RequestSheet, act: Act) -> View:
    kind: Ask = "vouch" if act == "vouch" else "recommend" if act == "recommend" else "approve"
    return ask_modal(kind, sheet, reader.lang, confirm=confirms(sheet, None, reader.lang, deciding=True))


def opened(desk: Desk, reader: Reader, place: Place, kind: Ask) -> View:
    """The modal of an act, or the sentence why it cannot be opened."""
    filed = _filed(desk, reader, place.request_no)
    act = _act(desk, filed, reader, kind)
    _try(desk, reader, filed, act)
    sheet = _sheet(desk, reader, filed)
    people = []
    if kind == "hand_on":
        people = _to_whom(desk, reader, filed)
        if not people:
            raise DeskError("hand_on_nobody", request_no=filed.request.request_no)
    confirm = confirms(sheet, None, reader.lang, deciding=True) if act in FRESH else []
    return ask_modal(kind, sheet, reader.lang, people=people, confirm=confirm)


def submitted(
    desk: Desk, reader: Reader, place: Place, kind: Ask, state: Mapping[str, Raw], event: Event, decide: Decide
) -> Answer:
    """A modal that was sent: read, confirmed where it has to be, decided."""
    filed = _filed(desk, reader, place.request_no)
    act, sheet = _act(desk, filed, reader, kind), _sheet(desk, reader, filed)
    found = read(kind, state, sheet, reader.lang, today=desk.today())
    if kind == "adjust":
        return _adjusted(desk, reader, place, found, event, sheet)
    if kind == "hand_on" and found.to_person not in {number for _, number in _to_whom(desk, reader, filed)}:
        raise DeskError("hand_on_nobody", request_no=filed.request.request_no)
    if found.errors:
        return Answer(errors=found.errors)
    wanted = confirms(sheet, found.terms, reader.lang, deciding=act == "approve") if act in FRESH else []
    if any(state.get(name) != ("yes",) for name, _ in wanted):
        people = _to_whom(desk, reader, filed) if kind == "hand_on" else []
        return Answer(view=ask_modal(kind, sheet, reader.lang, people=people, confirm=wanted))
    confirmed = tuple(one["code"] for one in sheet.changes if one["severity"] == "red") if act in FRESH else ()
    done = decide(desk, reader, _click(place, act, event, found, filed, confirmed))
    return _answered(desk, reader, done, kind, sheet)


def _adjusted(desk: Desk, reader: Reader, place: Place, found: Reading, event: Event, sheet: RequestSheet) -> Answer:
    if found.errors or found.until is None:
        return Answer(errors=found.errors)
    wanted = Adjust(
        request_no=place.request_no, version=place.version, event_key=event.key, payload_hash=event.digest,
        points=found.points, reason=found.reason, until=found.until,
    )  # fmt: skip
    return _answered(desk, reader, adjust(desk, reader, wanted), "adjust", sheet)


def _answered(desk: Desk, reader: Reader, done: Decided, kind: Ask, sheet: RequestSheet) -> Answer:
    if done.worse:  # worse again between the reading and the decision
        again = _sheet(desk, reader, _filed(desk, reader, sheet.request_no))
        return Answer(
            view=ask_modal(kind, again, reader.lang, confirm=confirms(again, None, reader.lang, deciding=True))
        )
    if done.refusal is None:
        return Answer()
    at = _AT.get(done.refusal.code, "")
    asked = {block["block_id"] for block in ask_modal(kind, sheet, reader.lang)["blocks"] if block["type"] == "input"}
    if at in asked:
        return Answer(
            errors={at: refusal_sentence(reader.lang, done.refusal, names_by_id(desk), desk.policy.base_currency)}
        )
    return Answer(view=answer_modal(reader.lang, _refused(desk, reader, done.refusal)))


def _click(
    place: Place,
    act: Act,
    event: Event,
    found: Reading | None = None,
    filed: Filed | None = None,
    confirmed: tuple[str, ...] = (),
) -> Click:
    to_person = "" if found is None else found.to_person
    if act == "ask" and filed is not None:
        to_person = filed.request.applicant
    return Click(
        request_no=place.request_no, version=place.version, act=act, event_key=event.key, payload_hash=event.digest,
        terms=None if found is None else found.terms, reason="" if found is None else found.reason,
        confirmed=confirmed, to_person=to_person,
    )  # fmt: skip


def _act(desk: Desk, filed: Filed, reader: Reader, kind: Ask) -> Act:
    """What a modal does; other values are decided or recommended, as the step is."""
    if kind == "recommend_up":
        return "recommend"
    return act_of(open_step(desk, filed.request, reader.person)) if kind in {"other", "conditions"} else kind  # type: ignore[return-value]


def _try(desk: Desk, reader: Reader, filed: Filed, act: Act) -> None:
    """DeskError when whoever opens a modal could not send it anyway."""
    request, person, given = filed.request, reader.person, delegations_of(desk)
    if person is None:
        raise DeskError("request_unknown", request_no=request.request_no)
    actor = Actor(person=person, account=reader.account)
    if act == "adjust" and request.state == "pending":
        check_may(desk, filed, person)
        return
    if act == "ask" or not leads_to(request.state, act):
        advance(
            request, act, actor, now=desk.clock(), today=desk.today(), policy=desk.policy, people=desk.people,
            delegations=given, reason="?", to_person=request.applicant,
        )  # fmt: skip
        return
    turn(request, act, actor, policy=desk.policy, people=desk.people, delegations=given, today=desk.today())


# -- looking -------------------------------------------------------------------------------------------------------


def file_of(desk: Desk, reader: Reader, place: Place) -> View:
    """The whole file; for its applicant and whoever has a part in it."""
    filed = _filed(desk, reader, place.request_no)
    view = desk.latest.view
    return request_file(_sheet(desk, reader, filed), reader.lang, Setting() if view is None else setting_of(desk, view))


def fetched(desk: Desk, reader: Reader, place: Place, sha256: str, event: Event) -> Message:
    """A file of the request, on its way to whoever asked for it."""
    found = fetch(desk, reader, place.request_no, sha256, event.key)
    return request_sentence(reader.lang, "done_fetch", name=harmless(found.name, 80))


def card_of(desk: Desk, reader: Reader, place: Place) -> View:
    """The card in a modal: from the queue, one's own list or Home."""
    filed = _filed(desk, reader, place.request_no)
    sheet = _sheet(desk, reader, filed)
    mine = reader.person is not None and filed.request.applicant == reader.person.id
    blocks = applicant_card(sheet, reader.lang)["blocks"] if mine else request_card_blocks(sheet, reader.lang)
    return sheet_modal(reader.lang, "card", blocks, value_of(sheet))


def form_again(desk: Desk, reader: Reader, place: Place) -> View:
    """The form of a request that came back or was refused, filled in as it was."""
    return resumed(desk, reader, place.request_no)


def refusal_view(desk: Desk, reader_lang: str, problem: DeskError) -> View:
    """Why not, as a modal."""
    return answer_modal(
        reader_lang, refusal_message(reader_lang, problem, names_by_id(desk), desk.policy.base_currency)
    )


def message_view(lang: str, message: Message) -> View:
    """A message in a modal's place."""
    return answer_modal(lang, message)


def too_late(lang: str) -> Message:
    """The window could not be opened any more."""
    return request_sentence(lang, "too_late")


def refusal_said(desk: Desk, lang: str, problem: DeskError) -> Message:
    """Why not, as a message."""
    return refusal_message(lang, problem, names_by_id(desk), desk.policy.base_currency)


def _refused(desk: Desk, reader: Reader, problem: DeskError) -> Message:
    return refusal_message(reader.lang, problem, names_by_id(desk), desk.policy.base_currency)


def names_by_id(desk: Desk) -> dict[str, str]:
    """Persons' names by id."""
    return {one.id: one.name for one in desk.people.people}


def _undo(desk: Desk) -> int:
    return desk.policy.workflow.undo_seconds


def _filed(desk: Desk, reader: Reader, request_no: str) -> Filed:
    """The request; one that does not exist and one that is not the reader's business are answered alike."""
    filed, person = record_of(desk).request(request_no), reader.person
    if filed is None or person is None or reader.outsider or not known_to(desk, filed.request, person):
        raise DeskError("request_unknown", request_no=request_no)
    return filed


def _sheet(desk: Desk, reader: Reader, filed: Filed) -> RequestSheet:
    person = reader.person
    mine = person is not None and person.id == filed.request.applicant
    return sheet_of(desk, filed, Seat(person=person, applicant=mine))


def _to_whom(desk: Desk, reader: Reader, filed: Filed) -> list[tuple[str, str]]:
    if reader.person is None:
        return []
    return [(one.name, one.id) for one in may_take_over(desk, filed.request, reader.person)]
