"""Promises to pay 承诺: kept, partly, broken or open on a day, and how far a customer's word goes. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

Outcome = Literal["kept", "partly", "broken", "open"]
ZERO, _HUNDRED = Decimal(0), Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A promise as it was given; amounts in the customer's currency."""

    promise_id: str
    made_on: date | None
    promised_on: date | None
    amount: Decimal | None
    """None = whatever comes."""
    invoice_no: str = ""
    said: Outcome | None = None
    """What a person has judged; it stands."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """Money that came, and the invoice it named."""

    on: date
    amount: Decimal
    invoice_no: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A promise with what became of it."""

    given: Given
    outcome: Outcome
    received: Decimal


@dataclass(frozen=True, slots=True)
class Reliability:
    """How many promises ended how."""

    kept: int = 0
    partly: int = 0
    broken: int = 0
    open: int = 0

    @property
    def kept_pct(self) -> Decimal | None:
        """Kept whole, of those decided; one decimal, None without any."""
        decided = self.kept + self.partly + self.broken
        return None if not decided else (self.kept * _HUNDRED / decided).quantize(Decimal("0.1"), ROUND_HALF_UP)


def judged(promises: Iterable[Given], receipts: Sequence[Arrived], on: date) -> tuple[Judged, ...]:
    """Each promise given by a day, earliest promised first.

    Money counts from the day a promise was made to the day it names, once: what one promise used keeps no second one.
    A promise that lacks a day is open unless somebody judged it.
    """
    left = [receipt.amount for receipt in receipts]
    given = [one for one in promises if one.made_on is None or one.made_on <= on]
    return tuple(_judge(one, receipts, left, on) for one in sorted(given, key=_order))


def reliability(found: Iterable[Judged]) -> Reliability:
    """Counted."""
    outcomes = [one.outcome for one in found]
    return Reliability(*(outcomes.count(name) for name in ("kept", "partly", "broken", "open")))


def _order(given: Given) -> tuple[date, date, str]:
    return given.promised_on or date.max, given.made_on or date.max, given.promise_id


def _judge(given: Given, receipts: Sequence[Arrived], left: list[Decimal], on: date) -> Judged:
    made, promised = given.made_on, given.promised_on
    if made is None or promised is None:
        return Judged(given, given.said or "open", ZERO)
    got = ZERO
    for place, receipt in enumerate(receipts):
        if not made <= receipt.on <= min(promised, on) or given.invoice_no not in {"", receipt.invoice_no}:
            continue
        used = left[place] if given.amount is None else min(left[place], given.amount - got)
        left[place] -= used
        got += used
    return Judged(given, given.said or _outcome(given, got, over=on > promised), got)


def _outcome(given: Given, got: Decimal, *, over: bool) -> Outcome:
    if got > 0 and (given.amount is None or got >= given.amount):
        return "kept"
    if not over:
        return "open"
    return "partly" if got > 0 else "broken"
