"""A request after one more signature: what is open now, and since when."""

from collections.abc import Sequence
from dataclasses import replace

from approvals.request import Request, State
from approvals.steps import Signature, Step
from approvals.terms import Terms
from approvals.turns import open_steps, standing_signatures


def signed(
    request: Request, signature: Signature, state: State, steps: Sequence[Step], *, decided: Terms | None = None
) -> Request:
    """The request with a signature more, its version one higher, and the steps open that wait in this state.

    Deadlines begin anew when a step opens that was not open before; a co-signer fewer to wait for moves nothing.
    """
    after = replace(
        request,
        state=state,
        version=request.version + 1,
        signatures=(*request.signatures, signature),
        steps=tuple(steps),
        decided=decided,
        decided_at=signature.at if state in {"approved", "rejected"} else None,
    )
    at = open_steps(after.steps, standing_signatures(after)) if state == "pending" else ()
    anew = state != request.state or not set(at) <= set(request.at) or signature.act == "hand_on"
    return replace(
        after,
        at=at,
        step_since=signature.at if anew else request.step_since,
        reminded=0 if anew else request.reminded,
        escalated=any(after.steps[place].lapsed for place in at),
    )
