"""The limitation period 诉讼时效 of a claim: when it ends, what began it anew, when to warn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from scoring.dates import add_months
from scoring.policy import Policy

Restart = Literal["demand", "acknowledgement"]
MONTHS = 12


@dataclass(frozen=True, slots=True, order=True)
class Proof:
    """Something that can be shown to a court: we demanded, or he paid a part or acknowledged the debt."""

    on: date
    kind: Restart


@dataclass(frozen=True, slots=True)
class Limitation:
    """How long a claim can still be sued for."""

    since: date
    """Due, or the proof that began it anew."""
    expires_on: date
    """The last day."""
    days_left: int
    """On that day 0, then below."""
    warned: int | None
    """The nearest of the policy's warning lines that has been reached; 0 = expired; None = time enough."""


def limitation(due: date, proofs: Iterable[Proof], policy: Policy, on: date) -> Limitation:
    """The period of a claim due on a day, as of `on`; what is dated later does not count.

    A demand after the end comes too late, an acknowledgement does not.
    """
    months = policy.law.limitation_years * MONTHS
    since, ends = due, add_months(due, months)
    for proof in sorted(proofs):
        if not since < proof.on <= on or (proof.on > ends and proof.kind == "demand"):
            continue
        since, ends = proof.on, add_months(proof.on, months)
    left = (ends - on).days
    return Limitation(since, ends, left, _warned(left, policy.law.limitation_warn_days))


def _warned(left: int, lines: Sequence[int]) -> int | None:
    if left < 0:
        return 0
    return min((line for line in lines if left <= line), default=None)
