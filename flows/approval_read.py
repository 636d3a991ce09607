"""What was typed into a decision's modal, read or refused at its question; and what has to be ticked first."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from approvals.application_fields import Field
from approvals.application_parse import FieldError, Raw, parse_field
from approvals.bounds import above_proposal
from approvals.terms import Terms
from texts.application_errors import error_text
from texts.request_modals import (
    OWN_WORDS,
    READY,
    Ask,
    confirm_terms,
    confirm_worse,
    field_error,
    ready_reason,
)
from texts.request_sheet import RequestSheet

_LONGEST_TERM = 365
_FIELDS = {
    "limit": Field(name="limit", kind="money", step="plan"),
    "days": Field(name="days", kind="days", step="plan", most=_LONGEST_TERM),
    "deposit": Field(name="deposit", kind="pct", step="plan"),
    "guarantee": Field(name="guarantee", kind="text", step="plan", most=200),
    "valid_until": Field(name="valid_until", kind="day", step="plan", when="future"),
    "reason": Field(name="reason", kind="long", step="plan", most=600),
    "words": Field(name="words", kind="long", step="plan", most=600),
    "points": Field(name="points", kind="text", step="plan", most=20),
    "until": Field(name="until", kind="day", step="plan"),
    "question": Field(name="question", kind="long", step="plan", most=600),
}
_ASKED: Mapping[Ask, tuple[str, ...]] = {
    "other": ("limit", "days", "deposit", "guarantee", "valid_until", "reason"),
    "recommend_up": ("limit", "days", "reason"),
    "conditions": ("deposit", "guarantee", "valid_until", "reason"),
    "return": ("words",), "reject": ("words",), "hand_on": ("reason",), "ask": ("question",),
    "adjust": ("points", "reason", "until"),
    "approve": (), "vouch": (), "recommend": (),
}  # fmt: skip
_POINTS = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{1,2})?")
_NEEDED = frozenset({"limit", "days", "question"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a modal says."""

    terms: Terms | None = None
    """None = as proposed."""
    reason: str = ""
    to_person: str = ""
    points: Decimal = Decimal(0)
    until: date | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


def read(kind: Ask, state: Mapping[str, Raw], sheet: RequestSheet, lang: str, *, today: date) -> Reading:
    """Every question of a modal; what is wrong stands at its question and nothing is decided."""
    values: dict[str, object] = {}
    errors: dict[str, str] = {}
    for name in _ASKED[kind]:
        try:
            values[name] = parse_field(_FIELDS[name], state.get(name), today=today)
        except FieldError as wrong:
            errors[name] = error_text(lang, wrong)
        else:
            if values[name] is None and name in _NEEDED:
                errors[name] = error_text(lang, FieldError("field_missing"))
    if errors:
        return Reading(errors=errors)
    if kind == "adjust":
        return _adjustment(values, lang)
    if kind in READY:
        return _reason(kind, state, values, lang)
    if kind in {"other", "conditions", "recommend_up"}:
        return _terms(kind, values, sheet, lang)
    text = str(values.get("reason") or values.get("question") or "")
    return Reading(reason=text, to_person=str(state.get("to") or ""))


def _reason(kind: Ask, state: Mapping[str, Raw], values: Mapping[str, object], lang: str) -> Reading:
    """A ready reason, with own words behind it where there are any; own words alone where they were chosen."""
    chosen, own = state.get("ready"), str(values.get("words") or "")
    if chosen not in {*READY[kind], OWN_WORDS}:
        return Reading(errors={"ready": field_error(lang, "choice")})
    if chosen == OWN_WORDS:
        return Reading(reason=own) if own else Reading(errors={"words": field_error(lang, "words")})
    ready = ready_reason(str(chosen), lang)
    return Reading(reason=f"{ready} {own}".strip())


def _adjustment(values: Mapping[str, object], lang: str) -> Reading:
    """Points with their sign, the reason, the last day: all three."""
    said = unicodedata.normalize("NFKC", str(values.get("points") or "")).replace("−", "-").strip()
    if not _POINTS.fullmatch(said):
        return Reading(errors={"points": field_error(lang, "points")})
    until, reason = values.get("until"), str(values.get("reason") or "")
    missing = {
        name: error_text(lang, FieldError("field_missing")) for name in ("reason", "until") if not values.get(name)
    }
    if missing or not isinstance(until, date):
        return Reading(errors=missing)
    return Reading(reason=reason, points=Decimal(said), until=until)


def _terms(kind: Ask, values: Mapping[str, object], sheet: RequestSheet, lang: str) -> Reading:
    proposed, reason = sheet.proposed, str(values.get("reason") or "")
    if kind == "recommend_up":
        return _above(_passed_up(values, proposed), reason, sheet, lang)
    limit, days = values.get("limit", proposed.limit), values.get("days", proposed.payment_days)
    until, deposit = values.get("valid_until"), values.get("deposit")
    terms = Terms(
        limit=limit if isinstance(limit, Decimal) else proposed.limit,
        payment_days=days if isinstance(days, int) else proposed.payment_days,
        currency=proposed.currency,
        deposit_pct=deposit if isinstance(deposit, Decimal) else Decimal(0),
        guarantee=str(values.get("guarantee") or ""),
        valid_until=until if isinstance(until, date) else None,
        conditions=proposed.conditions,
    )
    if terms == proposed:
        return Reading(errors={"limit" if kind == "other" else "deposit": field_error(lang, "nothing")})
    return _above(terms, reason, sheet, lang)


def _passed_up(values: Mapping[str, object], proposed: Terms) -> Terms:
    """Another amount or other days alone: what the proposal calls for beside them stays."""
    limit, days = values["limit"], values["days"]
    same = (limit, days) == (proposed.limit, proposed.payment_days)
    if same or not isinstance(limit, Decimal) or not isinstance(days, int):
        return proposed
    return replace(proposed, limit=limit, payment_days=days)


def _above(terms: Terms, reason: str, sheet: RequestSheet, lang: str) -> Reading:
    """More than proposed needs a reason."""
    proposed = sheet.proposed
    if above_proposal(terms, proposed) and not reason.strip():
        return Reading(errors={"reason": field_error(lang, "above")})
    return Reading(terms=None if terms == proposed else terms, reason=reason)


def confirms(sheet: RequestSheet, terms: Terms | None, lang: str, *, deciding: bool) -> list[tuple[str, str]]:
    """What has to be ticked: other values said again, and what got worse. The block's id holds what exactly."""
    found: list[tuple[str, str]] = []
    if terms is not None:
        found.append((f"terms.{_digest(terms)}", confirm_terms(terms, sheet, lang, deciding=deciding)))
    worse = [one for one in sheet.changes if one["severity"] == "red"]
    if worse:
        found.append((f"worse.{_digest(worse)}", confirm_worse(worse, sheet, lang)))
    return found


def _digest(what: object) -> str:
    return hashlib.blake2b(repr(what).encode(), digest_size=6).hexdigest()
