"""The answer about one customer, made from his rows and the view."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flows.accounts import account_of
from flows.desk import Desk, View
from scoring.answer import answer_json
from scoring.assess import assess, assess_listed
from scoring.blacklist import in_force
from scoring.details import details as details_of
from scoring.results import Assessment


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
    return Answered(answer, details_of(assessment, account, view.book, desk.policy), assessment)


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
