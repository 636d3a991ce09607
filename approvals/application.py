"""The application 新客户开户授信评估表: what somebody filled in about a new customer, typed. Pure.

Everything but the name may be missing: a draft is an application that is not complete yet.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from approvals.terms import Terms
from scoring.policy_parts import Part

Money = Annotated[Decimal, Field(allow_inf_nan=False)]
Percent = Annotated[Decimal, Field(ge=0, le=100, allow_inf_nan=False)]
FileKind = Literal["licence", "statements", "contract", "other"]
FILE_KINDS: tuple[FileKind, ...] = ("licence", "statements", "contract", "other")


class Statement(Part):
    """One reporting period of the customer's own accounts; the columns of `financials`."""

    period_end: date
    revenue: Money | None = None
    net_profit: Money | None = None
    ebit: Money | None = None
    total_assets: Money | None = None
    intangible_assets: Money | None = None
    total_liabilities: Money | None = None
    current_assets: Money | None = None
    current_liabilities: Money | None = None
    inventory: Money | None = None
    retained_earnings: Money | None = None
    operating_cash_flow: Money | None = None
    audited: bool | None = None


class Background(Part):
    """What registers and references said on a day; the columns of `checks`."""

    checked_on: date
    source: str = ""
    uscc_verified: bool | None = None
    registry_status: str | None = None
    suits_amount: Money | None = None
    pending_suits_amount: Money | None = None
    suing_us: bool | None = None
    enforcement: str | None = None
    enforcement_settled_on: date | None = None
    dishonest: bool | None = None
    serious_violation: bool | None = None
    abnormal_list: bool | None = None
    penalties: str | None = None
    penalties_settled: bool | None = None
    tax_arrears: bool | None = None
    rating: str | None = None
    rating_on: date | None = None


class Reference(Part):
    """What another supplier said of the customer."""

    company: str
    contact: str = ""
    verdict: Literal["prompt", "adverse"]
    note: str = ""


class Pledge(Part):
    """A security that goes with the line; the columns of `securities`."""

    kind: Literal["guarantee", "collateral", "insurance", "deposit"]
    amount: Money
    coverage_pct: Percent | None = None
    expires_on: date | None = None
    remarks: str = ""


class Contract(Part):
    """The contract as agreed or drafted; the columns of `contracts`."""

    contract_no: str = ""
    signed_on: date | None = None
    expires_on: date | None = None
    breach_liability: bool | None = None
    title_retention: bool | None = None
    prepayment_pct: Percent | None = None
    late_interest_pct: Percent | None = None


class Attachment(Part):
    """A file that came with the application. It is kept under its digest, never under the name it came with."""

    name: str
    kind: FileKind
    size: int
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    type: Literal["pdf", "png", "jpeg", "xlsx", "docx"]
    """What its content is."""


class Application(Part):
    """The whole form. Columns of `customers` carry the ledger's names."""

    customer_id: str = ""
    """Of a prospect that the ledger knows already; "" for a customer it does not know."""
    name: str
    uscc: str = ""
    entity_type: str = ""
    payment_mode: Literal["credit", "prepay"] = "credit"
    department: str = ""
    sales_owner: str = ""
    legal_representative: str = ""
    controller: str = ""
    registered_capital: Money | None = None
    paid_in_capital: Money | None = None
    established_on: date | None = None
    size_class: str | None = None
    licence_expires_on: date | None = None
    regulated: bool | None = None
    permit_name: str = ""
    permit_expires_on: date | None = None
    aliases: str = ""
    industry: str = ""
    business_scope: str = ""
    market_standing: str | None = None
    market_potential: str = ""
    region: str = ""
    branch: str = ""
    parent_id: str = ""
    bank_account: str = ""
    known_payers: str = ""
    cooperation_since: date | None = None
    remarks: str = ""
    planned_monthly_sales: Money | None = None
    goods: str = ""
    currency: str = "CNY"
    """Of every amount of the form."""
    asked_limit: Money | None = None
    asked_days: Annotated[int, Field(ge=0, le=365)] | None = None
    term_basis: str | None = None
    statements: tuple[Statement, ...] = ()
    background: Background | None = None
    references: tuple[Reference, ...] = ()
    securities: tuple[Pledge, ...] = ()
    contract: Contract = Contract()
    attachments: tuple[Attachment, ...] = ()
    reason: str = ""
    """Why the line should be granted, in the applicant's words."""
    acknowledged: tuple[str, ...] = ()
    """Keys of the likenesses that the applicant saw and said are somebody else."""

    @property
    def prepay(self) -> bool:
        """Payment before delivery: no line is asked for."""
        return self.payment_mode == "prepay"

    @property
    def asked(self) -> Terms:
        """What is asked for, as a decision would state it."""
        limit = Decimal(0) if self.prepay else self.asked_limit or Decimal(0)
        days = 0 if self.prepay else self.asked_days or 0
        return Terms(limit=limit, payment_days=days, currency=self.currency, prepay=self.prepay)


def to_json(application: Application) -> dict[str, Any]:
    """The application as the record keeps it: amounts and days as text."""
    return application.model_dump(mode="json")


def from_json(form: Mapping[str, Any]) -> Application:
    """The application of `to_json`, exactly as it was."""
    return Application.model_validate(form)
