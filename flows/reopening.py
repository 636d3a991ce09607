"""Asking again: the earlier request is named; after a refusal something has to be new about the customer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from approvals.application import Application, from_json
from approvals.changes import changes
from approvals.completion import FieldChange, brings_news, changes_json, changes_of, field_changes
from approvals.request import Request
from approvals.transitions import ASKED_AGAIN
from flows.desk import Desk
from flows.request_acts import said_for_good
from flows.request_past import MONTHS
from flows.routing import record_of, standing_of
from scoring.dates import add_months
from scoring.errors import DeskError
from scoring.names import normalise, normalise_uscc
from storage.record import Filed

LAPSED = ASKED_AGAIN - {"rejected"}
"""Nobody has refused these: they may be asked for again as they were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened:
    """A request that is over and that is asked for again, and what is new against it."""

    request_no: str
    fields: tuple[FieldChange, ...]
    """Everything that the form says otherwise; the applicant's words among it."""
    ledger: tuple[Mapping[str, Any], ...]
    """What the ledger says otherwise of the very same form, as findings."""


def reopened(desk: Desk, form: Application, named: str) -> Reopened | None:
    """The refused request that this form asks for again: the one it names, else the customer's newest, if any.

    Without the latter, filling in the form anew would be a way around the rule. DeskError when nothing is new.
    """
    asked = _named(desk, form, named) if named else None
    refused = asked if asked is not None and asked.request.state == "rejected" else _newest(desk, form)
    again = asked or refused
    if again is None:
        return None
    if refused is not None and not _has_news(desk, refused, form):
        raise DeskError("nothing_new", request_no=refused.request.request_no)
    ledger = changes(again.evidence["answer"], standing_of(desk, again).answer)
    return Reopened(
        request_no=again.request.request_no,
        fields=field_changes(from_json(again.form), form),
        ledger=tuple(one.as_json() for one in ledger),
    )


def _has_news(desk: Desk, refused: Filed, form: Application) -> bool:
    """Something about the customer is another than it was, or the ledger has become better."""
    ledger = changes(refused.evidence["answer"], standing_of(desk, refused).answer)
    return bool(brings_news(from_json(refused.form), form)) or any(one.severity != "red" for one in ledger)


def reopened_json(found: Reopened) -> dict[str, Any]:
    """As the evidence keeps it."""
    return {"request_no": found.request_no, "fields": changes_json(found.fields), "ledger": list(found.ledger)}


def news_of(filed: Filed) -> tuple[str, tuple[FieldChange, ...], tuple[Mapping[str, Any], ...]] | None:
    """(refused request, fields, findings) of a request that asks again; None for every other."""
    kept = filed.evidence.get("reopened")
    if not kept:
        return None
    return str(kept["request_no"]), changes_of(kept["fields"]), tuple(kept["ledger"])


def _named(desk: Desk, form: Application, request_no: str) -> Filed:
    found = record_of(desk).request(request_no)
    if found is None or not (found.request.state in LAPSED or _is_refused(desk, found.request)):
        raise DeskError("reopen_not_refused", request_no=request_no)
    if not _same(found, form):
        raise DeskError("reopen_other_customer", request_no=request_no, name=found.request.name)
    return found


def _newest(desk: Desk, form: Application) -> Filed | None:
    since = datetime.combine(add_months(desk.today(), -MONTHS), time(), desk.clock().tzinfo)
    refused = record_of(desk).requests(states=("rejected",), since=since)
    return next((one for one in reversed(refused) if _same(one, form) and _is_refused(desk, one.request)), None)


def _is_refused(desk: Desk, request: Request) -> bool:
    return request.state == "rejected" and said_for_good(desk, request)


def _same(filed: Filed, form: Application) -> bool:
    code = normalise_uscc(str(filed.form.get("uscc") or ""))
    return (bool(code) and code == normalise_uscc(form.uscc)) or normalise(filed.request.name) == normalise(form.name)
