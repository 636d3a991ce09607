"""A request as its cards show it: pure facts, names of persons already looked up, times already local."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from approvals.completion import FieldChange
from approvals.gates import Gate
from approvals.people import Role
from approvals.request import Kind, State
from approvals.steps import Act, Mode, StepKind
from approvals.terms import Terms
from scoring.results import Grade

Found = Mapping[str, Any]
"""A finding as JSON holds it: code, severity, facts, source."""
BadKind = Literal["veto", "warning", "flag", "missing", "reason"]
Outcome = Literal["fine", "overdue", "written_off", "stopped", "unused", "unseen"]
"""How a customer who got his line stands today; unseen = not the reader's business, or not known."""
Button = Literal[
    "approve", "vouch", "recommend", "other", "conditions", "return", "reject", "hand_on", "ask", "recommend_up",
    "file", "take_back", "withdraw", "resubmit", "reopen", "complete", "adjust",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Where the customer stands, in the request's currency; None = nothing to be said."""

    limit: Decimal | None = None
    payment_days: int | None = None
    exposure: Decimal | None = None
    utilisation: Decimal | None = None
    """In percent."""
    group: Decimal | None = None
    """Exposure of the whole group."""
    share: Decimal | None = None
    """Of all our receivables, in percent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Something done with the request, by name."""

    act: Act
    who: str
    """"" for the clock."""
    role: Role | None
    at: datetime
    for_whom: str = ""
    terms: Terms | None = None
    reason: str = ""
    to: str = ""
    points: Decimal | None = None
    """Of an expert adjustment."""
    decides: bool = False
    """True for the approval that decided it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A step of the route and who may sign there."""

    kind: StepKind
    role: Role
    names: tuple[str, ...]
    mode: Mode = "any"
    decides: bool = False
    passed_up: tuple[Role, ...] = ()
    stand_ins: tuple[str, ...] = ()
    """Beside each of `names` who may sign for him today; "" for nobody. Empty = for nobody at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bad:
    """Something that speaks against it."""

    kind: BadKind
    found: Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What the line costs on average in a year, two views (POLICY.md 12), in base currency."""

    amount: Decimal
    """PD x LGD x `exposure`."""
    exposure: Decimal
    """The line used in full, or what is owed already where that is more."""
    pd_pct: Decimal
    lgd_pct: Decimal
    """As it comes out over the secured and the open part."""
    ledger: Decimal = Decimal(0)
    """By ageing bucket on what is open today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """An earlier request, of this customer or of one like him."""

    request_no: str
    name: str
    """"" where the reader may not see whose it was."""
    state: State
    on: date
    """When it was decided, else filed."""
    asked: Terms
    decided: Terms | None
    reason: str = ""
    """Of a rejection."""
    outcome: Outcome = "unseen"
    days: int = 0
    """Overdue today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Requests like this one: the same grade, an amount near it, the last months."""

    grade: Grade | None
    low: Decimal
    high: Decimal
    """In base currency."""
    months: int
    found: tuple[Past, ...] = ()
    """Newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """What somebody changed in the form after it had been sent."""

    act: str
    """`vouch`: the customer administrator completed it; `resubmit`: the applicant changed it."""
    who: str
    at: datetime
    round: int
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The refused request that this one asks for again."""

    request_no: str
    who: str
    """Who refused it."""
    at: datetime
    reason: str
    fields: tuple[FieldChange, ...]
    """What the form says otherwise by now."""
    ledger: tuple[Found, ...]
    """What the ledger says otherwise."""
    signed: tuple[Signed, ...] = ()
    """Who had signed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreMove:
    """An expert adjustment of the score."""

    who: str
    at: datetime
    points: Decimal
    """Signed."""
    reason: str
    until: date
    counts: bool
    """False once its last day has passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSheet:
    """Everything that a card of this request may say, for one reader."""

    request_no: str
    version: int
    kind: Kind
    state: State
    round: int
    customer_id: str
    """"" until the ledger has a number for him."""
    name: str
    department: str
    applicant: str
    filed_at: datetime
    currency: str
    base_currency: str
    score: float | None
    grade: Grade | None
    """Today's; so is the score."""
    coverage: float | None
    asked: Terms
    proposed: Terms
    binding: str | None = None
    decided: Terms | None = None
    decided_at: datetime | None = None
    now: Situation
    after: Situation
    """Approved as proposed and the line used in full."""
    group_name: str = ""
    group_limit: Decimal | None = None
    reason: str
    """The applicant's."""
    bad: tuple[Bad, ...] = ()
    """Worst first."""
    loss: Loss | None = None
    changes: tuple[Found, ...] = ()
    """Since filing (approvals.changes); worse ones first."""
    signed: tuple[Signed, ...] = ()
    """Of this round, the applicant's own acts left out."""
    earlier: tuple[Signed, ...] = ()
    """What does not count any more: of the rounds before, and what was taken back."""
    waiting: tuple[Stop, ...] = ()
    """The steps that are open now."""
    to_come: tuple[Stop, ...] = ()
    escalates_at: datetime | None = None
    hours_left: Decimal | None = None
    """Working hours until then; None when it has passed."""
    escalated: bool = False
    expires_on: date | None = None
    provisional: bool = False
    """True when these days rest on a calendar that is not published yet."""
    past: tuple[Past, ...] = ()
    alike: Alike | None = None
    gates: tuple[Gate, ...] = ()
    """With names in place of ids."""
    completed: tuple[Completed, ...] = ()
    """Changes of the form since it was first sent, oldest first."""
    refused: Refused | None = None
    own_score: float | None = None
    """As the rules have it, where an expert moved it; `score` is with that."""
    most_points: Decimal = Decimal(0)
    """By how much an expert may move it."""
    review_on: date | None = None
    """The next review, at which an adjustment ends at the latest; None while the customer is unrated."""
    moves: tuple[ScoreMove, ...] = ()
    """The newest of each expert."""
    answer: Found
    """Today's answer about the customer as the JSON contract holds it."""
    details: Found
    form: Found
    """The application as it was sent."""
    buttons: tuple[Button, ...] = ()
    """What the reader may do."""
    has_signed: bool = False
    """True when the reader signed in this round."""
    take_back_until: datetime | None = None
    today: date
    link: str = ""
    """To the customer's row in the ledger."""

    @property
    def raised(self) -> bool:
        """True when more is asked for than the rules propose."""
        return self.asked.limit > self.proposed.limit or self.asked.payment_days > self.proposed.payment_days
