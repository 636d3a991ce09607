"""A case as one reader sees it: names for ids, and the buttons of what he may do now."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from approvals.case_acts import knows_case, oversees
from approvals.cases import CASE_TRANSITIONS, Case, CaseAct, lacking
from approvals.people import Person
from flows.access import Reader
from flows.approval import names_by_id
from flows.desk import Desk
from flows.routing import record_of
from texts.case_modals import cases_message
from texts.case_sheet import CaseSheet

_ADDS: frozenset[CaseAct] = frozenset({"evidence", "measure", "effect", "tick"})
"""What whoever knows the case may add."""
_ORDER: tuple[CaseAct, ...] = ("measure", "effect", "evidence", "tick", "change", "close", "reopen")
_MOST = 20


def case_sheet(desk: Desk, case: Case, person: Person | None) -> CaseSheet:
    """With the buttons of a person."""
    zone = ZoneInfo(desk.policy.time_zone)
    acts = () if person is None else acts_of(case, person)
    return CaseSheet(case=case, names=names_by_id(desk), zone=zone, today=desk.today(), acts=acts)


def acts_of(case: Case, person: Person) -> tuple[CaseAct, ...]:
    """What somebody may do with a case now; a click is checked again all the same."""
    return tuple(one for one in _ORDER if _may(case, one, person))


def _may(case: Case, act: CaseAct, person: Person) -> bool:
    if (case.state, act) not in CASE_TRANSITIONS or not knows_case(case, person):
        return False
    if act in _ADDS:
        return _possible(case, act)
    overseer = oversees(case, person)
    if act == "close":
        beside = overseer and person.id != case.owner
        return not lacking(case) and (beside if case.severity == "red" else overseer or person.id == case.owner)
    return overseer or person.id in {case.owner, case.opened_by}


def channel_sheet(desk: Desk, case: Case) -> CaseSheet:
    """With every button that somebody in the incident channel may press; each click is checked."""
    acts: tuple[CaseAct, ...] = tuple(
        one for one in _ORDER if (case.state, one) in CASE_TRANSITIONS and _possible(case, one)
    )
    return replace(case_sheet(desk, case, None), acts=acts)


def _possible(case: Case, act: CaseAct) -> bool:
    if act == "effect":
        return any(not one.effect for one in case.measures)
    if act == "tick":
        return any(not one.by for one in case.checklist)
    return act != "close" or not lacking(case)


def cases_of(desk: Desk, reader: Reader, *, customer_id: str = "") -> list[CaseSheet]:
    """The open cases that a reader may know of, newest first."""
    person = reader.person
    if person is None or reader.outsider:
        return []
    found = record_of(desk).cases(states=("open", "acting"), customer_id=customer_id)
    return [case_sheet(desk, one, person) for one in found if knows_case(one, person)][:_MOST]


def case_list(desk: Desk, reader: Reader) -> Any:
    """`/credit case` without a name."""
    return cases_message(cases_of(desk, reader), reader.lang)
