"""From an application as rated to whom it has to be put: the route, the terms proposed, the evidence kept."""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from approvals.adjustment import adjusted_json, adjustments_of
from approvals.application import Application, from_json
from approvals.authority import Asked, Route, RouteError, reasons_higher, route
from approvals.people import Person
from approvals.prospect import Prospect
from approvals.request import Request
from approvals.terms import Terms
from flows.accounts import account_of
from flows.apply import currency_kept, in_base, propose_for, rate_to_base
from flows.clashes import same_company
from flows.desk import Desk
from scoring.answer import answer_json
from scoring.errors import DeskError
from scoring.findings import money_text
from storage.record import Filed, Record


def record_of(desk: Desk) -> Record:
    """The record; without one (a local ledger) nothing can be asked for or decided."""
    if desk.record is None:
        raise DeskError("no_record")
    return desk.record


def route_for(desk: Desk, prospect: Prospect, applicant: Person, *, request_no: str = "") -> Route:
    """The way this application would take; RouteError says why there is none. `request_no` leaves itself out."""
    form = prospect.form
    grade = prospect.assessment.rating.grade if prospect.assessment.rating else None
    if prospect.asked_base is None and not form.prepay:
        raise DeskError("rate_missing", currency=form.currency)
    kept = currency_kept(desk, form)
    if form.currency != kept and not form.prepay:
        raise DeskError("currency_other", found=kept)
    whose = whose_customer(desk, form, applicant)
    lifted = prospect.lifted and not form.prepay
    asked = Asked(
        department=whose.department,
        branch=whose.branch,
        applicant=applicant,
        sales_owner=whose.sales_owner,
        own_base=prospect.asked_base or Decimal(0),
        group_base=asked_in_group(desk, form, request_no),
        payment_days=form.asked.payment_days,
        grade=grade,
        prepay=form.prepay,
        higher=() if form.prepay else reasons_higher(desk.policy, grade=grade, override=lifted, temporary=False),
        override=lifted,
        uncleared=any(veto.id == "V11" for veto in prospect.assessment.vetoes),
        sued=any(veto.id == "V4" for veto in prospect.assessment.vetoes),
        security=bool(form.securities),
    )
    # whoever lifted the score does not sign under it where somebody else can
    experts = {one.person for one in prospect.adjusted.counted} if lifted and prospect.adjusted else set()
    if experts:
        try:
            return route(asked, desk.policy, desk.people, absent=experts)
        except RouteError:
            pass
    return route(asked, desk.policy, desk.people)


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose customer somebody is: what decides who may sign."""

    department: str
    branch: str
    sales_owner: str
    """As the ledger writes it: a name, or several."""


def whose_customer(desk: Desk, form: Application, applicant: Person) -> Whose:
    """By the ledger where it knows him: that row is not written over. A form adds an owner and takes none away."""
    owner = form.sales_owner or applicant.name
    account = account_of(desk, form.customer_id) if form.customer_id else None
    if account is None:
        return Whose(form.department, form.branch, owner)
    row = account.customer
    both = dict.fromkeys(one for one in (owner, row.sales_owner) if one)
    at = (row.department, row.branch) if row.department else (form.department, form.branch)
    return Whose(*at, "; ".join(both))


def asked_in_group(desk: Desk, form: Application, request_no: str = "") -> Decimal:
    """What other members of the group asked for, or were granted, in the policy's last days, in base currency."""
    view = desk.latest.view
    if not form.parent_id or desk.record is None or view is None:
        return Decimal(0)
    roots = view.book.group_roots
    root = roots.get(form.parent_id, form.parent_id)
    since = desk.clock() - timedelta(days=desk.policy.authority.group_request_days)
    total = Decimal(0)
    for filed in desk.record.requests(states=("pending", "returned", "approved"), since=since):
        other = from_json(filed.form)
        theirs = roots.get(filed.request.customer_id) or roots.get(other.parent_id, other.parent_id)
        if filed.request.request_no == request_no or theirs != root or filed.request.customer_id == form.customer_id:
            continue
        terms = filed.request.decided or filed.request.asked
        total += in_base(desk, terms.limit, terms.currency, desk.on()) or Decimal(0)
    return total


def terms_proposed(desk: Desk, prospect: Prospect) -> Terms:
    """The rules' proposal as terms: what the primary button decides."""
    form, proposal = prospect.form, prospect.proposal
    if form.prepay or proposal is None or proposal.limit is None:
        return Terms(limit=Decimal(0), payment_days=0, currency=form.currency, prepay=True, conditions=("prepay",))
    grade = prospect.assessment.rating.grade if prospect.assessment.rating else None
    deposit = desk.policy.grade(grade).deposit_pct if grade else Decimal(0)
    covered = "deposit_or_guarantee" in proposal.conditions and any(
        one.kind in {"guarantee", "deposit", "insurance"} for one in form.securities
    )
    return Terms(
        limit=proposal.limit,
        payment_days=proposal.payment_days or 0,
        currency=form.currency,
        deposit_pct=Decimal(0) if covered else deposit,
        conditions=tuple(proposal.conditions),
    )


def evidence_of(desk: Desk, prospect: Prospect, **more: Any) -> dict[str, Any]:
    """What a request keeps of the day it is filed: every figure it was rated on, and which policy rated it."""
    view = desk.latest.view
    return {
        "answer": rated_answer(desk, prospect),
        "policy": desk.policy.fingerprint,
        "synced_at": view.synced_at.isoformat() if view is not None and view.synced_at else None,
        "asked_base": money_text(prospect.asked_base),
        "expected_loss": money_text(prospect.expected_loss),
        "lacking": [
            {"step": one.step, "factors": list(one.factors), "points": str(one.points)} for one in prospect.lacking
        ],
        "over_statutory": prospect.over_statutory,
        "adjusted": adjusted_json(prospect.adjusted) if prospect.adjusted is not None else None,
        "parts": {
            name: money_text(amount) for name, amount in (prospect.proposal.parts if prospect.proposal else {}).items()
        },
        **more,
    }


def rated_answer(desk: Desk, prospect: Prospect) -> dict[str, Any]:
    """The JSON answer about the customer as the application describes him, with what was asked taken into account."""
    assessment = replace(prospect.assessment, proposal=prospect.proposal)
    return answer_json(assessment, prospect.account, desk.policy, on=desk.on())


def standing_of(desk: Desk, filed: Filed) -> Prospect:
    """The application rated on today's ledger; a customer whom the ledger has by now is taken from there."""
    kept = adjustments_of(filed.request)
    return propose_for(desk, form_today(desk, filed), on=desk.on(), adjustments=kept)


def form_today(desk: Desk, filed: Filed) -> Application:
    """The application of a request, with the customer's id where the ledger has him by now."""
    return from_json(filed.form).model_copy(update={"customer_id": known_as(desk, filed)})


def known_as(desk: Desk, filed: Filed) -> str:
    """The id under which the ledger has the customer of a request; "" while it does not.

    The number promised to a new customer may have gone to another company meanwhile: that row is not his.
    """
    number, form = filed.request.customer_id, from_json(filed.form)
    account = account_of(desk, number)
    if account is None:
        return ""
    return number if form.customer_id == number or same_company(account.customer, form) else ""


def rate_of(desk: Desk, request: Request) -> Decimal:
    """Today's rate of the currency of a request; DeskError where it is missing, since no amount can be measured."""
    rate = rate_to_base(desk, request.asked.currency, desk.on())
    if rate is None and not request.asked.prepay:
        raise DeskError("rate_missing", currency=request.asked.currency)
    return request.to_base if rate is None else rate


def cap_of(prospect: Prospect) -> Decimal | None:
    """The highest line that the vetoes leave, in base currency; None when none of them sets one."""
    caps = [veto.cap_limit_base for veto in prospect.assessment.vetoes if veto.cap_limit_base is not None]
    return min(caps, default=None)
