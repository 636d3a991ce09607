"""What the clock does with open requests, and what follows: remind, open the next post, route anew, let expire."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from approvals.advance import advance
from approvals.clock import deadlines, working_hours_between
from approvals.delegation import Delegation
from approvals.request import Request
from approvals.steps import Act
from approvals.turns import hands_of, standing_signatures
from flows.desk import Desk
from flows.outcomes import outcomes
from scoring.errors import DeskError
from scoring.policy import Policy
from storage.record import Filed, Record

BETWEEN_REMINDERS = timedelta(hours=1)
"""After a desk was down several may be due at once: nobody is reminded twice in a row."""


def keep_deadlines(desk: Desk) -> Counter[str]:
    """Do to each open request what is due; how often each act was done."""
    record = desk.record
    done: Counter[str] = Counter()
    if record is None:
        return done
    delegations = record.delegations(desk.today())
    for filed in record.requests(states=("pending", "returned")):
        act = _kept(desk, record, filed, delegations)
        if act is not None:
            done[act] += 1
    if done:
        desk.nudge()
    return done


def acts_due(request: Request, now: datetime, policy: Policy) -> Iterator[Act]:
    """What the clock may do now, the weightiest first. Whether it changes anything `advance` says."""
    if request.over:
        return
    due = deadlines(request, policy)
    if now >= due.expire_at:
        yield "expire"
    if request.state != "pending":
        return
    yield "reroute"
    if working_hours_between(now, now + timedelta(seconds=1), policy) <= timedelta():
        return  # nobody is woken at night
    if now >= due.escalate_at:
        yield "escalate"
    reminders = sum(1 for moment in due.remind_at if now >= moment)
    if reminders > request.reminded and not _just_reminded(request, now):
        yield "remind"


def waiting_for(request: Request, delegations: Iterable[Delegation], today: date) -> tuple[str, ...]:
    """Whose turn it is and who stands in for them: ids, each once; whom the clock has passed over waits for nothing."""
    open_now = [request.steps[place] for place in request.at if not request.steps[place].lapsed]
    hands = hands_of(standing_signatures(request))
    owners = {person for step in open_now for person in step.people} - hands
    stand_ins = {one.to_person for one in delegations if one.from_person in owners and one.holds(today)}
    return tuple(sorted((owners | stand_ins) - hands - {request.applicant}))


def _just_reminded(request: Request, now: datetime) -> bool:
    return any(one.act == "remind" and now - one.at < BETWEEN_REMINDERS for one in request.signatures)


def _kept(desk: Desk, record: Record, filed: Filed, delegations: Iterable[Delegation]) -> Act | None:
    """The first act due that changes something, recorded; None when there is none or somebody was faster."""
    request = filed.request
    for act in acts_due(request, desk.clock(), desk.policy):
        try:
            after = advance(
                request, act, None, now=desk.clock(), today=desk.today(), policy=desk.policy, people=desk.people
            )
        except DeskError:
            continue  # nobody above, the route stands as it is, or nobody is left to route to
        return act if _recorded(desk, record, request, after, act, delegations) else None
    return None


def _recorded(
    desk: Desk, record: Record, before: Request, after: Request, act: Act, delegations: Iterable[Delegation]
) -> bool:
    today = desk.today()
    with record.begin() as writing:
        if not writing.save(after, expected_version=before.version):
            return False
        facts = {"state": after.state, "version": after.version, "round": after.round, "steps": list(after.at)}
        writing.audit(after.request_no, act, "", facts)
        outcomes(writing, after, delegations=delegations, today=today)
        for person in waiting_for(after, delegations, today) if act == "remind" else ():
            payload = {
                "request_no": after.request_no, "audience": person, "what": act,
                "signature": len(after.signatures) - 1,
            }  # fmt: skip
            writing.enqueue("thread", f"remind/{after.request_no}/{person}", payload)
    return True
