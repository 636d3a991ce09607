"""The authority matrix: which post an amount and its days need, and the way of a request up to it (POLICY 6, 10)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from approvals.people import People, Person, Role
from approvals.steps import Mode, Step
from scoring.errors import DeskError
from scoring.policy import Policy
from scoring.results import Grade

ZERO = Decimal(0)


class RouteError(DeskError):
    """A request that cannot be routed, and why: nobody is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the route depends on. Amounts in base currency."""

    department: str
    branch: str = ""
    applicant: Person
    sales_owner: str
    """As the ledger writes it: a name."""
    own_base: Decimal
    """The whole line after the decision, the temporary part with it."""
    group_base: Decimal = ZERO
    """What other members of the group have asked for in the last 30 days."""
    payment_days: int
    grade: Grade | None
    """None = unrated."""
    prepay: bool = False
    higher: tuple[str, ...] = ()
    """Reasons for one post higher: names of `policy.authority.one_post_higher`."""
    is_raise: bool = True
    override: bool = False
    uncleared: bool = False
    """V11: no credit until cleared."""
    sued: bool = False
    """V4."""
    security: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The steps in their order and what they rest on."""

    steps: tuple[Step, ...]
    needed: Role
    """The post that decides, after everything that raises it and every vacancy."""
    amount_base: Decimal
    """What the matrix was asked about."""
    payment_days: int
    higher: tuple[str, ...]
    """The reasons that raised the post, or that brought risk in where it could not rise."""


def needed_post(policy: Policy, amount_base: Decimal, payment_days: int) -> Role:
    """The higher of what the amount and what the days need, bounds inclusive; RouteError outside the matrix."""
    rule = policy.authority
    column = next((place for place, most in enumerate(rule.days) if payment_days <= most), None)
    row = next((row for row in rule.matrix if amount_base <= row.up_to), None)
    if row is None:
        raise RouteError("above_policy_amount", amount=amount_base, bound=rule.matrix[-1].up_to)
    if column is None:
        raise RouteError("above_policy_days", days=payment_days, bound=rule.days[-1])
    return cast("Role", row.posts[column])


def reasons_higher(policy: Policy, *, grade: Grade | None, override: bool, temporary: bool) -> tuple[str, ...]:
    """Which of the policy's reasons for one post higher hold."""
    held = {"grade_c": grade == "C", "unrated": grade is None, "override": override, "temporary": temporary}
    return tuple(reason for reason in policy.authority.one_post_higher if held.get(reason, False))


def authority_of(policy: Policy, amount_base: Decimal, payment_days: int, higher: tuple[str, ...]) -> Role:
    """The post that may decide: one higher, once, however many reasons; the topmost stays."""
    posts = policy.authority.posts
    place = posts.index(needed_post(policy, amount_base, payment_days))
    return cast("Role", posts[min(place + (1 if higher else 0), len(posts) - 1)])


def route(asked: Asked, policy: Policy, people: People) -> Route:
    """Vouching, the posts from the lowest above the applicant's own up to the needed one, co-signers between.

    Co-signers lie open together after the sales manager's step, before every higher post and before whoever decides.
    RouteError says why nobody can be asked.
    """
    if not asked.prepay:
        _may_have_a_line(asked)
    amount, days = _measured(asked, policy)
    plain = needed_post(policy, amount, days)
    needed = authority_of(policy, amount, days, asked.higher)
    stays = bool(asked.higher) and needed == plain
    posts = _posts(asked, policy, people, needed)
    taken = {person for step in posts for person in step.people}
    vouch = _step("vouch", "customer_admin", asked, policy, people, without=taken)
    taken |= set(vouch.people) if len(vouch.people) == 1 else set()
    beside = [_step("cosign", role, asked, policy, people, without=taken) for role in _cosigners(asked, stays=stays)]
    first = [step for step in posts if step.role == policy.authority.posts[0] and not step.decides]
    rest = [step for step in posts if step not in first]
    return Route(
        steps=(vouch, *first, *beside, *rest),
        needed=posts[-1].role,
        amount_base=amount,
        payment_days=days,
        higher=asked.higher,
    )


def _may_have_a_line(asked: Asked) -> None:
    if asked.grade == "D":
        raise RouteError("grade_d")
    if asked.grade is None:
        raise RouteError("unrated")
    if asked.uncleared:
        raise RouteError("v11_uncleared")


def _measured(asked: Asked, policy: Policy) -> tuple[Decimal, int]:
    """What can be granted at most of what is asked: a grade's own ceiling bounds the line, whatever is asked."""
    if asked.prepay or asked.grade is None:
        return ZERO, 0
    needed_post(policy, asked.own_base + asked.group_base, asked.payment_days)  # refuses what the policy does not know
    rule = policy.grade(asked.grade)
    return min(asked.own_base, rule.limit) + asked.group_base, min(asked.payment_days, rule.longest_days)


def _posts(asked: Asked, policy: Policy, people: People, needed: Role) -> list[Step]:
    """From the top down, so that nobody stands on two rungs: each person at the highest of his posts."""
    ladder = cast("tuple[Role, ...]", policy.authority.posts)
    own = max((ladder.index(role) for role in asked.applicant.roles if role in ladder), default=-1)
    top = max(ladder.index(needed), own + 1)
    holders = {role: _holders(role, asked, people) for role in ladder}
    deciding = next((place for place in range(top, len(ladder)) if holders[ladder[place]]), None)
    if deciding is None:
        raise RouteError("nobody_left", role=needed, department=asked.department)
    lowest = deciding if policy.authority.route == "direct" else own + 1
    steps: list[Step] = []
    above: set[str] = set()
    for place in range(deciding, lowest - 1, -1):
        found = tuple(person for person in holders[ladder[place]] if person not in above)
        above |= set(found)
        if found:
            steps.append(_post(ladder[place], found, policy, decides=place == deciding))
    steps.reverse()
    return _named(steps, ladder, lowest)


def _post(role: Role, found: tuple[str, ...], policy: Policy, *, decides: bool) -> Step:
    return Step(kind="post", role=role, people=found, mode=_mode(policy, role), decides=decides)


def _named(steps: list[Step], ladder: tuple[Role, ...], lowest: int) -> list[Step]:
    """Name the vacant posts at the step that their turn came up to."""
    from dataclasses import replace

    made: list[Step] = []
    before = lowest
    for step in steps:
        place = ladder.index(step.role)
        made.append(replace(step, passed_up=ladder[before:place]))
        before = place + 1
    return made


def _cosigners(asked: Asked, *, stays: bool) -> tuple[Role, ...]:
    """Finance for every raise; risk for C, unrated, override, and where no post is higher; legal for V4, security."""
    if asked.prepay:
        return ("legal",) if asked.sued else ()
    roles: list[Role] = []
    if asked.is_raise:
        roles.append("finance")
    if asked.grade in {"C", None} or asked.override or stays:
        roles.append("risk")
    if asked.sued or asked.security:
        roles.append("legal")
    return tuple(roles)


def _step(kind: str, role: Role, asked: Asked, policy: Policy, people: People, *, without: set[str]) -> Step:
    found = tuple(person for person in _holders(role, asked, people) if person not in without)
    if not found:
        raise RouteError("nobody_left", role=role, department=asked.department)
    return Step(kind="vouch" if kind == "vouch" else "cosign", role=role, people=found, mode=_mode(policy, role))


def _mode(policy: Policy, role: Role) -> Mode:
    return next((mode for name, mode in policy.authority.modes.items() if name == role), "any")


def _holders(role: Role, asked: Asked, people: People) -> tuple[str, ...]:
    """Who holds a role for this department and may sign: never the applicant, never the customer's sales owner."""
    return tuple(
        person.id
        for person in people.people
        if role in person.roles
        and (asked.department in person.departments or (not person.departments and role not in _OF_A_DEPARTMENT))
        and person.id != asked.applicant.id
        and person.name != asked.sales_owner
    )


_OF_A_DEPARTMENT: frozenset[Role] = frozenset({"sales_manager", "dept_deputy_gm", "dept_gm"})
"""Posts that somebody holds in departments that people.yaml names; the others hold for all unless it names some."""
