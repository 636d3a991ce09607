"""Delegation: who signs for whom while somebody is away (POLICY 6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from approvals.people import Person, Role
from scoring.errors import DeskError
from scoring.policy import Policy


class DelegationError(DeskError):
    """A delegation that cannot be given, and why."""


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


def rank(person: Person, policy: Policy) -> int:
    """A person's highest rung on the ladder of posts, -1 without one."""
    posts: tuple[Role, ...] = policy.authority.posts
    return max((posts.index(role) for role in person.roles if role in posts), default=-1)


def check_delegation(
    wanted: Delegation, giver: Person, taker: Person, policy: Policy, others: Iterable[Delegation], *, today: date
) -> None:
    """DelegationError unless it may be given: same or higher post, at most the policy's days, nobody onward."""
    most = policy.authority.delegation_days
    if taker.id == giver.id:
        raise DelegationError("delegation_self")
    if wanted.ends_on < wanted.starts_on or wanted.ends_on < today:
        raise DelegationError("delegation_over", ends_on=wanted.ends_on)
    if (wanted.ends_on - wanted.starts_on).days + 1 > most:
        raise DelegationError("delegation_too_long", days=(wanted.ends_on - wanted.starts_on).days + 1, bound=most)
    if not may_stand_for(giver, taker, policy):
        raise DelegationError("delegation_lower", person=taker.name)
    for other in others:
        apart = other.ended_at is not None or other.ends_on < wanted.starts_on or wanted.ends_on < other.starts_on
        if apart:
            continue
        if other.from_person == giver.id:
            raise DelegationError("delegation_twice", ends_on=other.ends_on)
        if other.from_person == taker.id or other.to_person == giver.id:
            raise DelegationError("delegation_onward", person=taker.name)


def may_stand_for(giver: Person, taker: Person, policy: Policy) -> bool:
    """The same or a higher post of the ladder; beside the ladder the same role."""
    held = rank(giver, policy)
    if held >= 0 and rank(taker, policy) < held:
        return False
    beside = set(giver.roles) - set(policy.authority.posts) - {"sales"}
    return held >= 0 or bool(beside & set(taker.roles))


def turns_of(person: str, delegations: Iterable[Delegation], on: date) -> tuple[str, ...]:
    """Whose turn a person may take on a day: his own first, then those given to him; never onward."""
    given = [one.from_person for one in delegations if one.to_person == person and one.holds(on)]
    return (person, *given)
