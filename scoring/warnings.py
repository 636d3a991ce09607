"""The signals that one day's ledger shows: utilisation, oldest overdue, expiries, returns, courts (POLICY.md 7)."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from scoring.currency import Rates
from scoring.factors_external import newest_check
from scoring.findings import Fact, Finding, Source
from scoring.ledger import Account, Book
from scoring.policy import Policy
from scoring.results import Colour, Grade, Position, Rating
from scoring.signals_strain import StrainSignals
from scoring.signals_trade import TradeSignals

WARNING_CODES = (
    "utilisation", "oldest_overdue", "licence_expiring", "permit_expiring", "guarantee_expiring", "contract_expiring",
    "limit_expiring", "temp_limit_expiring", "returns_and_disputes", "enforcement",
    "order_jump", "order_after_idle", "days_to_pay", "roll", "broken_promises", "prepay_on_credit",
    "credit_without_line", "new_suits", "rating_expiring", "funding_chain",
)  # fmt: skip


def signals(
    account: Account, position: Position, rating: Rating | None, book: Book, policy: Policy, *, on: date
) -> tuple[Finding, ...]:
    """The day's own colours; `escalated` is None because escalation over time needs the record of earlier days."""
    look = _Signals(account, position, rating.grade if rating else None, book, policy, on)
    return tuple(look.found())


class _Signals:
    def __init__(
        self, account: Account, position: Position, grade: Grade | None, book: Book, policy: Policy, on: date
    ) -> None:
        self.account, self.position, self.grade = account, position, grade
        self.book, self.policy, self.on = book, policy, on
        self.rates = Rates(book.rates, policy.base_currency, on, policy.reading.rate_days)
        self.own = Source("customers", account.customer.customer_id, account.customer.row)

    def found(self) -> Iterator[Finding]:
        yield from self._utilisation()
        yield from self._overdue()
        yield from self._expiries()
        yield from self._returns()
        yield from self._enforcement()
        trade = TradeSignals(self.account, self.position, self.grade, self.policy, self.on)
        strain = StrainSignals(self.account, self.grade, self.book, self.policy, self.on)
        for code, colour, source, facts in (*trade.found(self.rates), *strain.found()):
            yield self._warning(code, colour, source, **facts)

    def _line(self, name: str) -> Decimal:
        return self.policy.warning_line(name, self.grade)

    def _warning(self, code: str, colour: Colour, source: Source | None = None, **facts: Fact) -> Finding:
        return Finding(code, colour, {**facts, "escalated": None}, source or self.own)

    def _utilisation(self) -> Iterator[Finding]:
        position = self.position
        if not position.limit or position.limit < 0:
            return
        exact = max(Decimal(0), position.exposure) / position.limit * 100
        for colour, line in (
            ("orange", self._line("utilisation_orange")),
            ("yellow", self._line("utilisation_yellow")),
        ):
            if exact >= line:
                yield self._warning("utilisation", _colour(colour), have=position.utilisation, line=float(line))
                return

    def _overdue(self) -> Iterator[Finding]:
        days = self.position.max_days_overdue
        for colour in ("red", "orange", "yellow"):
            line = self._line(f"overdue_{colour}_days")
            if days and days >= line:
                source = Source("invoices", *self._oldest())
                yield self._warning("oldest_overdue", _colour(colour), source, have=days, line=int(line))
                return

    def _oldest(self) -> tuple[str, int | None]:
        late = [line for line in self.position.lines if line.bucket != "not_due" and line.open > line.disputed]
        worst = max(late, key=lambda line: line.days_overdue)
        return worst.invoice_no, worst.source.row

    def _expiries(self) -> Iterator[Finding]:
        customer = self.account.customer
        last = self.on + timedelta(days=int(self._line("expiry_days")))
        temp = customer.temp_limit_expires_on if customer.temp_limit else None
        limit = customer.limit_expires_on if customer.credit_limit else None
        for code, day in (
            ("licence_expiring", customer.licence_expires_on),
            ("permit_expiring", customer.permit_expires_on),
            ("limit_expiring", limit),
            ("temp_limit_expiring", temp),
        ):
            if day is not None and self.on <= day <= last:
                yield self._warning(code, "yellow", expires_on=day, days=(day - self.on).days)
        for security in self.account.securities:
            day = security.expires_on
            if day is not None and self.on <= day <= last and security.kind != "deposit":
                source = Source("securities", security.security_id, security.row)
                yield self._warning("guarantee_expiring", "yellow", source, expires_on=day, days=(day - self.on).days)
        for contract in self.account.contracts:
            day = contract.expires_on
            if day is not None and self.on <= day <= last:
                source = Source("contracts", contract.contract_no, contract.row)
                yield self._warning("contract_expiring", "yellow", source, expires_on=day, days=(day - self.on).days)

    def _returns(self) -> Iterator[Finding]:
        """Returns and disputes begun in the last 90 days against the sales of those days."""
        first = self.on - timedelta(days=self.policy.warnings.returns_days)
        own_id, own = self.account.customer.customer_id, self.position.currency
        sales = returned = Decimal(0)
        began: set[int | None] = set()
        for row in self.account.invoices:
            if row.customer_id != own_id or row.amount is None or row.issued_on is None:
                continue
            if first < row.issued_on <= self.on:
                sales += self.rates.convert(row.amount, row.currency or own, own)
            if row.disputed and (row.disputed_on is None or first < row.disputed_on <= self.on):
                began.add(row.row)
        for back in self.account.returns:
            if back.amount is not None and back.occurred_on is not None and first < back.occurred_on <= self.on:
                returned += back.amount
        disputed = sum((line.disputed_open for line in self.position.lines if line.source.row in began), Decimal(0))
        if sales <= 0:
            return
        share = (returned + disputed) / sales * 100
        line = self._line("returns_pct")
        if share >= line:
            have = float(share.quantize(Decimal("0.1"), ROUND_HALF_UP))
            yield self._warning("returns_and_disputes", "yellow", have=have, line=float(line))

    def _enforcement(self) -> Iterator[Finding]:
        """A court enforces against the customer now, or lists him as dishonest."""
        check = newest_check(self.account, self.on)
        if check is not None and (check.dishonest or check.enforcement == "current"):
            source = Source("checks", check.key, check.row)
            yield self._warning("enforcement", "red", source, checked_on=check.checked_on)


def _colour(name: str) -> Colour:
    return "red" if name == "red" else "orange" if name == "orange" else "yellow"
