"""Signals in how a customer buys, pays and keeps his word (POLICY.md 7): order jump, slower pay, roll, promises."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate

from scoring.currency import Rates
from scoring.findings import Fact, Source
from scoring.ledger import Account, Order
from scoring.policy import Policy
from scoring.results import Colour, Grade, Position

ZERO = Decimal(0)
_TENTH = Decimal("0.1")


def tenth(value: Decimal) -> float:
    """One decimal, half up, as figures are shown."""
    return float(value.quantize(_TENTH, ROUND_HALF_UP))


class TradeSignals:
    """The customer's own rows on one day; amounts in his currency."""

    def __init__(self, account: Account, position: Position, grade: Grade | None, policy: Policy, on: date) -> None:
        """`grade` chooses the lines; None = unrated."""
        self.account, self.position, self.grade, self.policy, self.on = account, position, grade, policy, on
        self.lines = policy.warnings

    def found(self, rates: Rates) -> Iterator[tuple[str, Colour, Source, dict[str, Fact]]]:
        """(code, colour, where it stands, facts) of each that holds."""
        yield from self._orders(rates)
        yield from self._slower()
        yield from self._roll()
        yield from self._promises()
        yield from self._without_line()

    def _line(self, name: str) -> Decimal:
        return self.policy.warning_line(name, self.grade)

    def _orders(self, rates: Rates) -> Iterator[tuple[str, Colour, Source, dict[str, Fact]]]:
        """An open order far above the mean of the six months before it, or the first after long silence.

        The largest multiple is told; silence is told of the newest order. Both need earlier orders to compare with.
        """
        own, mine = self.position.currency, self.account.customer.customer_id
        dated: list[tuple[date, Decimal, Order]] = sorted(
            (
                (order.ordered_on, rates.convert(order.amount, order.currency or own, own), order)
                for order in self.account.orders
                if order.customer_id == mine
                and order.status != "cancelled"
                and order.ordered_on is not None
                and order.ordered_on <= self.on
                and order.amount is not None
                and order.amount > 0
            ),
            key=lambda item: (item[0], item[2].order_no),
        )
        days = [when for when, _, _ in dated]
        sums = list(accumulate((value for _, value, _ in dated), initial=ZERO))
        jump: tuple[Decimal, Order] | None = None
        for day, amount, order in dated:
            if order.status not in {"open", None}:
                continue
            first = bisect_left(days, day - timedelta(days=self.lines.mean_days))
            count = bisect_left(days, day) - first
            mean = (sums[first + count] - sums[first]) / count if count else ZERO
            if mean and (jump is None or amount / mean > jump[0]):
                jump = amount / mean, order
        line = self._line("order_jump")
        if jump is not None and jump[0] >= line:
            yield "order_jump", "yellow", _at(jump[1]), {"have": tenth(jump[0]), "line": float(line)}
        if len(dated) > 1 and dated[-1][2].status in {"open", None}:
            place = bisect_left(days, days[-1])
            before = days[place - 1] if place else None
            idle = None if before is None else (dated[-1][0] - before).days
            if idle is not None and idle >= self.lines.idle_days:
                yield "order_after_idle", "yellow", _at(dated[-1][2]), {"have": idle, "line": self.lines.idle_days}

    def _slower(self) -> Iterator[tuple[str, Colour, Source, dict[str, Fact]]]:
        """Days to pay, weighted by amount: invoices settled in the last days against the six months before."""
        since = self.on - timedelta(days=self.lines.recent_days)
        start = since - timedelta(days=self.lines.mean_days)
        recent, prior = [ZERO, ZERO], [ZERO, ZERO]
        for item in self.position.settled:
            if item.closed_on is None or item.issued_on is None or item.closed_on <= start or item.amount <= 0:
                continue
            kept = recent if item.closed_on > since else prior
            kept[0] += item.amount * (item.closed_on - item.issued_on).days
            kept[1] += item.amount
        if not recent[1] or not prior[1]:
            return
        more = recent[0] / recent[1] - prior[0] / prior[1]
        line = self._line("days_to_pay")
        if more >= line:
            facts: dict[str, Fact] = {"have": tenth(more), "line": float(line)}
            yield "days_to_pay", "yellow", self._own(), facts

    def _roll(self) -> Iterator[tuple[str, Colour, Source, dict[str, Fact]]]:
        """Of what was 1 to 30 days late thirty days ago: the share that is 31 to 60 days late now."""
        ago = self.on - timedelta(days=30)
        rolled = sum((line.open - line.disputed for line in self.position.lines if line.bucket == "31-60"), ZERO)
        paid = sum(
            (
                item.amount
                for item in self.position.settled
                if item.closed_on is not None and item.closed_on > ago and 1 <= (ago - item.due_on).days <= 30
            ),
            ZERO,
        )
        line = self._line("roll_pct")
        if rolled > 0 and rolled / (rolled + paid) * 100 >= line:
            facts: dict[str, Fact] = {"have": tenth(rolled / (rolled + paid) * 100), "line": float(line)}
            yield "roll", "yellow", self._own(), facts

    def _promises(self) -> Iterator[tuple[str, Colour, Source, dict[str, Fact]]]:
        """Promises of the last days that were broken, or whose day has passed while something is still overdue."""
        first = self.on - timedelta(days=self.lines.recent_days)
        late = self.position.overdue > 0
        broken = [
            row
            for row in self.account.promises
            if row.promised_on is not None
            and first < row.promised_on < self.on
            and (row.outcome == "broken" or (row.outcome is None and late))
        ]
        line = self._line("broken_promises")
        if broken and len(broken) >= line:
            newest = max(broken, key=lambda row: (row.promised_on or date.min, row.row))
            source = Source("promises", newest.promise_id, newest.row)
            yield "broken_promises", "yellow", source, {"have": len(broken), "line": int(line)}

    def _without_line(self) -> Iterator[tuple[str, Colour, Source, dict[str, Fact]]]:
        """A prepaying customer who owes, and a customer on credit who owes without a line."""
        position, customer = self.position, self.account.customer
        if position.exposure <= 0:
            return
        if customer.payment_mode == "prepay":
            yield "prepay_on_credit", "yellow", self._own(), {"amount": position.exposure}
        elif not customer.credit_limit:
            yield "credit_without_line", "yellow", self._own(), {"amount": position.exposure}

    def _own(self) -> Source:
        return Source("customers", self.account.customer.customer_id, self.account.customer.row)


def _at(order: Order) -> Source:
    return Source("orders", order.order_no, order.row)
