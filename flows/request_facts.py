"""Figures behind a card: where the customer stands and would stand, what speaks against him, what he would cost."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from approvals.prospect import Prospect
from approvals.request import Request
from flows.apply import in_base, secured_base
from flows.desk import Desk
from scoring.losses import expected_loss, ledger_loss
from scoring.results import Veto
from texts.request_sheet import Bad, Loss, Situation

ZERO = Decimal(0)
_TENTH, _HUNDRED = Decimal("0.1"), Decimal(100)
_TOLD = frozenset({"blacklist_likeness", "group_limit", "overdue", "limit", "status", "stale", "unreadable"})
"""Reasons of today's verdict that speak against a line; the others say only that there is none yet."""
_FLAGS = frozenset({"over_statutory_term", "override", "adjusted"})
"""Of a request; the others stand among the vetoes or the securities."""
_COLOURS = ("red", "orange", "yellow")
_FACTORS = 4


def situations(desk: Desk, request: Request, prospect: Prospect) -> tuple[Situation, Situation]:
    """(now, approved as proposed with the line used in full), in the request's currency."""
    position = prospect.assessment.position
    if request.asked.prepay or position is None or not prospect.assessment.known:
        return Situation(), Situation()
    terms = request.proposed
    limit = terms.limit + (terms.temp_limit or ZERO)
    exposure = max(position.exposure, limit)
    more = exposure - position.exposure
    group = prospect.answer.get("group")
    used = Decimal(group["exposure"]) if group and group["exposure"] else None
    own, whole = position.open_base, _receivables(desk)
    more_base = in_base(desk, more, request.asked.currency, desk.on())
    now = Situation(
        limit=position.limit,
        payment_days=prospect.account.customer.payment_days,
        exposure=position.exposure,
        utilisation=None if position.utilisation is None else Decimal(str(position.utilisation)),
        group=used,
        share=_share(own, whole),
    )
    after = Situation(
        limit=limit,
        payment_days=terms.payment_days,
        exposure=exposure,
        utilisation=_share(exposure, limit),
        group=None if used is None else used + more,
        share=None if own is None or more_base is None else _share(own + more_base, whole + more_base),
    )
    return now, after


def _receivables(desk: Desk) -> Decimal:
    view = desk.latest.view
    return ZERO if view is None or view.book.receivables_base is None else view.book.receivables_base


def _share(part: Decimal | None, whole: Decimal) -> Decimal | None:
    """In percent, one decimal half up; nothing is no share of nothing."""
    if part is None or whole <= 0:
        return None
    return (max(ZERO, part) * _HUNDRED / whole).quantize(_TENTH, ROUND_HALF_UP)


def loss_of(desk: Desk, request: Request, prospect: Prospect) -> Loss | None:
    """What the line as proposed costs on average; None where nothing is at stake or it cannot be said."""
    position, rating = prospect.assessment.position, prospect.assessment.rating
    line = in_base(desk, request.proposed.limit, request.proposed.currency, desk.on())
    if position is None or rating is None or line is None or position.exposure_base is None:
        return None
    exposure = max(line, position.exposure_base)
    if exposure <= 0:
        return None
    secured, policy = secured_base(desk, prospect.account, desk.on()), desk.policy
    amount = expected_loss(rating.grade, exposure, secured, policy)
    pd = policy.grade(rating.grade or policy.unrated_as).pd_pct
    lgd = ZERO if not pd else (amount * _HUNDRED * _HUNDRED / exposure / pd).quantize(_TENTH, ROUND_HALF_UP)
    ledger = ledger_loss(position.base_figures or {}, policy)
    return Loss(amount=amount, exposure=exposure, pd_pct=pd, lgd_pct=lgd, ledger=ledger)


def bad_of(request: Request, prospect: Prospect) -> tuple[Bad, ...]:
    """What speaks against it, worst first: what rules a line out, warnings, what caps it, what is missing."""
    vetoes: list[list[Bad]] = [[], [], []]
    for veto, found in zip(prospect.assessment.vetoes, prospect.answer["vetoes"] or (), strict=True):
        vetoes[_weight(veto)].append(Bad(kind="veto", found=found))
    hard, soft, usual = vetoes
    reasons = [Bad(kind="reason", found=one) for one in prospect.answer["reasons"] if one["code"] in _TOLD]
    warned = [
        Bad(kind="warning", found=one)
        for colour in _COLOURS
        for one in prospect.answer["warnings"] or ()
        if one["severity"] == colour
    ]
    flags = [Bad(kind="flag", found=_fact(name)) for name in request.flags if name in _FLAGS]
    return (*hard, *reasons, *warned, *soft, *flags, *_lacking(prospect), *usual)


def _weight(veto: Veto) -> int:
    """0 = no line at all; 1 = caps it; 2 = so with every new customer."""
    if veto.cap_grade == "D" or veto.stops or veto.cap_limit_base == 0:
        return 0
    return 2 if veto.id == "V10" else 1


def _lacking(prospect: Prospect) -> Iterator[Bad]:
    """Data that the form could have brought: together in one line."""
    names = [name for one in prospect.lacking for name in one.factors]
    points = sum((one.points for one in prospect.lacking), ZERO)
    if points:
        yield Bad(kind="missing", found=_fact("missing", points=float(points), factors=names[:_FACTORS]))


def _fact(code: str, **facts: Any) -> dict[str, Any]:
    return {"code": code, "severity": "note", "facts": facts, "source": None}
