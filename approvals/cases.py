"""A case (风险事件): what happened, how bad it is, who has it, what is done about it, and what was learnt from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

CaseKind = Literal["credit", "market", "operation", "legal", "service"]
"""`service` = service and complaint."""
Severity = Literal["yellow", "orange", "red"]
CaseState = Literal["open", "acting", "closed"]
"""Nothing done yet; a measure is under way; over, with cause and lesson."""
CaseAct = Literal["evidence", "measure", "effect", "tick", "change", "close", "reopen"]
Source = Literal["command", "message", "button", "alert"]
Lacking = Literal["measure", "effect", "checklist"]
Seat = Literal["management", "sales", "finance", "legal", "risk", "production", "hr", "pr"]
"""Of the incident team."""
KINDS: tuple[CaseKind, ...] = ("credit", "market", "operation", "legal", "service")
SEVERITIES: tuple[Severity, ...] = ("yellow", "orange", "red")
CASE_TRANSITIONS: Mapping[tuple[CaseState, CaseAct], CaseState] = {
    ("open", "evidence"): "open",
    ("open", "measure"): "acting",
    ("open", "tick"): "open",
    ("open", "change"): "open",
    ("acting", "evidence"): "acting",
    ("acting", "measure"): "acting",
    ("acting", "effect"): "acting",
    ("acting", "tick"): "acting",
    ("acting", "change"): "acting",
    ("acting", "close"): "closed",
    ("closed", "reopen"): "acting",
}
"""(state, act) -> where it leads: the whole table. What it does not name is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Something that was said or seen, with the day and the amount read from it."""

    text: str
    said_on: date
    amount: Decimal | None = None
    """In the customer's currency; None = the line names none."""
    link: str = ""
    """Opens the message that it comes from; "" for what was typed in."""
    said_by: str = ""
    """Id in people.yaml of who wrote the message; "" where it is not known."""
    by: str
    """Who made it evidence, and when."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Something done about it, and what came of that."""

    text: str
    by: str
    at: datetime
    effect: str = ""
    """"" = not known yet."""
    effect_by: str = ""
    effect_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One step of the emergency plan."""

    code: str
    seat: Seat
    """Who sees to it."""
    by: str = ""
    """Who has seen to it; "" = nobody yet."""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case, as it stands after the last thing done with it."""

    case_id: str
    customer_id: str
    name: str
    department: str
    sales_owner: str
    """As the ledger writes it: a name."""
    branch: str = ""
    currency: str
    kind: CaseKind
    severity: Severity
    drill: bool = False
    """An exercise: everything about it says so."""
    state: CaseState = "open"
    version: int = 1
    """Counts every change; a click carries the version it saw."""
    what: str
    occurred_on: date
    source: Source
    source_id: str = ""
    """The alert it grew from; "" for any other source."""
    owner: str
    """Who has it: an id in people.yaml."""
    opened_by: str
    opened_at: datetime
    evidence: tuple[Evidence, ...] = ()
    measures: tuple[Measure, ...] = ()
    checklist: tuple[Check, ...] = ()
    """Of a case that is or was red."""
    team: tuple[str, ...] = ()
    """Ids of the incident team, once it was called."""
    channel: str = ""
    """Where the incident is handled in common, once it is open."""
    cause: str = ""
    lesson: str = ""
    closed_by: str = ""
    closed_at: datetime | None = None
    changed_by: str = ""
    """Who did the newest thing, and when."""
    changed_at: datetime


def lacking(case: Case) -> tuple[Lacking, ...]:
    """What a case needs before cause and lesson can close it."""
    if not case.measures:
        return ("measure",)
    found: list[Lacking] = [] if all(one.effect for one in case.measures) else ["effect"]
    return tuple([*found, "checklist"] if any(not one.by for one in case.checklist) else found)


def case_table_text() -> str:
    """The table as docs/cases.md shows it."""
    lines = ["| state | act | leads to |", "|---|---|---|"]
    lines += [f"| {state} | {act} | {to} |" for (state, act), to in CASE_TRANSITIONS.items()]
    return "\n".join(lines)
