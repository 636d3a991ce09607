"""What the clock has to do with a request now: one act at a time, the weightiest first."""

from datetime import datetime

from approvals.by_clock import escalated
from approvals.clock import deadlines, reminders_over
from approvals.errors import ActError
from approvals.people import People
from approvals.request import Request
from approvals.rerouting import rerouted
from approvals.steps import Act
from scoring.policy import Policy


def due(request: Request, now: datetime, policy: Policy, people: People) -> Act | None:
    """The act of the clock that is due, or None; ask again after it is done.

    It expires before anything else. A step that lost its people is routed anew at once. Reminders end where the next
    post was asked as well, and one reminder stands for all that were missed.
    """
    if request.state not in {"pending", "returned"}:
        return None
    found = deadlines(request, policy)
    if now >= found.expire_at:
        return "expire"
    if request.state == "returned":
        return None
    if _route_is_broken(request, policy, people):
        return "reroute"
    if now >= found.escalate_at and escalated(request, policy, people) is not None:
        return "escalate"
    return "remind" if request.reminded < reminders_over(found, now) else None


def stuck(request: Request, policy: Policy, people: People) -> ActError | None:
    """Why nobody can go on with it: a step that it still needs has nobody left. None while somebody can."""
    if request.state != "pending":
        return None
    try:
        rerouted(request, policy, people)
    except ActError as nobody:
        return nobody
    return None


def _route_is_broken(request: Request, policy: Policy, people: People) -> bool:
    """Whether a step lost its people and others can take it; where nobody is left it waits, and expires."""
    try:
        return rerouted(request, policy, people) != request.steps
    except ActError:
        return False
