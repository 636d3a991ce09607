"""The ledger as typed rows: the tabs and columns of the contract, and what one customer or the whole book holds.

The columns of a tab are the fields of its row type; a column's kind follows from its name (`kind_of`).
Rows come from `scoring.checks`; a cell that could not be read is None and named in `unread`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal, TypeAlias

from scoring.findings import Note

Kind = Literal["text", "money", "date", "pct", "days", "count", "number", "flag", "choice"]
Owner = Literal["people", "decision", "bot"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a tab. `row` is the number that the sheet shows; `unread` names the cells that could not be read."""

    TAB: ClassVar[str] = ""
    IDENTITY: ClassVar[tuple[str, ...]] = ()
    DECISION: ClassVar[frozenset[str]] = frozenset()
    BOT: ClassVar[tuple[str, ...]] = ("bot_note",)

    row: int = 0
    unread: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """The row's key as text; parts of a compound key are joined by "/"."""
        return "/".join(_part(getattr(self, name)) for name in self.IDENTITY)


def _part(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer(Row):
    """`customers` 客户."""

    TAB: ClassVar[str] = "customers"
    IDENTITY: ClassVar[tuple[str, ...]] = ("customer_id",)
    DECISION: ClassVar[frozenset[str]] = frozenset({
        "credit_limit", "payment_days", "limit_expires_on", "temp_limit", "temp_limit_expires_on",
        "group_limit", "order_cap", "scope_limit", "status", "next_review_on",
    })  # fmt: skip
    BOT: ClassVar[tuple[str, ...]] = (
        "score", "grade", "exposure", "headroom", "overdue", "max_days_overdue", "verdict", "bot_note", "checked_at",
    )  # fmt: skip

    customer_id: str = ""
    name: str = ""
    aliases: str = ""
    uscc: str = ""
    entity_type: str = ""
    legal_representative: str = ""
    controller: str = ""
    registered_capital: Decimal | None = None
    paid_in_capital: Decimal | None = None
    size_class: str | None = None
    market_standing: str | None = None
    market_potential: str = ""
    established_on: date | None = None
    business_scope: str = ""
    industry: str = ""
    region: str = ""
    branch: str = ""
    department: str = ""
    sales_owner: str = ""
    parent_id: str = ""
    currency: str = ""
    payment_mode: str | None = None
    term_basis: str | None = None
    planned_monthly_sales: Decimal | None = None
    bank_account: str = ""
    known_payers: str = ""
    regulated: bool | None = None
    permit_name: str = ""
    permit_expires_on: date | None = None
    licence_expires_on: date | None = None
    cooperation_since: date | None = None
    remarks: str = ""
    credit_limit: Decimal | None = None
    payment_days: int | None = None
    limit_expires_on: date | None = None
    temp_limit: Decimal | None = None
    temp_limit_expires_on: date | None = None
    group_limit: Decimal | None = None
    order_cap: Decimal | None = None
    scope_limit: str = ""
    status: str | None = None
    next_review_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice(Row):
    """`invoices` 应收; a negative amount is a credit note."""

    TAB: ClassVar[str] = "invoices"
    IDENTITY: ClassVar[tuple[str, ...]] = ("invoice_no",)

    invoice_no: str = ""
    customer_id: str = ""
    issued_on: date | None = None
    delivered_on: date | None = None
    due_on: date | None = None
    amount: Decimal | None = None
    currency: str = ""
    paid: Decimal | None = None
    settled_on: date | None = None
    disputed: bool | None = None
    disputed_amount: Decimal | None = None
    disputed_on: date | None = None
    dispute_reason: str = ""
    order_no: str = ""
    department: str = ""
    written_off: Decimal | None = None
    written_off_on: date | None = None
    remarks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment(Row):
    """`payments` 回款."""

    TAB: ClassVar[str] = "payments"
    IDENTITY: ClassVar[tuple[str, ...]] = ("receipt_no",)

    receipt_no: str = ""
    customer_id: str = ""
    received_on: date | None = None
    amount: Decimal | None = None
    currency: str = ""
    invoice_no: str = ""
    payer: str = ""
    method: str = ""
    bounced: bool | None = None
    remarks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise(Row):
    """`promises` 承诺."""

    TAB: ClassVar[str] = "promises"
    IDENTITY: ClassVar[tuple[str, ...]] = ("promise_id",)

    promise_id: str = ""
    customer_id: str = ""
    invoice_no: str = ""
    made_on: date | None = None
    promised_on: date | None = None
    amount: Decimal | None = None
    made_by: str = ""
    outcome: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Row):
    """`orders` 订单."""

    TAB: ClassVar[str] = "orders"
    IDENTITY: ClassVar[tuple[str, ...]] = ("order_no",)
    DECISION: ClassVar[frozenset[str]] = frozenset({"release"})

    order_no: str = ""
    customer_id: str = ""
    ordered_on: date | None = None
    deliver_on: date | None = None
    delivered_on: date | None = None
    goods: str = ""
    amount: Decimal | None = None
    currency: str = ""
    invoiced: Decimal | None = None
    prepaid: Decimal | None = None
    payment_days: int | None = None
    margin_pct: Decimal | None = None
    price_swing_pct: Decimal | None = None
    custom: bool | None = None
    supplier_id: str = ""
    partner_id: str = ""
    status: str | None = None
    release: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Financials(Row):
    """`financials` 财务: one reporting period."""

    TAB: ClassVar[str] = "financials"
    IDENTITY: ClassVar[tuple[str, ...]] = ("customer_id", "period_end")

    customer_id: str = ""
    period_end: date | None = None
    currency: str = ""
    revenue: Decimal | None = None
    net_profit: Decimal | None = None
    ebit: Decimal | None = None
    total_assets: Decimal | None = None
    intangible_assets: Decimal | None = None
    total_liabilities: Decimal | None = None
    current_assets: Decimal | None = None
    current_liabilities: Decimal | None = None
    inventory: Decimal | None = None
    retained_earnings: Decimal | None = None
    operating_cash_flow: Decimal | None = None
    audited: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(Row):
    """`checks` 核查: what public registers and references said on a day."""

    TAB: ClassVar[str] = "checks"
    IDENTITY: ClassVar[tuple[str, ...]] = ("customer_id", "checked_on")

    customer_id: str = ""
    checked_on: date | None = None
    checked_by: str = ""
    source: str = ""
    uscc_verified: bool | None = None
    registry_status: str | None = None
    suits_amount: Decimal | None = None
    pending_suits_amount: Decimal | None = None
    suing_us: bool | None = None
    enforcement: str | None = None
    enforcement_settled_on: date | None = None
    dishonest: bool | None = None
    serious_violation: bool | None = None
    abnormal_list: bool | None = None
    penalties: str | None = None
    penalties_settled: bool | None = None
    tax_arrears: bool | None = None
    references_prompt: int | None = None
    references_adverse: int | None = None
    rating: str | None = None
    rating_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Industry(Row):
    """`industries` 行业."""

    TAB: ClassVar[str] = "industries"
    IDENTITY: ClassVar[tuple[str, ...]] = ("industry",)

    industry: str = ""
    outlook: str | None = None
    target_share_pct: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Security(Row):
    """`securities` 担保."""

    TAB: ClassVar[str] = "securities"
    IDENTITY: ClassVar[tuple[str, ...]] = ("security_id",)

    security_id: str = ""
    customer_id: str = ""
    kind: str | None = None
    amount: Decimal | None = None
    currency: str = ""
    coverage_pct: Decimal | None = None
    expires_on: date | None = None
    remarks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract(Row):
    """`contracts` 合同."""

    TAB: ClassVar[str] = "contracts"
    IDENTITY: ClassVar[tuple[str, ...]] = ("contract_no",)

    contract_no: str = ""
    customer_id: str = ""
    signed_on: date | None = None
    expires_on: date | None = None
    breach_liability: bool | None = None
    title_retention: bool | None = None
    prepayment_pct: Decimal | None = None
    late_interest_pct: Decimal | None = None
    file: str = ""
    remarks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Return(Row):
    """`returns` 退货投诉."""

    TAB: ClassVar[str] = "returns"
    IDENTITY: ClassVar[tuple[str, ...]] = ("return_id",)

    return_id: str = ""
    customer_id: str = ""
    occurred_on: date | None = None
    kind: str | None = None
    amount: Decimal | None = None
    order_no: str = ""
    reason: str = ""
    closed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier(Row):
    """`suppliers` 供应商."""

    TAB: ClassVar[str] = "suppliers"
    IDENTITY: ClassVar[tuple[str, ...]] = ("supplier_id",)

    supplier_id: str = ""
    name: str = ""
    rating: str | None = None
    single_source: bool | None = None
    on_time_pct: Decimal | None = None
    remarks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner(Row):
    """`partners` 合作方."""

    TAB: ClassVar[str] = "partners"
    IDENTITY: ClassVar[tuple[str, ...]] = ("partner_id",)

    partner_id: str = ""
    name: str = ""
    kind: str | None = None
    rating: str | None = None
    failures: int | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BlacklistEntry(Row):
    """`blacklist` 黑名单; uscc or name (or both) is the key, `removed_on` the first free day."""

    TAB: ClassVar[str] = "blacklist"
    IDENTITY: ClassVar[tuple[str, ...]] = ("uscc", "name")
    DECISION: ClassVar[frozenset[str]] = frozenset({
        "uscc", "name", "reason", "added_on", "added_by", "exit_rule", "removed_on",
    })  # fmt: skip
    BOT: ClassVar[tuple[str, ...]] = ()

    uscc: str = ""
    name: str = ""
    reason: str = ""
    added_on: date | None = None
    added_by: str = ""
    exit_rule: str = ""
    removed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate(Row):
    """`rates` 汇率: per 1 unit of `currency`, in the base currency."""

    TAB: ClassVar[str] = "rates"
    IDENTITY: ClassVar[tuple[str, ...]] = ("currency", "as_of")

    currency: str = ""
    as_of: date | None = None
    to_base: Decimal | None = None


ROW_TYPES: Mapping[str, type[Row]] = {
    kind.TAB: kind
    for kind in (
        Customer,
        Invoice,
        Payment,
        Promise,
        Order,
        Financials,
        Check,
        Industry,
        Security,
        Contract,
        Return,
        Supplier,
        Partner,
        BlacklistEntry,
        Rate,
    )
}
"""The tabs that people keep and the desk reads. `events`, `decisions`, `alerts`, `summary` are the bot's own."""

REQUIRED_TABS = ("customers", "invoices")

CHOICES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("customers", "size_class"): ("large", "medium", "small", "micro", "public"),
    ("customers", "market_standing"): ("leader", "listed", "state", "middle", "small"),
    ("customers", "payment_mode"): ("credit", "prepay"),
    ("customers", "term_basis"): ("delivery", "invoice", "invoice_receipt", "month_end"),
    ("customers", "status"): ("active", "watch", "hold", "stop", "blacklist", "prospect", "closed"),
    ("promises", "outcome"): ("kept", "partly", "broken"),
    ("orders", "status"): ("open", "shipped", "invoiced", "cancelled"),
    ("orders", "release"): ("requested", "released", "refused"),
    ("checks", "registry_status"): ("active", "revoked", "cancelled", "bankrupt"),
    ("checks", "enforcement"): ("none", "settled", "current"),
    ("checks", "penalties"): ("none", "minor", "major"),
    ("checks", "rating"): ("good", "middle", "bad"),
    ("industries", "outlook"): ("low", "medium", "high", "restricted"),
    ("securities", "kind"): ("guarantee", "collateral", "insurance", "deposit"),
    ("returns", "kind"): ("return", "complaint"),
    ("suppliers", "rating"): ("A", "B", "C", "D"),
    ("partners", "kind"): ("carrier", "agent", "channel"),
    ("partners", "rating"): ("A", "B", "C", "D"),
}

_FLAGS = frozenset({
    "disputed", "bounced", "custom", "audited", "uscc_verified", "dishonest", "serious_violation", "abnormal_list",
    "suing_us", "tax_arrears", "regulated", "single_source", "title_retention", "breach_liability",
    "penalties_settled",
})  # fmt: skip
_DATES = frozenset({"period_end", "as_of", "cooperation_since", "since"})
_COUNTS = frozenset({"references_prompt", "references_adverse", "failures"})
_MONEY = frozenset({
    "registered_capital", "paid_in_capital", "planned_monthly_sales", "credit_limit", "temp_limit", "group_limit",
    "order_cap", "amount", "paid", "disputed_amount", "written_off", "invoiced", "prepaid", "revenue", "net_profit",
    "ebit", "total_assets", "intangible_assets", "total_liabilities", "current_assets", "current_liabilities",
    "inventory", "retained_earnings", "operating_cash_flow", "suits_amount", "pending_suits_amount",
})  # fmt: skip

_SIGNED = frozenset({
    ("invoices", "amount"), ("invoices", "paid"), ("payments", "amount"), ("returns", "amount"),
    ("financials", "net_profit"), ("financials", "ebit"), ("financials", "retained_earnings"),
    ("financials", "operating_cash_flow"),
})  # fmt: skip
"""Money that may be below 0: credit notes and what pays them back, corrections, results of a bad year."""


def may_be_negative(tab: str, column: str) -> bool:
    """Whether an amount below 0 makes sense in a money column."""
    return (tab, column) in _SIGNED


def kind_of(tab: str, column: str) -> Kind:
    """The type of a column, by its name, as the ledger contract states it."""
    if (tab, column) in CHOICES:
        return "choice"
    if column.endswith("_on") or column in _DATES:
        return "date"
    if column.endswith("_pct"):
        return "pct"
    simple: tuple[tuple[frozenset[str], Kind], ...] = (
        (_FLAGS, "flag"), (_MONEY, "money"), (_COUNTS, "count"),
        (frozenset({"payment_days"}), "days"), (frozenset({"to_base"}), "number"),
    )  # fmt: skip
    return next((kind for names, kind in simple if column in names), "text")


def columns_of(tab: str) -> tuple[str, ...]:
    """The columns that the desk reads from a tab, in the contract's order."""
    return tuple(f.name for f in fields(ROW_TYPES[tab]) if f.name not in {"row", "unread"})


@dataclass(frozen=True, slots=True)
class Layout:
    """What stands where in a tab: the key of each column (None where nobody mapped it) and the header's row.

    `header_row` is 1-based, as the sheet shows it. `units` holds multipliers of money columns whose header names a
    unit (万元 -> 10000).
    """

    tab: str
    header_row: int
    columns: tuple[str | None, ...]
    units: Mapping[str, int] = field(default_factory=dict)
    beside: bool = False
    """True where people keep columns of their own beside the mapped ones: formulas that may change at any moment."""


Encoded: TypeAlias = bytes | memoryview
"""One row as it came: a JSON array of its cells, not yet decoded."""


@dataclass(frozen=True, slots=True)
class RawTab:
    """A tab as read: its layout and the rows below the header, undecoded; row i stands at `header_row + 1 + i`."""

    layout: Layout
    rows: Sequence[Encoded]

    @property
    def tab(self) -> str:
        """The tab's key."""
        return self.layout.tab

    @property
    def first_row(self) -> int:
        """Where the first row stands in the sheet."""
        return self.layout.header_row + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Everything the ledger holds about one customer.

    `twins` are further, differing rows with the same customer_id. `invoices` and `payments` may contain
    rows with one key twice, also a rival row that stands under another customer: `scoring.duplicates` settles it.
    """

    customer: Customer
    twins: tuple[Customer, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    payments: tuple[Payment, ...] = ()
    promises: tuple[Promise, ...] = ()
    orders: tuple[Order, ...] = ()
    financials: tuple[Financials, ...] = ()
    checks: tuple[Check, ...] = ()
    securities: tuple[Security, ...] = ()
    contracts: tuple[Contract, ...] = ()
    returns: tuple[Return, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFigures:
    """A group: the parent's limit as it stands and in base, and the sum of the members' exposure in base."""

    parent_id: str
    limit: Decimal | None
    """`group_limit` of the parent's row, in the parent's currency; None = shown, not checked."""
    currency: str
    limit_base: Decimal | None
    """None without a limit, or when the rate of the parent's currency is missing."""
    exposure_base: Decimal | None
    """None when a member's exposure is unknown because a rate is missing."""
    receivables_base: Decimal | None
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """What an answer needs to know beyond its own customer.

    `tabs` exist (read now, or kept from the last good copy); `receivables_base` is the open of all customers in
    base currency (None when a rate is missing); `newest_document_on` the day of the newest invoice or payment <= D;
    `suspects` names of blacklist entries that are only alike, by customer_id.
    """

    tabs: frozenset[str]
    rates: Mapping[str, tuple[Rate, ...]] = field(default_factory=dict)
    industries: Mapping[str, Industry] = field(default_factory=dict)
    """By the normalised name."""
    blacklist: tuple[BlacklistEntry, ...] = ()
    groups: Mapping[str, GroupFigures] = field(default_factory=dict)
    """By the id of the topmost parent."""
    group_roots: Mapping[str, str] = field(default_factory=dict)
    """Customer id -> topmost parent, for every member of a group, the parent itself included."""
    group_notes: Mapping[str, tuple[Note, ...]] = field(default_factory=dict)
    """What is wrong with a customer's parent, by customer id."""
    receivables_base: Decimal | None = None
    newest_document_on: date | None = None
    invoices_readable: bool = True
