"""Who may act on a request now, at which open step, and in whose place; rules count persons, not accounts."""

from collections.abc import Iterable
from datetime import date

from approvals.bounds import name_of
from approvals.delegation import Delegation, may_sign_for, turns_of
from approvals.errors import ActError
from approvals.people import People, Person
from approvals.posts import rank_of, stands_on
from approvals.request import Request
from approvals.seats import unseated
from approvals.steps import Act, Signature, Step
from approvals.transitions import TURN_ACTS
from approvals.turns import Actor, hands_of, standing_signatures
from scoring.policy import Policy


def turn(
    request: Request,
    act: Act,
    by: Actor,
    *,
    policy: Policy,
    people: People,
    delegations: Iterable[Delegation],
    today: date,
) -> tuple[int, str]:
    """The open step that the actor may act at, and the id of whose turn that is; ActError when there is none."""
    number = request.request_no
    person = people.by_id.get(by.person.id)
    if person is None:
        raise ActError("not_your_turn", request_no=number, waits=waits_for(request, people))
    check_party(request, person, people)
    hands = hands_of(standing_signatures(request))
    if act in TURN_ACTS and person.id in hands:
        raise ActError("already_signed", request_no=number)
    mine = [
        (place, whose)
        for whose in turns_of(person.id, delegations, today)
        for place in request.at
        if whose in request.steps[place].people and (whose == person.id or whose not in hands)
    ]
    if not mine:
        raise ActError("not_your_turn", request_no=number, waits=waits_for(request, people))
    held = [found for found in mine if _still(request, person, found, policy, people)]
    if not held:
        raise ActError("role_lost", request_no=number, role=request.steps[mine[0][0]].role)
    return held[0]


def stand_ins(
    request: Request, place: int, *, policy: Policy, people: People, delegations: Iterable[Delegation], today: date
) -> dict[str, str]:
    """Who may sign a step for whom today: whose turn it is -> who may take it."""
    step, hands = request.steps[place], hands_of(standing_signatures(request))
    found: dict[str, str] = {}
    for one in delegations:
        taker = people.by_id.get(one.to_person)
        waits = one.holds(today) and one.from_person in step.people and one.from_person not in hands
        if not waits or taker is None or taker.id in hands or _is_party(request, taker, people):
            continue
        may = _still(request, taker, (place, one.from_person), policy, people)
        if may and not _needed_later(request, place, taker.id, one.from_person):
            found[one.from_person] = taker.id
    return found


def _needed_later(request: Request, place: int, person: str, whose: str) -> bool:
    """Whether a signature in somebody's place would leave a later step with nobody: nobody signs twice."""
    standing = standing_signatures(request)
    made = Signature(
        act="recommend", person=person, account="", at=request.step_since, step=place, for_person=whose
    )  # fmt: skip
    return unseated(request.steps, [*standing, made]) is not None and unseated(request.steps, standing) is None


def _is_party(request: Request, person: Person, people: People) -> bool:
    try:
        check_party(request, person, people)
    except ActError:
        return True
    return False


def check_party(request: Request, person: Person, people: People) -> None:
    """ActError when somebody is a party to it: nobody signs what he filed or whose customer he looks after."""
    if person.id == request.applicant:
        raise ActError("own_request", request_no=request.request_no)
    if person.id in people.meant_by(request.sales_owner):
        raise ActError("sales_owner", request_no=request.request_no)


def holds_step(person: Person, step: Step, request: Request, policy: Policy) -> bool:
    """Whether somebody's own roles fit a step today: the post or a higher one; beside the ladder the same role."""
    if step.kind == "post":
        place = rank_of(step.role, policy)
        return place >= 0 and stands_on(person, place, request.department, step.branches, policy)
    return person.holds(step.role, request.department, step.branches)


def _still(request: Request, person: Person, found: tuple[int, str], policy: Policy, people: People) -> bool:
    """Whether the roles of today still bear the turn: of whose it is, and of who takes it for him."""
    place, whose = found
    step, owner = request.steps[place], people.by_id.get(whose)
    if owner is None or not holds_step(owner, step, request, policy):
        return False
    return whose == person.id or may_sign_for(person, step, request.department, policy)


def waits_for(request: Request, people: People) -> str:
    """The names of whom it waits for now."""
    names = [name_of(one, people) for place in request.at for one in request.steps[place].people]
    return ", ".join(dict.fromkeys(names)) or "—"
