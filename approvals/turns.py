"""Whose turn it is: what the signatures of a round make of the route."""

from collections.abc import Sequence
from dataclasses import dataclass

from approvals.people import Person
from approvals.request import Request
from approvals.steps import Signature, Step
from approvals.transitions import PASSING_ACTS, SIGNING_ACTS


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, with which account."""

    person: Person
    account: str


def stages(steps: Sequence[Step]) -> list[tuple[int, ...]]:
    """The steps in groups that are open together: neighbouring co-signers are one group."""
    found: list[tuple[int, ...]] = []
    for place, step in enumerate(steps):
        if found and step.kind == "cosign" and steps[found[-1][-1]].kind == "cosign":
            found[-1] = (*found[-1], place)
        else:
            found.append((place,))
    return found


def standing_signatures(request: Request) -> list[Signature]:
    """The signatures of this round that count: what was taken back does not."""
    kept: list[Signature] = []
    for one in request.signatures[request.round_from :]:
        if one.act == "take_back":
            last = max(place for place, other in enumerate(kept) if other.person == one.person)
            del kept[last]
        elif one.act in SIGNING_ACTS:
            kept.append(one)
    return kept


def open_steps(steps: Sequence[Step], signed: Sequence[Signature]) -> tuple[int, ...]:
    """The steps that wait now; empty when nothing more is needed.

    A lapsed step stays open beside what comes after it, until a higher post has signed. Once it is decided only
    co-signers are waited for.
    """
    decided = decision(steps, signed) is not None
    beside: tuple[int, ...] = ()
    for stage in stages(steps):
        waiting = tuple(place for place in stage if not passed(steps[place], place, signed))
        post = steps[stage[0]].kind == "post"
        if not waiting:
            beside = () if post else beside
        elif post and steps[stage[0]].lapsed:
            beside += waiting
        elif not (decided and post):
            return waiting if decided else (*beside, *waiting)
    return () if decided else beside


def decision(steps: Sequence[Step], signed: Sequence[Signature]) -> Signature | None:
    """The signature that decided: the last approval that a deciding step took; None while there is none."""
    for place, step in enumerate(steps):
        approvals = [one for one in signed if one.step == place and one.act == "approve"]
        if step.decides and passed(step, place, approvals):
            return approvals[-1]
    return None


def decided_by(request: Request) -> Signature | None:
    """Who decided an approved request; who rejected a rejected one; None otherwise."""
    standing = standing_signatures(request)
    if request.state == "rejected":
        return standing[-1] if standing else None
    return decision(request.steps, standing) if request.state == "approved" else None


def required(step: Step) -> int:
    """How many of a step's people have to sign."""
    if step.mode == "any":
        return 1
    return len(step.people) if step.mode == "all" else len(step.people) // 2 + 1


def signed_at(place: int, signed: Sequence[Signature]) -> frozenset[str]:
    """Whose turns were used at a step, be it by somebody who acts for them."""
    return frozenset(one.for_person or one.person for one in signed if one.step == place and one.act in PASSING_ACTS)


def passed(step: Step, place: int, signed: Sequence[Signature]) -> bool:
    """Whether enough of a step's people have signed."""
    return len(signed_at(place, signed)) >= required(step)


def hands_of(signed: Sequence[Signature]) -> frozenset[str]:
    """Everybody who has signed, or for whom somebody has: none of them signs again in this round."""
    return frozenset(one.person for one in signed) | frozenset(one.for_person for one in signed if one.for_person)
