"""Rollups: the figures of each customer whose rows changed, or of all when the day did."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

import orjson

from flows.accounts import counted
from flows.desk import Desk
from flows.view import rates_of
from scoring.ageing import MEASURES
from scoring.exposure import position
from scoring.ledger import Customer
from scoring.money import to_minor
from scoring.plain import LANE_TABS, Lane, PlainFigures
from scoring.results import BUCKETS, Position
from storage.accounts import Shape, account_from
from storage.documents import NOBODY, every_owner, numbered, papers_of
from storage.meta import put_meta
from storage.rollups import Rollup, drop_customers, put_rollups

Progress = Callable[[str, int, int], None]
_CHUNK = 2000


def refresh_rollups(desk: Desk, progress: Progress | None = None) -> int:
    """Bring the rollups up to date; how many were made. All or nothing, in one transaction."""
    mirror = desk.mirror
    day = _day_key(desk)
    everyone = mirror.meta("sums_day") != day
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
    work = _Work(desk, shape)
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
        connection.execute("delete from touched")
        put_meta(connection, {"sums_day": day})
    return made + len(found)


class _Work:
    """What making one rollup after the other needs: the lane for plain accounts and the long way for the others."""

    def __init__(self, desk: Desk, shape: Shape) -> None:
        self._desk, self._shape = desk, shape
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
        baseline = self._desk.baseline
        if baseline is not None:
            held = baseline.hold(customer)[0]
            customer = held if isinstance(held, Customer) else customer
        plain = owner not in self._claimed and len(rows) == 1 and customer.currency in {"", self._base}
        figures = self._plain(papers) if plain else None
        return self._long_way(owner, papers) if figures is None else self._of_lane(owner, customer, figures)

    def _plain(self, papers: Mapping[str, bytes]) -> PlainFigures | None:
        if not papers.keys() <= LANE_TABS:
            return None
        bills = [cells for _, cells in numbered(papers["invoices"])] if "invoices" in papers else []
        receipts = [cells for _, cells in numbered(papers["payments"])] if "payments" in papers else []
        return self._lane.figures(self._base, bills, receipts)

    def _of_lane(self, owner: int, customer: Customer, figures: PlainFigures) -> Rollup:
        """The lane answers in base currency only."""
        opened = sum(figures.buckets)
        money = (*figures.buckets, opened, figures.unapplied, 0, opened - figures.buckets[0])
        return _rollup(
            owner, customer, self._base, "1", money, figures.max_days_overdue, opened, opened - figures.unapplied,
            figures.newest_on,
        )  # fmt: skip

    def _long_way(self, owner: int, papers: Mapping[str, bytes]) -> Rollup | None:
        raw = account_from(self._desk.mirror.reading(), self._shape, owner, papers)
        if raw is None:
            return None
        account = counted(self._desk, raw)
        figures = position(account, self._rates, self._desk.policy, on=self._on, today=self._today)
        newest = figures.newest_document_on.toordinal() if figures.newest_document_on else None
        if not figures.own_known:
            return self._unknown(owner, account.customer, newest, figures.to_base)
        return _rollup(
            owner,
            account.customer,
            figures.currency,
            None if figures.to_base is None else str(figures.to_base),
            ageing_figures(figures),
            figures.max_days_overdue,
            to_minor(figures.open_base),
            to_minor(figures.exposure_base),
            newest,
            base_figures=None if figures.currency == self._base else base_figures(figures),
        )

    def _unknown(self, owner: int, customer: Customer, newest: int | None, to_base: Decimal | None = None) -> Rollup:
        """A needed rate is missing: no figure is known."""
        rate = None if to_base is None else str(to_base)
        nothing = (None,) * (len(BUCKETS) + 4)
        return _rollup(owner, customer, customer.currency or self._base, rate, nothing, None, None, None, newest)


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
    *,
    base_figures: str | None = None,
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
        base_figures=base_figures,
        newest_on=newest_on,
    )


def ageing_figures(figures: Position) -> tuple[int | None, ...]:
    """Buckets, open, unapplied, disputed, overdue in minor units of the customer's currency."""
    measures = (figures.open, figures.unapplied, figures.disputed, figures.overdue)
    return tuple(to_minor(amount) for amount in (*(figures.ageing[name] for name in BUCKETS), *measures))


def base_figures(figures: Position) -> str | None:
    """The same in base currency, as a JSON array; None where a rate is missing."""
    found = figures.base_figures
    return None if found is None else orjson.dumps([to_minor(found[name]) for name in (*BUCKETS, *MEASURES)]).decode()


def _day_key(desk: Desk) -> str:
    """What the figures of everybody depend on beside their own rows."""
    rates = [repr(row) for row in desk.mirror.tab_rows("rates")]
    on: date = desk.on()
    return f"{on}/{desk.today()}/{desk.policy.fingerprint}/{orjson.dumps(rates).decode()}"
