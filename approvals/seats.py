"""Whether everybody a route still needs can be a different person: nobody signs twice in one chain."""

from collections.abc import Collection, Sequence

from approvals.steps import Signature, Step
from approvals.turns import decision, hands_of, passed, required, signed_at


def unseated(steps: Sequence[Step], signed: Sequence[Signature] = (), away: Collection[str] = ()) -> int | None:
    """The first step for which no different person is left; None when each can be signed.

    Co-signers and the vouching come first, then the posts from the top: a post below may pass upward, they may not.
    """
    taken: dict[str, tuple[int, int]] = {}
    seats: dict[tuple[int, int], frozenset[str]] = {}
    gone = hands_of(signed) | frozenset(away)
    for place in _by_need(steps, signed):
        done = signed_at(place, signed)
        for number in range(required(steps[place]) - len(done)):
            seat = (place, number)
            seats[seat] = frozenset(steps[place].people) - gone - done
            if not _sit(seat, seats, taken, set()):
                return place
    return None


def _by_need(steps: Sequence[Step], signed: Sequence[Signature]) -> list[int]:
    """The steps that still have to be signed, those first that nobody above can take over."""
    decided = decision(steps, signed) is not None
    needed = [
        place
        for place, step in enumerate(steps)
        if not passed(step, place, signed) and not step.lapsed and not (decided and step.kind == "post")
    ]
    return sorted(needed, key=lambda place: (steps[place].kind == "post", -place))


def _sit(
    seat: tuple[int, int],
    seats: dict[tuple[int, int], frozenset[str]],
    taken: dict[str, tuple[int, int]],
    tried: set[str],
) -> bool:
    """Give a seat to somebody, asking who sits elsewhere to move on (Kuhn's augmenting path)."""
    for person in sorted(seats[seat]):
        if person in tried:
            continue
        tried.add(person)
        if person not in taken or _sit(taken[person], seats, taken, tried):
            taken[person] = seat
            return True
    return False
