"""A second, slow reading of who may decide what: the checker that the state machine is held against.

It knows the policy's figures from docs and company papers, not from the code that it checks.
"""

from dataclasses import dataclass
from decimal import Decimal

from approvals.delegation import Delegation
from approvals.people import People
from approvals.request import Request
from approvals.steps import Signature

LADDER = ("sales_manager", "dept_deputy_gm", "dept_gm", "responsible_vp")
COLUMNS = (30, 45, 60, 90)
MATRIX = (
    (200_000, (0, 1, 2, 3)),
    (1_000_000, (1, 1, 2, 3)),
    (3_000_000, (2, 2, 2, 3)),
    (5_000_000, (3, 3, 3, 3)),
)
LIMITS = {"A": 5_000_000, "B": 3_000_000, "C": 1_000_000}
LONGEST = {"A": 90, "B": 60, "C": 30}
SIGNING = {"vouch", "recommend", "approve", "return", "reject"}


@dataclass(frozen=True)
class Witness:
    """The world at the moment of a signature."""

    people: People
    delegations: tuple[Delegation, ...]


def in_force(request: Request) -> list[int]:
    """Places of the signatures of this round that were not taken back."""
    kept: list[int] = []
    for place in range(request.round_from, len(request.signatures)):
        one = request.signatures[place]
        if one.act == "take_back":
            kept.remove(max(earlier for earlier in kept if request.signatures[earlier].person == one.person))
        elif one.act in SIGNING:
            kept.append(place)
    return kept


def rungs(people: People, who: str, department: str) -> set[int]:
    """The rungs that somebody stands on for a department."""
    person = people.by_id.get(who)
    if person is None:
        return set()
    return {
        LADDER.index(role)
        for role in person.roles
        if role in LADDER
        and (department in person.departments or (role == "responsible_vp" and not person.departments))
    }


def holds(people: People, who: str, role: str, department: str) -> bool:
    """Whether somebody holds a role beside the ladder."""
    person = people.by_id.get(who)
    return person is not None and role in person.roles and (not person.departments or department in person.departments)


def check_decision(request: Request, witnesses: dict[int, Witness]) -> None:
    """Every rule of POLICY 6 and 10 about an approved request, from its signatures alone."""
    kept = in_force(request)
    signed = [request.signatures[place] for place in kept]
    hands = [one.person for one in signed] + [one.for_person for one in signed if one.for_person]
    assert len(hands) == len(set(hands)), "somebody signed twice"
    assert request.applicant not in hands
    for place in kept:
        people = witnesses[place].people
        owners = {one.id for one in people.people if one.name == request.sales_owner}
        assert not owners & {request.signatures[place].person, request.signatures[place].for_person}
    assert any(one.act == "vouch" for one in signed), "nobody vouched"
    assert request.decided is not None
    roles = {_role(request, place, witnesses[place]) for place in kept}
    prepay = request.asked.prepay
    terms, proposed = request.decided, request.proposed
    override = terms.limit > proposed.limit or terms.payment_days > proposed.payment_days
    if not prepay:
        assert request.grade in LIMITS
        assert 0 < terms.limit <= LIMITS[request.grade]
        assert 0 < terms.payment_days <= LONGEST[request.grade]
        assert "finance" in roles
    needed = 0 if prepay else matrix(terms.limit + request.group_base, terms.payment_days)
    higher = not prepay and (request.grade == "C" or override or bool(request.reasons_higher))
    if not prepay and (request.grade == "C" or override or (higher and needed == 3)):
        assert "risk" in roles
    if "sued" in request.flags or ("security" in request.flags and not prepay):
        assert "legal" in roles
    wanted = min(needed + higher, 3)
    deciders = [place for place in kept if _decided_there(request, place)]
    assert deciders, "nobody decided"
    assert any(_rank(request, place, witnesses[place]) >= wanted for place in deciders), "beyond authority"
    for one in signed:
        if one.step >= 0 and request.steps[one.step].kind == "cosign" and one.terms:
            assert terms.limit <= one.terms.limit
            assert terms.payment_days <= one.terms.payment_days


def matrix(amount: Decimal, days: int) -> int:
    """The rung that amount and days need; beyond the table nobody may."""
    row = next(ranks for most, ranks in MATRIX if amount <= most)
    return next(rank for most, rank in zip(COLUMNS, row, strict=True) if days <= most)


def _decided_there(request: Request, place: int) -> bool:
    one = request.signatures[place]
    return one.act == "approve" and request.steps[one.step].kind == "post" and _terms(request, one) == request.decided


def _terms(request: Request, one: Signature) -> object:
    return one.terms or request.proposed


def _role(request: Request, place: int, world: Witness) -> str:
    """The role that a signature was given in: it has to be held at that moment, by whose turn it was and by who signed."""
    one = request.signatures[place]
    step, whose = request.steps[one.step], one.for_person or one.person
    assert whose in step.people
    if one.for_person:
        assert any(
            given.from_person == one.for_person and given.to_person == one.person and given.ended_at is None
            for given in world.delegations
        ), "no delegation"
    for who in {whose, one.person}:
        if step.kind == "post":
            anywhere = who == one.person and bool(one.for_person)
            assert _best(world.people, who, request.department, anywhere=anywhere) >= LADDER.index(step.role)
        else:
            assert holds(world.people, who, step.role, request.department)
    return step.role


def _rank(request: Request, place: int, world: Witness) -> int:
    """The rung whose authority a signature carries: under a delegation the lower one of the two persons."""
    one = request.signatures[place]
    own = _best(world.people, one.person, request.department, anywhere=bool(one.for_person))
    return min(own, _best(world.people, one.for_person, request.department)) if one.for_person else own


def _best(people: People, who: str, department: str, *, anywhere: bool = False) -> int:
    person = people.by_id.get(who)
    if person is None:
        return -1
    if anywhere:
        return max((LADDER.index(role) for role in person.roles if role in LADDER), default=-1)
    return max(rungs(people, who, department), default=-1)
