"""What a card shows beyond the JSON contract: open lines, the way to the next grade, what unblocks, what tabs add."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from scoring.answer import number
from scoring.findings import Finding, money_text, plain
from scoring.ledger import Account, Book
from scoring.money import to_minor
from scoring.next_grade import next_grade
from scoring.policy import Policy
from scoring.results import Assessment, OpenLine, Position, Scorecard

UNBLOCK_CODES = (
    "frees", "frees_later", "pay_overdue", "renew_limit", "apply", "prepay", "renew_document", "add_rate", "fix_rows",
    "fix_cell", "refresh_ledger", "clear_likeness", "review_warning", "group_frees", "release_hold", "reactivate",
    "leave_blacklist", "clear_record",
)  # fmt: skip
"""Every way out that `unblock` may name; `texts` holds a sentence for each."""

TAB_FACTORS: Mapping[str, tuple[str, ...]] = {
    "financials": (
        "debt_ratio", "current_ratio", "roa", "roe", "ebit_margin", "z_score", "operating_cash_flow",
    ),
    "checks": ("licences", "suits", "enforcement", "penalties", "references"),
    "promises": ("promises",),
    "returns": ("returns",),
    "industries": ("industry_outlook",),
}  # fmt: skip
"""The tabs whose absence costs points, and which factors they feed."""

_BY_REASON: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "blacklist": ("leave_blacklist", ("responsible_vp", "risk")),
    "V2": ("clear_record", ("risk",)),
    "V3": ("pay_overdue", ()),
    "V4": ("clear_record", ("legal",)),
    "V5": ("pay_overdue", ()),
    "licence": ("renew_document", ("sales_owner",)),
    "grade_d": ("prepay", ()),
    "rate_missing": ("add_rate", ("finance",)),
    "figures_too_large": ("fix_rows", ("finance",)),
    "no_invoices": ("fix_rows", ("finance",)),
    "invoices_missing": ("fix_rows", ("finance",)),
    "duplicate_customer": ("fix_rows", ("finance",)),
    "prepay": ("prepay", ()),
    "no_line": ("apply", ("sales_owner",)),
    "prospect": ("apply", ("sales_owner",)),
    "limit_expired": ("renew_limit", ("sales_owner",)),
    "overdue": ("pay_overdue", ()),
    "warning": ("review_warning", ("sales_manager",)),
    "stale": ("refresh_ledger", ("finance",)),
    "blacklist_likeness": ("clear_likeness", ("risk",)),
    "unreadable": ("fix_cell", ("finance",)),
}
"""Reason -> (way out, who can do it): POLICY.md 10 for holds, stops and the blacklist."""


def details(assessment: Assessment, account: Account, book: Book, policy: Policy) -> dict[str, Any]:
    """Plain values for the cards; money "1200.00", days in ISO. `row` and `rows` serve links into the sheet."""
    customer, position, rating = account.customer, assessment.position, assessment.rating
    return {
        "department": customer.department,
        "sales_owner": customer.sales_owner,
        "parent_id": customer.parent_id,
        "region": customer.region,
        "uscc": customer.uscc,
        "temp_limit_expires_on": customer.temp_limit_expires_on.isoformat() if customer.temp_limit_expires_on else None,
        "limit": money_text(position.limit) if position else None,
        "orders": money_text(position.orders) if position else None,
        "deposits": money_text(position.deposits) if position else None,
        "colour": assessment.colour,
        "row": customer.row,
        "lines": [_line(line) for line in _worst_first(position)] if position and assessment.known else [],
        "next_grade": next_grade(rating, policy) if rating else None,
        "proposal_cut": _cut(assessment, policy),
        "missing_tabs": _missing_tabs(rating.scorecard, book) if rating else [],
        "missing_points": number(rating.scorecard.missing_points) if rating else None,
        "unblock": _unblock(assessment),
        "open_base": to_minor(position.open_base) if position and assessment.usable else None,
    }


def _worst_first(position: Position) -> list[OpenLine]:
    return sorted(position.lines, key=lambda line: (-line.days_overdue, line.due_on or date.max, line.invoice_no))


def _line(line: OpenLine) -> dict[str, Any]:
    return {
        "invoice_no": line.invoice_no,
        "issued_on": line.issued_on.isoformat() if line.issued_on else None,
        "due_on": line.due_on.isoformat() if line.due_on else None,
        "amount": money_text(line.amount),
        "open": money_text(line.open),
        "disputed": money_text(line.disputed_open),
        "days_overdue": line.days_overdue,
        "bucket": line.bucket,
        "row": line.source.row,
    }


def _missing_tabs(card: Scorecard, book: Book) -> list[dict[str, Any]]:
    lost = {factor.factor: factor.max - factor.points for factor in card.factors if factor.missing}
    absent = (tab for tab in TAB_FACTORS if tab not in book.tabs)
    sums = ((tab, sum((lost.get(name, Decimal(0)) for name in TAB_FACTORS[tab]), Decimal(0))) for tab in absent)
    return [{"tab": tab, "points": number(points)} for tab, points in sums if points]


_NAMED = 3
"""Invoices named in the way out; the rest is counted."""


def _unblock(assessment: Assessment) -> dict[str, Any] | None:
    """The first thing that would change the verdict; None when nothing blocks."""
    position = assessment.position
    if not assessment.reasons or position is None:
        return None
    first = assessment.reasons[0]
    code, who, facts = _way_out(first, position)
    return {
        "code": code,
        "who": list(who),
        "facts": {key: value if key == "bills" else plain(value) for key, value in facts.items()},
    }


def _way_out(reason: Finding, position: Position) -> tuple[str, tuple[str, ...], dict[str, Any]]:
    facts = dict(reason.facts)
    if reason.code == "limit":
        return _frees(position, position.exposure - (position.limit or Decimal(0)))
    if reason.code == "group_limit":
        return "group_frees", ("sales_manager",), facts
    if reason.code == "status":
        stopped = reason.facts.get("status")
        way = "release_hold" if stopped == "hold" else "reactivate"
        return way, ("sales_manager", "finance") if stopped == "hold" else ("dept_deputy_gm",), facts
    if reason.code in {"V3", "V5", "overdue"}:
        return "pay_overdue", (), {"amount": position.overdue, "days": position.max_days_overdue}
    code, who = _BY_REASON[reason.code]
    return code, who, facts


def _frees(position: Position, over: Decimal) -> tuple[str, tuple[str, ...], dict[str, Any]]:
    """The first coming due day by which something is free again, with the invoices to be paid until then."""
    freed = Decimal(0)
    for on, amount in position.next_release:
        freed += amount
        if freed > over:
            bills = [line for line in _releasing(position) if line.due_on is not None and line.due_on <= on]
            shown = [_line(line) for line in bills[:_NAMED]]
            facts = {"on": on, "free": freed - over, "over": over, "total": len(bills), "more": len(bills[_NAMED:])}
            return "frees", ("sales_manager",), {**facts, "bills": shown}
    return "frees_later", ("sales_manager",), {"over": over, "overdue": position.overdue}


def _releasing(position: Position) -> list[OpenLine]:
    """The invoices that `next_release` is made of, in the order in which they fall due."""
    first = position.next_release[0][0]
    lines = [line for line in position.lines if line.due_on is not None and line.due_on >= first]
    undisputed = (line for line in lines if not line.disputed_open)
    return sorted(undisputed, key=lambda line: (line.due_on or date.max, -line.open, line.invoice_no))


def _cut(assessment: Assessment, policy: Policy) -> dict[str, Any] | None:
    """The warning colour that made the proposal smaller than what binds it, and what it leaves in percent."""
    proposal, colour = assessment.proposal, assessment.colour
    amounts = [amount for amount in proposal.parts.values() if amount is not None] if proposal else []
    share: Decimal = getattr(policy.proposal.coefficients, colour or "none")
    if colour is None or share >= 1 or not amounts or min(amounts) <= 0:
        return None
    return {"colour": colour, "share_pct": number(share * 100)}
