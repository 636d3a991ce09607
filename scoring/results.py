"""What the rules find about one customer on one day. All amounts in the customer's currency unless named `_base`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from scoring.findings import Finding, Note, Source
from scoring.ledger import GroupFigures

Verdict = Literal["ok", "approval", "stop", "prepay"]
Grade = Literal["A", "B", "C", "D"]
Colour = Literal["yellow", "orange", "red"]
BUCKETS = ("not_due", "1-30", "31-60", "61-90", "91-180", "181-365", "over-365")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLine:
    """One invoice with something open on the day, in the customer's currency."""

    invoice_no: str
    issued_on: date | None
    due_on: date | None
    """The due day used, given or derived; None = ages from nothing (no day known)."""
    amount: Decimal
    open: Decimal
    disputed: Decimal
    """The disputed part left out of overdue (0 once the dispute is older than the policy allows)."""
    days_overdue: int
    """0 when not due; counted from due_on whatever is disputed."""
    bucket: str
    order_no: str
    source: Source
    open_base: Decimal
    """In base currency, converted and rounded by itself; so are the two below."""
    disputed_open: Decimal = Decimal(0)
    """The part in open dispute, whatever its age."""
    disputed_base: Decimal = Decimal(0)
    left_out_base: Decimal = Decimal(0)
    """Of `disputed`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """One invoice as the behaviour figures see it: settled, or open and overdue at its days to date."""

    invoice_no: str
    amount: Decimal
    issued_on: date | None
    due_on: date
    closed_on: date | None
    """None while open."""
    days_late: int
    """Signed; behaviour floors it at 0 where POLICY says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Receivables, orders and exposure of one customer on day D (POLICY.md 0)."""

    currency: str
    open: Decimal
    unapplied: Decimal
    disputed: Decimal
    overdue: Decimal
    max_days_overdue: int
    ageing: Mapping[str, Decimal]
    orders: Decimal
    deposits: Decimal
    exposure: Decimal
    limit: Decimal | None
    """credit_limit + temp_limit while its last day >= D; None without a credit_limit."""
    headroom: Decimal | None
    utilisation: float | None
    lines: tuple[OpenLine, ...]
    settled: tuple[Settled, ...]
    last_payment: tuple[date, Decimal] | None
    next_release: tuple[tuple[date, Decimal], ...]
    missing_rates: tuple[str, ...]
    """Currencies without a rate: then the figures are not to be used and the verdict is null."""
    own_known: bool
    """False when a rate is missing that the figures in the customer's own currency need (base may need more), or
    when the sums are beyond all measure."""
    beyond: bool
    """True when a sum is larger than any that can be kept: amounts in the ledger must be wrong."""
    base_figures: Mapping[str, Decimal] | None
    """Buckets and measures in base currency, document by document; None when a rate is missing."""
    open_base: Decimal | None
    exposure_base: Decimal | None
    to_base: Decimal | None
    """Rate of the customer's currency, 1 for the base currency; None when it is missing."""
    newest_document_on: date | None
    write_off_on: date | None
    """The newest dated write-off."""
    write_off_undated: bool
    unread: tuple[Source, ...]
    """Unreadable cells that limit, exposure or overdue depend on."""
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """How the customer pays (POLICY.md 0). None = no data."""

    days_beyond_terms: Decimal | None
    """Weighted, floored at 0 per invoice, one decimal half up when shown."""
    on_time_pct: Decimal | None
    worst: int | None
    payment_score: Decimal | None
    dso: Decimal | None
    bpdso: Decimal | None
    add: Decimal | None
    overdue_share_pct: Decimal | None
    sales_12m: Decimal
    average_monthly_sales: Decimal | None
    """Mean over the active ones of the last 12 whole months."""
    active_months: int
    """Months with orders (invoices without an orders tab) among the last 12 whole months."""
    settled_count: int
    """Settled invoices ever, up to D."""
    first_invoice_on: date | None
    new_customer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorScore:
    """One characteristic of the scorecard, explained."""

    factor: str
    block: str
    value: Decimal | float | int | str | None
    points: Decimal
    max: Decimal
    missing: bool
    source: Source | None
    next_band: Mapping[str, object] | None = None
    """{"value": what would gain the next band, "points": points gained}; None at the top."""
    raw: Decimal | str | None = None
    """What the bands were asked about: a number or a named outcome."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """Points by factor, in the order of the policy; `score` is the unrounded sum."""

    factors: tuple[FactorScore, ...]
    score: Decimal
    coverage: Decimal
    missing_points: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """V1-V11 that applies: cap on the grade, on the limit, and whether it stops new orders."""

    id: str
    cap_grade: Grade | None
    cap_limit_base: Decimal | None
    stops: bool
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """Grade after vetoes. grade None = unrated; reason "missing_data", or the veto that caps it, or None."""

    score: Decimal
    grade: Grade | None
    grade_reason: str | None
    coverage: Decimal
    scorecard: Scorecard
    vetoes: tuple[Veto, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the rules suggest; binding = which of the minimums bound first (POLICY.md 4)."""

    limit: Decimal | None
    payment_days: int | None
    binding: str | None
    conditions: tuple[str, ...]
    parts: Mapping[str, Decimal | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The whole answer about one customer on one day."""

    customer_id: str | None
    name: str
    verdict: Verdict | None
    reasons: tuple[Finding, ...]
    position: Position | None
    behaviour: Behaviour | None
    rating: Rating | None
    vetoes: tuple[Veto, ...]
    """Also there when a missing rate leaves no rating."""
    proposal: Proposal | None
    warnings: tuple[Finding, ...]
    colour: Colour | None
    """The worst colour among the warnings."""
    notes: tuple[Finding, ...]
    group: GroupFigures | None = None
    known: bool = True
    """False when the figures in the customer's own currency leave something out: no money is then shown at all."""
    usable: bool = True
    """False when a needed rate is missing or invoices were never readable: money and score are then not shown."""
