"""Vetoes and caps V1-V11: each names its id, its evidence and what it does (POLICY.md 2)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from scoring.blacklist import listed
from scoring.dates import add_months
from scoring.factors_external import net_assets_base, newest_check
from scoring.findings import Fact, Finding, Source
from scoring.ledger import Account, Book
from scoring.names import normalise
from scoring.policy import Policy
from scoring.ratios import net_assets, statements, z_score
from scoring.results import Behaviour, Grade, OpenLine, Position, Veto

VETO_CODES = ("V1", "V2", "V3", "V4", "V5", "V6", "V7", "V8", "V9", "V10", "V11")
_NONE = Decimal(0)
_BAD_REGISTER = frozenset({"revoked", "cancelled", "bankrupt"})


def vetoes(
    account: Account, position: Position, paying: Behaviour, book: Book, policy: Policy, *, on: date
) -> tuple[Veto, ...]:
    """All that apply at D, in the order of their ids."""
    return tuple(_Look(account, position, paying, book, policy, on).found())


class _Look:
    def __init__(
        self, account: Account, position: Position, paying: Behaviour, book: Book, policy: Policy, on: date
    ) -> None:
        self.account, self.position, self.paying = account, position, paying
        self.book, self.policy, self.on = book, policy, on
        self.customer = account.customer
        self.own = Source("customers", account.customer.customer_id, account.customer.row)
        self.check = newest_check(account, on)
        self.checked = Source("checks", self.check.key, self.check.row) if self.check else None
        self.periods = statements(account, on)

    def found(self) -> Iterator[Veto]:
        for look in (
            self._v1, self._v2, self._v3, self._v4, self._v5, self._v6, self._v7, self._v8, self._v9, self._v10,
            self._v11,
        ):  # fmt: skip
            veto = look()
            if veto is not None:
                yield veto

    def _v1(self) -> Veto | None:
        entry, _ = listed(self.customer, self.book.blacklist, self.on)
        if entry is not None:
            return _veto(
                "V1", "D", Source("blacklist", entry.uscc or entry.name, entry.row), stops=True, reason=entry.reason
            )
        if self.customer.status == "blacklist":
            return _veto("V1", "D", self.own, stops=True, reason="")
        return None

    def _v2(self) -> Veto | None:
        check = self.check
        if check is None:
            return None
        if check.dishonest:
            return _veto("V2", "D", self.checked, stops=True, record="dishonest")
        if check.serious_violation:
            return _veto("V2", "D", self.checked, stops=True, record="serious_violation")
        if check.registry_status in _BAD_REGISTER:
            return _veto("V2", "D", self.checked, stops=True, record=check.registry_status)
        return None

    def _v3(self) -> Veto | None:
        rule = self.policy.vetoes
        line = self._v3_line()
        if line is not None:
            return _veto(
                "V3", "D", line.source, stops=True,
                invoice_no=line.invoice_no, days=line.days_overdue, amount=line.open - line.disputed,
            )  # fmt: skip
        written = self.position.write_off_on
        fresh = written is not None and written >= add_months(self.on, -rule.write_off_months)
        # a write-off without a day counts as fresh, and no day is made up for it
        if fresh or self.position.write_off_undated:
            written = written if fresh else None
            return _veto(
                "V3", "D", Source("invoices", self.customer.customer_id, None), stops=True, written_off_on=written
            )
        return None

    def _v3_line(self) -> OpenLine | None:
        """The oldest undisputed invoice past V3's days with V3's amount open."""
        rule = self.policy.vetoes
        hits = [
            line
            for line in self._undisputed()
            if line.days_overdue > rule.overdue_days and self._in_base(line) >= rule.overdue_amount
        ]
        return max(hits, key=lambda line: line.days_overdue, default=None)

    def _undisputed(self) -> list[OpenLine]:
        return [line for line in self.position.lines if line.bucket != "not_due" and line.open > line.disputed]

    def _in_base(self, line: OpenLine) -> Decimal:
        """The undisputed open part in base currency."""
        return line.open_base - line.left_out_base

    def _v4(self) -> Veto | None:
        if self.check is None or not self.check.suing_us:
            return None
        return _veto("V4", "D", self.checked, stops=True, checked_on=self.check.checked_on)

    def _v5(self) -> Veto | None:
        rule = self.policy.vetoes
        old = [line for line in self._undisputed() if line.days_overdue > rule.cap_overdue_days]
        if not old:
            return None
        caught = [
            line for line in old if line.days_overdue > rule.overdue_days and self._in_base(line) >= rule.overdue_amount
        ]
        amount = sum((line.open - line.disputed for line in old), Decimal(0))
        share = amount / self.position.open * 100 if self.position.open else Decimal(0)
        if len(caught) == len(old) and share <= rule.cap_overdue_share_pct:
            return None
        worst = max(old, key=lambda line: line.days_overdue)
        return _veto(
            "V5", "C", worst.source, stops=True,
            amount=amount, days=worst.days_overdue, over=rule.cap_overdue_days, invoice_no=worst.invoice_no,
        )  # fmt: skip

    def _v6(self) -> Veto | None:
        customer = self.customer
        cap: Grade = "D" if customer.regulated else "C"
        for document, last in (("licence", customer.licence_expires_on), ("permit", customer.permit_expires_on)):
            if last is not None and last < self.on:
                return _veto("V6", cap, self.own, stops=True, document=document, expired_on=last)
        return None

    def _v7(self) -> Veto | None:
        check = self.check
        if check is None:
            return None
        if check.abnormal_list:
            return _veto("V7", "C", self.checked, record="abnormal_list")
        pending = check.pending_suits_amount
        if pending is None or pending <= 0:
            return None
        worth = net_assets_base(self.account, self.book, self.policy, self.on)
        if worth is None:
            return None
        if worth <= 0 or pending >= worth * self.policy.vetoes.pending_suits_pct / 100:
            return _veto("V7", "C", self.checked, record="pending_suits", amount=pending, net_assets=worth)
        return None

    def _v8(self) -> Veto | None:
        rule = self.policy.vetoes
        newest = self.periods[0].period_end if self.periods else None
        if newest is not None and add_months(newest, rule.statements_months) >= self.on:
            return None
        source = Source("financials", self.periods[0].key, self.periods[0].row) if self.periods else None
        return _veto("V8", "C", source, limit=rule.statements_limit, period_end=newest)

    def _v9(self) -> Veto | None:
        if not self.periods:
            return None
        row = self.periods[0]
        source = Source("financials", row.key, row.row)
        worth, score, cash = net_assets(row), z_score(row), row.operating_cash_flow
        if worth is not None and worth < 0:
            return _veto("V9", "C", source, net_assets=worth)
        if score is not None and score < self.policy.vetoes.z_score and cash is not None and cash < 0:
            return _veto("V9", "C", source, z_score=float(round(score, 2)))
        return None

    def _v10(self) -> Veto | None:
        since = self.paying.first_invoice_on or self.customer.cooperation_since
        if self.paying.new_customer:
            return _veto("V10", "C", self.own, since=since, settled=self.paying.settled_count)
        if since is not None and add_months(since, self.policy.reading.new_months_cap_b) > self.on:
            return _veto("V10", "B", self.own, since=since, settled=self.paying.settled_count)
        return None

    def _v11(self) -> Veto | None:
        if self.check is None or not self.check.uscc_verified:
            return _veto("V11", None, self.checked or self.own, problem="uscc_not_verified", limit=_NONE)
        if not self.customer.controller.strip():
            return _veto("V11", None, self.own, problem="controller_unknown", limit=_NONE)
        stranger = self._unexplained_payer()
        if stranger is not None:
            return _veto("V11", None, Source("payments", *stranger), problem="third_party_payer", limit=_NONE)
        return None

    def _unexplained_payer(self) -> tuple[str, int] | None:
        """A receipt, however old, from somebody who is neither the customer nor a known payer."""
        customer = self.customer
        listed_names = f"{customer.name};{customer.aliases};{customer.known_payers}".replace("；", ";")
        known = {normalise(name) for name in listed_names.split(";")}
        for receipt in self.account.payments:
            day = receipt.received_on
            if (
                receipt.customer_id == customer.customer_id
                and receipt.payer
                and day is not None
                and day <= self.on
                and normalise(receipt.payer) not in known
            ):
                return receipt.receipt_no, receipt.row
        return None


def _veto(veto_id: str, cap: Grade | None, source: Source | None, *, stops: bool = False, **facts: Fact) -> Veto:
    limit = facts.get("limit")
    return Veto(
        id=veto_id,
        cap_grade=cap,
        cap_limit_base=limit if isinstance(limit, Decimal) else None,
        stops=stops,
        finding=Finding(veto_id, "stop" if stops else "info", {"cap": cap, **facts}, source),
    )
