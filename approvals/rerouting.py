"""The route anew where people.yaml has changed since it was made: people leave, lose a role, or are new to it."""

from dataclasses import replace

from approvals.errors import ActError, RouteError
from approvals.people import People, Role
from approvals.posts import rank_of
from approvals.request import Request
from approvals.seats import unseated
from approvals.signing import signers_for
from approvals.steps import Step
from approvals.turns import passed, signed_at, standing_signatures
from approvals.whose import holds_step
from scoring.policy import Policy


def rerouted(request: Request, policy: Policy, people: People) -> tuple[Step, ...]:
    """The steps as they have to be now: the same ones while each that is still needed has somebody who may sign it.

    What was signed stays signed, and no step changes its place. A step that lost its people gets those who hold the
    role now; a post that nobody holds any more is passed upward. ActError when nobody is left for a step.
    """
    standing = standing_signatures(request)
    signers = signers_for(request, policy, people)
    steps: list[Step] = []
    vacant: tuple[Role, ...] = ()
    for place, step in enumerate(request.steps):
        if passed(step, place, standing) or step.lapsed or _alive(request, step, policy, people):
            fits = step.kind == "post" and bool(vacant) and not passed(step, place, standing)
            steps.append(replace(step, passed_up=(*step.passed_up, *vacant)) if fits else step)
            vacant = () if fits else vacant
            continue
        there = tuple(one for one in step.people if one in signed_at(place, standing))
        found = signers.holding(step.role, step.branches)
        if found:
            steps.append(replace(step, people=(*there, *found)))
        elif step.kind == "post":
            steps.append(replace(step, lapsed=True))
            vacant = (*vacant, step.role)
        else:
            raise ActError("nobody_left", role=step.role, department=request.department)
    if vacant:
        above = rank_of(vacant[-1], policy) + 1
        try:
            steps += [replace(one, passed_up=vacant) for one in signers.posts(above, above, only=True)]
        except RouteError as nobody:
            raise ActError(nobody.code, **nobody.facts) from None
    short = unseated(steps, standing)
    if short is not None:
        raise ActError("nobody_left", role=steps[short].role, department=request.department)
    return tuple(steps)


def _alive(request: Request, step: Step, policy: Policy, people: People) -> bool:
    """Whether somebody of a step may still sign it; where several have to, whether each of them may."""
    left = [
        one for one in step.people if (person := people.by_id.get(one)) and holds_step(person, step, request, policy)
    ]
    return bool(left) if step.mode == "any" else len(left) == len(step.people)
