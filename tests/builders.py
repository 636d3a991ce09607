"""Small accounts and books for tests: the ledger of a case fits on the screen."""

from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from scoring.assess import assess
from scoring.exposure import position
from scoring.ledger import Account, Book, Customer, Invoice, Order, Payment, Rate, Security
from scoring.policy import Policy, parse_policy
from scoring.results import Assessment, Position

DAY = date(2026, 11, 20)
ROOT = Path(__file__).parents[1]


@lru_cache(maxsize=1)
def policy() -> Policy:
    """The shipped policy."""
    return parse_policy((ROOT / "policy.yaml").read_text(encoding="utf-8"))


def money(text: str | int | None) -> Decimal | None:
    """An amount, or nothing."""
    return None if text is None else Decimal(str(text))


def customer(**given: Any) -> Customer:
    """C1 with a limit of 100,000 at 30 days; every field may be said otherwise."""
    fields: dict[str, Any] = {
        "customer_id": "C1",
        "name": "甲公司",
        "row": 2,
        "credit_limit": Decimal(100_000),
        "payment_days": 30,
    }
    return Customer(**{**fields, **given})


def invoice(
    number: str, amount: str | int, *, due: date | None = DAY, issued: date | None = date(2026, 10, 1), **given: Any
) -> Invoice:
    """An invoice of C1."""
    fields: dict[str, Any] = {
        "invoice_no": number,
        "customer_id": "C1",
        "issued_on": issued,
        "due_on": due,
        "amount": money(amount),
        "row": 9,
    }
    return Invoice(**{**fields, **given})


def receipt(number: str, amount: str | int, on: date | None, to: str = "", **given: Any) -> Payment:
    """A receipt of C1."""
    fields: dict[str, Any] = {
        "receipt_no": number,
        "customer_id": "C1",
        "received_on": on,
        "amount": money(amount),
        "invoice_no": to,
    }
    return Payment(**{**fields, **given})


def order(number: str, amount: str | int, **given: Any) -> Order:
    """An open order of C1."""
    fields: dict[str, Any] = {
        "order_no": number,
        "customer_id": "C1",
        "amount": money(amount),
        "status": "open",
        "ordered_on": date(2026, 11, 1),
    }
    return Order(**{**fields, **given})


def deposit(amount: str | int, **given: Any) -> Security:
    """A deposit of C1."""
    return Security(**{"security_id": "S1", "customer_id": "C1", "kind": "deposit", "amount": money(amount), **given})


def account(*rows: Any, **of_customer: Any) -> Account:
    """An account of C1 with these documents."""
    names = {"Invoice": "invoices", "Payment": "payments", "Order": "orders", "Security": "securities", "Check": "checks",
             "Financials": "financials", "Promise": "promises", "Return": "returns", "Contract": "contracts"}  # fmt: skip
    parts: dict[str, Any] = {}
    for row in rows:
        parts.setdefault(names[type(row).__name__], []).append(row)
    return Account(customer=customer(**of_customer), **{name: tuple(found) for name, found in parts.items()})


def figures(
    *rows: Any, on: date = DAY, today: date = DAY, rates: dict[str, tuple[Rate, ...]] | None = None, **of_customer: Any
) -> Position:
    """The position of such an account."""
    return position(account(*rows, **of_customer), rates or {}, policy(), on=on, today=today)


def book(**given: Any) -> Book:
    """A living book with every tab."""
    tabs = frozenset(
        {"customers", "invoices", "payments", "orders", "promises", "returns", "checks", "financials", "industries"}
    )
    return Book(**{"tabs": tabs, "receivables_base": Decimal(10_000_000), "newest_document_on": DAY, **given})


def judged(*rows: Any, of_book: Book | None = None, on: date = DAY, **of_customer: Any) -> Assessment:
    """The whole assessment."""
    return assess(account(*rows, **of_customer), of_book or book(), policy(), on=on, today=on)


def codes(found: Any) -> list[str]:
    """The codes of findings or notes, in their order."""
    return [one.code for one in found]
