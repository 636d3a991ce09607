"""What the clock does with a request: remind, open what comes next, route anew, let it expire."""

from dataclasses import replace
from datetime import datetime

from approvals.clock import deadlines, reminders_over
from approvals.errors import ActError, RouteError
from approvals.people import People
from approvals.posts import ladder, rank_of
from approvals.request import Request
from approvals.rerouting import rerouted
from approvals.seats import unseated
from approvals.signed import signed
from approvals.signing import signers_for
from approvals.steps import Act, Signature, Step
from approvals.turns import standing_signatures
from scoring.policy import Policy


def by_clock(request: Request, act: Act, now: datetime, policy: Policy, people: People) -> Request:
    """The request after an act that nobody does; `approvals.clock` says when each is due."""
    made = Signature(act=act, person="", account="", at=now, step=-1)
    if act == "expire":
        return signed(request, made, "expired", request.steps)
    if act == "remind":
        after = signed(request, made, request.state, request.steps)
        over = reminders_over(deadlines(request, policy), now)
        return replace(after, reminded=max(request.reminded + 1, over))
    if act == "reroute":
        steps = rerouted(request, policy, people)
        if steps == request.steps:
            raise ActError("route_stands", request_no=request.request_no)
        return signed(request, made, "pending", steps)
    wider = escalated(request, policy, people)
    if wider is None:
        raise ActError("nobody_above", request_no=request.request_no)
    return signed(request, replace(made, added=len(wider) - len(request.steps)), "pending", wider)


def escalated(request: Request, policy: Policy, people: People) -> tuple[Step, ...] | None:
    """The route once the next post up may decide too; None where nobody can be added.

    The post that has not answered keeps its turn and is no longer waited for: what comes after it opens beside it.
    Where the deciding post is silent, the next one above it that is held decides too. Beside the ladder nobody is
    higher: the customer administrator and co-signers are reminded, and it expires.
    """
    late = [place for place in request.at if not request.steps[place].lapsed]
    if request.state != "pending" or not late or any(request.steps[place].kind != "post" for place in late):
        return None
    steps = tuple(replace(one, lapsed=True) if place in late else one for place, one in enumerate(request.steps))
    if request.steps[late[0]].decides:
        above = rank_of(request.steps[late[0]].role, policy) + 1
        if above >= len(ladder(policy)):
            return None
        try:
            found = signers_for(request, policy, people).posts(above, above, only=True)
        except RouteError:
            return None
        steps = (*steps, *(replace(one, passed_up=()) for one in found))
    standing = standing_signatures(request)
    return None if unseated(steps, standing) is not None else steps
