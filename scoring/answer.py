"""An assessment as the JSON contract holds it: what `ask --json` prints and what cards are made from."""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from scoring.findings import Finding, money_text
from scoring.ledger import Account, GroupFigures
from scoring.policy import Policy
from scoring.results import BUCKETS, Assessment, Behaviour, FactorScore, Position, Proposal

_TENTH = Decimal("0.1")
_CENT = Decimal("0.01")


def answer_json(assessment: Assessment, account: Account | None, policy: Policy, *, on: date) -> dict[str, object]:
    """Every key of the contract, in its order; null where nothing is known. Money "1200.00", percent one decimal."""
    position = assessment.position if assessment.known else None
    rating, customer = assessment.rating, account.customer if account else None
    return {
        "customer_id": assessment.customer_id,
        "name": assessment.name,
        "verdict": assessment.verdict,
        "reasons": _findings(assessment.reasons),
        "score": number(rating.score) if rating else None,
        "grade": rating.grade if rating else None,
        "grade_reason": rating.grade_reason if rating else _no_grade(assessment),
        "coverage": number(rating.coverage) if rating else None,
        "credit_limit": money_text(customer.credit_limit) if customer else None,
        "temp_limit": money_text(customer.temp_limit) if customer else None,
        "limit_expires_on": _day(customer.limit_expires_on) if customer else None,
        "exposure": _money(position, "exposure"),
        "headroom": _money(position, "headroom"),
        "utilisation": position.utilisation if position else None,
        "open": _money(position, "open"),
        "unapplied": _money(position, "unapplied"),
        "disputed": _money(position, "disputed"),
        "overdue": _money(position, "overdue"),
        "max_days_overdue": position.max_days_overdue if position else None,
        "ageing": ageing_json(position) if position else None,
        "payment_days": customer.payment_days if customer else None,
        "status": (customer.status or "active") if customer else None,
        "payment_mode": (customer.payment_mode or "credit") if customer else None,
        "last_payment": _last_payment(position),
        "next_release": _next_release(position),
        "behaviour": _behaviour(assessment.behaviour) if position and assessment.behaviour else None,
        "group": _group(assessment.group, position),
        "factors": [_factor(factor) for factor in rating.scorecard.factors] if rating else None,
        "vetoes": _findings(veto.finding for veto in assessment.vetoes) if customer else None,
        "proposal": _proposal(assessment.proposal),
        "warnings": _findings(assessment.warnings) if customer else None,
        "notes": _findings(assessment.notes) if customer else None,
        "currency": assessment.position.currency if assessment.position else None,
        "as_of": on.isoformat() if customer else None,
        "policy": policy.fingerprint if customer else None,
    }


def ageing_json(position: Position) -> dict[str, str | None]:
    """The seven buckets in the customer's currency."""
    return {bucket: money_text(position.ageing[bucket]) for bucket in BUCKETS}


def number(value: Decimal) -> int | float:
    """Points: at most two decimals, half up; whole numbers without a point."""
    rounded = value.quantize(_CENT, ROUND_HALF_UP)
    return int(rounded) if rounded == rounded.to_integral_value() else float(rounded)


def one_decimal(value: Decimal | None) -> float | None:
    """A percentage or weighted days: one decimal, half up."""
    return None if value is None else float(value.quantize(_TENTH, ROUND_HALF_UP))


def in_currency_of(amount_base: Decimal | None, position: Position) -> Decimal | None:
    """A base amount in the customer's currency, rounded half up to 0.01; None where a rate is missing."""
    if amount_base is None or not position.to_base:
        return None
    return amount_base if position.to_base == 1 else (amount_base / position.to_base).quantize(_CENT, ROUND_HALF_UP)


def _findings(findings: Iterable[Finding]) -> list[dict[str, object]]:
    return [finding.as_json() for finding in findings]


def _no_grade(assessment: Assessment) -> str | None:
    return None if assessment.usable else assessment_gap(assessment)


def assessment_gap(assessment: Assessment) -> str | None:
    """Why there is no rating at all: the reason code that stands for it."""
    codes = {reason.code for reason in assessment.reasons}
    return next((code for code in ("rate_missing", "figures_too_large", "no_invoices") if code in codes), None)


def _money(position: Position | None, name: str) -> str | None:
    return money_text(getattr(position, name)) if position else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _last_payment(position: Position | None) -> dict[str, object] | None:
    if position is None or position.last_payment is None:
        return None
    on, amount = position.last_payment
    return {"on": on.isoformat(), "amount": money_text(amount)}


def _next_release(position: Position | None) -> list[dict[str, object]] | None:
    if position is None:
        return None
    return [{"on": on.isoformat(), "amount": money_text(amount)} for on, amount in position.next_release]


def _behaviour(paying: Behaviour) -> dict[str, object]:
    return {
        "days_beyond_terms": one_decimal(paying.days_beyond_terms),
        "on_time_pct": one_decimal(paying.on_time_pct),
        "worst": paying.worst,
        "payment_score": None if paying.payment_score is None else number(paying.payment_score),
        "dso": one_decimal(paying.dso),
        "bpdso": one_decimal(paying.bpdso),
        "add": one_decimal(paying.add),
    }


def _group(group: GroupFigures | None, position: Position | None) -> dict[str, object] | None:
    if group is None:
        return None
    limit = in_currency_of(group.limit_base, position) if position else None
    exposure = in_currency_of(group.exposure_base, position) if position else None
    headroom = None if limit is None or exposure is None else limit - exposure
    return {
        "id": group.parent_id,
        "limit": money_text(limit),
        "exposure": money_text(exposure),
        "headroom": money_text(headroom),
    }


def _factor(factor: FactorScore) -> dict[str, object]:
    value = factor.value
    return {
        "factor": factor.factor,
        "value": number(value) if isinstance(value, Decimal) else value,
        "points": number(factor.points),
        "max": number(factor.max),
        "missing": factor.missing,
        "source": factor.source.as_json() if factor.source else None,
    }


def _proposal(proposal: Proposal | None) -> dict[str, object] | None:
    if proposal is None:
        return None
    return {
        "limit": money_text(proposal.limit),
        "payment_days": proposal.payment_days,
        "binding": proposal.binding,
        "conditions": list(proposal.conditions),
    }
