"""Small ledgers given as CSV in the test, and the answers they get."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flows.answers import answer_of
from flows.desk import Desk

ON = date(2026, 11, 20)
CUSTOMERS = "customer_id,name,credit_limit,payment_days\nA,甲公司,100000,30\nB,乙公司,100000,30\n"
INVOICES = "invoice_no,customer_id,issued_on,due_on,amount\nI1,A,2026-11-19,2026-12-19,100\n"
Open = Callable[..., Desk]


def ask(desk: Desk, customer_id: str) -> dict[str, Any]:
    """The answer's JSON."""
    view = desk.latest.view
    assert view is not None
    found = answer_of(desk, view, customer_id)
    assert found is not None
    return dict(found.answer)


def codes(found: list[dict[str, Any]]) -> list[str]:
    """The codes of reasons, notes or warnings, in their order."""
    return [one["code"] for one in found]
