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
    """The steps that wait now; empty when everybody has signed."""
    for stage in stages(steps):
        waiting = tuple(place for place in stage if not passed(steps[place], place, signed))
        if waiting:
            return waiting
    return ()


def passed(step: Step, place: int, signed: Sequence[Signature]) -> bool:
    """Whether enough of a step's people have signed."""
    count = len({one.for_person or one.person for one in signed if one.step == place and one.act in PASSING_ACTS})
    if step.mode == "all":
        return count >= len(step.people)
    return count * 2 > len(step.people) if step.mode == "majority" else count >= 1
