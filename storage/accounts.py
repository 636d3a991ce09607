"""From documents to typed rows: one customer's account, the rows of a tab, the notes on rows of nobody."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from scoring.checks import TabRead, TabReader, duplicates
from scoring.findings import Note
from scoring.keys import owned
from scoring.ledger import Account, Customer, Row
from storage.documents import NOBODY, bodies_of, document_id, every_owner, numbered, papers_of, rows_in, tab_bodies
from storage.places import hash_of
from storage.taking import Repeated, layout_of, repeated_of

_PARTS = (
    "invoices", "payments", "promises", "orders", "financials", "checks", "securities", "contracts", "returns",
)  # fmt: skip


class Shape:
    """How the documents of one state of the mirror are to be read: a reader per tab, keys that stand twice."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Read the heads of all tabs."""
        self.readers: dict[str, TabReader] = {}
        self.repeated: dict[str, Repeated] = {}
        for name, value in connection.execute("select name, value from meta where name > 'head:' and name < 'head;'"):
            tab = name.removeprefix("head:")
            self.readers[tab] = TabReader(*layout_of(tab, value))
        for name, value in connection.execute("select name, value from meta where name > 'keys:' and name < 'keys;'"):
            repeated = repeated_of(value)
            if repeated:
                self.repeated[name.removeprefix("keys:")] = repeated

    def read(self, tab: str, body: bytes) -> TabRead:
        """Typed rows of a document and the notes on them."""
        return self.readers[tab].read(numbered(body))


def account_from(
    connection: sqlite3.Connection, shape: Shape, owner: int, papers: Mapping[str, bytes]
) -> Account | None:
    """Everything about one customer, rival rows of other customers included; None without a row among customers."""
    body = papers.get("customers")
    if body is None:
        return None
    found = shape.read("customers", body)
    customers: list[Customer] = [row for row in found.rows if isinstance(row, Customer)]
    if not customers:
        return None
    notes = [*found.notes, *duplicates(customers)[1]]
    parts: dict[str, Any] = {}
    for tab in _PARTS:
        if tab in papers:
            read = shape.read(tab, papers[tab])
            notes += read.notes
            rivals = _rivals(connection, shape, tab, owner, read.rows) if tab in shape.repeated else []
            parts[tab] = (*read.rows, *rivals)
    notes.sort(key=lambda note: (note.tab, note.row or 0, note.column or ""))
    return Account(customer=customers[0], twins=_differing(customers), notes=tuple(notes), **parts)


def _rivals(connection: sqlite3.Connection, shape: Shape, tab: str, owner: int, rows: list[Row]) -> list[Row]:
    """Rows of other customers under the same keys."""
    repeated = shape.repeated[tab]
    keys = {row.key for row in rows}
    others = {other for key in keys for other in repeated.get(hash_of(key), ())} - {owner}
    found: list[Row] = []
    for other in sorted(others):
        body = connection.execute("select body from documents where id = ?", (document_id(other, tab),)).fetchone()
        if body is not None:
            found += [row for row in shape.read(tab, body[0]).rows if row.key in keys]
    return sorted(found, key=lambda row: row.row)


def rows_of_tab(connection: sqlite3.Connection, shape: Shape, tab: str) -> list[Row]:
    """All typed rows of a tab, in the sheet's order."""
    if tab not in shape.readers:
        return []
    if owned(tab):
        bodies = [body for _, body in tab_bodies(connection, tab)]
    else:
        bodies = list(bodies_of(connection, [document_id(NOBODY, tab)]).values())
    found = [row for body in bodies for row in shape.read(tab, body).rows]
    return sorted(found, key=lambda row: row.row)


def cells_of_tab(
    connection: sqlite3.Connection, shape: Shape, tab: str, keys: Sequence[str]
) -> Iterator[tuple[str, ...]]:
    """Some columns of every customer's rows in a tab as they came, as text; nothing where a column is not there."""
    reader = shape.readers.get(tab)
    columns = () if reader is None else reader.layout.columns
    if not set(keys) <= set(columns):
        return
    places = [columns.index(key) for key in keys]
    for _, body in tab_bodies(connection, tab):
        for cells in rows_in(body):
            yield tuple(str(cells[place]) if place < len(cells) else "" for place in places)


def loose_notes(connection: sqlite3.Connection, shape: Shape) -> list[Note]:
    """Notes on rows that belong to no customer whom the customers tab knows."""
    notes: list[Note] = []
    for tab, body in papers_of(connection, NOBODY).items():
        notes += shape.read(tab, body).notes
    for owner, papers in every_owner(connection):
        if owner == NOBODY or ("customers" in papers and shape.read("customers", papers["customers"]).rows):
            continue
        for tab, body in papers.items():
            read = shape.read(tab, body)
            notes += read.notes
            notes += [
                Note(tab, row.row, row.key, "customer_id", "customer_unknown", str(getattr(row, "customer_id", "")))
                for row in read.rows
            ]
    return notes


def _differing(customers: list[Customer]) -> tuple[Customer, ...]:
    first = replace(customers[0], row=0)
    return tuple(twin for twin in customers[1:] if replace(twin, row=0) != first)
