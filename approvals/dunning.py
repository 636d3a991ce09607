"""Dunning 催收: the stage of a customer on a day, what it asks for, what is owed with interest (POLICY.md 9). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from approvals.limitation import Limitation, Proof, limitation
from scoring.interest import DailyRate, daily_rate, late_interest
from scoring.ledger import Account
from scoring.policy import Policy
from scoring.results import Grade, OpenLine, Position
from scoring.verdict import hold_days

Letter = Literal["due_notice", "statement", "reminder", "notice", "demand", "lawyer"]
Measure = Literal[
    "tell_owner", "call", "record_promise", "manager", "freeze_limit", "colour_orange", "stop_supply", "cap_c", "claim",
    "grade_d", "blacklist_review", "provision_review",
]  # fmt: skip
LAST = 6
"""A policy may number further stages: they ask for the same as this one."""
LETTERS: Mapping[int, tuple[Letter, ...]] = MappingProxyType({
    0: ("due_notice", "statement"), 1: ("reminder", "statement"), 2: ("reminder", "statement"),
    3: ("notice", "statement"), 4: ("demand", "statement"), 5: ("lawyer", "statement"), 6: ("lawyer", "statement"),
})  # fmt: skip
MEASURES: Mapping[int, tuple[Measure, ...]] = MappingProxyType({
    0: (), 1: ("tell_owner",), 2: ("call", "record_promise"), 3: ("manager",), 4: ("freeze_limit", "colour_orange"),
    5: ("stop_supply", "cap_c", "freeze_limit"),
    6: ("claim", "grade_d", "blacklist_review", "provision_review", "stop_supply"),
})  # fmt: skip
WITH_INTEREST: frozenset[Letter] = frozenset({"notice", "demand", "lawyer"})
"""Formal letters; a friendly one does not speak of interest."""
WITH_SLIP: frozenset[Letter] = frozenset({"statement", "demand"})
"""The customer confirms the debt on a slip: that acknowledgement is worth more than our word."""
PAY_WITHIN_DAYS = 7
"""What a formal letter allows."""
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One open invoice with a due day, as dunning sees it; amounts in the customer's currency."""

    invoice_no: str
    issued_on: date | None
    due_on: date
    amount: Decimal
    open: Decimal
    demanded: Decimal
    """Open and not in dispute, or in one older than the policy allows."""
    disputed: Decimal
    """In open dispute, whatever its age."""
    days: int
    """Against due: negative before it, 0 on the day."""
    stage: int | None
    """None before the first stage, and where nothing is demanded."""
    rate: DailyRate
    interest: Decimal
    """On what is demanded."""
    limitation: Limitation


@dataclass(frozen=True, slots=True, kw_only=True)
class Dunning:
    """Where a customer stands."""

    on: date
    stage: int | None
    """The highest over his claims; None when there is nothing to write about."""
    days: int
    """Of the claim that is furthest along, against due."""
    began_on: date | None
    """When the stage began; None without one."""
    claims: tuple[Claim, ...]
    """Oldest due first."""
    overdue: Decimal
    interest: Decimal
    disputed: Decimal
    letters: tuple[Letter, ...]
    measures: tuple[Measure, ...]
    holds: bool
    """Orders are held: the oldest claim has reached the grade's line, or the grade is D."""
    next_stage: int | None
    next_on: date | None
    """When the stage rises if nothing is paid."""

    @property
    def demanded(self) -> tuple[Claim, ...]:
        """The claims that letters speak of: due, or about to be."""
        return tuple(claim for claim in self.claims if claim.stage is not None)

    @property
    def warned(self) -> tuple[Claim, ...]:
        """The claims whose limitation period ends soon or has ended."""
        return tuple(claim for claim in self.claims if claim.limitation.warned is not None)


def stage_of(days: int, policy: Policy) -> int | None:
    """The stage of a claim so many days after due (negative before); None before the first."""
    return max((rule.stage for rule in policy.dunning if rule.day <= days), default=None)


def dunning(
    position: Position,
    account: Account,
    grade: Grade | None,
    policy: Policy,
    on: date,
    proofs: Mapping[str, Sequence[Proof]] = MappingProxyType({}),
    disputes: Mapping[str, Decimal | None] = MappingProxyType({}),
) -> Dunning:
    """A customer's stage on a day, once for all his invoices, disputed parts aside.

    `proofs` and `disputes` (None = all of it) are by invoice, beside what the ledger says.
    """
    case = _Case(account, policy, on, proofs, disputes)
    claims = sorted(
        (case.claim(line, line.due_on) for line in position.lines if line.due_on is not None),
        key=lambda claim: (claim.due_on, claim.invoice_no),
    )
    stages = [(claim.stage, claim.days) for claim in claims if claim.stage is not None]
    stage, days = max(stages, default=(None, 0))
    late = [claim for claim in claims if claim.days > 0 and claim.demanded > 0]
    oldest = max((claim.days for claim in late), default=0)
    following = _next(claims, stage, policy, on)
    first = min((rule.day for rule in policy.dunning if rule.stage == stage), default=0)
    kind = None if stage is None else min(stage, LAST)
    return Dunning(
        on=on,
        stage=stage,
        days=days,
        began_on=None if stage is None else on - timedelta(days=days - first),
        claims=tuple(claims),
        overdue=sum((claim.demanded for claim in late), ZERO),
        interest=sum((claim.interest for claim in late), ZERO),
        disputed=sum((claim.disputed for claim in claims), ZERO),
        letters=LETTERS[kind] if kind is not None else ("statement",) if claims else (),
        measures=() if kind is None else MEASURES[kind],
        holds=grade == "D" or (oldest > 0 and oldest >= hold_days(grade, policy)),
        next_stage=None if following is None else following[1],
        next_on=None if following is None else following[0],
    )


@dataclass(frozen=True, slots=True)
class _Case:
    """What every claim of a customer is looked at with."""

    account: Account
    policy: Policy
    on: date
    proofs: Mapping[str, Sequence[Proof]]
    disputes: Mapping[str, Decimal | None]

    def claim(self, line: OpenLine, due: date) -> Claim:
        days, number = (self.on - due).days, line.invoice_no
        said = min(line.open, self.disputes[number] or line.open) if number in self.disputes else ZERO
        # the ledger and the record may mean one dispute: the larger part counts, never both
        demanded = line.open - max(line.disputed, said)
        rate = daily_rate(self.account.contracts, self.policy, line.issued_on)
        proofs = (*self.proofs.get(number, ()), *_part_payments(self.account, number))
        return Claim(
            invoice_no=number,
            issued_on=line.issued_on,
            due_on=due,
            amount=line.amount,
            open=line.open,
            demanded=demanded,
            disputed=max(line.disputed_open, said),
            days=days,
            stage=stage_of(days, self.policy) if demanded > 0 else None,
            rate=rate,
            interest=late_interest(demanded, rate, days),
            limitation=limitation(due, proofs, self.policy, self.on),
        )


def _part_payments(account: Account, invoice_no: str) -> list[Proof]:
    """Money that arrived on an invoice acknowledges it; a receipt that bounced, or may have, does not."""
    return [
        Proof(row.received_on, "acknowledgement")
        for row in account.payments
        if invoice_no
        and row.invoice_no == invoice_no
        and row.received_on is not None
        and (row.amount or ZERO) > 0
        and not row.bounced
        and "bounced" not in row.unread
    ]


def _next(claims: Sequence[Claim], stage: int | None, policy: Policy, on: date) -> tuple[date, int] | None:
    """The first day on which some claim goes beyond the stage, and to which."""
    reached = -1 if stage is None else stage
    coming = [
        (claim.due_on + timedelta(days=rule.day), rule.stage)
        for claim in claims
        if claim.demanded > 0
        for rule in policy.dunning
        if rule.stage > reached and claim.due_on + timedelta(days=rule.day) > on
    ]
    return min(coming, default=None)
