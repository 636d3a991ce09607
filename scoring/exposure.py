"""Open, unapplied, overdue, exposure and headroom of one customer on day D (POLICY.md 0)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from scoring.ageing import MEASURES, bucket
from scoring.currency import Rates
from scoring.duplicates import settle_invoices, settle_payments
from scoring.findings import Note, Source
from scoring.ledger import Account, Customer, Invoice, Order, Payment, Rate
from scoring.money import LARGEST_SUM
from scoring.paid import ZERO, arrived, bounced, paid_at
from scoring.policy import Policy
from scoring.results import BUCKETS, OpenLine, Position, Settled

_HUNDRED = Decimal(100)
_TENTH = Decimal("0.1")
_CUSTOMER_CELLS = frozenset({
    "credit_limit", "temp_limit", "temp_limit_expires_on", "limit_expires_on", "group_limit", "status", "payment_mode",
    "licence_expires_on", "permit_expires_on",
})  # fmt: skip
_INVOICE_CELLS = frozenset({
    "amount", "paid", "issued_on", "due_on", "settled_on", "disputed", "disputed_amount", "disputed_on", "written_off",
})  # fmt: skip
_PAYMENT_CELLS = frozenset({"amount", "received_on", "bounced"})
_ORDER_CELLS = frozenset({"amount", "invoiced", "prepaid", "status", "release", "ordered_on", "deliver_on"})
_DEPOSIT_CELLS = frozenset({"amount", "kind", "expires_on"})


def position(
    account: Account, rates: Mapping[str, tuple[Rate, ...]], policy: Policy, *, on: date, today: date
) -> Position:
    """Every figure of a customer's documents at D, in the customer's currency.

    Where a rate is missing its currency is named in `missing_rates` and the sums leave it out: not to be used then.
    """
    return _Position(account, rates, policy, on=on, today=today).figures()


class _Position:
    """One pass over an account's documents."""

    def __init__(
        self, account: Account, rates: Mapping[str, tuple[Rate, ...]], policy: Policy, *, on: date, today: date
    ) -> None:
        self.account, self.policy, self.on = account, policy, on
        self.as_it_stands = on >= today
        self.customer: Customer = account.customer
        self.own = account.customer.currency or policy.base_currency
        self.base = policy.base_currency
        self.rates = Rates(rates, self.base, on, policy.reading.rate_days)
        self.base_rates = Rates(rates, self.base, on, policy.reading.rate_days)
        self.notes: list[Note] = []
        self.unread: list[Source] = []
        self.lines: list[OpenLine] = []
        self.settled: list[Settled] = []
        self.unapplied = self.unapplied_base = ZERO
        self.write_off_on: date | None = None
        self.write_off_undated = self.derived_blindly = False
        self.newest: date | None = None

    def figures(self) -> Position:
        """Add everything up."""
        customer = self.customer
        payments = self._receipts()
        invoices = self._invoices(payments)
        orders, orders_base = self._orders(invoices)
        deposits, deposits_base = self._deposits()
        wanted = _CUSTOMER_CELLS | {"payment_days"} if self.derived_blindly else _CUSTOMER_CELLS
        self._unread("customers", customer.customer_id, customer.row, customer.unread, wanted)
        buckets = dict.fromkeys(BUCKETS, ZERO)
        opened = disputed = overdue = ZERO
        longest = 0
        for line in self.lines:
            buckets[line.bucket] += line.open
            opened += line.open
            disputed += line.disputed_open
            if line.bucket != "not_due" and line.open > line.disputed:
                overdue += line.open - line.disputed
                longest = max(longest, line.days_overdue)
        exposure = opened + orders - self.unapplied - deposits
        limit = self._limit()
        to_base = self.base_rates.to_base(self.own)
        missing = self.rates.missing | self.base_rates.missing
        base = None if missing else self._base_figures()
        exposure_base = None if base is None else base["open"] + orders_base - self.unapplied_base - deposits_base
        # what is owed and what is held are not set off against each other here
        sums = [opened, orders, self.unapplied, deposits, *(base or {}).values(), orders_base, deposits_base]
        beyond = any(abs(amount) > LARGEST_SUM for amount in sums)
        if beyond:
            base = exposure_base = None
        return Position(
            currency=self.own,
            open=opened,
            unapplied=self.unapplied,
            disputed=disputed,
            overdue=overdue,
            max_days_overdue=longest,
            ageing=buckets,
            orders=orders,
            deposits=deposits,
            exposure=exposure,
            limit=limit,
            headroom=None if limit is None else limit - exposure,
            utilisation=None if beyond else _utilisation(exposure, limit),
            lines=tuple(self.lines),
            settled=tuple(self.settled),
            last_payment=self._last_payment(payments),
            next_release=self._next_release(),
            missing_rates=tuple(sorted(missing)),
            own_known=not self.rates.missing and not beyond,
            beyond=beyond,
            base_figures=base,
            open_base=None if base is None else base["open"],
            exposure_base=exposure_base,
            to_base=to_base,
            newest_document_on=self.newest,
            write_off_on=self.write_off_on,
            write_off_undated=self.write_off_undated,
            unread=tuple(self.unread),
            notes=tuple(dict.fromkeys((*self.notes, *self.rates.notes(), *self.base_rates.notes()))),
        )

    def _base_figures(self) -> dict[str, Decimal]:
        """Every document at its own rate, then added."""
        found = dict.fromkeys((*BUCKETS, *MEASURES), ZERO)
        for line in self.lines:
            found[line.bucket] += line.open_base
            found["open"] += line.open_base
            found["disputed"] += line.disputed_base
            if line.bucket != "not_due":
                found["overdue"] += line.open_base - line.left_out_base
        found["unapplied"] = self.unapplied_base
        return found

    def _in_base(self, amount: Decimal, currency: str) -> Decimal:
        return self.base_rates.convert(amount, currency or self.own, self.base)

    def _unapply(self, amount: Decimal, currency: str) -> None:
        self.unapplied += self._own(amount, currency)
        self.unapplied_base += self._in_base(amount, currency)

    def _own(self, amount: Decimal, currency: str) -> Decimal:
        if not currency or currency == self.own:
            return amount
        return self.rates.convert(amount, currency, self.own)

    def _unread(self, tab: str, key: str, row: int, unread: frozenset[str], wanted: frozenset[str]) -> None:
        if unread and unread & wanted:
            self.unread.append(Source(tab, key, row))

    def _seen(self, day: date | None) -> None:
        if day is not None and day <= self.on and (self.newest is None or day > self.newest):
            self.newest = day

    def _receipts(self) -> list[Payment]:
        payments, notes = settle_payments(self.account.payments, self.customer.customer_id)
        self.notes += notes
        for payment in payments:
            self._seen(payment.received_on)
            if payment.received_on is None and "received_on" not in payment.unread and payment.amount:
                self.notes.append(
                    Note("payments", payment.row, payment.receipt_no, "received_on", "received_on_missing")
                )
            self._unread("payments", payment.receipt_no, payment.row, payment.unread, _PAYMENT_CELLS)
        return payments

    def _invoices(self, payments: list[Payment]) -> list[Invoice]:
        rows, notes = settle_invoices(self.account.invoices, self.customer.customer_id)
        self.notes += notes
        existing = [row for row in rows if row.issued_on is None or row.issued_on <= self.on]
        by_invoice: dict[str, list[Payment]] = {}
        for payment in payments:
            if payment.invoice_no:
                by_invoice.setdefault(payment.invoice_no, []).append(payment)
        debts = [row for row in existing if row.amount is None or row.amount >= 0]
        credited = self._credit_notes(
            [row for row in existing if row.amount is not None and row.amount < 0], debts, by_invoice
        )
        for invoice in debts:
            self._seen(invoice.issued_on)
            receipts = self._in_currency_of(invoice, by_invoice.get(invoice.invoice_no, []))
            self._debt(invoice, receipts, credited.get(invoice.invoice_no, ZERO))
        known = {row.invoice_no for row in existing if row.invoice_no}
        for payment in payments:
            if payment.invoice_no in known or bounced(payment) or payment.amount is None:
                continue
            if arrived(payment, self.on):
                self._unapply(payment.amount, payment.currency)
        return existing

    def _in_currency_of(self, invoice: Invoice, receipts: list[Payment]) -> list[Payment]:
        """Receipts as they count on the invoice that they name; what says no currency is in the customer's."""
        wanted = invoice.currency or self.own
        if all((receipt.currency or self.own) == wanted for receipt in receipts):
            return receipts
        return [
            replace(receipt, amount=self.rates.convert(receipt.amount, receipt.currency or self.own, wanted))
            if receipt.amount is not None
            else receipt
            for receipt in receipts
        ]

    def _credit_notes(
        self, notes: list[Invoice], debts: list[Invoice], receipts: Mapping[str, list[Payment]]
    ) -> dict[str, Decimal]:
        """Credit by the invoice it names, in that invoice's currency; the rest is unapplied at once."""
        named = {row.invoice_no: row for row in debts}
        credited: dict[str, Decimal] = {}
        for note in notes:
            self._seen(note.issued_on)
            named_by = self._in_currency_of(note, receipts.get(note.invoice_no, []))
            paid = paid_at(note, named_by, on=self.on, as_it_stands=self.as_it_stands, notes=self.notes)
            credit = max(ZERO, -(note.amount or ZERO) - abs(paid) - abs(note.written_off or ZERO))
            target = named.get(note.order_no) if note.order_no else None
            if target is None:
                self._unapply(credit, note.currency)
            else:
                source, wanted = note.currency or self.own, target.currency or self.own
                in_target = self.rates.convert(credit, source, wanted)
                credited[target.invoice_no] = credited.get(target.invoice_no, ZERO) + in_target
        return credited

    def _debt(self, invoice: Invoice, receipts: list[Payment], credit: Decimal) -> None:
        amount = invoice.amount or ZERO
        paid = paid_at(invoice, receipts, on=self.on, as_it_stands=self.as_it_stands, notes=self.notes)
        written_off = self._written_off(invoice)
        opened = max(ZERO, amount - paid - written_off)
        self._unapply(max(ZERO, paid - amount), invoice.currency)
        used = min(credit, opened)
        opened -= used
        self._unapply(credit - used, invoice.currency)
        due = self._due(invoice)
        if invoice.amount is None and "amount" not in invoice.unread:
            self.notes.append(self._note(invoice, "amount", "amount_missing"))
            self.unread.append(Source("invoices", invoice.invoice_no, invoice.row))
        if (
            opened > 0
            and invoice.due_on is None
            and invoice.issued_on is not None
            and "payment_days" in self.customer.unread
        ):
            self.derived_blindly = True
        if opened > 0 or invoice.unread & {"amount", "paid", "settled_on"}:
            self._unread("invoices", invoice.invoice_no, invoice.row, invoice.unread, _INVOICE_CELLS)
        if opened > 0:
            self._open_line(invoice, amount, opened, due)
        elif invoice.settled_on is None and amount and not written_off:
            self.notes.append(self._note(invoice, "settled_on", "settled_on_missing"))
        self._settled(invoice, amount, opened, due, written_off)

    def _written_off(self, invoice: Invoice) -> Decimal:
        amount = invoice.written_off or ZERO
        if not amount or (invoice.written_off_on is not None and invoice.written_off_on > self.on):
            return ZERO
        day = invoice.written_off_on
        self.write_off_undated = self.write_off_undated or day is None
        if day is not None and (self.write_off_on is None or day > self.write_off_on):
            self.write_off_on = day
        return amount

    def _due(self, invoice: Invoice) -> date | None:
        if invoice.due_on is not None:
            return invoice.due_on
        if invoice.issued_on is None:
            return None
        days = self.customer.payment_days
        self.notes.append(self._note(invoice, "due_on", "due_missing" if days is None else "due_derived"))
        return invoice.issued_on if days is None else invoice.issued_on + timedelta(days=days)

    def _open_line(self, invoice: Invoice, amount: Decimal, opened: Decimal, due: date | None) -> None:
        days = max(0, (self.on - due).days) if due is not None else 0
        if invoice.issued_on is None:
            self.notes.append(self._note(invoice, "issued_on", "issued_on_missing"))
            days = 0
        disputed, left_out = self._disputed(invoice, opened)
        own = invoice.currency or self.own
        foreign = own != self.own
        self.lines.append(
            OpenLine(
                invoice_no=invoice.invoice_no,
                issued_on=invoice.issued_on,
                due_on=due,
                amount=self._own(amount, own) if foreign else amount,
                open=self._own(opened, own) if foreign else opened,
                disputed=self._own(left_out, own) if foreign else left_out,
                days_overdue=days,
                bucket=bucket(days),
                order_no=invoice.order_no,
                source=Source("invoices", invoice.invoice_no, invoice.row),
                open_base=self._in_base(opened, own),
                disputed_open=self._own(disputed, own) if foreign else disputed,
                disputed_base=self._in_base(disputed, own),
                left_out_base=self._in_base(left_out, own),
            )
        )

    def _disputed(self, invoice: Invoice, opened: Decimal) -> tuple[Decimal, Decimal]:
        """(part in dispute, part left out of overdue)."""
        since = invoice.disputed_on
        if not invoice.disputed or (since is not None and since > self.on):
            return ZERO, ZERO
        part = opened if invoice.disputed_amount is None else min(max(ZERO, invoice.disputed_amount), opened)
        if since is None:
            self.notes.append(self._note(invoice, "disputed_on", "dispute_undated"))
            return part, part
        return part, ZERO if (self.on - since).days > self.policy.reading.dispute_days else part

    def _settled(self, invoice: Invoice, amount: Decimal, opened: Decimal, due: date | None, off: Decimal) -> None:
        if off or due is None or not amount:
            return
        closed = invoice.settled_on
        if opened > 0:
            if due >= self.on or invoice.issued_on is None:
                return
            late, closed = (self.on - due).days, None
        elif closed is None or closed > self.on:
            return
        else:
            late = (closed - due).days
        self.settled.append(
            Settled(
                invoice_no=invoice.invoice_no,
                amount=self._own(amount, invoice.currency),
                issued_on=invoice.issued_on,
                due_on=due,
                closed_on=closed,
                days_late=late,
            )
        )

    def _orders(self, invoices: list[Invoice]) -> tuple[Decimal, Decimal]:
        """What is ordered and not billed yet, in the customer's and in base currency."""
        naming: dict[str, list[Invoice]] = {}
        for invoice in invoices:
            if invoice.order_no and invoice.amount is not None and invoice.amount > 0:
                naming.setdefault(invoice.order_no, []).append(invoice)
        total = base = ZERO
        for order in self.account.orders:
            if not order_counts(order, self.on, self.policy.reading.order_horizon_days):
                continue
            self._unread("orders", order.order_no, order.row, order.unread, _ORDER_CELLS)
            left = self._unbilled(order, naming.get(order.order_no, ()))
            total += self._own(left, order.currency)
            base += self._in_base(left, order.currency)
        return total, base

    def _unbilled(self, order: Order, bills: Iterable[Invoice]) -> Decimal:
        """The rest of an order in its own currency."""
        wanted = order.currency or self.own
        billed = sum(
            (self.rates.convert(bill.amount or ZERO, bill.currency or self.own, wanted) for bill in bills), ZERO
        )
        return max(ZERO, (order.amount or ZERO) - max(order.invoiced or ZERO, billed) - (order.prepaid or ZERO))

    def _deposits(self) -> tuple[Decimal, Decimal]:
        """Unexpired deposits, in the customer's and in base currency."""
        total = base = ZERO
        for security in self.account.securities:
            if security.kind is None or security.kind == "deposit":
                self._unread("securities", security.security_id, security.row, security.unread, _DEPOSIT_CELLS)
            if security.kind != "deposit" or "expires_on" in security.unread or security.amount is None:
                continue
            if security.expires_on is None or security.expires_on >= self.on:
                total += self._own(security.amount, security.currency)
                base += self._in_base(security.amount, security.currency)
        return total, base

    def _limit(self) -> Decimal | None:
        customer = self.customer
        if customer.credit_limit is None:
            return None
        if customer.temp_limit is None or customer.temp_limit == 0:
            return customer.credit_limit
        last = customer.temp_limit_expires_on
        if last is None:
            self.notes.append(
                Note("customers", customer.row, customer.customer_id, "temp_limit_expires_on", "temp_limit_undated")
            )
            return customer.credit_limit
        return customer.credit_limit + customer.temp_limit if last >= self.on else customer.credit_limit

    def _last_payment(self, payments: list[Payment]) -> tuple[date, Decimal] | None:
        """The newest day on which money arrived, with all that arrived on it."""
        newest: date | None = None
        amount = ZERO
        for payment in payments:
            day = payment.received_on
            if day is None or day > self.on or bounced(payment) or payment.amount is None:
                continue
            if newest is None or day > newest:
                newest, amount = day, ZERO
            if day == newest:
                amount += self._own(payment.amount, payment.currency)
        return None if newest is None else (newest, amount)

    def _next_release(self) -> tuple[tuple[date, Decimal], ...]:
        freed: dict[date, Decimal] = {}
        for line in self.lines:
            if line.due_on is not None and line.due_on >= self.on and not line.disputed_open:
                freed[line.due_on] = freed.get(line.due_on, ZERO) + line.open
        return tuple(sorted(freed.items()))

    def _note(self, invoice: Invoice, column: str, code: str) -> Note:
        return Note("invoices", invoice.row, invoice.invoice_no, column, code)


def order_counts(order: Order, on: date, horizon_days: int) -> bool:
    """Whether an order is part of exposure at D; an unreadable status or release counts, so that nothing hides."""
    if order.status not in {"open", "shipped"} and "status" not in order.unread:
        return False
    if order.release not in {None, "released"}:
        return False
    if order.ordered_on is not None and order.ordered_on > on:
        return False
    return order.deliver_on is None or order.deliver_on <= on + timedelta(days=horizon_days)


def _utilisation(exposure: Decimal, limit: Decimal | None) -> float | None:
    if not limit or limit < 0:
        return None
    return float((max(ZERO, exposure) / limit * _HUNDRED).quantize(_TENTH, ROUND_HALF_UP))
