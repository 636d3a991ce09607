"""The verdict: may this customer be shipped to today (POLICY.md 0, the verdict table)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from scoring.calendar import working_days_between
from scoring.findings import Fact, Finding, Severity, Source
from scoring.ledger import Account, BlacklistEntry, Book, GroupFigures
from scoring.policy import Policy
from scoring.results import Grade, Position, Rating, Verdict, Veto

REASON_CODES = (
    "blacklist", "status", "V2", "V3", "V4", "V5", "licence", "grade_d",
    "rate_missing", "figures_too_large", "no_invoices", "duplicate_customer",
    "prepay", "no_line", "prospect",
    "invoices_missing", "limit_expired", "limit", "group_limit", "overdue", "warning", "stale", "blacklist_likeness",
    "unreadable",
)  # fmt: skip
"""Every code a reason may have, worst first; `texts` holds a sentence for each."""

_STOPPING_VETOES = ("V2", "V3", "V4", "V5")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What the verdict looks at."""

    account: Account
    book: Book
    policy: Policy
    position: Position
    rating: Rating | None
    vetoes: tuple[Veto, ...]
    warnings: tuple[Finding, ...]
    listed: BlacklistEntry | None
    alike: tuple[BlacklistEntry, ...]
    group: GroupFigures | None
    on: date

    @property
    def on_credit(self) -> bool:
        """Empty payment mode means credit."""
        return self.account.customer.payment_mode != "prepay"

    @property
    def source(self) -> Source:
        """The customer's own row."""
        customer = self.account.customer
        return Source("customers", customer.customer_id, customer.row)

    @property
    def limit_unread(self) -> bool:
        """A limit that stands in the sheet but could not be read is neither a limit nor none."""
        return "credit_limit" in self.account.customer.unread


def verdict(case: Case) -> tuple[Verdict | None, tuple[Finding, ...]]:
    """First row of the table that matches; all matching reasons, worst first."""
    rows: tuple[tuple[Verdict | None, tuple[Finding, ...]], ...] = (
        ("stop", tuple(_stops(case))),
        (None, tuple(_unknowns(case))),
        ("prepay", tuple(_prepay(case))),
        ("stop", tuple(_no_line(case))),
        ("approval", tuple(_approvals(case))),
    )
    decided: Verdict | None = next((name for name, found in rows if found), "ok")
    return decided, tuple(finding for _, found in rows for finding in found)


def hold_days(grade: Grade | None, policy: Policy) -> int:
    """Days past due from which orders are held; an unrated customer is held as C."""
    return policy.unrated_hold_days if grade is None else policy.grade(grade).hold_days


def _reason(case: Case, code: str, severity: Severity, source: Source | None = None, **facts: Fact) -> Finding:
    return Finding(code, severity, facts, source or case.source)


def _stops(case: Case) -> Iterator[Finding]:
    customer = case.account.customer
    status = customer.status or "active"
    if case.listed is not None:
        entry = case.listed
        source = Source("blacklist", entry.uscc or entry.name, entry.row)
        yield _reason(case, "blacklist", "stop", source, reason=entry.reason, added_on=entry.added_on)
    elif status == "blacklist":
        yield _reason(case, "blacklist", "stop", reason="", added_on=None)
    if status in {"stop", "closed"}:
        yield _reason(case, "status", "stop", status=status)
    for veto in case.vetoes:
        if veto.id in _STOPPING_VETOES:
            yield Finding(veto.id, "stop", veto.finding.facts, veto.finding.source)
    for document, last_day in (("licence", customer.licence_expires_on), ("permit", customer.permit_expires_on)):
        if last_day is not None and last_day < case.on:
            yield _reason(case, "licence", "stop", document=document, expired_on=last_day)
    if case.on_credit and case.rating is not None and case.rating.grade == "D":
        yield _reason(case, "grade_d", "stop", score=float(case.rating.score), grade_reason=case.rating.grade_reason)


def _unknowns(case: Case) -> Iterator[Finding]:
    missing = set(case.position.missing_rates)
    group = case.group
    if group is not None and group.limit is not None and None in {group.exposure_base, group.limit_base}:
        missing.add(group.currency)
    if missing:
        yield _reason(case, "rate_missing", "stop", currencies=tuple(sorted(missing)))
    if case.position.beyond:
        yield _reason(case, "figures_too_large", "stop")
    if not case.book.invoices_readable:
        yield _reason(case, "no_invoices", "stop")
    if case.account.twins:
        rows = (case.account.customer.row, *(twin.row for twin in case.account.twins))
        yield _reason(case, "duplicate_customer", "stop", rows=tuple(str(row) for row in rows))


def _prepay(case: Case) -> Iterator[Finding]:
    if not case.on_credit:
        yield _reason(case, "prepay", "info", unapplied=case.position.unapplied)


def _no_line(case: Case) -> Iterator[Finding]:
    # a temporary limit is an addition: it makes no line of an empty one or of an explicit zero
    if not case.on_credit or case.limit_unread or case.account.customer.credit_limit:
        return
    code = "prospect" if case.account.customer.status == "prospect" else "no_line"
    yield _reason(case, code, "stop", limit=case.position.limit)


def _approvals(case: Case) -> Iterator[Finding]:
    customer, position = case.account.customer, case.position
    if customer.status == "hold":
        yield _reason(case, "status", "approval", status="hold")
    if case.on_credit:
        if "invoices" not in case.book.tabs and case.book.invoices_readable:
            yield _reason(case, "invoices_missing", "approval")
        yield from _limits(case)
    grade = case.rating.grade if case.rating else None
    line = hold_days(grade, case.policy)
    if position.overdue > 0 and position.max_days_overdue >= line:
        worst = _oldest(position)
        yield _reason(
            case, "overdue", "approval", worst,
            have=position.max_days_overdue, allow=line, amount=position.overdue,
        )  # fmt: skip
    for warning in case.warnings:
        if warning.code != "utilisation" and warning.severity in {"orange", "red"}:
            facts: dict[str, Fact] = {"warning": warning.code, "colour": warning.severity, **warning.facts}
            yield Finding("warning", "approval", facts, warning.source)
    newest = case.book.newest_document_on
    allowed = case.policy.operating.stale_working_days
    if newest is None or working_days_between(newest, case.on) > allowed:
        yield _reason(case, "stale", "approval", newest_on=newest, allow=allowed)
    for entry in case.alike:
        source = Source("blacklist", entry.uscc or entry.name, entry.row)
        yield _reason(case, "blacklist_likeness", "approval", source, name=entry.name)
    for cell in position.unread:
        yield _reason(case, "unreadable", "approval", cell)


def _limits(case: Case) -> Iterator[Finding]:
    customer, position, group = case.account.customer, case.position, case.group
    if customer.limit_expires_on is not None and customer.limit_expires_on < case.on:
        yield _reason(case, "limit_expired", "approval", expired_on=customer.limit_expires_on)
    if position.limit is not None and position.exposure > position.limit:
        yield _reason(case, "limit", "approval", have=position.exposure, allow=position.limit)
    if group is not None and group.limit_base is not None and group.exposure_base is not None:
        have, allow = group.exposure_base, group.limit_base
        if have > allow:
            source = Source("customers", group.parent_id, None)
            yield _reason(case, "group_limit", "approval", source, group=group.parent_id, have=have, allow=allow)


def _oldest(position: Position) -> Source | None:
    late: Iterable[tuple[int, Source]] = (
        (line.days_overdue, line.source) for line in position.lines if line.open > line.disputed
    )
    return max(late, key=lambda pair: pair[0], default=(0, None))[1]
