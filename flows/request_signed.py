"""Who signed a request and who is next, by name: what cards say of the route."""

from collections.abc import Iterable, Mapping, Sequence

from approvals.delegation import Delegation
from approvals.people import Person, Role
from approvals.posts import ladder
from approvals.request import Request
from approvals.steps import Act, Signature, Step
from approvals.transitions import SIGNING_ACTS
from approvals.turns import decided_by, standing_signatures
from approvals.whose import stand_ins
from flows.desk import Desk
from texts.request_sheet import Signed, Stop

Names = Mapping[str, Person]
_SILENT: frozenset[Act] = frozenset(
    {"remind", "escalate", "reroute", "take_back", "withdraw", "resubmit", "expire", "adjust"}
)
"""Of the clock or the applicant, or undone, or no signature: said elsewhere, not in the list of who signed."""


def names_of(desk: Desk) -> Names:
    """Persons by id."""
    return {one.id: one for one in desk.people.people}


def name_of(person_id: str, names: Names) -> str:
    """A person's name; his id when he has left people.yaml."""
    return names[person_id].name if person_id in names else person_id


def signatures_of(desk: Desk, request: Request, names: Names) -> tuple[tuple[Signed, ...], tuple[Signed, ...]]:
    """(what holds, what does not any more), each in order."""
    standing = {id(one) for one in standing_signatures(request)}
    holds: list[Signed] = []
    void: list[Signed] = []
    for place, one in enumerate(request.signatures):
        if one.act in _SILENT:
            continue
        current = place >= request.round_from and (one.act not in SIGNING_ACTS or id(one) in standing)
        (holds if current else void).append(signed_as(desk, request, one, names))
    return tuple(holds), tuple(void)


def signed_as(desk: Desk, request: Request, one: Signature, names: Names | None = None) -> Signed:
    """A signature with names, posts and local time."""
    known = names or names_of(desk)
    step = request.steps[one.step] if 0 <= one.step < len(request.steps) else None
    return Signed(
        act=one.act,
        who=name_of(one.person, known) if one.person else "",
        role=_role(desk, known.get(one.person), step),
        at=desk.local(one.at) or one.at,
        for_whom=name_of(one.for_person, known) if one.for_person else "",
        terms=one.terms,
        reason=one.reason,
        to=name_of(one.to_person, known) if one.to_person else "",
        points=one.points,
        decides=one.act == "approve" and one == decided_by(request),
    )


def _role(desk: Desk, person: Person | None, step: Step | None) -> Role | None:
    """In which of his roles somebody acted: the step's where he holds it, else his highest post."""
    if person is None:
        return None
    held = [one.role for one in person.held]
    if step is not None and step.role in held:
        return step.role
    posts = [role for role in reversed(ladder(desk.policy)) if role in held]
    return next(iter((*posts, *held)), None)


def has_signed(request: Request, person: Person | None) -> bool:
    """Whether somebody signed in this round and did not take it back."""
    return person is not None and any(one.person == person.id for one in standing_signatures(request))


def stop_of(desk: Desk, request: Request, place: int, names: Names, given: Sequence[Delegation] = ()) -> Stop:
    """A step with those who still have to sign there, and who may do so for whom by what was given for today."""
    step = request.steps[place]
    done = {one.for_person or one.person for one in standing_signatures(request) if one.step == place}
    left = tuple(one for one in step.people if one not in done)
    lent = stand_ins(
        request, place, policy=desk.policy, people=desk.people, delegations=given, today=desk.today()
    )  # fmt: skip
    return Stop(
        kind=step.kind, role=step.role, names=tuple(name_of(one, names) for one in left), mode=step.mode,
        decides=step.decides, passed_up=step.passed_up,
        stand_ins=tuple(name_of(lent[one], names) if one in lent else "" for one in left),
    )  # fmt: skip


def stops_of(desk: Desk, steps: Iterable[Step]) -> tuple[Stop, ...]:
    """A route that nobody has signed yet."""
    names = names_of(desk)
    return tuple(
        Stop(
            kind=step.kind, role=step.role, names=tuple(name_of(one, names) for one in step.people), mode=step.mode,
            decides=step.decides, passed_up=step.passed_up,
        )
        for step in steps
    )  # fmt: skip


def to_come(request: Request) -> range:
    """The steps after those that are open."""
    return range(max(request.at) + 1, len(request.steps)) if request.at else range(0)
