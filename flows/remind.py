"""What the clock does with open requests, and what follows: remind, open the next post, route anew, let expire."""

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from approvals.advance import advance
from approvals.clock import working_hours_between
from approvals.delegation import Delegation
from approvals.due import due, stuck
from approvals.request import Request
from approvals.steps import Act
from approvals.turns import hands_of, standing_signatures
from flows.desk import Desk
from flows.groups import told_to
from flows.notes import note
from flows.outcomes import decided_in, delegations_since_filed, outcomes
from scoring.errors import DeskError
from storage.record import Filed, Record

_WAKING: frozenset[Act] = frozenset({"remind", "escalate"})
_log = logging.getLogger("creditdesk.jobs")


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
        elif _alerted(desk, record, filed.request):
            done["alert"] += 1
    if done:
        desk.nudge()
    return done


def act_due(desk: Desk, request: Request) -> Act | None:
    """The act of the clock that is due now; nobody is woken at night, so what asks people waits for working hours."""
    act, now = due(request, desk.clock(), desk.policy, desk.people), desk.clock()
    asleep = working_hours_between(now, now + timedelta(seconds=1), desk.policy) <= timedelta()
    return None if asleep and act in _WAKING else act


def waiting_for(request: Request, delegations: Iterable[Delegation], today: date) -> tuple[str, ...]:
    """Whose turn it is and who stands in for them: ids, each once; whom the clock has passed over waits for nothing."""
    open_now = [request.steps[place] for place in request.at if not request.steps[place].lapsed]
    hands = hands_of(standing_signatures(request))
    owners = {person for step in open_now for person in step.people} - hands
    stand_ins = {one.to_person for one in delegations if one.from_person in owners and one.holds(today)}
    return tuple(sorted((owners | stand_ins) - hands - {request.applicant}))


def _alerted(desk: Desk, record: Record, request: Request) -> bool:
    """Tell the administrators, once, that nobody is left who may sign; it would wait until it lapses."""
    nobody = stuck(request, desk.policy, desk.people)
    if nobody is None:
        return False
    role, moves = str(nobody.facts["role"]), sum(one.act != "remind" for one in request.signatures)
    job = f"stuck/{request.request_no}/{role}/{moves}"
    if record.slots(job):
        return False
    people = told_to(desk.people)
    if not people:
        _log.error("%s: nobody can sign as %s, and nobody in people.yaml can be told", request.request_no, role)
    with record.begin() as writing:
        if not writing.claim_slot(job, desk.today(), late=False):
            return False
        writing.audit(request.request_no, "stuck", "", {"role": role, "version": request.version})
        for person in people:
            note(writing, person, "stuck", request_no=request.request_no)
    return True


def _kept(desk: Desk, record: Record, filed: Filed, delegations: Iterable[Delegation]) -> Act | None:
    """The act that is due, recorded; None when there is none or somebody was faster."""
    request, act = filed.request, act_due(desk, filed.request)
    if act is None:
        return None
    try:
        after = advance(
            request, act, None, now=desk.clock(), today=desk.today(), policy=desk.policy, people=desk.people
        )
    except DeskError as refusal:
        _log.error("%s of %s: %s", act, request.request_no, refusal.code)
        return None
    return act if _recorded(desk, record, request, after, act, delegations) else None


def _recorded(
    desk: Desk, record: Record, before: Request, after: Request, act: Act, delegations: Iterable[Delegation]
) -> bool:
    today = desk.today()
    with record.begin() as writing:
        if not writing.save(after, expected_version=before.version):
            return False
        facts = {"state": after.state, "version": after.version, "round": after.round, "steps": list(after.at)}
        writing.audit(after.request_no, act, "", facts)
        outcomes(
            writing,
            after,
            delegations=delegations_since_filed(desk, after),
            today=today,
            channel=decided_in(desk, after),
        )
        for person in waiting_for(after, delegations, today) if act == "remind" else ():
            payload = {
                "request_no": after.request_no, "audience": person, "what": act,
                "signature": len(after.signatures) - 1,
            }  # fmt: skip
            writing.enqueue("thread", f"remind/{after.request_no}/{person}", payload)
    return True
