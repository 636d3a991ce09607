"""How a customer pays: lateness, on-time share, DSO and the months he buys in (POLICY.md 0, "Behaviour")."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from scoring.currency import Rates
from scoring.dates import add_months, month_start
from scoring.ledger import Account, Rate
from scoring.policy import Policy
from scoring.results import Behaviour, Position, Settled

ZERO = Decimal(0)
_HUNDRED = Decimal(100)


def behaviour(
    account: Account,
    position: Position,
    policy: Policy,
    *,
    on: date,
    has_orders_tab: bool,
    rates: Mapping[str, tuple[Rate, ...]],
) -> Behaviour:
    """Figures over the days up to D: lateness weighted by amount, signed where the payment score needs it.

    Invoices settled in the last 365 days, and open overdue ones at their days to date; disputed ones included,
    credit notes and written-off ones left out. Months are the 12 whole ones before the month of D.
    """
    window = on - timedelta(days=policy.reading.behaviour_days)
    weight = beyond = signed = punctual = ZERO
    worst: int | None = None
    for item in position.settled:
        if item.closed_on is not None and item.closed_on <= window:
            continue
        late = max(0, item.days_late)
        weight += item.amount
        beyond += item.amount * late
        signed += item.amount * item.days_late
        punctual += item.amount if _punctual(item) else ZERO
        worst = late if worst is None or late > worst else worst
    sold = _Sales(account, position, policy, on, rates)
    share = _share(position.open - position.ageing["not_due"], position.open)
    settled_count = sum(1 for item in position.settled if item.closed_on is not None)
    dso = sold.days_outstanding(position.open - position.unapplied)
    best = sold.days_outstanding(position.ageing["not_due"])
    return Behaviour(
        days_beyond_terms=beyond / weight if weight else None,
        on_time_pct=punctual / weight * _HUNDRED if weight else None,
        worst=worst,
        payment_score=payment_score(signed / weight, policy) if weight else None,
        dso=dso,
        bpdso=best,
        add=None if dso is None or best is None else dso - best,
        overdue_share_pct=share,
        sales_12m=sum(sold.by_month.values(), ZERO),
        average_monthly_sales=sold.monthly_mean(),
        active_months=sold.active_months(has_orders_tab=has_orders_tab),
        settled_count=settled_count,
        first_invoice_on=sold.first,
        new_customer=_is_new(settled_count, sold.first or account.customer.cooperation_since, policy, on),
    )


def _punctual(item: Settled) -> bool:
    return item.closed_on is not None and item.days_late <= 0


def _share(part: Decimal, whole: Decimal) -> Decimal:
    return part / whole * _HUNDRED if whole else ZERO


def _is_new(settled_count: int, since: date | None, policy: Policy, on: date) -> bool:
    reading = policy.reading
    return settled_count < reading.new_settled or since is None or (on - since).days < reading.new_days


def payment_score(days: Decimal, policy: Policy) -> Decimal:
    """PAYDEX-like points of weighted signed days late: straight lines between the policy's points."""
    table = policy.reading.payment_score
    if days <= table[0][0]:
        return table[0][1]
    for (left, high), (right, low) in pairwise(table):
        if days <= right:
            return high + (days - left) / (right - left) * (low - high)
    return table[-1][1]


class _Sales:
    """Invoices issued less credit notes, by day and month, in the customer's currency."""

    def __init__(
        self, account: Account, position: Position, policy: Policy, on: date, rates: Mapping[str, tuple[Rate, ...]]
    ) -> None:
        self.account, self.on = account, on
        self.min_days = policy.reading.dso_min_days
        self.end = month_start(on)
        self.start = add_months(self.end, -12)
        self.first: date | None = None
        self.days_365 = ZERO
        self.by_month: dict[tuple[int, int], Decimal] = {}
        self.billed_months: set[tuple[int, int]] = set()
        own, year_ago = position.currency, on - timedelta(days=365)
        exchange = Rates(rates, policy.base_currency, on, policy.reading.rate_days)
        seen: set[str] = set()
        for invoice in account.invoices:
            issued, amount = invoice.issued_on, invoice.amount
            if issued is None or amount is None or issued > on or invoice.customer_id != account.customer.customer_id:
                continue
            if invoice.invoice_no in seen:
                continue
            if invoice.invoice_no:
                seen.add(invoice.invoice_no)
            if amount > 0 and (self.first is None or issued < self.first):
                self.first = issued
            if issued <= year_ago and issued < self.start:
                continue
            if invoice.currency and invoice.currency != own:
                amount = exchange.convert(amount, invoice.currency, own)
            if issued > year_ago:
                self.days_365 += amount
            if self.start <= issued < self.end:
                month = (issued.year, issued.month)
                self.by_month[month] = self.by_month.get(month, ZERO) + amount
                if amount > 0:
                    self.billed_months.add(month)

    def days_outstanding(self, balance: Decimal) -> Decimal | None:
        """balance / sales of 365 days x those days, or the days since the first invoice (at least the policy's)."""
        if self.days_365 <= 0 or self.first is None:
            return None
        days = min(365, max(self.min_days, (self.on - self.first).days))
        return balance / self.days_365 * days

    def monthly_mean(self) -> Decimal | None:
        """Mean of the months with sales; None without any."""
        active = [amount for amount in self.by_month.values() if amount > 0]
        return sum(active, ZERO) / len(active) if active else None

    def active_months(self, *, has_orders_tab: bool) -> int:
        """Months with orders, cancelled ones aside; with invoices when there is no orders tab."""
        if not has_orders_tab:
            return len(self.billed_months)
        return len({
            (order.ordered_on.year, order.ordered_on.month)
            for order in self.account.orders
            if order.ordered_on is not None
            and self.start <= order.ordered_on < self.end
            and order.status != "cancelled"
        })  # fmt: skip
