"""An application as the rules see it before it is sent: whom it may clash with, what it lacks, what rules it out."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from approvals.adjustment import Adjusted
from approvals.application import Application
from approvals.application_fields import Step
from scoring.ledger import Account
from scoring.names import normalise
from scoring.results import Assessment, Proposal, Veto

ClashKind = Literal["uscc", "name", "group", "blacklist", "prospect", "request"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Somebody who may be the one applying.

    uscc: has the same code. name: is called so, or nearly so. prospect: the same one, known without a line, whose row
    would be filled in. group: has the same controller. blacklist: stands there. request: has been asked for already.
    """

    kind: ClashKind
    customer_id: str
    """Of a request its number; "" for a blacklist entry without a customer."""
    name: str
    stops: bool
    """True when nothing can be asked for; otherwise the applicant says who it is."""
    reason: str = ""
    """Why he stands on the blacklist."""

    @property
    def key(self) -> str:
        """What an answer to it is remembered by."""
        return f"{self.kind}:{self.customer_id or normalise(self.name)}"[:200]


_CURED_BY: Mapping[str, Step] = {"V6": "company", "V8": "finances", "V9": "finances", "V11": "outside"}


def cured_by(veto: Veto) -> Step | None:
    """The step of the form that can cure a veto; None where the form cannot."""
    if veto.finding.facts.get("problem") == "controller_unknown":
        return "company"
    return _CURED_BY.get(veto.id)


@dataclass(frozen=True, slots=True)
class Lacking:
    """What the form leaves out that the scorecard asks for: the step that asks for it, and what it costs."""

    step: Step
    factors: tuple[str, ...]
    points: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """An application as the rules see it today. Amounts are in base currency unless `proposal` says otherwise."""

    form: Application
    account: Account
    assessment: Assessment
    answer: Mapping[str, Any]
    """The JSON contract, with `proposal` in it: what a card shows and a request keeps as its evidence."""
    proposal: Proposal | None
    """With what was asked for taken into account; None where nothing can be rated."""
    asked_base: Decimal | None
    """None when the currency has no rate."""
    expected_loss: Decimal | None
    """On the proposed limit, used in full."""
    lacking: tuple[Lacking, ...]
    """Most points first."""
    knock_outs: tuple[Veto, ...]
    """Vetoes that leave no line at all, whatever the score."""
    caps: tuple[Veto, ...]
    """Vetoes that hold the grade or the limit down."""
    alike: bool
    """The name is like one on the blacklist."""
    over_statutory: int | None
    """The longest term the law allows, where more was asked for."""
    adjusted: Adjusted | None = None
    """What experts made of the score; None where none of their decisions counts today."""

    @property
    def lifted(self) -> bool:
        """Rated better than the rules do: an override of them."""
        return self.adjusted is not None and self.adjusted.points > 0
