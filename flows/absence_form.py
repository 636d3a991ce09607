"""The window in which somebody says that he is away, and the list of what is given: from /credit, Home or a button."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from approvals.delegation import Delegation, enters_for_others, may_stand_for, rank, signs
from approvals.errors import DelegationError
from approvals.people import Person, Role
from approvals.posts import ladder
from flows.absence import Wanted, delegate, end_delegation, may_end
from flows.access import Reader
from flows.approval import Event
from flows.desk import Desk
from flows.routing import record_of
from scoring.errors import DeskError
from texts.absence_modal import AbsenceSheet, AbsentLine, Named, absence_modal, home_blocks, refused_modal
from texts.blocks import Block
from texts.messages import error_sentence

View = dict[str, Any]
_AT: Mapping[str, str] = {
    "delegation_self": "to", "delegation_lower": "to", "delegation_onward": "to", "delegation_nobody": "to",
    "delegation_maker": "to", "delegation_over": "ends", "delegation_too_long": "ends", "delegation_past": "starts",
    "delegation_twice": "starts", "delegation_reason": "reason", "delegation_no_turn": "whose",
    "delegation_not_yours": "whose",
}  # fmt: skip
"""At which question a refusal stands; where it is not asked, at the next one."""
_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What follows from a window that was sent: errors at its questions, or what is shown in its place."""

    errors: Mapping[str, str] = field(default_factory=dict)
    view: View | None = None


def absence_of(desk: Desk, reader: Reader) -> View:
    """What is given and taken, and the questions for whoever has a turn to give away or may enter one for others."""
    return absence_modal(reader.lang, sheet_of(desk, reader))


def sent(desk: Desk, reader: Reader, state: Mapping[str, object], event: Event) -> Sent:
    """Read, checked, recorded; what is wrong stands at its question."""
    sheet = sheet_of(desk, reader)
    days: dict[str, date] = {}
    errors: dict[str, str] = {}
    for name in ("starts", "ends"):
        try:
            days[name] = date.fromisoformat(str(state.get(name) or ""))
        except ValueError:
            errors[name] = error_sentence(reader.lang, DelegationError("delegation_day"))
    if errors:
        return Sent(errors=errors)
    wanted = Wanted(
        whose=str(state.get("whose") or ""), to=str(state.get("to") or ""), starts_on=days["starts"],
        ends_on=days["ends"], reason=str(state.get("reason") or "")[:_LONGEST_REASON],
    )  # fmt: skip
    try:
        made = delegate(desk, reader, wanted, f"{event.key}:{event.digest[:16]}", event.digest)
    except DelegationError as refusal:
        at = _AT.get(refusal.code, "to")
        at = "to" if at == "whose" and not sheet.givers else at
        return Sent(errors={at: error_sentence(reader.lang, refusal)})
    line = _line(desk, made, reader.person)
    return Sent(view=absence_modal(reader.lang, sheet_of(desk, reader), made=line))


def ended(desk: Desk, reader: Reader, delegation_id: str, event: Event) -> Delegation:
    """A delegation that ends now, by a button; DeskError says why not."""
    return end_delegation(desk, reader, delegation_id, event.key, event.digest)


def after_end(desk: Desk, reader: Reader, over: Delegation) -> View:
    """The window once more, with what has just ended."""
    return absence_modal(reader.lang, sheet_of(desk, reader), over=_line(desk, over, reader.person))


def refused_view(lang: str, problem: DeskError) -> View:
    """Why not, in a window."""
    return refused_modal(lang, problem)


def absence_home(desk: Desk, reader: Reader) -> list[Block]:
    """The way in on App Home, and what is given; nothing for whoever has neither."""
    if desk.record is None or reader.person is None or reader.outsider:
        return []
    return home_blocks(reader.lang, sheet_of(desk, reader))


def sheet_of(desk: Desk, reader: Reader) -> AbsenceSheet:
    """Everything that the window may say to this reader."""
    person, today = reader.person, desk.today()
    bound = desk.policy.authority.delegation_days
    if person is None or reader.outsider:
        return AbsenceSheet(today=today, days=bound)
    enters, mine = enters_for_others(person), signs(person, desk.policy)
    known = [one for one in record_of(desk).delegations_since(today) if one.ended_at is None and may_end(one, person)]
    everybody = [one for one in desk.people.people if signs(one, desk.policy)]
    takers = [
        one for one in everybody
        if one.slack and one.id != person.id and (enters or may_stand_for(person, one, desk.policy))
    ]  # fmt: skip
    return AbsenceSheet(
        today=today,
        days=bound,
        lines=tuple(_line(desk, one, person) for one in sorted(known, key=lambda one: (one.starts_on, one.id))),
        takers=tuple(_named(desk, one) for one in takers) if enters or mine else (),
        givers=tuple(_named(desk, one) for one in everybody) if enters else (),
        me=person.id if mine else "",
    )


def _line(desk: Desk, one: Delegation, reader: Person | None) -> AbsentLine:
    names = {person.id: person.name for person in desk.people.people}
    by = one.ended_by or one.made_by
    return AbsentLine(
        id=one.id, giver=names.get(one.from_person, one.from_person), taker=names.get(one.to_person, one.to_person),
        starts_on=one.starts_on, ends_on=one.ends_on, reason=one.reason,
        maker="" if by == one.from_person else names.get(by, by),
        mine=reader is not None and reader.id == one.from_person,
    )  # fmt: skip


def _named(desk: Desk, person: Person) -> Named:
    """Somebody with the highest post that he holds, or what he signs as beside the ladder."""
    place = rank(person, desk.policy)
    beside: tuple[Role, ...] = tuple(one.role for one in person.held if one.role not in ladder(desk.policy))
    role = ladder(desk.policy)[place] if place >= 0 else next(one for one in beside if one != "sales")
    return Named(id=person.id, name=person.name, role=role)
