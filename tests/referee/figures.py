"""Second computation of POLICY.md 0: open, ageing, exposure, behaviour. Shares no code with the product."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from tests.referee.tables import (
    ONE_DAY,
    Tables,
    day,
    half_up,
    months_back,
    num,
    total,
    val,
    whole_months_before,
    within,
    yes,
)  # fmt: skip

BASE = "CNY"
STEPS = ((0, "not_due"), (30, "1-30"), (60, "31-60"), (90, "61-90"), (180, "91-180"), (365, "181-365"))
PAYDEX = ((-30, 100), (-20, 90), (0, 80), (15, 70), (22, 60), (30, 50), (60, 40), (90, 30), (120, 20), (180, 0))


class RateMissingError(Exception):
    """A currency has no rate on or before D."""


@dataclass
class Item:
    """One invoice at D, in the customer's currency where `_own`."""

    no: str
    due: date
    late: int
    amount: Fraction
    open: Fraction
    surplus: Fraction
    disputed: Fraction
    left_out: Fraction
    closed_on: date | None
    credit_note: bool
    written_off: Fraction
    written_off_on: date | None
    row: dict[str, str]


@dataclass
class Figures:
    """What one customer's documents add up to."""

    currency: str
    items: list[Item]
    open: Fraction
    unapplied: Fraction
    disputed: Fraction
    overdue: Fraction
    max_days: int
    buckets: dict[str, Fraction]
    orders: Fraction
    deposits: Fraction
    exposure: Fraction
    limit: Fraction | None
    receipts: list[tuple[date, Fraction]] = field(default_factory=list)

    @property
    def headroom(self) -> Fraction | None:
        return None if self.limit is None else self.limit - self.exposure

    @property
    def utilisation(self) -> Fraction | None:
        return max(Fraction(0), self.exposure) / self.limit * 100 if self.limit else None


def rate(tables: Tables, currency: str, on: date) -> Fraction:
    if currency == BASE:
        return Fraction(1)
    known = [(row["as_of"], row) for row in tables.get("rates", []) if row["currency"] == currency]
    usable = [(as_of, row) for as_of, row in known if date.fromisoformat(as_of) <= on]
    if not usable:
        raise RateMissingError(currency)
    return Fraction(max(usable, key=lambda pair: pair[0])[1]["to_base"])


def convert(tables: Tables, amount: Fraction, source: str, target: str, on: date) -> Fraction:
    if source == target:
        return amount
    return half_up(amount * rate(tables, source, on) / rate(tables, target, on), 2)


def figures(tables: Tables, customer: dict[str, str], on: date, today: date) -> Figures:
    own = customer.get("currency") or BASE
    cid = customer["customer_id"]

    def in_own(amount: Fraction, row: dict[str, str]) -> Fraction:
        return convert(tables, amount, row.get("currency") or own, own, on)

    invoices = [
        row for row in tables.get("invoices", []) if row["customer_id"] == cid and not_after(row.get("issued_on"), on)
    ]
    receipts = [row for row in tables.get("payments", []) if row["customer_id"] == cid]

    def on_invoice(row: dict[str, str]) -> list[dict[str, str]]:
        """Receipts that name an invoice, in its currency."""
        wanted = row.get("currency") or own
        mine = [one for one in receipts if one.get("invoice_no") == row["invoice_no"]]
        return [
            {**one, "amount": str(convert(tables, val(one["amount"]), one.get("currency") or own, wanted, on))}
            for one in mine
        ]

    payments = [row for row in receipts if dated_by(row.get("received_on"), on)]
    names = {row["invoice_no"] for row in invoices}
    items = [item_of(row, on_invoice(row), customer, on, today) for row in invoices if val(row["amount"]) >= 0]
    by_no = {item.no: item for item in items}
    unapplied = Fraction(0)
    for note in (row for row in invoices if val(row["amount"]) < 0):
        credit = -val(note["amount"]) + val(note.get("paid"))
        target = by_no.get(note.get("order_no", ""))
        if target is not None and target.open > 0:
            used = min(credit, target.open)
            target.open -= used
            target.disputed, target.left_out = min(target.disputed, target.open), min(target.left_out, target.open)
            credit -= used
        unapplied += in_own(credit, note)
    for receipt in payments:
        if receipt.get("invoice_no", "") not in names and not yes(receipt.get("bounced")):
            unapplied += in_own(val(receipt["amount"]), receipt)
    unapplied += total(in_own(item.surplus, item.row) for item in items)

    buckets = {name: Fraction(0) for _, name in STEPS} | {"over-365": Fraction(0)}
    overdue, disputed, worst = Fraction(0), Fraction(0), 0
    for item in items:
        opened = in_own(item.open, item.row)
        buckets[bucket(item.late)] += opened
        disputed += in_own(item.disputed, item.row)
        counted = opened - in_own(item.left_out, item.row)
        if item.late > 0 and counted > 0:
            overdue += counted
            worst = max(worst, item.late)
    orders = total(
        in_own(order_left(row, invoices, on), row) for row in tables.get("orders", []) if row["customer_id"] == cid
    )
    deposits = total(
        in_own(val(row["amount"]), row)
        for row in tables.get("securities", [])
        if row["customer_id"] == cid and row["kind"] == "deposit" and in_force(row.get("expires_on"), on)
    )
    opened = sum(buckets.values(), Fraction(0))
    limit = num(customer.get("credit_limit"))
    if limit is not None and customer.get("temp_limit_expires_on") and in_force(customer["temp_limit_expires_on"], on):
        limit += val(customer.get("temp_limit"))
    received = [
        (stamp, in_own(val(row["amount"]), row))
        for row in payments
        if not yes(row.get("bounced")) and (stamp := day(row.get("received_on"))) is not None
    ]
    return Figures(
        own, items, opened, unapplied, disputed, overdue, worst, buckets, orders, deposits,
        opened + orders - unapplied - deposits, limit, received,
    )  # fmt: skip


def open_in_base(tables: Tables, got: Figures, on: date) -> Fraction:
    """Each invoice converted and rounded by itself."""
    return total(convert(tables, item.open, item.row.get("currency") or got.currency, BASE, on) for item in got.items)


def item_of(
    row: dict[str, str], payments: list[dict[str, str]], customer: dict[str, str], on: date, today: date
) -> Item:
    amount = val(row["amount"])
    paid = paid_at(row, payments, on, today)
    off_on = day(row.get("written_off_on"))
    off = val(row.get("written_off")) if off_on is None or off_on <= on else Fraction(0)
    opened = max(Fraction(0), amount - paid - off)
    surplus = max(Fraction(0), paid - amount)
    started = day(row.get("disputed_on"))
    disputed = left_out = Fraction(0)
    if yes(row.get("disputed")) and (started is None or started <= on):
        stated = num(row.get("disputed_amount"))
        disputed = opened if stated is None else min(stated, opened)
        left_out = disputed if started is None or (on - started).days <= 15 else Fraction(0)
    issued = day(row.get("issued_on"))
    due = day(row.get("due_on"))
    if due is None and issued is not None:
        due = issued + timedelta(days=int(customer.get("payment_days") or 0))
    if due is None or issued is None:
        due = max(on, due or on)
    settled = day(row.get("settled_on"))
    closed = settled if opened == 0 and settled is not None and settled <= on else None
    return Item(
        row["invoice_no"], due, max(0, (on - due).days), amount, opened, surplus, disputed, left_out, closed,
        False, off, off_on, row,
    )  # fmt: skip


def paid_at(row: dict[str, str], payments: list[dict[str, str]], on: date, today: date) -> Fraction:
    there = [payment for payment in payments if dated_by(payment.get("received_on"), on)]
    good = total(val(payment["amount"]) for payment in there if not yes(payment.get("bounced")))
    everything = total(val(payment["amount"]) for payment in there)
    cell, settled = num(row.get("paid")), day(row.get("settled_on"))
    if payments:
        if on == today and cell is not None and cell != good:
            return good if good != everything and cell == everything else cell
        return good
    if settled is not None and settled > on:
        return Fraction(0)
    if settled is not None:
        short = cell is not None and abs(cell) < abs(val(row["amount"]))
        return cell if cell is not None and (short or on == today) else val(row["amount"])
    return cell or Fraction(0)


def order_left(row: dict[str, str], invoices: list[dict[str, str]], on: date) -> Fraction:
    deliver = day(row.get("deliver_on"))
    counts = (
        row.get("status") in {"open", "shipped"}
        and row.get("release", "") in {"", "released"}
        and not_after(row.get("ordered_on"), on)
        and (deliver is None or deliver <= on + timedelta(days=180))
    )
    if not counts:
        return Fraction(0)
    naming = total(
        val(inv["amount"]) for inv in invoices if inv.get("order_no") == row["order_no"] and val(inv["amount"]) > 0
    )
    return max(Fraction(0), val(row["amount"]) - max(val(row.get("invoiced")), naming) - val(row.get("prepaid")))


def bucket(late: int) -> str:
    return next((name for top, name in STEPS if late <= top), "over-365")


def not_after(cell: str | None, on: date) -> bool:
    found = day(cell)
    return found is None or found <= on


def dated_by(cell: str | None, on: date) -> bool:
    found = day(cell)
    return found is not None and found <= on


def in_force(cell: str | None, on: date) -> bool:
    found = day(cell)
    return found is None or found >= on


@dataclass
class Paying:
    """POLICY.md 0, Behaviour."""

    days_beyond: Fraction | None
    on_time: Fraction | None
    worst: int | None
    score: Fraction | None
    dso: Fraction | None
    bpdso: Fraction | None
    overdue_share: Fraction
    sales_365: Fraction
    sales_12: Fraction
    mean_month: Fraction | None
    months: int
    settled: int
    first: date | None


def paying(tables: Tables, customer: dict[str, str], got: Figures, on: date) -> Paying:
    own = got.currency
    seen = [
        (item.amount, (item.closed_on or on) - item.due, item.closed_on is not None)
        for item in got.items
        if not item.written_off
        and ((item.closed_on is not None and (on - item.closed_on).days < 365) or (item.open > 0 and item.late > 0))
    ]
    weight = total(amount for amount, _, _ in seen)
    rows = [row for row in tables.get("invoices", []) if row["customer_id"] == customer["customer_id"]]

    def sold(first: date, last: date) -> Fraction:
        return total(
            convert(tables, val(row["amount"]), row.get("currency") or own, own, on)
            for row in rows
            if within(row.get("issued_on"), first, last)
        )

    issued = [
        found
        for row in rows
        if (found := day(row.get("issued_on"))) is not None and found <= on and val(row["amount"]) > 0
    ]
    first = min(issued, default=None)
    sales = sold(on - timedelta(days=364), on)
    span = 365 if first is None else min(365, max(30, (on - first).days))
    start, end = whole_months_before(on, 12)
    source, column = ("orders", "ordered_on") if "orders" in tables else ("invoices", "issued_on")
    active = {
        (found.year, found.month)
        for row in tables.get(source, [])
        if row["customer_id"] == customer["customer_id"]
        and (found := day(row.get(column))) is not None
        and start <= found < end
        and row.get("status") != "cancelled"
        and val(row["amount"]) > 0
    }
    by_month: dict[tuple[int, int], Fraction] = {}
    for row in rows:
        found = day(row.get("issued_on"))
        if found is not None and start <= found < end:
            amount = convert(tables, val(row["amount"]), row.get("currency") or own, own, on)
            by_month[found.year, found.month] = by_month.get((found.year, found.month), Fraction(0)) + amount
    counted = [amount for amount in by_month.values() if amount > 0]
    balance = got.open - got.unapplied
    return Paying(
        days_beyond=total(amount * max(0, late.days) for amount, late, _ in seen) / weight if weight else None,
        on_time=total(amount for amount, late, done in seen if done and late.days <= 0) / weight * 100
        if weight
        else None,
        worst=max((max(0, late.days) for _, late, _ in seen), default=None),
        score=paydex(total(amount * late.days for amount, late, _ in seen) / weight) if weight else None,
        dso=balance / sales * span if sales > 0 else None,
        bpdso=got.buckets["not_due"] / sales * span if sales > 0 else None,
        overdue_share=total(amount for name, amount in got.buckets.items() if name != "not_due") / got.open * 100
        if got.open
        else Fraction(0),
        sales_365=sales,
        sales_12=sold(start, end - ONE_DAY),
        mean_month=total(counted) / len(counted) if counted else None,
        months=len(active),
        settled=sum(1 for item in got.items if item.closed_on is not None),
        first=first,
    )


def paydex(days: Fraction) -> Fraction:
    if days <= PAYDEX[0][0]:
        return Fraction(100)
    for (left, high), (right, low) in pairwise(PAYDEX):
        if days <= right:
            return high + (days - left) / (right - left) * (low - high)
    return Fraction(0)


def is_new(customer: dict[str, str], how: Paying, on: date) -> bool:
    since = how.first or day(customer.get("cooperation_since"))
    return how.settled < 3 or since is None or (on - since).days < 90


def anniversary_years(since: date | None, on: date) -> int | None:
    if since is None:
        return None
    years = on.year - since.year
    return years if months_back(on, 12 * years) >= since else years - 1
