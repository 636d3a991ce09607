"""Rollups: the figures of each customer whose rows changed, or of all when the day did."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

import orjson

from flows.accounts import counted
from flows.desk import Desk
from flows.view import rates_of
from scoring.currency import Rates
from scoring.exposure import position
from scoring.ledger import Customer
from scoring.money import to_minor
from scoring.plain import LANE_TABS, Lane, PlainFigures
from scoring.results import BUCKETS, Position
from storage.accounts import Shape, account_from
from storage.baseline import Decided, note_decided
from storage.documents import NOBODY, every_owner, numbered, papers_of
from storage.meta import put_meta
from storage.rollups import Rollup, drop_customers, put_rollups

Progress = Callable[[str, int, int], None]
_CHUNK = 2000


def refresh_rollups(desk: Desk, progress: Progress | None = None) -> int:
    """Bring the rollups up to date; how many were made. All or nothing, in one transaction."""
    mirror = desk.mirror
    day = _day_key(desk)
    # at the first sync of a sheet every row's decision columns count as decided: the same pass takes them down
    first = desk.baseline is not None and not desk.baseline.taken
    everyone = first or mirror.meta("sums_day") != day
    reading, shape = mirror.reading(), mirror.shape()
    if everyone:
        whom = every_owner(reading)
        size = mirror.whole().customers
    else:
        touched = mirror.touched()
        if not touched:
            return 0
        whom = ((owner, papers_of(reading, owner)) for owner in touched)
        size = len(touched)
    work = _Work(desk, shape, first=first)
    made = 0
    with mirror.writing() as connection:
        if everyone:
            connection.execute("delete from rollups")
        found: list[Rollup] = []
        gone: list[int] = []
        for owner, papers in whom:
            rollup = work.rollup(owner, papers) if owner != NOBODY else None
            if rollup is not None:
                found.append(rollup)
            else:
                gone.append(owner)
            if len(found) >= _CHUNK:
                put_rollups(connection, found)
                made += len(found)
                found.clear()
                if progress:
                    progress("rollups", made, max(size, made))
        put_rollups(connection, found)
        drop_customers(connection, gone)
        if work.decided is not None and desk.baseline is not None:
            desk.baseline.keep(work.decided)
        connection.execute("delete from touched")
        put_meta(connection, {"sums_day": day})
    return made + len(found)


class _Work:
    """What making one rollup after the other needs: the lane for plain accounts and the long way for the others."""

    def __init__(self, desk: Desk, shape: Shape, *, first: bool) -> None:
        self._desk, self._shape = desk, shape
        self._baseline = None if first else desk.baseline
        self.decided: Decided | None = {} if first else None
        self._on, self._today = desk.on(), desk.today()
        self._rates = rates_of(desk)
        self._base = desk.policy.base_currency
        readers = shape.readers
        self._lane = Lane(
            readers["invoices"].layout if "invoices" in readers else None,
            readers["payments"].layout if "payments" in readers else None,
            on=self._on,
            as_it_stands=self._on >= self._today,
        )
        self._claimed = {
            owner for repeated in shape.repeated.values() for owners in repeated.values() for owner in owners
        }

    def rollup(self, owner: int, papers: Mapping[str, bytes]) -> Rollup | None:
        """The rollup of one customer; None for an owner without a row among customers."""
        body = papers.get("customers")
        rows = self._shape.read("customers", body).rows if body is not None else []
        if not rows or not isinstance(rows[0], Customer):
            return None
        customer: Customer = rows[0]
        if self._baseline is not None:
            held = self._baseline.hold(customer)[0]
            customer = held if isinstance(held, Customer) else customer
        elif self.decided is not None:
            note_decided(self.decided, rows)
            if "orders" in papers:
                note_decided(self.decided, self._shape.read("orders", papers["orders"]).rows)
        figures = self._plain(customer, papers) if owner not in self._claimed and len(rows) == 1 else None
        return self._long_way(owner, papers) if figures is None else self._of_lane(owner, customer, figures)

    def _plain(self, customer: Customer, papers: Mapping[str, bytes]) -> PlainFigures | None:
        if not papers.keys() <= LANE_TABS:
            return None
        bills = [cells for _, cells in numbered(papers["invoices"])] if "invoices" in papers else []
        receipts = [cells for _, cells in numbered(papers["payments"])] if "payments" in papers else []
        return self._lane.figures(customer.currency or self._base, bills, receipts)

    def _of_lane(self, owner: int, customer: Customer, figures: PlainFigures) -> Rollup | None:
        own = customer.currency or self._base
        opened = sum(figures.buckets)
        exposure = opened - figures.unapplied
        if own == self._base:
            to_base, open_base, exposure_base = "1", opened, exposure
        else:
            rates = self._exchange()
            rate = rates.to_base(own)
            if rate is None:
                return self._unknown(owner, customer, figures.newest_on)
            to_base = str(rate)
            open_base, exposure_base = (
                to_minor(rates.convert(Decimal(amount).scaleb(-2), own, self._base)) or 0
                for amount in (opened, exposure)
            )
        money = (*figures.buckets, opened, figures.unapplied, 0, opened - figures.buckets[0])
        return _rollup(
            owner, customer, own, to_base, money, figures.max_days_overdue, open_base, exposure_base, figures.newest_on
        )

    def _long_way(self, owner: int, papers: Mapping[str, bytes]) -> Rollup | None:
        raw = account_from(self._desk.mirror.reading(), self._shape, owner, papers)
        if raw is None:
            return None
        account = counted(raw, self._baseline)
        figures = position(account, self._rates, self._desk.policy, on=self._on, today=self._today)
        newest = figures.newest_document_on.toordinal() if figures.newest_document_on else None
        if figures.missing_rates:
            return self._unknown(owner, account.customer, newest, figures.to_base)
        return _rollup(
            owner,
            account.customer,
            figures.currency,
            str(figures.to_base),
            ageing_figures(figures),
            figures.max_days_overdue,
            to_minor(figures.open_base),
            to_minor(figures.exposure_base),
            newest,
        )

    def _unknown(self, owner: int, customer: Customer, newest: int | None, to_base: Decimal | None = None) -> Rollup:
        """A needed rate is missing: no figure is known."""
        rate = None if to_base is None else str(to_base)
        nothing = (None,) * (len(BUCKETS) + 4)
        return _rollup(owner, customer, customer.currency or self._base, rate, nothing, None, None, None, newest)

    def _exchange(self) -> Rates:
        return Rates(self._rates, self._base, self._on, self._desk.policy.reading.rate_days)


def _rollup(
    owner: int,
    customer: Customer,
    currency: str,
    to_base: str | None,
    figures: tuple[int | None, ...],
    longest: int | None,
    open_base: int | None,
    exposure_base: int | None,
    newest_on: int | None,
) -> Rollup:
    return Rollup(
        owner=owner,
        customer_id=customer.customer_id,
        name=customer.name,
        row=customer.row,
        aliases=customer.aliases,
        uscc=customer.uscc,
        closed=customer.status == "closed",
        parent_id=customer.parent_id,
        currency=currency,
        to_base=to_base,
        group_limit=None if customer.group_limit is None else str(customer.group_limit),
        figures=figures,
        max_days_overdue=longest,
        open_base=open_base,
        exposure_base=exposure_base,
        newest_on=newest_on,
    )


def ageing_figures(figures: Position) -> tuple[int | None, ...]:
    """Buckets, open, unapplied, disputed, overdue in minor units of the customer's currency."""
    measures = (figures.open, figures.unapplied, figures.disputed, figures.overdue)
    return tuple(to_minor(amount) for amount in (*(figures.ageing[name] for name in BUCKETS), *measures))


def _day_key(desk: Desk) -> str:
    """What the figures of everybody depend on beside their own rows."""
    rates = [repr(row) for row in desk.mirror.tab_rows("rates")]
    on: date = desk.on()
    return f"{on}/{desk.today()}/{desk.policy.fingerprint}/{orjson.dumps(rates).decode()}"
