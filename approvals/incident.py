"""A red case: who sits in the incident team, and the checklist of the emergency plan (应急预案)."""

from collections.abc import Mapping
from dataclasses import replace

from approvals.cases import Case, CaseKind, Check, Seat
from approvals.people import People

NEEDED: Mapping[CaseKind, tuple[Seat, ...]] = {
    "credit": ("management", "sales", "finance", "legal", "risk"),
    "market": ("management", "sales", "finance", "risk", "production"),
    "operation": ("management", "sales", "risk", "production", "hr"),
    "legal": ("management", "sales", "finance", "legal", "risk", "pr"),
    "service": ("management", "sales", "legal", "production", "pr"),
}
"""The seats that a kind of case needs."""
CHECKLIST: tuple[Check, ...] = (
    Check(code="decider", seat="management"),
    Check(code="facts", seat="risk"),
    Check(code="deliveries", seat="sales"),
    Check(code="money", seat="finance"),
    Check(code="rights", seat="legal"),
    Check(code="production", seat="production"),
    Check(code="staff", seat="hr"),
    Check(code="voice", seat="pr"),
    Check(code="customer", seat="sales"),
    Check(code="next_meeting", seat="management"),
)
"""The plan's steps, each with who sees to it, in the order in which they are begun."""


def team_of(people: People, case: Case) -> Mapping[Seat, tuple[str, ...]]:
    """Ids of who sits where for a case, its owner beside them; a seat that nobody holds is empty and shown so."""
    return {
        seat: tuple(
            dict.fromkeys(
                one
                for entry in people.incident
                if entry.seat == seat and (not entry.departments or case.department in entry.departments)
                for one in entry.people
                if one in people.by_id
            )
        )
        for seat in NEEDED[case.kind]
    }


def alarmed(case: Case, people: People) -> Case:
    """A red case with its team and its checklist; what was ticked before stays. Any other colour is left as it is."""
    if case.severity != "red" or case.state == "closed":
        return case
    seats = team_of(people, case)
    team = dict.fromkeys((case.owner, case.opened_by, *(one for held in seats.values() for one in held)))
    checklist = case.checklist or tuple(one for one in CHECKLIST if one.seat in seats)
    return replace(case, team=tuple(dict.fromkeys((*case.team, *team))), checklist=checklist)
