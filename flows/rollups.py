"""Rollups: the figures of each customer whose rows changed, or of all when the day did."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

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
from storage.decided import GUARDED_TABS, Decided, decided_in, note_decided
from storage.documents import NOBODY, every_owner, numbered, papers_of, rows_in
from storage.meta import put_meta
from storage.rollups import Rollup, drop_customers, put_rollups
from storage.totals import add_up, put_on, take_off

Progress = Callable[[str, int, int], None]
_CHUNK = 2000


def refresh_rollups(desk: Desk, progress: Progress | None = None) -> int:
    """Bring the rollups up to date; how many were made. All or nothing, in one transaction."""
    mirror = desk.mirror
    day = day_key(desk)
    # when a tab is first seen its decision columns count as decided: the same pass takes them down
    fresh = _undecided(desk)
    everyone = bool(fresh) or mirror.meta("sums_day") != day
    reading, shape = mirror.reading(), mirror.shape()
    touched = mirror.touched()
    if everyone:
        whom = every_owner(reading)
        size = mirror.whole().customers
    else:
        if not touched:
            return 0
        whom = ((owner, papers_of(reading, owner)) for owner in touched)
        size = len(touched)
    work = _Work(desk, shape, fresh)
    made = 0
    with mirror.writing() as connection:
        if everyone:
            connection.execute("delete from rollups")
        else:
            take_off(connection)
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
        if fresh and desk.baseline is not None:
            desk.baseline.keep(work.decided, fresh)
        if everyone:
            add_up(connection)
        else:
            put_on(connection)
        # not those whom another process has touched since
        connection.executemany("delete from touched where owner = ?", ((owner,) for owner in touched))
        put_meta(connection, {"sums_day": day})
    return made + len(found)


def _undecided(desk: Desk) -> frozenset[str]:
    """Guarded tabs of the copy whose decision columns have not been taken down; none while customers are not there."""
    there = frozenset(orjson.loads(desk.mirror.meta("tabs") or "[]"))
    if desk.baseline is None or "customers" not in there:
        return frozenset()
    return there & frozenset(GUARDED_TABS) - desk.baseline.tabs


class _Work:
    """What making one rollup after the other needs: the lane for plain accounts and the long way for the others."""

    def __init__(self, desk: Desk, shape: Shape, fresh: frozenset[str]) -> None:
        self._desk, self._shape, self._fresh = desk, shape, fresh
        self.decided: Decided = {}
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
        self._customers = readers.get("customers")
        self._claimed = {
            owner for repeated in shape.repeated.values() for owners in repeated.values() for owner in owners
        }

    def rollup(self, owner: int, papers: Mapping[str, bytes]) -> Rollup | None:
        """The rollup of one customer; None for an owner without a row among customers."""
        if "customers" not in papers:
            return None
        if owner not in self._claimed and papers.keys() <= LANE_TABS:
            quick = self._quick(owner, papers)
            if quick is not None:
                return quick
        return self._long_way(owner, papers)

    def _quick(self, owner: int, papers: Mapping[str, bytes]) -> Rollup | None:
        """The rollup of a plain account, or None for one that has to go the long way."""
        rows = list(numbered(papers["customers"]))
        values = self._customers.values(rows[0][1]) if self._customers and len(rows) == 1 else None
        if values is None:
            return None
        decided = decided_in("customers", values)
        baseline = self._desk.baseline
        if baseline is not None and not baseline.agrees("customers", values["customer_id"], decided):
            return None
        own = values.get("currency") or self._base
        if own != self._base:
            return None  # to be converted document by document: the long way
        bills = rows_in(papers["invoices"]) if "invoices" in papers else []
        receipts = rows_in(papers["payments"]) if "payments" in papers else []
        figures = self._lane.figures(own, bills, receipts)
        if figures is None:
            return None
        if "customers" in self._fresh:
            self.decided["customers", values["customer_id"]] = decided
        values["row"] = rows[0][0]
        return self._of_lane(owner, values, figures)

    def _of_lane(self, owner: int, values: Mapping[str, Any], figures: PlainFigures) -> Rollup:
        """The lane answers in base currency only."""
        buckets, unapplied, longest, newest = figures
        opened = sum(buckets)
        money = (*buckets, opened, unapplied, 0, opened - buckets[0])
        return _rollup(owner, values, self._base, "1", money, longest, opened, opened - unapplied, newest)

    def _long_way(self, owner: int, papers: Mapping[str, bytes]) -> Rollup | None:
        raw = account_from(self._desk.mirror.reading(), self._shape, owner, papers)
        if raw is None:
            return None
        mine = (order for order in raw.orders if order.customer_id == raw.customer.customer_id)
        rows = (raw.customer, *raw.twins, *mine)
        note_decided(self.decided, (row for row in rows if row.TAB in self._fresh))
        account = counted(raw, self._desk.baseline)
        figures = position(account, self._rates, self._desk.policy, on=self._on, today=self._today)
        newest = figures.newest_document_on.toordinal() if figures.newest_document_on else None
        if not figures.own_known:
            return self._unknown(owner, account.customer, newest, figures.to_base)
        return _rollup(
            owner,
            _fields(account.customer),
            figures.currency,
            None if figures.to_base is None else str(figures.to_base),
            ageing_figures(figures),
            figures.max_days_overdue,
            to_minor(figures.open_base),
            to_minor(figures.exposure_base),
            newest,
            base_figures=None if figures.currency == self._base else base_figures(figures),
        )

    def _unknown(self, owner: int, customer: Customer, newest: int | None, to_base: Decimal | None) -> Rollup:
        """A needed rate is missing, or a sum is beyond all measure: no figure is known."""
        rate = None if to_base is None else str(to_base)
        nothing = (None,) * (len(BUCKETS) + 4)
        own = customer.currency or self._base
        return _rollup(owner, _fields(customer), own, rate, nothing, None, None, None, newest)


def _fields(customer: Customer) -> dict[str, Any]:
    names = ("row", "customer_id", "name", "aliases", "uscc", "status", "parent_id", "group_limit")
    return {name: getattr(customer, name) for name in names}


def _rollup(
    owner: int,
    values: Mapping[str, Any],
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
    given, limit = values.get, values.get("group_limit")
    return Rollup(
        owner, values["customer_id"], given("name", ""), values["row"], given("aliases", ""), given("uscc", ""),
        given("status") == "closed", given("parent_id", ""), currency, to_base, None if limit is None else str(limit),
        figures, longest, open_base, exposure_base, base_figures, newest_on,
    )  # fmt: skip


def ageing_figures(figures: Position) -> tuple[int | None, ...]:
    """Buckets, open, unapplied, disputed, overdue in minor units of the customer's currency."""
    measures = (figures.open, figures.unapplied, figures.disputed, figures.overdue)
    return tuple(to_minor(amount) for amount in (*(figures.ageing[name] for name in BUCKETS), *measures))


def base_figures(figures: Position) -> str | None:
    """The same in base currency, as a JSON array; None where a rate is missing."""
    found = figures.base_figures
    return None if found is None else orjson.dumps([to_minor(found[name]) for name in (*BUCKETS, *MEASURES)]).decode()


def day_key(desk: Desk) -> str:
    """What the figures of everybody depend on beside their own rows."""
    rates = [repr(row) for row in desk.mirror.tab_rows("rates")]
    on: date = desk.on()
    return f"{on}/{desk.today()}/{desk.policy.fingerprint}/{orjson.dumps(rates).decode()}"
