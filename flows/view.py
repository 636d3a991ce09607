"""From the mirror to the view: rates, blacklist, totals, groups and the index over names."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson

from flows.desk import Desk, View
from scoring.blacklist import in_force, names_in
from scoring.calendar import working_days_between
from scoring.findings import Finding
from scoring.groups import Member, group_figures, roots_of
from scoring.ledger import BlacklistEntry, Book, Industry, Rate, Row
from scoring.money import from_minor, to_minor
from scoring.names import normalise, normalise_uscc
from storage.search import Named, Search


def build_view(
    desk: Desk, *, synced_at: datetime | None, held: Sequence[Finding], before: View | None, renamed: bool = True
) -> View:
    """The view of the mirror as it stands, for the desk's day.

    The index over names of `before` is used again when its names are those of now; `renamed` False = they are.
    """
    on = desk.on()
    taken = desk.mirror.meta("taken") or ""
    book = build_book(desk)
    links = orjson.loads(desk.mirror.meta("links") or "{}")
    # the first view has nothing to be compared with
    names = "" if before is None else before.names if not renamed else names_digest(desk, book.blacklist, on)
    same = before is not None and (not renamed or before.names == names)
    return View(
        book=book,
        search=before.search
        if before is not None and same
        else build_search(desk, book.blacklist, on, before.search if before is not None else None),
        stamp=stamp_of(desk, book, on),
        on=on,
        synced_at=synced_at,
        held=tuple(held),
        links=links,
        taken=taken,
        names=names,
        group_stamps=group_stamps(book),
        receivables_minor=to_minor(book.receivables_base),
    )


def build_book(desk: Desk) -> Book:
    """What an answer needs beyond its own customer."""
    mirror = desk.mirror
    tabs = frozenset(orjson.loads(mirror.meta("tabs") or "[]"))
    members = {member.customer_id: member for member in map(_member, mirror.in_groups())}
    roots, odd = roots_of(members)
    whole = mirror.whole()
    return Book(
        tabs=tabs,
        rates=rates_of(desk),
        industries={normalise(row.industry): row for row in mirror.tab_rows("industries") if isinstance(row, Industry)},
        blacklist=tuple(row for row in mirror.tab_rows("blacklist") if isinstance(row, BlacklistEntry)),
        groups=group_figures(members, roots),
        group_roots=roots,
        group_notes={note.key: (note,) for note in odd},
        receivables_base=from_minor(whole.open_base),
        newest_document_on=date.fromordinal(whole.newest_on) if whole.newest_on else None,
        invoices_readable="invoices" in tabs or (desk.baseline is None and not _broken(desk, "invoices")),
    )


def _broken(desk: Desk, tab: str) -> bool:
    """True for a tab that is there and has no header or key column that could be read."""
    problems = orjson.loads(desk.mirror.meta("problems") or "[]")
    return any(note["tab"] == tab and note["code"] in {"key_column_missing", "header_missing"} for note in problems)


def _member(found: tuple[Any, ...]) -> Member:
    customer_id, parent_id, row, currency, to_base, group_limit, exposure_base, open_base = found
    return Member(
        customer_id=customer_id,
        parent_id=parent_id,
        row=row,
        currency=currency,
        to_base=Decimal(to_base) if to_base else None,
        group_limit=Decimal(group_limit) if group_limit else None,
        exposure_base=from_minor(exposure_base),
        receivables_base=from_minor(open_base),
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


def group_stamps(book: Book) -> dict[str, str]:
    """A word for each group's figures, by member, and for whoever has a parent that makes no group."""
    words = {
        root: hashlib.blake2b(repr(figures).encode(), digest_size=8).hexdigest()
        for root, figures in book.groups.items()
    }
    odd = {customer_id: notes[0].code for customer_id, notes in book.group_notes.items()}
    return odd | {customer_id: words[root] for customer_id, root in book.group_roots.items()}


def names_digest(desk: Desk, blacklist: Sequence[BlacklistEntry], on: date) -> str:
    """A word for all that the index over names is made from."""
    hasher = hashlib.blake2b(digest_size=10)
    for customer_id, name, aliases, uscc, closed in desk.mirror.named():
        hasher.update(f"{customer_id}\0{name}\0{aliases}\0{uscc}\0{closed}\1".encode())
    for entry in blacklist:
        hasher.update(f"{entry.uscc}/{entry.name}/{in_force(entry, on)}".encode())
    return hasher.hexdigest()


def build_search(desk: Desk, blacklist: Sequence[BlacklistEntry], on: date, before: Search | None = None) -> Search:
    """The index over customers, and over blacklist entries without one; from the one before, what is the same."""
    named: list[Named] = []
    codes: set[str] = set()
    names: set[str] = set()
    for customer_id, name, aliases, uscc, closed in desk.mirror.named():
        known = names_in(name, aliases)
        named.append(
            Named(
                key=f"c:{customer_id}",
                customer_id=customer_id,
                name=name or customer_id,
                aliases=tuple(known[1:]),
                uscc=uscc,
                closed=closed,
            )
        )
        if blacklist:
            codes.add(normalise_uscc(uscc))
            names.update(normalise(one) for one in known)
    for entry in blacklist:
        mine = (entry.uscc and normalise_uscc(entry.uscc) in codes) or (entry.name and normalise(entry.name) in names)
        if not mine and in_force(entry, on):
            key = f"b:{entry.uscc}/{entry.name}"
            named.append(Named(key=key, customer_id=None, name=entry.name or entry.uscc, uscc=entry.uscc))
    unique = {one.key: one for one in reversed(named)}
    found = list(reversed(unique.values()))
    return Search(found) if before is None else before.renewed(found)


def stamp_of(desk: Desk, book: Book, on: date) -> str:
    """What every answer of the day was made from, apart from the customer's own rows, his group and the total."""
    limit = desk.policy.operating.stale_working_days
    newest = book.newest_document_on
    stale = newest is None or working_days_between(newest, on) > limit
    parts: list[Any] = [
        on.isoformat(), desk.today().isoformat(), desk.policy.fingerprint, sorted(book.tabs), stale and str(newest),
        book.invoices_readable,
        [repr(book.rates[currency]) for currency in sorted(book.rates)],
        [repr(row) for row in book.industries.values()],
        [repr(entry) for entry in book.blacklist],
    ]  # fmt: skip
    return hashlib.blake2b(orjson.dumps(parts), digest_size=10).hexdigest()
