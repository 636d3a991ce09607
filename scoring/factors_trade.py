"""Characteristics of our own trade with the customer: payment and relationship (POLICY.md 1)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from scoring.dates import add_months, month_start, whole_years
from scoring.findings import Source
from scoring.ledger import Account, Book
from scoring.measured import Measured
from scoring.results import Behaviour, Position

ZERO = Decimal(0)
_HUNDRED = Decimal(100)


def payment(account: Account, paying: Behaviour, book: Book, on: date) -> Iterator[Measured]:
    """Lateness, punctuality, overdue share, worst case, promises kept."""
    customer = account.customer
    source = Source("invoices", customer.customer_id, None)
    yield Measured("days_beyond_terms", paying.days_beyond_terms, source)
    yield Measured("on_time", paying.on_time_pct, source)
    yield Measured("overdue_share", paying.overdue_share_pct, source)
    yield Measured("worst_lateness", None if paying.worst is None else Decimal(paying.worst), source)
    yield _promises(account, book, on)


def _promises(account: Account, book: Book, on: date) -> Measured:
    """Share of decided promises that were kept whole; none made counts as all kept."""
    source = Source("promises", account.customer.customer_id, None)
    if "promises" not in book.tabs:
        return Measured("promises", None, None)
    kept = decided = 0
    for promise in account.promises:
        if promise.made_on is not None and promise.made_on > on:
            continue
        if promise.outcome is None:
            continue
        decided += 1
        kept += promise.outcome == "kept"
    share = _HUNDRED if not decided else Decimal(kept * 100) / Decimal(decided)
    return Measured("promises", share, source)


def relationship(account: Account, position: Position, paying: Behaviour, book: Book, on: date) -> Iterator[Measured]:
    """Years of trading, months with orders, returns and disputes, share of our receivables."""
    customer = account.customer
    source = Source("customers", customer.customer_id, customer.row)
    begun = customer.cooperation_since
    since = begun if begun is not None and begun <= on else paying.first_invoice_on
    years = None if since is None else Decimal(whole_years(since, on))
    yield Measured("years_trading", years, source)
    orders = "orders" if "orders" in book.tabs else "invoices"
    yield Measured("order_months", Decimal(paying.active_months), Source(orders, customer.customer_id, None))
    yield _returns(account, position, paying, book, on)
    yield _share_of_receivables(customer.customer_id, position, book)


def _returns(account: Account, position: Position, paying: Behaviour, book: Book, on: date) -> Measured:
    """Returns of the last 12 whole months and disputes open now, in percent of the sales of those months."""
    if "returns" not in book.tabs or paying.sales_12m <= 0:
        return Measured("returns", None, None)
    end = month_start(on)
    start = add_months(end, -12)
    returned = sum(
        (
            row.amount
            for row in account.returns
            if row.amount is not None and row.occurred_on is not None and start <= row.occurred_on < end
        ),
        ZERO,
    )
    share = (returned + position.disputed) / paying.sales_12m * _HUNDRED
    return Measured("returns", share, Source("returns", account.customer.customer_id, None))


def _share_of_receivables(customer_id: str, position: Position, book: Book) -> Measured:
    source = Source("invoices", customer_id, None)
    whole, own = book.receivables_base, position.open_base
    if whole is None or own is None:
        return Measured("receivables_share", None, source)
    return Measured("receivables_share", own / whole * _HUNDRED if whole > 0 else ZERO, source)
