"""What is done with a case: one pure step from one state to the next, by somebody who may."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from approvals.cases import CASE_TRANSITIONS, SEVERITIES, Case, CaseAct, Evidence, Measure, Severity, lacking
from approvals.errors import CaseError
from approvals.people import Person, Role

OVERSEERS: tuple[Role, ...] = ("dept_gm", "responsible_vp", "risk", "management")
"""Who looks after the cases of others: gives them to somebody else, lowers them, closes the red ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChange:
    """What somebody wants done with a case; only what its act is about is filled in."""

    act: CaseAct
    text: str = ""
    """The measure, or its effect."""
    place: int = -1
    """Of the measure whose effect this is."""
    evidence: Evidence | None = None
    step: str = ""
    """Of the checklist: a code."""
    severity: Severity | None = None
    owner: Person | None = None
    cause: str = ""
    lesson: str = ""


def knows_case(case: Case, person: Person) -> bool:
    """Whether somebody may learn that a case exists: who has it, opened it, is in its team or sees its customer."""
    part = person.id in {case.owner, case.opened_by, *case.team}
    return part or person.sees(case.department) or bool(case.sales_owner and case.sales_owner == person.name)


def oversees(case: Case, person: Person) -> bool:
    """Whether somebody looks after the cases of others in this department."""
    return any(person.holds(role, case.department, {"", case.branch}) for role in OVERSEERS)


def advance_case(case: Case, change: CaseChange, person: Person, now: datetime) -> Case:
    """The case after an act, or CaseError with the reason; nothing else is changed."""
    to = CASE_TRANSITIONS.get((case.state, change.act))
    if not knows_case(case, person):
        raise CaseError("case_unknown", case_id=case.case_id)
    if to is None:
        raise CaseError("case_closed" if case.state == "closed" else "case_act_not_now", case_id=case.case_id)
    after = _ACTS[change.act](case, change, person, now)
    return replace(after, state=to, version=case.version + 1, changed_by=person.id, changed_at=now)


def _evidence(case: Case, change: CaseChange, _person: Person, _now: datetime) -> Case:
    if change.evidence is None or not change.evidence.text.strip():
        raise _missing(case, "text")
    return replace(case, evidence=(*case.evidence, change.evidence))


def _measure(case: Case, change: CaseChange, person: Person, now: datetime) -> Case:
    if not change.text.strip():
        raise _missing(case, "text")
    return replace(case, measures=(*case.measures, Measure(text=change.text.strip(), by=person.id, at=now)))


def _effect(case: Case, change: CaseChange, person: Person, now: datetime) -> Case:
    if not 0 <= change.place < len(case.measures):
        raise _missing(case, "place")
    if not change.text.strip():
        raise _missing(case, "text")
    told = replace(case.measures[change.place], effect=change.text.strip(), effect_by=person.id, effect_at=now)
    return replace(case, measures=(*case.measures[: change.place], told, *case.measures[change.place + 1 :]))


def _tick(case: Case, change: CaseChange, person: Person, now: datetime) -> Case:
    """A step of the checklist is seen to."""
    if all(one.code != change.step or one.by for one in case.checklist):
        raise CaseError("case_ticked", case_id=case.case_id)
    return replace(
        case,
        checklist=tuple(
            replace(one, by=person.id, at=now) if one.code == change.step else one for one in case.checklist
        ),
    )


def _change(case: Case, change: CaseChange, person: Person, _now: datetime) -> Case:
    """Another owner or severity. Whoever has a case may raise it; only an overseer beside him lowers a red one."""
    overseer = oversees(case, person)
    if person.id not in {case.owner, case.opened_by} and not overseer:
        raise CaseError("case_not_yours", case_id=case.case_id, person=case.owner)
    severity, owner = change.severity or case.severity, change.owner
    lower = SEVERITIES.index(severity) < SEVERITIES.index(case.severity)
    if lower and case.severity == "red" and not _beside(case, person):
        raise CaseError("case_red_needs_other", case_id=case.case_id)
    if owner is not None and not knows_case(case, owner):
        raise CaseError("case_owner_unfit", case_id=case.case_id, person=owner.id)
    if severity == case.severity and (owner is None or owner.id == case.owner):
        raise CaseError("case_nothing_changed", case_id=case.case_id)
    return replace(case, severity=severity, owner=case.owner if owner is None else owner.id)


def _close(case: Case, change: CaseChange, person: Person, now: datetime) -> Case:
    if case.severity == "red" and not _beside(case, person):
        raise CaseError("case_red_needs_other", case_id=case.case_id)
    if person.id != case.owner and not oversees(case, person):
        raise CaseError("case_not_yours", case_id=case.case_id, person=case.owner)
    for one in lacking(case):
        if one == "checklist":
            raise CaseError("case_lacks_checklist", case_id=case.case_id)
        raise CaseError("case_lacks_measure" if one == "measure" else "case_lacks_effect", case_id=case.case_id)
    for name, text in (("cause", change.cause), ("lesson", change.lesson)):
        if not text.strip():
            raise _missing(case, name)
    return replace(
        case, cause=change.cause.strip(), lesson=change.lesson.strip(), closed_by=person.id, closed_at=now
    )  # fmt: skip


def _reopen(case: Case, _change: CaseChange, person: Person, _now: datetime) -> Case:
    """Cause and lesson stay as what was thought then; closing again says them anew."""
    if person.id not in {case.owner, case.opened_by} and not oversees(case, person):
        raise CaseError("case_not_yours", case_id=case.case_id, person=case.owner)
    return replace(case, closed_by="", closed_at=None)


def _beside(case: Case, person: Person) -> bool:
    """An overseer who does not have the case himself: a red one takes two pairs of eyes."""
    return oversees(case, person) and person.id != case.owner


def _missing(case: Case, name: str) -> CaseError:
    return CaseError("case_words_missing", case_id=case.case_id, field=name)


_ACTS: Mapping[CaseAct, Callable[[Case, CaseChange, Person, datetime], Case]] = {
    "evidence": _evidence, "measure": _measure, "effect": _effect, "tick": _tick, "change": _change, "close": _close,
    "reopen": _reopen,
}  # fmt: skip
