"""Another round of a request: the applicant changes it, or the customer administrator completes it and vouches."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from approvals.application import Application, from_json
from approvals.application_draft import Filled
from approvals.completion import (
    ASKED,
    Completion,
    FieldChange,
    completion_json,
    completion_of,
    field_changes,
)
from approvals.request import Request
from approvals.turns import Actor
from approvals.whose import turn
from flows.access import Reader
from flows.decide import fresh
from flows.desk import Desk
from flows.request_acts import delegations_of
from scoring.errors import DeskError
from storage.record import Filed


def check_round(desk: Desk, reader: Reader, before: Filed, filled: Filled, application: Application) -> None:
    """DeskError unless the form still stands on the request as it is now, and whoever sends it may.

    The customer administrator completes facts while the vouching waits for him; what is asked for, and why, stays as
    the applicant said it.
    """
    request, person = before.request, reader.person
    if filled.round not in {0, request.round}:
        raise DeskError("draft_outdated", request_no=request.request_no)
    if person is None or person.id == request.applicant:
        return
    place, _ = turn(
        request, "vouch", Actor(person=person, account=reader.account), policy=desk.policy, people=desk.people,
        delegations=delegations_of(desk), today=desk.today(),
    )  # fmt: skip
    if request.steps[place].kind != "vouch":
        raise DeskError("vouched_already", request_no=request.request_no)
    fresh(desk)
    asked = [one.field for one in field_changes(from_json(before.form), application) if one.field in ASKED]
    if asked:
        raise DeskError("completion_asked", request_no=request.request_no)


def completion(after: Request, before: Application, now: Application) -> Completion:
    """What the newest signature changed in the form."""
    last = after.signatures[-1]
    return Completion(
        act=last.act, person=last.person, account=last.account, at=last.at, round=after.round,
        fields=field_changes(before, now),
    )  # fmt: skip


def carried_over(before: Mapping[str, Any], made: Completion) -> dict[str, Any]:
    """The parts of the evidence that every round keeps: who changed what before, and what it asks for again."""
    return {
        "completions": [*(before.get("completions") or ()), completion_json(made)],
        "reopens": before.get("reopens") or "",
        "reopened": before.get("reopened"),
    }


def completions_of(filed: Filed) -> tuple[Completion, ...]:
    """Everything that was changed in the form since it was first sent, oldest first."""
    return tuple(completion_of(one) for one in filed.evidence.get("completions") or ())


def audited(fields: Iterable[FieldChange]) -> dict[str, list[str]]:
    """What the audit keeps of changes: the field, a digest of either value, the source; words stay in the request."""
    return {one.field: [_digest(one.was), _digest(one.now), one.source] for one in fields}


def _digest(text: str) -> str:
    return hashlib.sha256(orjson.dumps(text)).hexdigest()[:16] if text else ""
