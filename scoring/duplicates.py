"""Two differing rows with one key: the less favourable one counts (POLICY.md 0)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from scoring.findings import Note
from scoring.ledger import Invoice, Payment

_ZERO = Decimal(0)


def settle_invoices(rows: Iterable[Invoice], customer_id: str) -> tuple[list[Invoice], list[Note]]:
    """The rows that count for a customer: of two with one number the one with more open, then the older due date.

    Rows that stand under another customer take part in the comparison and are left out of the result. A row without
    a number is nobody's double.
    """
    kept: dict[str, Invoice] = {}
    notes: list[Note] = []
    keyless: list[Invoice] = []
    for row in rows:
        if not row.invoice_no:
            keyless.append(row)
            continue
        other = kept.get(row.invoice_no)
        if other is None:
            kept[row.invoice_no] = row
            continue
        if _same(row, other):
            notes.append(Note("invoices", row.row, row.invoice_no, None, "duplicate_row", str(other.row)))
            continue
        winner, loser = (row, other) if _worse(row, other) else (other, row)
        kept[row.invoice_no] = winner
        notes.append(Note("invoices", loser.row, loser.invoice_no, None, "duplicate_key", str(winner.row)))
    mine = [row for row in (*kept.values(), *keyless) if row.customer_id == customer_id]
    return mine, notes


def settle_payments(rows: Iterable[Payment], customer_id: str) -> tuple[list[Payment], list[Note]]:
    """The receipts that count for a customer: of two with one number the smaller one."""
    kept: dict[str, Payment] = {}
    keyless: list[Payment] = []
    notes: list[Note] = []
    for row in rows:
        if not row.receipt_no:
            keyless.append(row)
            continue
        other = kept.get(row.receipt_no)
        if other is None:
            kept[row.receipt_no] = row
            continue
        if _same(row, other):
            notes.append(Note("payments", row.row, row.receipt_no, None, "duplicate_row", str(other.row)))
            continue
        smaller = (row.amount or _ZERO, row.row) < (other.amount or _ZERO, other.row)
        winner, loser = (row, other) if smaller else (other, row)
        kept[row.receipt_no] = winner
        notes.append(Note("payments", loser.row, loser.receipt_no, None, "duplicate_key", str(winner.row)))
    return [row for row in (*kept.values(), *keyless) if row.customer_id == customer_id], notes


def _same(left: Invoice | Payment, right: Invoice | Payment) -> bool:
    return replace(left, row=0) == replace(right, row=0)


def _worse(row: Invoice, other: Invoice) -> bool:
    """More open first, then the older due date; the row higher up decides a tie, so that order does not matter."""
    late = date.max
    mine = (_left(row), -(row.due_on or row.issued_on or late).toordinal(), -row.row)
    theirs = (_left(other), -(other.due_on or other.issued_on or late).toordinal(), -other.row)
    return mine > theirs


def _left(row: Invoice) -> Decimal:
    """What the row itself leaves open; receipts are the same for both rows and do not decide."""
    if row.amount is None:
        return Decimal("Infinity")
    if row.settled_on is not None and row.paid is None:
        return _ZERO
    return max(_ZERO, row.amount - (row.paid or _ZERO) - (row.written_off or _ZERO))
