"""What a customer looked like at the look before: who he is, who pays for him, how he was rated at the last review."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from hashlib import sha256

from scoring.findings import Fact, Finding, Source
from scoring.ledger import Account
from scoring.names import normalise
from scoring.policy import Policy
from scoring.results import Grade, Rating

_ORDER = "ABCD"
_IDENTITY = (
    ("bank_account_changed", "bank_account", "bank_account"),
    ("controller_changed", "controller", "controller"),
    ("representative_changed", "representative", "legal_representative"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One customer; texts as the ledger writes them."""

    customer_id: str
    bank_account: str = ""
    controller: str = ""
    representative: str = ""
    payers: tuple[str, ...] = ()
    """Everybody who has paid, normalised."""
    score: Decimal | None = None
    grade: Grade | None = None
    reviewed_on: date
    """When score and grade were taken down: at the first look, then at each review."""


def snapshot_of(account: Account, rating: Rating | None, on: date) -> Snapshot:
    """What the customer looks like now, rated now."""
    customer = account.customer
    return Snapshot(
        customer_id=customer.customer_id, bank_account=customer.bank_account.strip(),
        controller=customer.controller.strip(), representative=customer.legal_representative.strip(),
        payers=tuple(sorted(_payers(account))), score=rating.score if rating else None,
        grade=rating.grade if rating else None, reviewed_on=on,
    )  # fmt: skip


def renewed(before: Snapshot, now: Snapshot) -> Snapshot:
    """Who he is now and everybody who has ever paid; rated as at the last review. An emptied cell forgets nothing."""
    payers = tuple(sorted({*before.payers, *now.payers}))
    told = {name: getattr(now, name) or getattr(before, name) for _, name, _ in _IDENTITY}
    kept = replace(before, payers=payers, **told)
    return kept if before.score is not None or now.score is None else replace(
        kept, score=now.score, grade=now.grade, reviewed_on=now.reviewed_on
    )  # fmt: skip


def happened(before: Snapshot, now: Snapshot, account: Account, policy: Policy) -> Iterator[Finding]:
    """What changed since (POLICY.md 7): payer, bank account, controller, representative; score or grade down."""
    customer = account.customer
    own = Source("customers", customer.customer_id, customer.row)
    for code, name, column in _IDENTITY:
        was, is_now = getattr(before, name), getattr(now, name)
        if was and is_now and normalise(was) != normalise(is_now):
            yield _warning(code, replace(own, key=f"{own.key}/{column}/{_short(is_now)}"))
    known = {*before.payers, *_own_names(account)}
    new = sorted(set(now.payers) - known) if before.payers else []
    for payer in new:
        yield _warning("payer_changed", replace(own, key=f"{own.key}/payer/{_short(payer)}"))
    yield from _dropped(before, now, policy, own)


def _dropped(before: Snapshot, now: Snapshot, policy: Policy, own: Source) -> Iterator[Finding]:
    if before.score is None or now.score is None:
        return
    lost = before.score - now.score
    line = policy.warning_line("score_drop", now.grade)
    if lost >= line:
        yield _warning("score_drop", own, have=float(round(lost, 1)), line=float(line), since=before.reviewed_on)
    if before.grade and now.grade and _ORDER.index(now.grade) > _ORDER.index(before.grade):
        yield _warning("grade_drop", own, was=before.grade, now=now.grade, since=before.reviewed_on)


def _warning(code: str, source: Source, **facts: Fact) -> Finding:
    return Finding(code, "yellow", {**facts, "escalated": None}, source)


def _payers(account: Account) -> set[str]:
    mine = account.customer.customer_id
    return {normalise(row.payer) for row in account.payments if row.customer_id == mine and row.payer} - {""}


def _own_names(account: Account) -> set[str]:
    customer = account.customer
    names: Iterable[str] = f"{customer.name};{customer.aliases};{customer.known_payers}".replace("；", ";").split(";")
    return {normalise(name) for name in names} - {""}


def _short(text: str) -> str:
    """Tells one new value from another without keeping it in a key."""
    return sha256(text.encode()).hexdigest()[:10]
