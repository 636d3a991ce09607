"""One customer's account as it counts: the mirror's rows with hand edits of decision columns held to the baseline."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from flows.desk import Desk
from scoring.checks import duplicates
from scoring.findings import Note
from scoring.ledger import Account, Customer, Order, Row, Security
from storage.baseline import Baseline


def account_of(desk: Desk, customer_id: str) -> Account | None:
    """The account, or None when no customer has this id."""
    account = desk.mirror.account(customer_id)
    return None if account is None else counted(account, desk.baseline)


def counted(account: Account, baseline: Baseline | None) -> Account:
    """The rows of an account that count: repeats once, decision columns as decided."""
    account = _once(account)
    if baseline is None:
        return account
    held_row, notes = baseline.hold(account.customer, account.twins)
    alike: dict[str, list[Order]] = {}
    for order in account.orders:
        alike.setdefault(order.order_no, []).append(order)
    orders: list[Row] = []
    for order in account.orders:
        if not order.order_no:
            # no decision can have been recorded for a row without a number
            orders.append(replace(order, release=None))
            continue
        twins = [one for one in alike[order.order_no] if one is not order]
        held, more = baseline.hold(order, twins)
        orders.append(held)
        notes += more
    return replace(
        account,
        customer=held_row if isinstance(held_row, Customer) else account.customer,
        orders=tuple(order for order in orders if isinstance(order, Order)),
        notes=(*account.notes, *notes),
    )


def _once(account: Account) -> Account:
    """Equal repeats count once; of differing securities the smaller one. The rules settle invoices and payments.

    Rows of other customers under the same key are named in a note and stay theirs.
    """
    changed: dict[str, object] = {}
    notes: list[Note] = []
    for name in ("promises", "orders", "financials", "checks", "securities", "contracts", "returns"):
        rows = getattr(account, name)
        if len(rows) < 2 or len({row.key for row in rows}) == len(rows):
            continue
        kept, found = duplicates(rows)
        kept = [row for row in kept if getattr(row, "customer_id", "") == account.customer.customer_id]
        changed[name] = tuple(_smaller(kept)) if name == "securities" else tuple(kept)
        notes += found
    return replace(account, notes=(*account.notes, *notes), **changed) if changed else account  # type: ignore[arg-type]


def _smaller(rows: Iterable[Row]) -> list[Security]:
    kept: dict[str, Security] = {}
    for row in rows:
        if isinstance(row, Security):
            other = kept.get(row.key or f"row {row.row}")
            if other is None or (row.amount or Decimal(0)) < (other.amount or Decimal(0)):
                kept[row.key or f"row {row.row}"] = row
    return list(kept.values())
