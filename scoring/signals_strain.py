"""Signals that money runs short: suits, a break in the chain of funds, a rating that runs out (POLICY.md 7)."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from scoring.dates import add_months
from scoring.factors_external import net_assets_base, newest_check
from scoring.findings import Fact, Source
from scoring.ledger import Account, Book, Check, Payment
from scoring.policy import Policy
from scoring.ratios import current_ratio, statements
from scoring.results import Colour, Grade
from scoring.signals_trade import tenth

ZERO = Decimal(0)
Signal = tuple[str, Colour, Source, dict[str, Fact]]


class StrainSignals:
    """What courts, statements and receipts say of one customer on one day."""

    def __init__(self, account: Account, grade: Grade | None, book: Book, policy: Policy, on: date) -> None:
        """`grade` chooses the lines; None = unrated."""
        self.account, self.grade, self.book, self.policy, self.on = account, grade, book, policy, on
        self.lines = policy.warnings

    def found(self) -> Iterator[Signal]:
        """(code, colour, where it stands, facts) of each that holds."""
        check = newest_check(self.account, self.on)
        if check is not None:
            yield from self._suits(check)
            yield from self._rating(check)
        yield from self._chain(check)

    def _suits(self, check: Check) -> Iterator[Signal]:
        """What was sued for more than at the check before: a share of net assets, or the amount where that is less."""
        before = [row for row in self.account.checks if row.checked_on and check.checked_on and row is not check]
        former = max(
            (row for row in before if row.checked_on and check.checked_on and row.checked_on < check.checked_on),
            key=lambda row: (row.checked_on or date.min, -row.row),
            default=None,
        )
        known = ZERO if former is None else former.suits_amount or ZERO
        new = (check.suits_amount or ZERO) - known
        if new <= 0:
            return
        worth = net_assets_base(self.account, self.book, self.policy, self.on)
        line = self.policy.warning_line("suits_pct", self.grade)
        share = new / worth * 100 if worth is not None and worth > 0 else None
        beyond = worth is not None and (share is None or share >= line)  # of nothing, any suit is too much
        if new >= self.lines.suits_amount or beyond:
            have = None if share is None else tenth(share)
            facts: dict[str, Fact] = {"amount": new, "have": have, "line": float(line)}
            yield "new_suits", "yellow", Source("checks", check.key, check.row), facts

    def _rating(self, check: Check) -> Iterator[Signal]:
        """An outside rating that counts today and will not in some days."""
        if check.rating is None or check.rating_on is None or check.rating_on > self.on:
            return
        ends = add_months(check.rating_on, self.policy.reading.rating_months)
        last = self.on + timedelta(days=int(self.policy.warning_line("expiry_days", self.grade)))
        if self.on <= ends <= last:
            facts: dict[str, Fact] = {"expires_on": ends, "days": (ends - self.on).days}
            yield "rating_expiring", "yellow", Source("checks", check.key, check.row), facts

    def _chain(self, check: Check | None) -> Iterator[Signal]:
        """Funding-chain break 资金链断裂: two of bounced, part or round-sum payments, thin liquidity, enforcement."""
        since = self.on - timedelta(days=self.lines.recent_days)
        recent = [
            row
            for row in self.account.payments
            if row.customer_id == self.account.customer.customer_id
            and row.received_on is not None
            and since < row.received_on <= self.on
        ]
        bounced = [row for row in recent if row.bounced]
        periods = statements(self.account, self.on)
        ratio = current_ratio(periods[0]) if periods else None
        signs = {
            "bounced": bool(bounced),
            "part_payments": self._in_parts(recent),
            "current_ratio": ratio is not None and ratio < 1,
            "enforcement": check is not None and check.enforcement == "current",
        }
        seen = [name for name, holds in signs.items() if holds]
        if len(seen) >= 2:
            own = Source("customers", self.account.customer.customer_id, self.account.customer.row)
            source = Source("payments", bounced[-1].receipt_no, bounced[-1].row) if bounced else own
            yield "funding_chain", "red", source, {"have": len(seen), "line": 2, "signs": ", ".join(seen)}

    def _in_parts(self, recent: list[Payment]) -> bool:
        """Two or more receipts that pay a part of an invoice, or a round sum that no invoice asks for."""
        asked = {row.invoice_no: row.amount for row in self.account.invoices if row.amount is not None}
        amounts = set(asked.values())
        step = self.lines.round_sum
        odd = 0
        for row in recent:
            if row.amount is None or row.amount <= 0 or row.bounced:
                continue
            whole = asked.get(row.invoice_no)
            part = whole is not None and row.amount < whole
            odd += part or (row.amount % step == 0 and row.amount not in amounts)
        return odd >= 2
