"""The intake gates 初步筛选, 背景调查, 信用评估, 风险判定: what each found, by whom, when and from which source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from approvals.request import Request
from approvals.steps import Signature

GateName = Literal["first_screening", "background_check", "credit_evaluation", "risk_decision"]
GateResult = Literal["passed", "warned", "failed", "open"]
SCREENING = ("V1", "V2", "V6")
"""Vetoes that the first screening answers for: blacklist, dishonest or revoked, licences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One gate of one request."""

    name: GateName
    result: GateResult
    person: str
    """Id of who answers for it; "" while it is open."""
    at: datetime | None
    source: str
    """Where the facts come from: as the check names it, or `form`, `ledger`, `policy <fingerprint>`."""
    found: tuple[str, ...] = ()
    """Codes of what it found: vetoes, clashes, missing parts."""


def gates(
    request: Request,
    answer: Mapping[str, Any],
    *,
    clashes: Sequence[str] = (),
    check_source: str = "",
    screened: tuple[str, datetime] | None = None,
    checked: tuple[str, datetime] | None = None,
    fingerprint: str = "",
) -> tuple[Gate, ...]:
    """The four gates in their order. `answer` is the JSON contract of this round, `clashes` codes of duplicates met.

    Filing screens; so does every later round: `screened` is who began the newest one, `checked` who last changed what
    registers and references say. None = as filed.
    """
    screener, screened_at = screened or (request.applicant, request.filed_at)
    vetoes = {str(one["code"]) for one in answer.get("vetoes") or ()}
    hard = tuple(sorted(vetoes & set(SCREENING)))
    signed = request.signatures[request.round_from :]
    vouched = next((one for one in reversed(signed) if one.act == "vouch"), None)
    return (
        Gate(
            name="first_screening",
            result="failed" if hard else "warned" if clashes else "passed",
            person=screener,
            at=screened_at,
            source="ledger",
            found=(*hard, *clashes),
        ),
        _background(vetoes, check_source, checked or (request.applicant, request.filed_at)),
        _evaluation(answer, vouched, fingerprint),
        _decision(request, signed, fingerprint),
    )


def _background(vetoes: set[str], source: str, checked: tuple[str, datetime]) -> Gate:
    """What registers and references say; without a check it stays open."""
    bad = tuple(sorted(vetoes & {"V2", "V4", "V7", "V11"}))
    result: GateResult = "open" if not source else "failed" if "V2" in bad else "warned" if bad else "passed"
    return Gate(
        name="background_check",
        result=result,
        person=checked[0] if source else "",
        at=checked[1] if source else None,
        source=source,
        found=bad,
    )


def _evaluation(answer: Mapping[str, Any], vouched: Signature | None, fingerprint: str) -> Gate:
    """The score, completed and vouched for by the customer administrator."""
    grade = answer.get("grade")
    result: GateResult = "open"
    if vouched is not None:
        result = "failed" if grade == "D" else "warned" if grade is None else "passed"
    return Gate(
        name="credit_evaluation",
        result=result,
        person=vouched.person if vouched else "",
        at=vouched.at if vouched else None,
        source=f"policy {fingerprint}",
        found=() if grade else (str(answer.get("grade_reason") or ""),),
    )


def _decision(request: Request, signed: Sequence[Signature], fingerprint: str) -> Gate:
    last = next((one for one in reversed(signed) if one.act in {"approve", "reject"}), None)
    over = request.state in {"approved", "rejected"} and last is not None
    return Gate(
        name="risk_decision",
        result="open" if not over else "passed" if request.state == "approved" else "failed",
        person=last.person if over and last else "",
        at=last.at if over and last else None,
        source=f"policy {fingerprint}",
    )
