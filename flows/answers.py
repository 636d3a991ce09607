"""The answer about one customer, made from his rows and the view."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flows.accounts import account_of
from flows.desk import Desk, View
from scoring.answer import answer_json, number
from scoring.assess import assess, assess_listed
from scoring.blacklist import in_force
from scoring.details import TAB_FACTORS
from scoring.details import details as details_of
from scoring.results import Assessment, Scorecard

_FEEDS = {**TAB_FACTORS, "customers": ("years_registered", "paid_in_capital", "market_standing")}
"""Which tab each factor is fed from, as far as a person can fill it in."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The JSON contract and what cards need beyond it."""

    answer: dict[str, Any]
    details: Mapping[str, Any]
    assessment: Assessment


def answer_of(desk: Desk, view: View, customer_id: str) -> Answered | None:
    """The answer of today's view; None when no customer has this id."""
    account = account_of(desk, customer_id)
    if account is None:
        return None
    assessment = assess(account, view.book, desk.policy, on=desk.on(), today=desk.today())
    answer = answer_json(assessment, account, desk.policy, on=desk.on())
    details = details_of(assessment, account, view.book, desk.policy)
    card = assessment.rating.scorecard if assessment.rating else None
    return Answered(answer, {**details, **({} if card is None else explained(card, view.book.tabs))}, assessment)


def explained(card: Scorecard, tabs: Iterable[str]) -> dict[str, Any]:
    """What each factor lacks to its next band, and which data of tabs that are there this customer has none of."""
    gains = {
        factor.factor: {key: number(part) if isinstance(part, Decimal) else part for key, part in better.items()}
        for factor in card.factors
        if (better := factor.next_band) is not None and not factor.missing
    }
    missing = {factor.factor: factor.max for factor in card.factors if factor.missing}
    found = {tab: [name for name in names if name in missing] for tab, names in _FEEDS.items() if tab in tabs}
    lacking = [
        {"tab": tab, "factors": names, "points": number(sum((missing[name] for name in names), Decimal(0)))}
        for tab, names in found.items()
        if names
    ]
    return {"gains": gains, "lacking": lacking}


def listed_answer(desk: Desk, view: View, key: str) -> Answered | None:
    """A blacklist entry that has no customer row."""
    for entry in view.book.blacklist:
        if f"b:{entry.uscc}/{entry.name}" == key and in_force(entry, desk.on()):
            assessment = assess_listed(entry)
            answer = answer_json(assessment, None, desk.policy, on=desk.on())
            unblock = {"code": "leave_blacklist", "who": ["responsible_vp", "risk"], "facts": {}}
            details = {"unblock": unblock, "department": "", "sales_owner": "", "limit": None}
            return Answered(answer, details, assessment)
    return None
