"""What was done about a debt: proof that a letter went out, an acknowledgement, a promise, a dispute. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal, get_args

from approvals.dunning import Dunning, Letter
from approvals.limitation import Proof
from approvals.promises import Given
from scoring.calendar import working_days_between
from scoring.errors import DeskError
from scoring.policy import Policy

DealingKind = Literal["sent", "acknowledged", "promise", "dispute"]
Way = Literal["express", "post", "email", "hand", "chat", "phone", "other"]
WAYS: tuple[Way, ...] = get_args(Way)
LONGEST_PROMISE = timedelta(days=180)
OLDEST_PROOF = timedelta(days=366)
NO_DEMAND: frozenset[Letter] = frozenset({"due_notice", "statement"})
"""Letters that demand nothing: the one comes before due, the other asks whether the books agree."""
IDLE_DAYS = 3
"""Working days after which an owner who has done nothing is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealing:
    """One of them, as the record keeps it; never changed but for its end."""

    dealing_id: str
    customer_id: str
    kind: DealingKind
    day: date
    """When it was sent, acknowledged, promised or disputed."""
    person: str
    """Who says so, by id in people.yaml."""
    made_at: datetime
    letter: Letter | Literal[""] = ""
    way: Way | Literal[""] = ""
    reference: str = ""
    """A tracking number, a file, a name."""
    invoices: tuple[str, ...] = ()
    amount: Decimal | None = None
    """Promised, or in dispute; None = all of it. In the customer's currency."""
    until: date | None = None
    """Promised for, or by when the dispute is to be settled."""
    owner: str = ""
    """Who settles a dispute, by id."""
    reason: str = ""
    ended_on: date | None = None
    ended_by: str = ""

    def ended(self, by: str, on: date) -> "Dealing":
        """The dispute is settled; DeskError for what has no end, or has had it."""
        if self.kind != "dispute" or self.ended_on is not None:
            raise DeskError("dealing_over", no=self.dealing_id)
        return replace(self, ended_on=on, ended_by=by)


class DealingError(DeskError):
    """Something about what was filled in; fact `field` names the question."""


def checked(dealing: Dealing, found: Dunning, policy: Policy, today: date, owners: Collection[str]) -> Dealing:
    """The same when it can be true; DealingError at the question that cannot. A dispute gets its last day here.

    `owners` are the ids of whoever may settle a dispute.
    """
    known = {claim.invoice_no: claim for claim in found.claims}
    if any(number not in known for number in dealing.invoices):
        raise DealingError("dealing_invoice", field="invoice")
    if dealing.kind == "promise":
        if dealing.until is None or not today <= dealing.until <= today + LONGEST_PROMISE:
            raise DealingError("dealing_until", field="until", latest=today + LONGEST_PROMISE)
    elif not today - OLDEST_PROOF <= dealing.day <= today:
        raise DealingError("dealing_day", field="day", earliest=today - OLDEST_PROOF, latest=today)
    if dealing.kind == "sent" and not dealing.invoices:
        raise DealingError("dealing_nothing_due", field="letter")
    if dealing.kind in {"promise", "dispute"}:
        _amount(dealing, sum((known[one].open for one in dealing.invoices or known), Decimal(0)))
    if dealing.kind == "dispute":
        if len(dealing.invoices) != 1:
            raise DealingError("dealing_invoice", field="invoice")
        if dealing.owner not in owners:
            raise DealingError("dealing_owner", field="owner")
        return replace(dealing, until=dealing.day + timedelta(days=policy.reading.dispute_days))
    return dealing


def _amount(dealing: Dealing, most: Decimal) -> None:
    if dealing.amount is not None and not 0 < dealing.amount <= most:
        raise DealingError("dealing_amount", field="amount", most=f"{most:,.2f}")


# -- what they mean for dunning ------------------------------------------------------------------------------------


def proofs_in(dealings: Iterable[Dealing], on: date) -> dict[str, list[Proof]]:
    """Demands and acknowledgements by invoice."""
    found: dict[str, list[Proof]] = {}
    for one in dealings:
        if one.day > on or not (one.kind == "acknowledged" or _demands(one)):
            continue
        for number in one.invoices:
            found.setdefault(number, []).append(Proof(one.day, "demand" if one.kind == "sent" else "acknowledgement"))
    return found


def _demands(dealing: Dealing) -> bool:
    """Whether it can be shown that we asked for payment: nobody can show what was said on the telephone."""
    return dealing.kind == "sent" and dealing.letter not in NO_DEMAND and dealing.way != "phone"


def invoices_of(found: Dunning, letter: Letter | Literal[""], day: date) -> tuple[str, ...]:
    """What a letter sent on a day was about, or ("") what an acknowledgement covers."""
    if letter == "due_notice":
        return tuple(claim.invoice_no for claim in found.claims if claim.due_on >= day and claim.invoice_no)
    issued = [claim for claim in found.claims if claim.issued_on is None or claim.issued_on <= day]
    return tuple(
        claim.invoice_no
        for claim in issued
        if claim.invoice_no and (letter in {"", "statement"} or (claim.due_on < day and claim.demanded > 0))
    )


def disputes_in(dealings: Iterable[Dealing], on: date) -> dict[str, Decimal | None]:
    """What is in dispute by invoice, None = all of it: from its day to the last of its days, unless it was settled."""
    found: dict[str, Decimal | None] = {}
    for one in dealings:
        if one.kind != "dispute" or one.until is None or not one.day <= on <= one.until:
            continue
        if one.ended_on is not None and one.ended_on <= on:
            continue
        for number in one.invoices:
            before = found.get(number, Decimal(0))
            found[number] = None if before is None or one.amount is None else before + one.amount
    return found


def promises_in(dealings: Iterable[Dealing]) -> list[Given]:
    """Promises as they are judged."""
    return [
        Given(
            promise_id=one.dealing_id, made_on=one.day, promised_on=one.until, amount=one.amount,
            invoice_no=one.invoices[0] if len(one.invoices) == 1 else "",
        )
        for one in dealings if one.kind == "promise"
    ]  # fmt: skip


def unproven(found: Dunning, dealings: Iterable[Dealing]) -> Letter | None:
    """The letter of the stage when nothing shows that it went out since the stage began."""
    began = found.began_on
    if began is None or not found.letters or found.letters[0] == "statement":
        return None
    wanted = found.letters[0]
    sent = any(one.kind == "sent" and one.letter == wanted and began <= one.day <= found.on for one in dealings)
    return None if sent else wanted


def letters_now(found: Dunning, dealings: Iterable[Dealing]) -> tuple[Letter, ...]:
    """What may be sent: the letters of the stage, and a demand letter that nothing shows to have gone out before."""
    if "lawyer" not in found.letters:
        return found.letters
    due = found.on - timedelta(days=found.days)
    demanded = any(one.kind == "sent" and one.letter == "demand" and due < one.day <= found.on for one in dealings)
    return found.letters if demanded else (*found.letters, "demand")


def idle_days(days: int, dealings: Iterable[Dealing], on: date) -> int:
    """Working days since a customer so many days past due became overdue, or since something was done, the later.

    A promise is waited for until its day, a dispute until it is settled or its time is over.
    """
    if days <= 0:
        return 0
    begun = on - timedelta(days=days - 1)
    return working_days_between(max((begun, *(_waited(one, on) for one in dealings if one.day <= on))), on)


def _waited(dealing: Dealing, on: date) -> date:
    until = dealing.ended_on or dealing.until or dealing.day
    return max(dealing.day, min(until, on))
