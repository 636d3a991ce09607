"""Delegation: who signs for whom while somebody is away (POLICY 6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from approvals.errors import DelegationError
from approvals.people import Person, Role
from approvals.posts import ladder, rank, rank_of
from approvals.steps import Step
from scoring.policy import Policy

__all__ = [
    "Delegation", "DelegationError", "check_delegation", "enters_for_others", "may_sign_for", "may_stand_for", "rank",
    "signs", "turns_of",
]  # fmt: skip


ENTERS: frozenset[Role] = frozenset({"customer_admin", "administrator"})
"""Roles that may enter a delegation, or end one, for somebody who cannot do it himself."""
_BESIDE: tuple[Role, ...] = ("customer_admin", "finance", "risk", "legal")
"""Roles beside the ladder that sign: who vouches, and the co-signers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegation:
    """One person's turn given to another, both days included."""

    id: str
    from_person: str
    to_person: str
    starts_on: date
    ends_on: date
    reason: str
    made_by: str
    made_at: datetime
    ended_at: datetime | None = None
    ended_by: str = ""

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.ended_at is None and self.starts_on <= on <= self.ends_on


def enters_for_others(person: Person) -> bool:
    """Whether somebody may enter the delegation of another person, who is ill."""
    return any(one.role in ENTERS for one in person.held)


def signs(person: Person, policy: Policy) -> bool:
    """Whether somebody can have a turn at all that he could give away."""
    return rank(person, policy) >= 0 or any(one.role in _BESIDE for one in person.held)


def check_delegation(
    wanted: Delegation, giver: Person, taker: Person, policy: Policy, others: Iterable[Delegation], *, today: date,
    maker: Person | None = None,
) -> None:  # fmt: skip
    """DelegationError unless it may be given: same or higher post, at most the policy's days, nobody onward.

    `maker` enters it; None = the giver himself. Who enters it for somebody else names a third one, never himself.
    """
    _check_hands(wanted, giver, taker, maker)
    _check_days(wanted, policy.authority.delegation_days, today)
    if not may_stand_for(giver, taker, policy):
        raise DelegationError("delegation_lower", person=taker.name)
    for other in others:
        if other.id == wanted.id or other.ended_at is not None:
            continue
        if other.ends_on < wanted.starts_on or wanted.ends_on < other.starts_on:
            continue
        if other.from_person == giver.id:
            raise DelegationError("delegation_twice", person=giver.name, ends_on=other.ends_on)
        if other.from_person == taker.id or other.to_person == giver.id:
            raise DelegationError("delegation_onward", person=taker.name)


def _check_hands(wanted: Delegation, giver: Person, taker: Person, maker: Person | None) -> None:
    if wanted.made_by != giver.id and (maker is None or maker.id != wanted.made_by or not enters_for_others(maker)):
        raise DelegationError("delegation_not_yours", person=giver.name)
    if taker.id == giver.id:
        raise DelegationError("delegation_self")
    if taker.id == wanted.made_by:
        raise DelegationError("delegation_maker")


def _check_days(wanted: Delegation, most: int, today: date) -> None:
    days = (wanted.ends_on - wanted.starts_on).days + 1
    if days < 1 or wanted.ends_on < today:
        raise DelegationError("delegation_over", ends_on=wanted.ends_on)
    if wanted.starts_on < today:
        raise DelegationError("delegation_past", starts_on=wanted.starts_on)
    if days > most:
        raise DelegationError("delegation_too_long", days=days, bound=most)


def may_stand_for(giver: Person, taker: Person, policy: Policy) -> bool:
    """Whether anything that the giver signs could be signed by the taker: the same or a higher post of the ladder,
    beside the ladder the same role. Which of it, is looked at step by step (`may_sign_for`)."""
    held = rank(giver, policy)
    if held >= 0 and rank(taker, policy) < held:
        return False
    beside = _roles(giver) - set(ladder(policy)) - {"sales"}
    return held >= 0 or bool(beside & _roles(taker))


def may_sign_for(taker: Person, step: Step, department: str, policy: Policy) -> bool:
    """Whether somebody to whom a turn was given may take it at this step, by the roles that he holds now.

    The post counts in whichever department he holds it: he is named by who is away, and lends the post, not the place.
    """
    if step.kind == "post":
        return rank(taker, policy) >= rank_of(step.role, policy)
    return taker.holds(step.role, department, step.branches)


def turns_of(person: str, delegations: Iterable[Delegation], on: date) -> tuple[str, ...]:
    """Whose turn a person may take on a day: his own first, then those given to him; never onward."""
    given = [one.from_person for one in delegations if one.to_person == person and one.holds(on)]
    return (person, *given)


def _roles(person: Person) -> set[str]:
    return {one.role for one in person.held}
