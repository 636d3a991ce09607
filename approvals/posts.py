"""The ladder of posts: whom amount and days need, one post higher once, and who stands on which rung (POLICY 6)."""

from collections.abc import Collection
from decimal import Decimal
from typing import cast

from approvals.errors import RouteError
from approvals.people import Person, Role
from scoring.policy import Policy


def ladder(policy: Policy) -> tuple[Role, ...]:
    """The posts from the lowest to the highest."""
    return cast("tuple[Role, ...]", policy.authority.posts)


def rank_of(role: Role, policy: Policy) -> int:
    """The rung of a post, from 0; -1 for a role beside the ladder."""
    posts = ladder(policy)
    return posts.index(role) if role in posts else -1


def rank(person: Person, policy: Policy) -> int:
    """A person's highest rung, wherever he holds it; -1 without one."""
    return max((rank_of(one.role, policy) for one in person.held), default=-1)


def needed_post(policy: Policy, amount_base: Decimal, payment_days: int, branch: str = "") -> Role:
    """The higher of what the amount and what the days need, bounds inclusive; RouteError outside the matrix.

    A branch with a matrix of its own decides what lies within it; the rest goes to the posts above its highest one.
    """
    rule = policy.authority
    own = rule.branches.get(branch)
    post = own.needed(amount_base, payment_days) if own else None
    if post is not None:
        return post
    if amount_base > rule.matrix[-1].up_to:
        raise RouteError("above_policy_amount", amount=amount_base, bound=rule.matrix[-1].up_to)
    post = rule.needed(amount_base, payment_days)
    if post is None:
        raise RouteError("above_policy_days", days=payment_days, bound=rule.days[-1])
    return ladder(policy)[max(rank_of(post, policy), branch_top(policy, branch) + 1)]


def branch_top(policy: Policy, branch: str) -> int:
    """The highest rung that a branch fills itself; -1 when it has no matrix of its own."""
    own = policy.authority.branches.get(branch)
    return -1 if own is None else max(rank_of(post, policy) for row in own.matrix for post in row.posts)


def authority_of(
    policy: Policy, amount_base: Decimal, payment_days: int, higher: Collection[str], branch: str = ""
) -> Role:
    """The post that may decide: one higher, once, however many reasons; the topmost stays."""
    posts = ladder(policy)
    place = posts.index(needed_post(policy, amount_base, payment_days, branch))
    return posts[min(place + (1 if higher else 0), len(posts) - 1)]


def branches_of(policy: Policy, place: int, branch: str) -> tuple[str, ...]:
    """Whose people stand on a rung for a branch's customer: where it has no matrix, the head office's too."""
    if branch not in policy.authority.branches:
        return ("", branch) if branch else ("",)
    return (branch,) if place <= branch_top(policy, branch) else ("",)


def stands_on(person: Person, place: int, department: str, branches: tuple[str, ...], policy: Policy) -> bool:
    """Whether somebody holds this rung or a higher one for a department."""
    return any(person.holds(post, department, (*branches, "")) for post in ladder(policy)[place + 1 :]) or (
        person.holds(ladder(policy)[place], department, branches)
    )
