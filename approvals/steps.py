"""The way of a request: who has to sign, and who has signed."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from approvals.people import Role
from approvals.terms import Terms

StepKind = Literal["vouch", "post", "cosign"]
Mode = Literal["any", "all", "majority"]
Act = Literal[
    "vouch", "recommend", "approve", "return", "reject", "hand_on", "ask",
    "take_back", "withdraw", "resubmit", "remind", "escalate", "expire", "reroute", "reopen", "adjust",
]  # fmt: skip
"""What somebody, or the clock (`remind`, `escalate`, `expire`, `reroute`), does with a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One stop of the route: whose turn it is and what it takes to pass."""

    kind: StepKind
    """`vouch`: the customer administrator completes the file; `post`: a rung of the ladder; `cosign`: beside it."""
    role: Role
    people: tuple[str, ...]
    """Ids of the persons who may sign here, in the order of people.yaml; never empty."""
    mode: Mode = "any"
    """How many of `people` have to sign. Co-signers of several roles are one step each, open at the same time."""
    decides: bool = False
    """True for the needed post: its signature is the decision."""
    passed_up: tuple[Role, ...] = ()
    """Posts below that are vacant and whose turn came up to this one."""
    branches: tuple[str, ...] = ("",)
    """The branches whose people hold the role here; "" = head office."""
    lapsed: bool = False
    """True once the clock opened what comes after: it may still be signed and no longer has to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Something done with a request, by name."""

    act: Act
    person: str
    """Id in people.yaml; "" for the clock."""
    account: str
    """The Slack account it was done with; "" for the clock."""
    at: datetime
    """With a time zone."""
    step: int
    """Index into the route; -1 for what the applicant or the clock does."""
    for_person: str = ""
    """Whose turn it was when the signer acts under a delegation: recorded as "X for Y"."""
    terms: Terms | None = None
    """What was recommended or decided, where it was not the proposal as it stood."""
    reason: str = ""
    confirmed: tuple[str, ...] = ()
    """Codes of the facts that had become worse since filing and that the signer confirmed."""
    to_person: str = ""
    """To whom it was handed on, or who was asked."""
    points: Decimal | None = None
    """Of an expert adjustment: by how much it moves the score, signed."""
    until: date | None = None
    """Of an expert adjustment: its last good day."""
    added: int = 0
    """How many steps this signature put at the end of the route; taking it back removes them."""
