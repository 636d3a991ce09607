"""A request and its state: what moves it, and to where."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from approvals.steps import Signature, Step
from approvals.terms import Terms
from scoring.results import Grade

Kind = Literal["open_account"]
"""What is asked for; requests on existing customers come with the orders."""
State = Literal["pending", "returned", "approved", "rejected", "withdrawn", "expired"]
"""`draft` lives among the drafts: nobody has been asked yet."""
OVER: frozenset[State] = frozenset({"approved", "rejected", "withdrawn", "expired"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request, as it stands after the last thing done with it."""

    request_no: str
    kind: Kind
    state: State
    version: int
    """Counts every change; a click carries the version it saw."""
    round: int
    """Counts filings: a resubmission begins a new round and voids the signatures of the one before."""
    customer_id: str
    name: str
    department: str
    sales_owner: str
    """As the ledger writes it: a name."""
    branch: str = ""
    """The customer's; empty = head office."""
    applicant: str
    """Id in people.yaml."""
    applicant_account: str
    asked: Terms
    proposed: Terms
    grade: Grade | None
    """As rated at filing; None = unrated."""
    amount_base: Decimal
    """What authority is measured by, in base currency: the whole line after the decision, the group's with it."""
    group_base: Decimal = Decimal(0)
    """Of it, what other members of the group have asked for."""
    to_base: Decimal = Decimal(1)
    """Rate of the line's currency when it was last measured: base currency for one unit."""
    cap_base: Decimal | None = None
    """The highest line that the vetoes leave (V8), in base currency: no signature goes above it."""
    reasons_higher: tuple[str, ...] = ()
    """Why one post higher (policy.authority.one_post_higher)."""
    flags: tuple[str, ...] = ()
    """What else the route and the card look at: `v4`, `security`, `override`, `over_statutory_term`…"""
    steps: tuple[Step, ...]
    at: tuple[int, ...]
    """The steps that are open now; empty when it is over or returned."""
    signatures: tuple[Signature, ...] = ()
    """Everything done, in order, of every round."""
    round_from: int = 0
    """Index of this round's first signature."""
    filed_at: datetime
    step_since: datetime
    """When the open steps became so: deadlines count from here."""
    reminded: int = 0
    escalated: bool = False
    decided: Terms | None = None
    decided_at: datetime | None = None
    decided_policy: str = ""
    """Fingerprint of the policy that the last word was said under."""

    @property
    def over(self) -> bool:
        """True when nothing more can be decided."""
        return self.state in OVER
