"""Where a customer stands in dunning, as cards, letters and modals take it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from approvals.dealings import Dealing, letters_now
from approvals.dunning import Dunning, Letter
from approvals.promises import Outcome, Reliability


@dataclass(frozen=True, slots=True)
class Bounced:
    """A receipt that came back."""

    receipt_no: str
    received_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Told:
    """Something that was done, with the names of people."""

    dealing: Dealing
    person: str
    owner: str = ""
    outcome: Outcome = "open"
    """Of a promise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One customer in dunning; amounts in his currency."""

    customer_id: str
    name: str
    department: str
    sales_owner: str
    grade: str | None
    currency: str
    open: Decimal
    unapplied: Decimal
    dunning: Dunning
    promises: Reliability
    bounced: tuple[Bounced, ...]
    told: tuple[Told, ...] = ()
    """What the record holds, oldest first."""
    recorded: bool = False
    """Whether there is a record at all."""

    @property
    def dealings(self) -> list[Dealing]:
        """The same without names."""
        return [one.dealing for one in self.told]

    @property
    def letters(self) -> tuple[Letter, ...]:
        """What may be sent now, the letter of the stage first."""
        return letters_now(self.dunning, self.dealings)
