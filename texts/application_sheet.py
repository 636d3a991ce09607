"""What a step of the application form is shown from: pure facts, gathered by the flow."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from approvals.application_draft import Filled
from approvals.application_fields import Step
from approvals.people import Role
from approvals.prospect import Clash, Prospect
from approvals.steps import Mode, StepKind


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRule:
    """Above which amount and days statements are needed, and what a line without them is held to; base currency."""

    amount: Decimal
    days: int
    limit: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One step of one draft, as it stands."""

    draft_id: str
    step: Step
    filled: Filled
    today: date
    base_currency: str
    prospect: Prospect | None = None
    """None before there is a name, or while the ledger cannot be read."""
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Field -> what may be chosen, where that depends on the ledger or on people."""
    presets: Mapping[str, str] = field(default_factory=dict)
    """Field -> what stands in it as long as nobody has touched it."""
    needed: frozenset[str] = frozenset()
    clashes: tuple[Clash, ...] = ()
    """Likenesses that the applicant has to say something about on this step."""
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    """Amounts of the step before, as they were read."""
    statements: StatementRule | None = None
    vouching: bool = False
    """The customer administrator completes somebody else's application and vouches for it."""
    problem: str = ""
    """A sentence above everything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteStop:
    """One step of the way that a request would take."""

    kind: StepKind
    role: Role
    names: tuple[str, ...]
    mode: Mode
    decides: bool
    passed_up: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """One entry of somebody's list of drafts."""

    draft_id: str
    name: str
    step: Step
    changed_at: datetime
    """In the company's time zone."""
