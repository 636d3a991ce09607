"""Writing into the mirror, inside one transaction that `Mirror.writing` opens."""

import sqlite3
from collections.abc import Iterable
from dataclasses import astuple, dataclass

from scoring.findings import Note


@dataclass(frozen=True, slots=True)
class Stored:
    """A row to keep: where it stands, whose it is, the hash of its raw cells, its typed body."""

    tab: str
    sheet_row: int
    key: str
    customer_id: str
    digest: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Sums:
    """The rollup's own figures of one customer, in minor units of the base currency; None where a rate is missing."""

    customer_id: str
    row: int
    parent_id: str
    currency: str
    to_base: str | None
    group_limit: str | None
    open_minor: int | None
    exposure_minor: int | None
    newest_on: str | None
    name: str
    ageing: bytes | None
    """The ageing row in minor units of the customer's currency (`flows.ageing`); None where a rate is missing."""


def put_rows(connection: sqlite3.Connection, rows: Iterable[Stored]) -> None:
    """Insert rows."""
    connection.executemany(
        "insert into rows (tab, sheet_row, key, customer_id, digest, body) values (?, ?, ?, ?, ?, ?)",
        ((row.tab, row.sheet_row, row.key, row.customer_id, row.digest, row.body) for row in rows),
    )


def drop_rows(connection: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Delete rows by id."""
    connection.executemany("delete from rows where id = ?", ((row_id,) for row_id in ids))


def move_rows(connection: sqlite3.Connection, moves: Iterable[tuple[int, int]]) -> None:
    """Rows that only stand elsewhere now: (id, new sheet row)."""
    connection.executemany("update rows set sheet_row = ? where id = ?", ((row, row_id) for row_id, row in moves))


def put_notes(connection: sqlite3.Connection, tab: str, rows: Iterable[int] | None, notes: Iterable[Note]) -> None:
    """Replace the notes of a tab: all of them, or those of the given sheet rows."""
    if rows is None:
        connection.execute("delete from notes where tab = ?", (tab,))
    else:
        connection.executemany("delete from notes where tab = ? and row = ?", ((tab, row) for row in rows))
    connection.executemany(
        "insert into notes values (?, ?, ?, ?, ?, ?)",
        ((note.tab, note.row, note.key, note.column, note.code, note.found) for note in notes),
    )


def put_sums(connection: sqlite3.Connection, sums: Iterable[Sums]) -> None:
    """Replace rollup figures; the answers kept with them are forgotten."""
    connection.executemany(
        "insert or replace into rollups (customer_id, row, parent_id, currency, to_base, group_limit, open_minor, "
        "exposure_minor, newest_on, name, ageing) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (astuple(one) for one in sums),
    )


def put_meta(connection: sqlite3.Connection, values: dict[str, str]) -> None:
    """Remember words."""
    connection.executemany("insert or replace into meta (name, value) values (?, ?)", values.items())


def ensure_indexes(connection: sqlite3.Connection) -> None:
    """The indexes that reading needs; made after the first bulk load."""
    connection.execute("create index if not exists rows_customer on rows (customer_id)")
    connection.execute("create index if not exists rows_key on rows (tab, key)")
    connection.execute("create index if not exists rows_place on rows (tab, sheet_row)")
    connection.execute("create index if not exists notes_place on notes (tab, row)")


def saved_meta(connection: sqlite3.Connection, name: str) -> str | None:
    """A remembered word as this transaction sees it."""
    found = connection.execute("select value from meta where name = ?", (name,)).fetchone()
    return None if found is None else str(found[0])


def saved_rows(connection: sqlite3.Connection, tab: str) -> dict[int, tuple[int, bytes, str]]:
    """sheet row -> (id, digest, customer) of a tab."""
    found = connection.execute("select sheet_row, id, digest, customer_id from rows where tab = ?", (tab,))
    return {sheet_row: (row_id, digest, owner) for sheet_row, row_id, digest, owner in found}


def clear_tab(connection: sqlite3.Connection, tab: str) -> None:
    """Forget a tab's rows and notes."""
    connection.execute("delete from rows where tab = ?", (tab,))
    connection.execute("delete from notes where tab = ?", (tab,))


def repeated_keys(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """Keys that stand on more than one row, by tab."""
    found: dict[str, list[str]] = {}
    for tab, key in connection.execute("select tab, key from rows group by tab, key having count(*) > 1"):
        found.setdefault(tab, []).append(key)
    return found


def owners_of(connection: sqlite3.Connection, tab: str, keys: Iterable[str]) -> set[str]:
    """The customers of all rows under these keys."""
    owners: set[str] = set()
    for key in keys:
        found = connection.execute("select customer_id from rows where tab = ? and key = ?", (tab, key))
        owners |= {owner for (owner,) in found if owner}
    return owners


def mark_touched(connection: sqlite3.Connection, customers: Iterable[str]) -> None:
    """Their rollup figures are to be made again; rollups of customers who are gone are dropped."""
    connection.executemany(
        "insert into rollups (customer_id, stamp) values (?, '') "
        "on conflict (customer_id) do update set stamp = '', answer = null",
        ((customer_id,) for customer_id in customers),
    )
    connection.execute("delete from rollups where customer_id not in (select key from rows where tab = 'customers')")
