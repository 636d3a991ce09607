"""Somebody is away: his turn given to another and taken back, on record, told to both, the cards renewed."""

import secrets
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from approvals.delegation import Delegation, check_delegation, enters_for_others, signs
from approvals.errors import DelegationError
from approvals.people import Person
from approvals.whose import stand_ins
from flows.access import Reader
from flows.desk import Desk
from flows.notes import note
from flows.outcomes import cards, decided_in, delegations_since_filed
from flows.routing import record_of
from scoring.errors import DeskError
from storage.record import Writing

_LOOKED_BACK = timedelta(days=60)
"""A desk that was down for longer renews no cards; a click on them is answered all the same."""
Mark = Literal["begun", "over"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody asks for: ids and words only, nothing in it is believed."""

    whose: str
    """Id of who is away; "" = whoever asks."""
    to: str
    starts_on: date
    ends_on: date
    reason: str


def delegate(desk: Desk, reader: Reader, wanted: Wanted, event_key: str, payload_hash: str) -> Delegation:
    """Give a turn away, in one transaction with all that follows; DelegationError is put on record and says why not."""
    record, maker = record_of(desk), person_of(reader)
    made = Delegation(
        id=secrets.token_hex(12), from_person=wanted.whose or maker.id, to_person=wanted.to,
        starts_on=wanted.starts_on, ends_on=wanted.ends_on, reason=wanted.reason.strip(), made_by=maker.id,
        made_at=desk.clock(),
    )  # fmt: skip
    try:
        with record.begin() as writing:
            if not writing.first_time(event_key, payload_hash):
                raise DeskError("click_again")
            _check(desk, made, maker)
            writing.delegate(made)
            writing.audit("", "delegate", maker.id, _facts(made))
            _both_told(desk, writing, made, "delegated", maker.id)
            if made.starts_on == desk.today():
                _marked(desk, writing, made, "begun")
    except DelegationError as refusal:
        with record.begin() as writing:
            writing.audit("", "refused", maker.id, {"act": "delegate", "code": refusal.code})
        raise
    desk.nudge()
    return made


def _check(desk: Desk, made: Delegation, maker: Person) -> None:
    people = desk.people.by_id
    giver, taker = people.get(made.from_person), people.get(made.to_person)
    if giver is None or not signs(giver, desk.policy):
        raise DelegationError("delegation_no_turn")
    if taker is None or not taker.slack:
        raise DelegationError("delegation_nobody")
    others = record_of(desk).delegations_since(desk.today())
    check_delegation(made, giver, taker, desk.policy, others, today=desk.today(), maker=maker)
    if made.made_by != giver.id and not made.reason:
        raise DelegationError("delegation_reason")


def end_delegation(desk: Desk, reader: Reader, delegation_id: str, event_key: str, payload_hash: str) -> Delegation:
    """It ends now: by who gave it, who got it, or who may enter one for others; DeskError says why not."""
    record, person = record_of(desk), person_of(reader)
    with record.begin() as writing:
        if not writing.first_time(event_key, payload_hash):
            raise DeskError("click_again")
        found = record.delegation(delegation_id)
        if found is None or not may_end(found, person):
            raise DelegationError("delegation_unknown")
        if found.ends_on < desk.today() or not writing.end_delegation(found.id, person.id):
            raise DelegationError("delegation_ended")
        writing.audit("", "end_delegation", person.id, _facts(found))
        _both_told(desk, writing, found, "undelegated", person.id)
        over = replace(found, ended_at=desk.clock(), ended_by=person.id)
        if record.slots(_slot(over, "begun")):
            _marked(desk, writing, over, "over")
    desk.nudge()
    return over


def person_of(reader: Reader) -> Person:
    """Who asks, with a role; DelegationError for everybody else."""
    if reader.person is None or reader.outsider:
        raise DelegationError("delegation_no_turn")
    return reader.person


def may_end(delegation: Delegation, person: Person) -> bool:
    """Who gave it, who got it, and who may enter one for others."""
    return person.id in {delegation.from_person, delegation.to_person} or enters_for_others(person)


def keep_absences(desk: Desk) -> Counter[str]:
    """Bring the cards to a stand-in on his first day, and take their buttons away after the last; how many of each.

    Nobody gets a card at night: the first day begins when offices open, whatever day of the week it is.
    """
    record, today = desk.record, desk.today()
    done: Counter[str] = Counter()
    if record is None:
        return done
    for one in record.delegations_since(today - _LOOKED_BACK):
        mark = _due(desk, one, today)
        if mark is None or record.slots(_slot(one, mark)):
            continue
        if mark == "over" and not record.slots(_slot(one, "begun")):
            continue
        with record.begin() as writing:
            done[mark] += _marked(desk, writing, one, mark)
    if done:
        desk.nudge()
    return done


def _due(desk: Desk, one: Delegation, today: date) -> Mark | None:
    if one.ended_at is not None or one.ends_on < today:
        return "over"
    opens = time.fromisoformat(desk.policy.workflow.working_hours[0])
    open_now = desk.clock().astimezone(ZoneInfo(desk.policy.time_zone)).time() >= opens
    return "begun" if one.starts_on < today or (one.starts_on == today and open_now) else None


def _slot(one: Delegation, mark: Mark) -> str:
    return f"absence/{one.id}/{mark}"


def _marked(desk: Desk, writing: Writing, one: Delegation, mark: Mark) -> int:
    """Renew the cards of every open request that needs the giver, once; only a stand-in who begins gets new ones."""
    if not writing.claim_slot(_slot(one, mark), one.starts_on, late=False):
        return 0
    today = desk.today()
    for filed in record_of(desk).requests(states=("pending",)):
        request = filed.request
        if not any(one.from_person in step.people for step in request.steps):
            continue
        # this transaction's own change is not to be read yet
        given = [*(other for other in delegations_since_filed(desk, request) if other.id != one.id), one]
        waits = any(
            stand_ins(request, place, policy=desk.policy, people=desk.people, delegations=[one], today=today)
            for place in request.at
        )
        new = (one.to_person,) if mark == "begun" and waits else ()
        cards(writing, request, given, today, decided_in(desk, request), new=new)
    return 1


def _both_told(desk: Desk, writing: Writing, one: Delegation, what: str, by: str) -> None:
    people = desk.people.by_id
    for person in (one.from_person, one.to_person):
        if person in people and people[person].slack:
            note(writing, person, what, delegation=one.id, by=by)


def _facts(one: Delegation) -> dict[str, object]:
    return {
        "delegation": one.id, "from": one.from_person, "to": one.to_person, "starts_on": one.starts_on.isoformat(),
        "ends_on": one.ends_on.isoformat(),
    }  # fmt: skip
