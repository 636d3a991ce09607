"""What was paid on one invoice by day D (POLICY.md 0, "As of a day")."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from scoring.findings import Note
from scoring.ledger import Invoice, Payment

ZERO = Decimal(0)


def paid_at(
    invoice: Invoice, receipts: Sequence[Payment], *, on: date, as_it_stands: bool, notes: list[Note]
) -> Decimal:
    """Money received on an invoice by D, in the invoice's currency.

    `receipts` are all rows that name the invoice, in its currency and later ones included: an invoice that has
    receipts is paid by them alone. `as_it_stands` is True when D is today, so that a filled `paid` cell speaks about D.
    """
    if receipts:
        return _by_receipts(invoice, receipts, on=on, as_it_stands=as_it_stands, notes=notes)
    amount, cell, settled = invoice.amount or ZERO, invoice.paid, invoice.settled_on
    if settled is not None:
        if settled > on:
            return ZERO
        if cell is not None and abs(cell) < abs(amount):
            notes.append(_note(invoice, "settled_on", "settled_but_open", str(cell)))
            return cell
        return cell if cell is not None and as_it_stands else amount
    if cell is None:
        return ZERO
    if cell and not as_it_stands:
        notes.append(_note(invoice, "paid", "paid_undated", str(cell)))
    return cell


def _by_receipts(
    invoice: Invoice, receipts: Sequence[Payment], *, on: date, as_it_stands: bool, notes: list[Note]
) -> Decimal:
    paid, cell = _sum(receipt for receipt in receipts if arrived(receipt, on) and not bounced(receipt)), invoice.paid
    if as_it_stands and cell is not None:
        paid = _as_the_cell_says(invoice, cell, receipts, on, notes)
    settled = invoice.settled_on
    if settled is not None and settled <= on and invoice.amount is not None and paid < invoice.amount:
        notes.append(_note(invoice, "settled_on", "settled_but_open", str(paid)))
    return paid


def _as_the_cell_says(
    invoice: Invoice, cell: Decimal, receipts: Sequence[Payment], on: date, notes: list[Note]
) -> Decimal:
    """Today a filled `paid` cell wins, also over receipts without a day, except for what bounced."""
    there = [receipt for receipt in receipts if receipt.received_on is None or receipt.received_on <= on]
    everything, good = _sum(there), _sum(receipt for receipt in there if not bounced(receipt))
    if cell == good:
        return cell
    if good != everything and cell == everything:
        notes.append(_note(invoice, "paid", "paid_includes_bounced", str(cell)))
        return good
    notes.append(_note(invoice, "paid", "paid_mismatch", str(cell)))
    return cell


def bounced(receipt: Payment) -> bool:
    """True for money that came back; a cell that cannot be read is no money either."""
    return bool(receipt.bounced) or "bounced" in receipt.unread


def _sum(receipts: Iterable[Payment]) -> Decimal:
    return sum((receipt.amount for receipt in receipts if receipt.amount is not None), ZERO)


def arrived(receipt: Payment, on: date) -> bool:
    """Money is there from the day it was received; without a readable day it is not shown to be."""
    return receipt.received_on is not None and receipt.received_on <= on


def _note(invoice: Invoice, column: str, code: str, found: str) -> Note:
    return Note("invoices", invoice.row, invoice.invoice_no, column, code, found)
