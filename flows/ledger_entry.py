"""A decided request as rows of the ledger: what is written where, in absolute values."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from approvals.adjustment import adjustments_of
from approvals.application import from_json
from approvals.application_rows import as_rows
from approvals.request import Request
from approvals.steps import Signature
from approvals.terms import Terms
from approvals.turns import decided_by, standing_signatures
from flows.desk import Desk
from flows.routing import known_as
from scoring.dates import add_months
from scoring.errors import DeskError
from sheets.write_job import RowWrite, WriteJob
from storage.record import Filed
from texts.entry import entry_move, entry_people, entry_signer, entry_terms, entry_word

MARKS_FROM = 1_000_000
"""The sheet's metadata ids of our marks begin above this: small ones are what other tools tend to take."""


def entry_of(desk: Desk, filed: Filed, *, mark: str, mark_no: int, link: str = "") -> WriteJob:
    """The rows of a decision: the customer's line, what the form adds, and the entry in `decisions`.

    A refusal writes only that entry. `link` opens the card.
    """
    request = filed.request
    if request.state not in {"approved", "rejected"}:
        raise DeskError("act_unknown", request_no=request.request_no, act="approve", state=request.state)
    rows = [_decision(desk, filed, link)]
    if request.state == "approved" and request.decided is not None:
        rows = [*_customer(desk, filed, request.decided), *rows]
    return WriteJob(id=MARKS_FROM + mark_no, mark=mark, rows=tuple(rows))


def decided_cells(desk: Desk, filed: Filed) -> dict[str, Any]:
    """The decision columns that an approval sets."""
    request, terms = filed.request, filed.request.decided
    if terms is None:
        return {}
    on = _day(desk, request)
    grade = desk.policy.grade(request.grade or "D")
    values: dict[str, Any] = {
        "status": "active",
        "payment_days": terms.payment_days,
        "next_review_on": add_months(on, grade.review_months),
    }
    if terms.prepay:  # no line: what an earlier one left is emptied
        values |= dict.fromkeys(("credit_limit", "limit_expires_on", "temp_limit", "temp_limit_expires_on"))
    else:
        values["credit_limit"] = terms.limit
        values["limit_expires_on"] = terms.valid_until  # None empties it: an old last day must not end the new line
        if terms.temp_limit is not None:
            values |= {"temp_limit": terms.temp_limit, "temp_limit_expires_on": terms.temp_until}
    return values


def _customer(desk: Desk, filed: Filed, terms: Terms) -> list[RowWrite]:
    """The customer's row and what the form knows of him. People's columns of a row that is there are left alone."""
    request = filed.request
    known = known_as(desk, filed) != ""
    lang = ledger_lang(desk)
    named = next((one.name for one in desk.people.people if one.id == request.applicant), "")
    rows: list[RowWrite] = []
    made = as_rows(from_json(filed.form), request.customer_id, on=_day(desk, request), checked_by=named, known=known)
    for row in made:
        key = {**row.key}
        if row.tab != "customers":  # people's rows: one that is there already is theirs
            rows.append(RowWrite(tab=row.tab, key=key, values=dict(row.values), mode="append", optional=True))
            continue
        values: dict[str, Any] = {} if known else dict(row.values)
        if not known and terms.guarantee:
            values["remarks"] = (
                f"{values.get('remarks', '')} {entry_word(lang, 'guarantee')}: {terms.guarantee}".strip()
            )
        expected = _decided_on(filed.evidence["answer"]) if known else {}
        values |= decided_cells(desk, filed)
        optional = frozenset(values) - {"name", "status", *decided_cells(desk, filed)} | {"next_review_on"}
        rows.append(
            RowWrite(
                tab="customers", key=key, values=values, expected=expected, mode="update" if known else "append",
                optional_columns=optional,
            )
        )  # fmt: skip
    return rows


def _decided_on(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The guarded cells as they stood when the request was filed; nobody's later hold is lifted by a decision."""
    limit = answer.get("credit_limit")
    return {
        "credit_limit": None if limit is None else Decimal(limit),
        "payment_days": answer.get("payment_days"),
        "status": answer.get("status"),
    }


def _decision(desk: Desk, filed: Filed, link: str) -> RowWrite:
    request, lang = filed.request, ledger_lang(desk)
    signed = standing_signatures(request)
    vouched = next((one for one in signed if one.act == "vouch"), None)
    decider = decided_by(request)  # a co-signer may have signed after him
    said = (decider.reason if decider else "", *_moves(desk, filed, lang), link)
    reason = " ".join(part for part in said if part)
    moment = desk.local(request.decided_at)
    values: dict[str, Any] = {
        "kind": entry_word(lang, request.kind),
        "customer_id": request.customer_id,
        "asked": entry_terms(lang, request.asked),
        "decided": entry_terms(lang, request.decided) if request.decided else "",
        "outcome": entry_word(lang, request.state),
        "approvers": entry_people(lang, [_named(desk, one, request) for one in signed if one.act != "vouch"]),
        "vouched_by": entry_signer(lang, _named(desk, vouched, request)) if vouched else "",
        "reason": reason,
        "policy": request.decided_policy or desk.policy.fingerprint,
        "decided_at": moment.replace(tzinfo=None, microsecond=0) if moment else None,
    }
    return RowWrite(
        tab="decisions", key={"request_no": request.request_no}, values=values, mode="upsert",
        optional_columns=frozenset(values) - {"outcome", "approvers"},
    )  # fmt: skip


def _moves(desk: Desk, filed: Filed, lang: str) -> list[str]:
    """What experts made of the score, the newest of each: the decision rests on it."""
    names = {one.id: one.name for one in desk.people.people}
    newest = {one.person: one for one in adjustments_of(filed.request)}
    return [
        entry_move(lang, names.get(one.person, one.person), one.points, one.reason, one.until)
        for one in newest.values()
    ]


def _named(desk: Desk, signature: Signature, request: Request) -> dict[str, str]:
    """Who did what: of several who agreed only one decided."""
    names = {one.id: one.name for one in desk.people.people}
    beside = signature.act == "approve" and request.steps[signature.step].kind == "cosign"
    return {
        "name": names.get(signature.person, signature.person),
        "for": names.get(signature.for_person, signature.for_person),
        "act": "cosign" if beside else signature.act,
    }


def _day(desk: Desk, request: Request) -> date:
    moment = desk.local(request.decided_at)
    return moment.date() if moment is not None else desk.today()


def ledger_lang(desk: Desk) -> str:
    """The language that finance keeps the ledger in."""
    channel = desk.channels.finance if desk.channels is not None else None
    return channel.lang if channel is not None else desk.default_lang
