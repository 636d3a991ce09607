"""A click on a request: who may, with today's facts, recorded with everything that follows, or explained."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from approvals.advance import advance
from approvals.changes import worse
from approvals.delegation import turns_of
from approvals.people import Person
from approvals.request import Request
from approvals.steps import Act, Signature
from approvals.terms import Terms
from approvals.transitions import MATERIAL_ACTS
from approvals.turns import Actor
from flows.access import Reader
from flows.desk import Desk
from flows.outcomes import decided_in, delegations_since_filed, outcomes, withdraw_outcomes
from flows.routing import cap_of, rate_of, rated_answer, record_of, standing_of
from flows.setting import age_minutes
from scoring.errors import DeskError
from scoring.findings import Finding
from storage.record import Filed, Writing

FRESH: frozenset[Act] = frozenset({"vouch", "recommend", "approve"})
"""Acts that rest on figures: these wait for fresh ones and for a confirmation of what got worse."""
_TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """What a button or a modal asks for; ids and words only, nothing in it is believed."""

    request_no: str
    version: int
    act: Act
    event_key: str
    payload_hash: str
    terms: Terms | None = None
    reason: str = ""
    confirmed: tuple[str, ...] = ()
    to_person: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What became of a click."""

    request: Request | None
    """As it stands now; None when there is none or the clicker may not know of it."""
    done: bool = False
    refusal: DeskError | None = None
    worse: tuple[Finding, ...] = ()
    """What got worse since filing and has to be confirmed first; then nothing was recorded."""


class Refusable(Protocol):
    """What a refusal is audited of."""

    @property
    def act(self) -> str:
        """What was wanted."""

    @property
    def event_key(self) -> str:
        """Of the delivery."""

    @property
    def payload_hash(self) -> str:
        """Of what it said."""


class _FasterError(Exception):
    """Somebody else's change was recorded first; nothing of ours was."""


def decide(desk: Desk, reader: Reader, click: Click) -> Decided:
    """Record an act with its consequences in one transaction; a refusal is a code with facts, and is audited."""
    record, person = record_of(desk), None if reader.outsider else reader.person
    filed = record.request(click.request_no)
    if filed is None or person is None or reader.outsider or not known_to(desk, filed.request, person):
        return Decided(request=None, refusal=DeskError("request_unknown", request_no=click.request_no))
    for _ in range(_TRIES):
        late = stale(desk, filed.request, click.request_no, click.version)
        if late is not None:
            return refused(desk, filed, reader, click, late)
        try:
            before = filed.request
            if click.act in FRESH:
                fresh(desk)
                prospect = standing_of(desk, filed)
                answer = rated_answer(desk, prospect)
                found = tuple(one for one in worse(filed.evidence["answer"], answer) if one.code not in click.confirmed)
                if found:
                    return Decided(request=before, worse=found)
                before = replace(
                    before, grade=answer["grade"], cap_base=cap_of(prospect), to_base=rate_of(desk, before)
                )
            after = _advanced(desk, before, reader, person, click)
            after = replace(after, decided_policy=desk.policy.fingerprint if after.decided_at is not None else "")
        except DeskError as refusal:
            return refused(desk, filed, reader, click, refusal)
        try:
            return _record(desk, filed, after, reader, click)
        except _FasterError:
            again = record.request(click.request_no)
            filed = filed if again is None else again
    return refused(desk, filed, reader, click, moved(desk, filed.request))


def _advanced(desk: Desk, before: Request, reader: Reader, person: Person, click: Click) -> Request:
    return advance(
        before,
        click.act,
        Actor(person=person, account=reader.account),
        now=desk.clock(),
        today=desk.today(),
        policy=desk.policy,
        people=desk.people,
        delegations=record_of(desk).delegations(desk.today()),
        terms=click.terms,
        reason=click.reason,
        confirmed=click.confirmed,
        to_person=click.to_person,
    )


def _record(desk: Desk, filed: Filed, after: Request, reader: Reader, click: Click) -> Decided:
    record, before = record_of(desk), filed.request
    undo = desk.clock() + timedelta(seconds=desk.policy.workflow.undo_seconds)
    with record.begin() as writing:
        if taken_before(writing, click):
            now = record.request(click.request_no)
            return Decided(request=now.request if now else before, refusal=DeskError("click_again"))
        if click.act == "take_back" and before.over and not withdraw_outcomes(writing, before.request_no):
            raise DeskError("undo_too_late", request_no=before.request_no, seconds=desk.policy.workflow.undo_seconds)
        if not writing.save(after, expected_version=before.version):
            raise _FasterError
        person = reader.person.id if reader.person else ""
        # as it counts: a co-signer's yes is an approval, whichever button he pressed
        writing.audit(before.request_no, after.signatures[-1].act, person, _facts(desk, after, click))
        outcomes(
            writing, after, delegations=delegations_since_filed(desk, after), today=desk.today(), undo_until=undo,
            channel=decided_in(desk, after), unsaid=click.act == "take_back" and before.over,
        )  # fmt: skip
    desk.nudge()
    return Decided(request=after, done=True)


def _facts(desk: Desk, after: Request, click: Click) -> dict[str, object]:
    """What the audit keeps of an act: state, version, terms, what was confirmed, on which day's figures and under
    which policy; words stay in the request."""
    view = desk.latest.view
    last = after.signatures[-1]
    terms = last.terms or (after.decided if after.state == "approved" else None)
    return {
        "state": after.state,
        "version": after.version,
        "round": after.round,
        "step": last.step,
        "for": last.for_person,
        "limit": str(terms.limit) if terms else None,
        "payment_days": terms.payment_days if terms else None,
        "confirmed": list(click.confirmed),
        "to": click.to_person,
        "grade": after.grade,
        "policy": desk.policy.fingerprint,
        "synced_at": view.synced_at.isoformat() if view is not None and view.synced_at else None,
    }


def refused(desk: Desk, filed: Filed, reader: Reader, click: Refusable, refusal: DeskError) -> Decided:
    """Nothing is recorded but that it was refused, to whom and why."""
    with record_of(desk).begin() as writing:
        if writing.first_time(_refused_key(click), click.payload_hash):
            person = reader.person.id if reader.person else ""
            writing.audit(filed.request.request_no, "refused", person, {"act": click.act, "code": refusal.code})
    return Decided(request=filed.request, refusal=refusal)


def taken_before(writing: Writing, click: Refusable) -> bool:
    """Whether this delivery was recorded before, or refused as it stands; from now on it was."""
    return not writing.first_time(click.event_key, click.payload_hash) or writing.was_taken(_refused_key(click))


def _refused_key(click: Refusable) -> str:
    """A modal that was refused at a field keeps its hash: what is sent again, put right, is no repeat of it."""
    return f"refused:{click.payload_hash[:16]}:{click.event_key}"[:240]


def stale(desk: Desk, request: Request, request_no: str, version: int) -> DeskError | None:
    """What happened since the clicker's card was made; nothing where it does not touch what he decides on.

    Each act leaves one signature and raises the version by one. A co-signer beside him who agreed to the same terms
    does not make a card stale.
    """
    newer = [one for one in request.signatures[max(0, version - 1) :] if one.act in MATERIAL_ACTS]
    if not newer or (_together(request) and all(_agreed(one, request) for one in newer)):
        return None if version <= request.version else DeskError("request_unknown", request_no=request_no)
    return moved(desk, request)


def moved(desk: Desk, request: Request) -> DeskError:
    """Somebody was faster: who, and what he did."""
    last = next((one for one in reversed(request.signatures) if one.act in MATERIAL_ACTS), None)
    who = next((one.name for one in desk.people.people if last and one.id == last.person), "—")
    code = "request_over" if request.over else "request_moved"
    return DeskError(code, request_no=request.request_no, act=last.act if last else "", person=who, state=request.state)


def _agreed(signature: Signature, request: Request) -> bool:
    """A co-signer's consent to what is proposed."""
    cosigned = signature.step >= 0 and request.steps[signature.step].kind == "cosign"
    return cosigned and signature.act in {"approve", "recommend"} and signature.terms is None


def _together(request: Request) -> bool:
    """Whether the steps that are open are those of co-signers, which lie open beside each other."""
    return bool(request.at) and all(request.steps[place].kind == "cosign" for place in request.at)


def fresh(desk: Desk) -> None:
    """DeskError when the copy of the ledger is too old to decide on."""
    view = desk.latest.view
    if view is None or age_minutes(desk, view) >= desk.policy.workflow.decision_mirror_minutes:
        raise DeskError("figures_old", minutes=desk.policy.workflow.decision_mirror_minutes)


def may_know(request: Request, person: Person, given: Collection[str] = ()) -> bool:
    """Whether somebody may learn that a request exists: who is part of it, its department, company-wide roles.

    So may who stands in today for somebody who signs; `given` are those whose turn he may take.
    """
    asked = {one for step in request.steps for one in step.people}
    part = {request.applicant, *asked, *(one.person for one in request.signatures)}
    part |= {one.to_person for one in request.signatures}
    return person.id in part or not asked.isdisjoint(given) or person.sees(request.department)


def known_to(desk: Desk, request: Request, person: Person) -> bool:
    """The same with whom he stands in for today looked up, where it comes to that."""
    if may_know(request, person):
        return True
    return may_know(request, person, turns_of(person.id, record_of(desk).delegations(desk.today()), desk.today())[1:])
