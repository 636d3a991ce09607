"""From the mirror to the view: rates, blacklist, totals, groups and the index over names."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson

from flows.desk import Desk, View
from scoring.blacklist import in_force, names_of
from scoring.calendar import working_days_between
from scoring.findings import Finding
from scoring.groups import Member, group_figures, roots_of
from scoring.ledger import BlacklistEntry, Book, Customer, Industry, Partner, Rate, Row, Supplier
from scoring.money import from_minor
from scoring.names import normalise, normalise_uscc
from storage.mirror_rows import Sums
from storage.search import Named, Search


def build_view(desk: Desk, *, synced_at: datetime | None, search: Search | None, held: Sequence[Finding]) -> View:
    """The view of the mirror as it stands, for the desk's day. `search` is reused when names have not changed."""
    on = desk.on()
    taken = desk.mirror.meta("taken") or ""
    book = build_book(desk)
    links = orjson.loads(desk.mirror.meta("links") or "{}")
    before = desk.latest.view.search if desk.latest.view is not None else None
    return View(
        book=book,
        search=search or build_search(desk, book.blacklist, on, before),
        stamp=stamp_of(desk, book, on),
        on=on,
        synced_at=synced_at,
        held=tuple(held),
        links=links,
        taken=taken,
    )


def build_book(desk: Desk) -> Book:
    """What an answer needs beyond its own customer."""
    mirror = desk.mirror
    tabs = frozenset(orjson.loads(mirror.meta("tabs") or "[]"))
    sums = mirror.sums()
    members = {one.customer_id: _member(one) for one in sums}
    roots, _ = roots_of(members)
    newest = max((one.newest_on for one in sums if one.newest_on), default=None)
    return Book(
        tabs=tabs,
        rates=rates_of(desk),
        industries={row.industry: row for row in mirror.tab_rows("industries") if isinstance(row, Industry)},
        suppliers={row.supplier_id: row for row in mirror.tab_rows("suppliers") if isinstance(row, Supplier)},
        partners={row.partner_id: row for row in mirror.tab_rows("partners") if isinstance(row, Partner)},
        blacklist=tuple(row for row in mirror.tab_rows("blacklist") if isinstance(row, BlacklistEntry)),
        groups=group_figures(members, roots),
        group_roots=roots,
        receivables_base=_total(one.open_minor for one in sums),
        newest_document_on=date.fromisoformat(newest) if newest else None,
        invoices_readable="invoices" in tabs or desk.baseline is None,
    )


def _member(one: Sums) -> Member:
    return Member(
        customer_id=one.customer_id,
        parent_id=one.parent_id,
        row=one.row,
        currency=one.currency,
        to_base=Decimal(one.to_base) if one.to_base else None,
        group_limit=Decimal(one.group_limit) if one.group_limit else None,
        exposure_base=from_minor(one.exposure_minor),
        receivables_base=from_minor(one.open_minor),
    )


def rates_of(desk: Desk) -> dict[str, tuple[Rate, ...]]:
    """Exchange rates by currency, as the mirror holds them."""
    return _rates(desk.mirror.tab_rows("rates"))


def _rates(rows: Iterable[Row]) -> dict[str, tuple[Rate, ...]]:
    grouped: dict[str, list[Rate]] = {}
    for row in rows:
        if isinstance(row, Rate):
            grouped.setdefault(row.currency, []).append(row)
    return {currency: tuple(found) for currency, found in grouped.items()}


def _total(amounts: Iterable[int | None]) -> Decimal | None:
    total = 0
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return from_minor(total)


def build_search(desk: Desk, blacklist: Iterable[BlacklistEntry], on: date, before: Search | None = None) -> Search:
    """The index over customers, and over blacklist entries without one; from the one before, what is the same."""
    named: list[Named] = []
    codes: set[str] = set()
    names: set[str] = set()
    for row in desk.mirror.tab_rows("customers"):
        if not isinstance(row, Customer):
            continue
        known = names_of(row)
        named.append(
            Named(
                key=f"c:{row.customer_id}",
                customer_id=row.customer_id,
                name=row.name or row.customer_id,
                aliases=tuple(known[1:]),
                uscc=row.uscc,
                closed=row.status == "closed",
            )
        )
        codes.add(normalise_uscc(row.uscc))
        names.update(normalise(name) for name in known)
    for entry in blacklist:
        mine = (entry.uscc and normalise_uscc(entry.uscc) in codes) or (entry.name and normalise(entry.name) in names)
        if not mine and in_force(entry, on):
            key = f"b:{entry.uscc}/{entry.name}"
            named.append(Named(key=key, customer_id=None, name=entry.name or entry.uscc, uscc=entry.uscc))
    unique = {one.key: one for one in reversed(named)}
    found = list(reversed(unique.values()))
    return Search(found) if before is None else before.renewed(found)


def stamp_of(desk: Desk, book: Book, on: date) -> str:
    """What an answer was made from, apart from the customer's own rows, his group's figures and the total."""
    limit = desk.policy.operating.stale_working_days
    newest = book.newest_document_on
    stale = newest is None or working_days_between(newest, on) > limit
    parts: list[Any] = [
        on.isoformat(), desk.today().isoformat(), desk.policy.fingerprint, sorted(book.tabs), stale and str(newest),
        book.invoices_readable,
        [repr(book.rates[currency]) for currency in sorted(book.rates)],
        [repr(row) for row in book.industries.values()],
        [repr(entry) for entry in book.blacklist],
        [repr(book.groups[root]) for root in sorted(book.groups)],
    ]  # fmt: skip
    return hashlib.blake2b(orjson.dumps(parts), digest_size=10).hexdigest()
