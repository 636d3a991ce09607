"""The fields of the form: which step asks for which, what kind of value each holds, and who may leave it out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from approvals.application import FILE_KINDS
from scoring.ledger import CHOICES

Kind = Literal["name", "text", "long", "uscc", "money", "pct", "days", "day", "choice", "flag", "ticks", "files"]
Need = Literal["always", "credit", "never"]
Step = Literal[
    "who", "company", "business", "plan", "finances", "finances_before", "outside", "references", "security", "files",
    "review",
]  # fmt: skip
CREDIT_STEPS: tuple[Step, ...] = (
    "who", "company", "business", "plan", "finances", "finances_before", "outside", "references", "security", "files",
    "review",
)  # fmt: skip
PREPAY_STEPS: tuple[Step, ...] = ("who", "company", "files", "review")
PERIODS, REFERENCES, SECURITIES = 2, 3, 2

ENTITY_TYPES: Mapping[str, str] = {
    "limited": "有限责任公司", "stock": "股份有限公司", "state": "国有企业", "partnership": "合伙企业",
    "sole": "个人独资企业", "individual": "个体工商户", "institution": "机关事业单位", "foreign": "境外企业",
}  # fmt: skip
"""What is chosen, and what the ledger's text column gets."""
TICKS = ("dishonest", "serious_violation", "abnormal_list", "tax_arrears", "suing_us")
"""Listings that the outside step asks about together: what is not ticked was looked for and not found."""
PENALTIES = ("none", "minor_settled", "minor", "major")
"""Penalties, and whether they are settled, in one question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question of the form; its name is unique in the whole form."""

    name: str
    kind: Kind
    step: Step
    need: Need = "never"
    most: int = 120
    """Characters of a text, days of a term, files of an upload."""
    signed: bool = False
    """An amount that may be below 0."""
    positive: bool = False
    """An amount that must be above 0."""
    when: Literal["past", "future", "any"] = "any"
    options: tuple[str, ...] = ()
    """Of a choice; empty where they depend on the ledger or on people."""

    @property
    def word(self) -> str:
        """The name without the place in a list: what its label goes by."""
        return self.name.rpartition(".")[2]

    @property
    def place(self) -> str:
        """`statement.1` of `statement.1.revenue`; "" for a field that there is once."""
        return self.name.rpartition(".")[0]


_AMOUNTS = (
    "revenue", "net_profit", "ebit", "total_assets", "intangible_assets", "total_liabilities", "current_assets",
    "current_liabilities", "inventory", "retained_earnings", "operating_cash_flow",
)  # fmt: skip
_SIGNED = frozenset({"net_profit", "ebit", "retained_earnings", "operating_cash_flow"})
STATEMENT_NEEDED = frozenset({
    "period_end", "revenue", "net_profit", "total_assets", "total_liabilities", "current_assets",
    "current_liabilities",
})  # fmt: skip
"""What a period must hold once it is begun: without these it says too little to be rated by."""


def _who() -> list[Field]:
    return [
        Field(name="name", kind="name", step="who", need="always"),
        Field(name="uscc", kind="uscc", step="who", most=40),
        Field(name="entity_type", kind="choice", step="who", need="always", options=tuple(ENTITY_TYPES)),
        Field(name="payment_mode", kind="choice", step="who", need="always", options=("credit", "prepay")),
        Field(name="department", kind="choice", step="who", need="always"),
        Field(name="sales_owner", kind="choice", step="who", need="always"),
    ]


def _company() -> list[Field]:
    return [
        Field(name="legal_representative", kind="text", step="company", need="always", most=60),
        Field(name="controller", kind="text", step="company", most=60),
        Field(name="registered_capital", kind="money", step="company"),
        Field(name="paid_in_capital", kind="money", step="company"),
        Field(name="established_on", kind="day", step="company", when="past"),
        Field(name="size_class", kind="choice", step="company", options=CHOICES["customers", "size_class"]),
        Field(name="licence_expires_on", kind="day", step="company"),
        Field(name="regulated", kind="flag", step="company"),
        Field(name="permit_name", kind="text", step="company"),
        Field(name="permit_expires_on", kind="day", step="company"),
    ]


def _business() -> list[Field]:
    standing = CHOICES["customers", "market_standing"]
    return [
        Field(name="industry", kind="choice", step="business"),
        Field(name="business_scope", kind="long", step="business", most=500),
        Field(name="market_standing", kind="choice", step="business", options=standing),
        Field(name="market_potential", kind="text", step="business"),
        Field(name="region", kind="text", step="business", most=60),
        Field(name="branch", kind="text", step="business", most=60),
        Field(name="aliases", kind="text", step="business"),
        Field(name="parent_id", kind="text", step="business"),
        Field(name="bank_account", kind="text", step="business"),
        Field(name="known_payers", kind="text", step="business", most=300),
        Field(name="cooperation_since", kind="day", step="business", when="past"),
        Field(name="remarks", kind="long", step="business", most=500),
    ]


def _plan() -> list[Field]:
    return [
        Field(name="goods", kind="text", step="plan", need="credit"),
        Field(name="planned_monthly_sales", kind="money", step="plan", need="credit", positive=True),
        Field(name="asked_limit", kind="money", step="plan", need="credit", positive=True),
        Field(name="asked_days", kind="days", step="plan", need="credit", most=365),
        Field(name="currency", kind="choice", step="plan", need="credit"),
        Field(name="term_basis", kind="choice", step="plan", need="credit", options=CHOICES["customers", "term_basis"]),
        Field(name="breach_liability", kind="flag", step="plan"),
        Field(name="title_retention", kind="flag", step="plan"),
        Field(name="prepayment_pct", kind="pct", step="plan"),
    ]


def _finances(place: int) -> list[Field]:
    step: Step = "finances" if place == 1 else "finances_before"
    at = f"statement.{place}"
    unit = Field(name="statement.unit", kind="choice", step=step, options=("yuan", "wan"))
    return [
        *([unit] if place == 1 else []),
        Field(name=f"{at}.period_end", kind="day", step=step, when="past"),
        *(Field(name=f"{at}.{name}", kind="money", step=step, signed=name in _SIGNED) for name in _AMOUNTS),
        Field(name=f"{at}.audited", kind="flag", step=step),
    ]


def _outside() -> list[Field]:
    def chosen(name: str) -> Field:
        return Field(name=name, kind="choice", step="outside", options=CHOICES["checks", name])

    return [
        Field(name="checked_on", kind="day", step="outside", when="past"),
        Field(name="source", kind="text", step="outside"),
        Field(name="uscc_verified", kind="flag", step="outside"),
        chosen("registry_status"),
        Field(name="listings", kind="ticks", step="outside", options=TICKS),
        Field(name="suits_amount", kind="money", step="outside"),
        Field(name="pending_suits_amount", kind="money", step="outside"),
        chosen("enforcement"),
        Field(name="enforcement_settled_on", kind="day", step="outside", when="past"),
        Field(name="penalties", kind="choice", step="outside", options=PENALTIES),
        chosen("rating"),
        Field(name="rating_on", kind="day", step="outside", when="past"),
    ]


def _reference(place: int) -> list[Field]:
    at = f"reference.{place}"
    return [
        Field(name=f"{at}.company", kind="text", step="references"),
        Field(name=f"{at}.contact", kind="text", step="references"),
        Field(name=f"{at}.verdict", kind="choice", step="references", options=("prompt", "adverse")),
        Field(name=f"{at}.note", kind="text", step="references", most=300),
    ]


def _security(place: int) -> list[Field]:
    at = f"security.{place}"
    return [
        Field(name=f"{at}.kind", kind="choice", step="security", options=CHOICES["securities", "kind"]),
        Field(name=f"{at}.amount", kind="money", step="security", positive=True),
        Field(name=f"{at}.coverage_pct", kind="pct", step="security"),
        Field(name=f"{at}.expires_on", kind="day", step="security", when="future"),
        Field(name=f"{at}.remarks", kind="text", step="security", most=300),
    ]


def _contract() -> list[Field]:
    return [
        Field(name="contract.contract_no", kind="text", step="security", most=60),
        Field(name="contract.signed_on", kind="day", step="security"),
        Field(name="contract.expires_on", kind="day", step="security"),
        Field(name="contract.late_interest_pct", kind="pct", step="security"),
    ]


def _files() -> list[Field]:
    most = {"licence": 2, "statements": 6, "contract": 3, "other": 4}
    return [Field(name=f"files.{kind}", kind="files", step="files", most=most[kind]) for kind in FILE_KINDS]


FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        *_who(), *_company(), *_business(), *_plan(), *_finances(1), *_finances(2), *_outside(),
        *(field for place in range(1, REFERENCES + 1) for field in _reference(place)),
        *(field for place in range(1, SECURITIES + 1) for field in _security(place)), *_contract(), *_files(),
        Field(name="reason", kind="long", step="review", need="always", most=300),
    )
}  # fmt: skip
"""Every question, in the order in which the form asks it."""


def fields_of(step: Step) -> tuple[Field, ...]:
    """The questions of one step."""
    return tuple(field for field in FIELDS.values() if field.step == step)


def steps_of(payment_mode: str) -> tuple[Step, ...]:
    """The steps, in order: payment before delivery takes the short form."""
    return PREPAY_STEPS if payment_mode == "prepay" else CREDIT_STEPS
