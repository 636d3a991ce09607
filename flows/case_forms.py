"""Modals of cases, read: what was typed becomes a change, or an error at its question."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import get_args

from approvals.application_parse import Raw
from approvals.case_acts import CaseChange
from approvals.cases import CaseAct, CaseKind, Evidence, Severity, Source
from flows.access import Reader
from flows.approval import Answer, Event
from flows.case_start import opening_of
from flows.case_view import case_sheet
from flows.cases import CasePlace, Opening, act_on_case, case_of, open_case, owners_of, seen_customer
from flows.desk import Desk
from flows.form import View
from scoring.errors import DeskError
from scoring.money import AmountError, parse_amount
from texts.blocks import Message
from texts.case_modals import act_modal, card_modal, case_error, case_refused, told_modal
from texts.messages import error_sentence

Fields = Mapping[str, Raw]
_AT: Mapping[str, str] = {
    "case_owner_unfit": "owner", "case_nothing_changed": "severity",
    "case_amount": "amount", "case_whom": "customer", "case_other_customer": "customer",
}  # fmt: skip
"""At which question a refusal stands; the others take the modal's place."""


def case_modal(desk: Desk, reader: Reader, place: CasePlace, act: CaseAct) -> View:
    """The modal of an act, with the case as it stands now."""
    case = case_of(desk, reader, place.case_id)
    owners = owners_of(desk, seen_customer(desk, reader, case.customer_id)) if act == "change" else []
    sheet = case_sheet(desk, case, reader.person)
    return act_modal(act, sheet, reader.lang, owners=[(one.name, one.id) for one in owners])


def case_shown(desk: Desk, reader: Reader, place: CasePlace) -> View:
    """The card in a modal."""
    return card_modal(case_sheet(desk, case_of(desk, reader, place.case_id), reader.person), reader.lang)


def new_case(desk: Desk, reader: Reader, customer_id: str, source: Source, source_id: str) -> View:
    """The opening modal behind a button."""
    return opening_of(desk, reader, customer_id, source=source, source_id=source_id)


def opening_sent(
    desk: Desk, reader: Reader, customer_id: str, source: Source, source_id: str, fields: Fields, event: Event
) -> Answer:
    """The opening modal was sent: the case, shown in its place."""
    try:
        opening = Opening(
            customer_id=customer_id, kind=kind_in(fields), severity=severity_in(fields), what=words_in(fields, "what"),
            occurred_on=day_in(fields, "occurred_on"), owner=str(fields.get("owner") or ""),
            drill=bool(fields.get("drill")), source=source, source_id=source_id,
        )  # fmt: skip
        case = open_case(desk, reader, opening, event)
    except DeskError as problem:
        return refused(reader.lang, problem, fields)
    return Answer(view=card_modal(case_sheet(desk, case, reader.person), reader.lang))


def act_sent(desk: Desk, reader: Reader, place: CasePlace, act: CaseAct, fields: Fields, event: Event) -> Answer:
    """The modal of an act was sent: the case as it stands then."""
    try:
        case = act_on_case(desk, reader, place, change_in(desk, reader, act, fields), event)
    except DeskError as problem:
        return refused(reader.lang, problem, fields)
    return Answer(view=card_modal(case_sheet(desk, case, reader.person), reader.lang))


def ticked(desk: Desk, reader: Reader, place: CasePlace, step: str, event: Event) -> Message | None:
    """A step of the checklist was seen to; why not, where that is so."""
    try:
        act_on_case(desk, reader, place, CaseChange(act="tick", step=step), event)
    except DeskError as problem:
        return case_refused(reader.lang, problem)
    return None


def change_in(desk: Desk, reader: Reader, act: CaseAct, fields: Fields) -> CaseChange:
    """What the modal of an act asks for."""
    if act in {"measure", "effect"}:
        place = str(fields.get("place") or "-1")
        number = int(place) if place.isascii() and place.isdigit() and len(place) < 5 else -1
        return CaseChange(act=act, text=words_in(fields, "text"), place=number)
    if act == "evidence":
        return CaseChange(act=act, evidence=evidence_in(desk, reader, fields))
    if act == "change":
        owner = desk.people.by_id.get(str(fields.get("owner") or ""))
        if owner is None:
            raise DeskError("case_owner_unfit", case_id="", person="")
        return CaseChange(act=act, severity=severity_in(fields), owner=owner)
    if act == "close":
        return CaseChange(act=act, cause=words_in(fields, "cause"), lesson=words_in(fields, "lesson"))
    return CaseChange(act=act)


def evidence_in(desk: Desk, reader: Reader, fields: Fields, *, link: str = "", said_by: str = "") -> Evidence:
    """Evidence as typed: the line, its day, its amount."""
    said_on, typed = day_in(fields, "said_on"), words_in(fields, "amount", missing=False)
    if said_on > desk.today():
        raise DeskError("case_day_future", found=said_on)
    try:
        amount = parse_amount(typed, chat=True, allow_negative=False) if typed else None
    except AmountError:
        raise DeskError("case_amount", found=typed) from None
    by = reader.person.id if reader.person is not None else ""
    return Evidence(
        text=words_in(fields, "text"), said_on=said_on, amount=amount, link=link, said_by=said_by, by=by,
        at=desk.clock(),
    )  # fmt: skip


def words_in(fields: Fields, name: str, *, missing: bool = True) -> str:
    """What was written."""
    text = str(fields.get(name) or "").strip()
    if missing and not text:
        raise DeskError("case_words_missing", case_id="", field=name)
    return text


def day_in(fields: Fields, name: str) -> date:
    """The day that was picked."""
    try:
        return date.fromisoformat(str(fields.get(name) or ""))
    except ValueError:
        raise DeskError("case_words_missing", case_id="", field=name) from None


def kind_in(fields: Fields) -> CaseKind:
    """The kind that was picked."""
    found: CaseKind | None = next((one for one in get_args(CaseKind) if one == fields.get("kind")), None)
    if found is None:
        raise DeskError("case_words_missing", case_id="", field="kind")
    return found


def severity_in(fields: Fields) -> Severity:
    """The colour that was picked."""
    found: Severity | None = next((one for one in get_args(Severity) if one == fields.get("severity")), None)
    if found is None:
        raise DeskError("case_words_missing", case_id="", field="severity")
    return found


def refused(lang: str, problem: DeskError, asked: Collection[str] = ()) -> Answer:
    """At its question, or in the modal's place; `asked` are the questions that the modal has."""
    if problem.code == "case_day_future":
        where = "occurred_on" if "occurred_on" in asked else "said_on"
        return Answer(errors={where: error_sentence(lang, problem)})
    if problem.code == "case_words_missing":
        return Answer(errors={str(problem.facts["field"]): case_error(lang, "missing")})
    at = _AT.get(problem.code, "")
    if at and (not asked or at in asked):
        return Answer(errors={at: error_sentence(lang, problem)})
    return Answer(view=told_modal(lang, case_refused(lang, problem)))


def refusal_view(lang: str, problem: DeskError) -> View:
    """Why not, as a modal."""
    return told_modal(lang, case_refused(lang, problem))


def refusal_said(lang: str, problem: DeskError) -> Message:
    """Why not, as a message."""
    return case_refused(lang, problem)
