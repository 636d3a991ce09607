"""An application becomes a request: looked at once more as a whole, routed, and kept with all it rests on."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from approvals.adjustment import adjustments_of
from approvals.advance import advance
from approvals.application import Application, from_json, to_json
from approvals.application_draft import Filled, application_of, read_step
from approvals.authority import Route
from approvals.people import Person
from approvals.prospect import ClashKind, Prospect
from approvals.request import Request
from approvals.turns import Actor, open_steps
from flows.access import Reader, sees
from flows.accounts import account_of
from flows.apply import Submitted, propose_for, statements_needed
from flows.clashes import KINDS, clashes
from flows.completing import audited, carried_over, check_round, completion
from flows.decide import moved
from flows.desk import Desk
from flows.outcomes import decided_in, delegations_since_filed, outcomes
from flows.rated import rated
from flows.reopening import Reopened, reopened, reopened_json
from flows.routing import evidence_of, record_of, route_for
from scoring.errors import DeskError
from storage.record import Draft, Filed, Writing

_SERIES_ID = re.compile(r"^(.*?)([0-9]{2,12})$")


@dataclass(frozen=True, slots=True)
class _Ready:
    """Everything that filing writes down."""

    draft: Draft
    filled: Filled
    application: Application
    prospect: Prospect
    route: Route
    person: Person
    account: str
    before: Filed | None
    """The request that this is a new round of."""
    refused: Reopened | None
    """What this asks for again."""


def submit(desk: Desk, reader: Reader, draft_id: str, event_key: str) -> Submitted:
    """File a draft: as a new request, as another round of a returned one, or completed and vouched for.

    When anything stands against it nothing is recorded and the draft stays as it is.
    """
    try:
        record = record_of(desk)
        ready = _look(desk, reader, draft_id)
        with record.begin() as writing:
            _first(writing, event_key, draft_id)
            request = _file(desk, writing, ready)
            outcomes(
                writing, request, delegations=delegations_since_filed(desk, request), today=desk.today(),
                channel=decided_in(desk, request),
            )  # fmt: skip
    except DeskError as refusal:
        return Submitted(None, refusal)
    desk.nudge()
    return Submitted(request)


def _first(writing: Writing, event_key: str, draft_id: str) -> None:
    if not writing.first_time(event_key, draft_id):
        raise DeskError("click_again")


def _look(desk: Desk, reader: Reader, draft_id: str) -> _Ready:
    """The draft read, checked and routed; DeskError says what stands against it."""
    record, person = record_of(desk), reader.person
    draft = record.draft(draft_id)
    if person is None or reader.outsider or draft is None or draft.person != person.id:
        raise DeskError("draft_unknown")
    filled = Filled.model_validate(draft.form)
    application = application_of(filled, today=desk.today())
    _complete(desk, filled, application)
    before = record.request(filled.request_no) if filled.request_no else None
    if before is not None:
        check_round(desk, reader, before, filled, application)
    refused = reopened(desk, application, filled.reopens) if before is None else None
    applicant = person if before is None else _applicant(desk, before.request)
    number = before.request.request_no if before else ""
    _his_to_fill_in(desk, reader, application)
    _nobody_else(desk, application, number)
    kept = () if before is None else adjustments_of(before.request)
    prospect = propose_for(desk, application, on=desk.on(), adjustments=kept)
    found = route_for(desk, prospect, applicant, request_no=number)
    return _Ready(draft, filled, application, prospect, found, person, reader.account, before, refused)


def _complete(desk: Desk, filled: Filled, application: Application) -> None:
    needed = statements_needed(desk, application, on=desk.on())
    for step in filled.steps:
        wrong = read_step(step, filled.typed, today=desk.today(), needed=needed).errors
        if wrong:
            raise DeskError("form_incomplete", step=step, field=next(iter(wrong)), count=len(wrong))


def _nobody_else(desk: Desk, form: Application, request_no: str, kinds: Collection[ClashKind] = KINDS) -> None:
    """DeskError when he is a customer already, may be one, or has been asked for."""
    for clash in clashes(desk, form, request_no=request_no, kinds=kinds):
        if clash.stops or clash.key not in form.acknowledged:
            raise DeskError("clash_stops", name=clash.name, customer_id=clash.customer_id or "—")


def _his_to_fill_in(desk: Desk, reader: Reader, form: Application) -> None:
    account = account_of(desk, form.customer_id) if form.customer_id else None
    if account is not None and not sees(reader, account.customer):
        raise DeskError("clash_stops", name=account.customer.name, customer_id=form.customer_id)


def _applicant(desk: Desk, request: Request) -> Person:
    found = next((one for one in desk.people.people if one.id == request.applicant), None)
    if found is None:
        raise DeskError("applicant_gone", request_no=request.request_no)
    return found


def _file(desk: Desk, writing: Writing, ready: _Ready) -> Request:
    """Write the request and let the draft go."""
    before = ready.before
    evidence = evidence_of(
        desk,
        ready.prospect,
        filled=ready.filled.model_dump(mode="json"),
        acknowledged=list(ready.application.acknowledged),
        reopens=ready.refused.request_no if ready.refused else "",
        reopened=reopened_json(ready.refused) if ready.refused else None,
    )
    facts: dict[str, Any] = {}
    if before is None:
        request, act = _new(desk, writing, ready), "file"
        writing.file(request, to_json(ready.application), evidence)
        if ready.refused is not None:
            facts = {"reopens": ready.refused.request_no}
            writing.audit(ready.refused.request_no, "reopen", ready.person.id, {"as": request.request_no})
    else:
        request = _another_round(desk, before.request, ready)
        act = request.signatures[-1].act
        made = completion(request, from_json(before.form), ready.application)
        evidence |= carried_over(before.evidence, made)
        facts = {"fields": audited(made.fields)}
        kept = writing.save(
            request,
            expected_version=before.request.version,
            evidence=evidence,
            form=to_json(ready.application),
        )
        if not kept:
            raise moved(desk, before.request)
    writing.audit(request.request_no, act, ready.person.id, {**_facts(desk, request), **facts})
    writing.drop_draft(ready.draft.id)
    return request


def _facts(desk: Desk, request: Request) -> Mapping[str, Any]:
    return {
        "state": request.state,
        "version": request.version,
        "round": request.round,
        "kind": request.kind,
        "policy": desk.policy.fingerprint,
        "needed": request.steps[-1].role,
    }


def _another_round(desk: Desk, before: Request, ready: _Ready) -> Request:
    """Resubmitted by the applicant, or completed and vouched for by the customer administrator: no signature of
    the former round counts any more."""
    act = "resubmit" if ready.person.id == before.applicant else "vouch"
    form, applicant = ready.application, _applicant(desk, before)
    changed = replace(
        before,
        **rated(desk, form, ready.prospect, ready.route, applicant, before.request_no),
        customer_id=_customer_id(desk, form, before.customer_id),
    )
    if act == "vouch":
        changed = replace(
            changed, round=before.round + 1, round_from=len(before.signatures), at=open_steps(changed.steps, ())
        )
    return advance(
        changed,
        act,  # type: ignore[arg-type]
        Actor(person=ready.person, account=ready.account),
        now=desk.clock(),
        today=desk.today(),
        policy=desk.policy,
        people=desk.people,
        delegations=record_of(desk).delegations(desk.today()),
        steps=ready.route.steps,
    )


def _new(desk: Desk, writing: Writing, ready: _Ready) -> Request:
    year, now = desk.today().year, desk.clock()
    number = writing.next_no(f"request/{year}")  # whoever files at the same time waits here, and then sees this one
    _nobody_else(desk, ready.application, "", {"request"})
    return Request(
        request_no=f"CR-{year}-{number:04d}",
        kind="open_account",
        state="pending",
        version=1,
        round=1,
        customer_id=_customer_id(desk, ready.application),
        applicant=ready.person.id,
        applicant_account=ready.account,
        at=open_steps(ready.route.steps, ()),
        filed_at=now,
        step_since=now,
        **rated(desk, ready.application, ready.prospect, ready.route, ready.person, ""),
    )


def _customer_id(desk: Desk, form: Application, before: str = "") -> str:
    """The row of a customer whom the ledger knows; else the number promised `before`, or a new one."""
    if form.customer_id:
        return form.customer_id
    if before and account_of(desk, before) is None:
        return before
    return next_customer_id(desk.mirror.customer_ids(), record_of(desk).customer_ids())


def next_customer_id(known: Iterable[str], promised: Iterable[str]) -> str:
    """The next id in the company's own series: the commonest letters before the digits, one above the highest.

    A ledger without a series begins with `C0001`. `promised` are ids of requests that the ledger does not have yet;
    the writer of the ledger refuses one that somebody took by hand meanwhile.
    """
    parts = [found.groups() for one in (*known, *promised) if (found := _SERIES_ID.match(one))]
    if not parts:
        return "C0001"
    prefix, width = Counter((head, len(digits)) for head, digits in parts).most_common(1)[0][0]
    highest = max(int(digits) for head, digits in parts if head == prefix)
    return f"{prefix}{highest + 1:0{width}d}"
