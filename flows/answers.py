"""The answer about one customer: kept in the mirror while what it was made from still holds, else made again."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson

from flows.accounts import account_of
from flows.desk import Desk, View
from scoring.answer import answer_json, number
from scoring.assess import assess, assess_listed
from scoring.blacklist import in_force
from scoring.details import details as details_of
from scoring.policy import FACTORS

_SHARE = FACTORS.index("receivables_share")
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Answered:
    """The JSON contract and what cards need beyond it."""

    answer: dict[str, Any]
    details: Mapping[str, Any]


def answer_of(desk: Desk, view: View, customer_id: str) -> Answered | None:
    """The answer of today's view; None when no customer has this id."""
    stamp, body = desk.mirror.answer(customer_id)
    if body is not None and stamp == view.stamp:
        kept = orjson.loads(body)
        if _share_still_holds(desk, view, kept):
            return Answered(kept["answer"], kept["details"])
    return make_answer(desk, view, customer_id)


def make_answer(desk: Desk, view: View, customer_id: str) -> Answered | None:
    """The answer made anew from the customer's rows."""
    account = account_of(desk, customer_id)
    if account is None:
        return None
    assessment = assess(account, view.book, desk.policy, on=desk.on(), today=desk.today())
    answer = answer_json(assessment, account, desk.policy, on=desk.on())
    details = details_of(assessment, account, view.book, desk.policy)
    position = assessment.position
    own = position.open_base if position is not None and assessment.usable else None
    details["open_base"] = None if own is None else str(own)
    return Answered(answer, details)


def _share_still_holds(desk: Desk, view: View, kept: dict[str, Any]) -> bool:
    """The share of all receivables moves with everybody's invoices: put in today's, unless it reaches another band."""
    factors, own = kept["answer"]["factors"], kept["details"]["open_base"]
    if factors is None:
        return True
    factor, whole = factors[_SHARE], view.book.receivables_base
    if own is None or whole is None:
        return bool(factor["missing"])
    share = Decimal(own) / whole * _HUNDRED if whole > 0 else Decimal(0)
    if factor["missing"] or number(desk.policy.bands["receivables_share"].points(share)) != factor["points"]:
        return False
    factor["value"] = number(share)
    return True


def listed_answer(desk: Desk, view: View, key: str) -> Answered | None:
    """A blacklist entry that has no customer row."""
    for entry in view.book.blacklist:
        if f"b:{entry.uscc}/{entry.name}" == key and in_force(entry, desk.on()):
            assessment = assess_listed(entry)
            answer = answer_json(assessment, None, desk.policy, on=desk.on())
            unblock = {"code": "leave_blacklist", "who": ["responsible_vp", "risk"], "facts": {}}
            return Answered(answer, {"unblock": unblock, "department": "", "sales_owner": "", "limit": None})
    return None


def fill_answers(desk: Desk, limit: int = 200) -> int:
    """Make and keep the answers of customers that have none of today's stamp; how many. For quiet moments."""
    view = desk.latest.view
    if view is None:
        return 0
    made: list[tuple[str, str, bytes]] = []
    for customer_id in desk.mirror.unfilled(view.stamp, limit):
        answered = make_answer(desk, view, customer_id)
        if answered is not None:
            body = orjson.dumps({"answer": answered.answer, "details": answered.details})
            made.append((customer_id, view.stamp, body))
    if made:
        desk.mirror.keep_answers(made)
    return len(made)
