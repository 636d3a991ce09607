"""The way of a request: who vouches, which posts sign up to the needed one, who signs beside them (POLICY 6, 10)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from approvals.errors import RouteError
from approvals.people import People, Person, Role
from approvals.posts import authority_of, branches_of, ladder, needed_post, rank, rank_of
from approvals.seats import unseated
from approvals.steps import Mode, Step, StepKind
from scoring.policy import Policy
from scoring.results import Grade

__all__ = ["Asked", "Route", "RouteError", "authority_of", "cosigners", "needed_post", "reasons_higher", "route"]
ZERO = Decimal(0)


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
    overdue: bool = False
    """Anything overdue, where a held order is to be released."""
    order_risk: Decimal = ZERO
    """Of the order (POLICY 8); 0 where there is none."""


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


def reasons_higher(policy: Policy, *, grade: Grade | None, override: bool, temporary: bool) -> tuple[str, ...]:
    """Which of the policy's reasons for one post higher hold."""
    held = {"grade_c": grade == "C", "unrated": grade is None, "override": override, "temporary": temporary}
    return tuple(reason for reason in policy.authority.one_post_higher if held.get(reason, False))


def route(asked: Asked, policy: Policy, people: People, *, absent: Collection[str] = ()) -> Route:
    """Vouching, the posts from the lowest above the applicant's own up to the needed one, co-signers between.

    Co-signers lie open together after the sales manager's step, before every higher post and before whoever decides.
    Everybody can be a different person. `absent` are ids of persons who cannot sign at all, say deactivated ones.
    RouteError says why nobody can be asked.
    """
    if not asked.prepay:
        _may_have_a_line(asked)
    amount, days = _measured(asked, policy)
    if asked.prepay:
        higher: tuple[str, ...] = ()
        lowest, stays = ladder(policy)[0], False
    else:
        plain = needed_post(policy, amount, days, asked.branch)
        higher = asked.higher
        lowest = authority_of(policy, amount, days, higher, asked.branch)
        stays = bool(higher) and lowest == plain
    steps = _seated(asked, policy, Signers(asked, policy, people, frozenset(absent)), lowest, stays=stays)
    needed = next(step.role for step in steps if step.decides)
    return Route(steps=steps, needed=needed, amount_base=amount, payment_days=days, higher=higher)


def _may_have_a_line(asked: Asked) -> None:
    if asked.grade == "D":
        raise RouteError("grade_d")
    if asked.grade is None:
        raise RouteError("unrated")
    if asked.uncleared:
        raise RouteError("v11_uncleared")
    if not asked.own_base.is_finite() or asked.own_base <= 0 or asked.payment_days <= 0:
        raise RouteError("nothing_asked")


def _measured(asked: Asked, policy: Policy) -> tuple[Decimal, int]:
    """What can be granted at most of what is asked: a grade's own ceiling bounds the line, whatever is asked."""
    if asked.prepay or asked.grade is None:
        return ZERO, 0
    needed_post(policy, asked.own_base + asked.group_base, asked.payment_days, asked.branch)  # RouteError outside it
    rule = policy.grade(asked.grade)
    return min(asked.own_base, rule.limit) + asked.group_base, min(asked.payment_days, rule.longest_days)


class Signers:
    """Who may sign what is asked: never the applicant, never whom the ledger names as the customer's sales owner."""

    def __init__(self, asked: Asked, policy: Policy, people: People, away: Collection[str]) -> None:
        """`away` are persons who cannot sign here for another reason."""
        self._asked, self._policy, self._people = asked, policy, people
        self._out = {asked.applicant.id, *people.meant_by(asked.sales_owner), *away}

    def holding(self, role: Role, branches: tuple[str, ...], without: Collection[str] = ()) -> tuple[str, ...]:
        """Everybody who holds a role for the department, in the order of people.yaml."""
        return tuple(
            one.id
            for one in self._people.people
            if one.id not in self._out and one.id not in without and one.holds(role, self._asked.department, branches)
        )

    def step(self, kind: StepKind, role: Role) -> Step:
        """A step beside the ladder; RouteError when nobody holds the role."""
        asked, policy = self._asked, self._policy
        branches = ("", asked.branch) if asked.branch else ("",)
        found = self.holding(role, branches)
        if not found:
            raise RouteError("nobody_left", role=role, department=asked.department)
        return Step(kind=kind, role=role, people=found, mode=_mode(policy, role), branches=branches)

    def posts(self, first: int, needed: int, vacant: Collection[Role] = (), *, only: bool = False) -> list[Step]:
        """The posts from a rung up to the needed one, or to the next above it that is held; `only`: just that one.

        From the top down, so that nobody stands on two rungs: each person at the highest of his posts. A vacant post
        is named at the step that its turn came up to.
        """
        posts = ladder(self._policy)
        where = {place: branches_of(self._policy, place, self._asked.branch) for place in range(len(posts))}
        held = {place: () if role in vacant else self.holding(role, where[place]) for place, role in enumerate(posts)}
        deciding = next((place for place in range(needed, len(posts)) if held[place]), None)
        if deciding is None:
            role = posts[min(needed, len(posts) - 1)]
            raise RouteError("nobody_left", role=role, department=self._asked.department)
        steps: list[Step] = []
        above: set[str] = set()
        bottom = needed if only else first
        for place in range(deciding, bottom - 1, -1):
            found = tuple(one for one in held[place] if one not in above)
            above.update(found)
            if found and (place == deciding or not only):
                steps.append(self._post(posts[place], found, where[place], decides=place == deciding))
        steps.reverse()
        return _named(steps, posts, bottom)

    def _post(self, role: Role, found: tuple[str, ...], branches: tuple[str, ...], *, decides: bool) -> Step:
        mode = _mode(self._policy, role)
        return Step(kind="post", role=role, people=found, mode=mode, decides=decides, branches=branches)


def _seated(asked: Asked, policy: Policy, signers: Signers, needed: Role, *, stays: bool) -> tuple[Step, ...]:
    """The steps in their order; a post whose only holders are needed elsewhere counts as vacant and passes upward."""
    first = rank(asked.applicant, policy) + 1
    beside = [signers.step("cosign", role) for role in cosigners(asked, policy, stays=stays)]
    vouch = signers.step("vouch", "customer_admin")
    vacant: set[Role] = set()
    while True:
        only = policy.authority.route == "direct"
        posts = signers.posts(first, max(rank_of(needed, policy), first), vacant, only=only)
        lowest = [step for step in posts if rank_of(step.role, policy) == 0 and not step.decides]
        steps = (vouch, *lowest, *beside, *posts[len(lowest) :])
        alone = unseated(steps)
        if alone is None:
            return steps
        if steps[alone].kind != "post":
            raise RouteError("nobody_left", role=steps[alone].role, department=asked.department)
        vacant.add(steps[alone].role)


def _named(steps: Iterable[Step], posts: tuple[Role, ...], bottom: int) -> list[Step]:
    """Name the vacant posts at the step that their turn came up to."""
    made: list[Step] = []
    before = bottom
    for step in steps:
        place = posts.index(step.role)
        made.append(replace(step, passed_up=posts[before:place]))
        before = place + 1
    return made


def cosigners(asked: Asked, policy: Policy, *, stays: bool) -> tuple[Role, ...]:
    """Finance for every raise and for a release with anything overdue; risk for C, unrated, override, a risky order,
    and where a reason for one post higher meets the highest; legal for V4 and security."""
    if asked.prepay:
        return ("legal",) if asked.sued else ()
    risky = asked.order_risk > policy.order_risk.release_above
    wanted: tuple[tuple[Role, bool], ...] = (
        ("finance", asked.is_raise or asked.overdue),
        ("risk", asked.grade in {"C", None} or asked.override or risky or stays),
        ("legal", asked.sued or asked.security),
    )
    return tuple(role for role, holds in wanted if holds)


def _mode(policy: Policy, role: Role) -> Mode:
    return next((mode for name, mode in policy.authority.modes.items() if name == role), "any")
