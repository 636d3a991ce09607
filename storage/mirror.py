"""The mirror: a disposable copy of the ledger in SQLite, with one rollup row per customer.

Rows are kept as read, by the hash of their raw cells, so that the next sync touches only what changed. Writers use
one connection and one transaction a sync; readers have a connection per thread and always see a whole copy.
"""

import hashlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
from sqlite_utils import Database

from scoring.findings import Note
from scoring.ledger import Account, Customer, Row
from storage.mirror_rows import Sums
from storage.rows import decode

SCHEMA_VERSION = "2"
_PER_CUSTOMER = {
    "invoices": "invoices", "payments": "payments", "promises": "promises", "orders": "orders",
    "financials": "financials", "checks": "checks", "securities": "securities", "contracts": "contracts",
    "returns": "returns",
}  # fmt: skip


def digest_of(cells: Sequence[object]) -> bytes:
    """Eight bytes that stand for the raw cells of a row."""
    return hashlib.blake2b(orjson.dumps(cells, default=str), digest_size=8).digest()


class Mirror:
    """One SQLite file. Missing, foreign or broken, it is made anew."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it."""
        self.path = path
        self._local = threading.local()
        self._lock = threading.RLock()
        self._generation = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        if not self._usable():
            self.rebuild()

    # -- the file ---------------------------------------------------------------------------------------------

    def _usable(self) -> bool:
        if not self.path.exists():
            return False
        try:
            return self.meta("schema") == SCHEMA_VERSION
        except sqlite3.DatabaseError:
            return False

    def rebuild(self) -> None:
        """Begin anew with an empty file."""
        with self._lock:
            self.close()
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self.path}{suffix}").unlink(missing_ok=True)
            database = Database(str(self.path))
            database.conn.execute("pragma journal_mode=wal")
            database.table("rows").create(
                {
                    "id": int,
                    "tab": str,
                    "sheet_row": int,
                    "key": str,
                    "customer_id": str,
                    "digest": bytes,
                    "body": bytes,
                },
                pk="id",
            )
            database.table("rollups").create(
                {
                    "customer_id": str, "row": int, "parent_id": str, "currency": str, "to_base": str,
                    "group_limit": str, "open_minor": int, "exposure_minor": int, "newest_on": str,
                    "name": str, "ageing": bytes,
                    "stamp": str, "answer": bytes,
                },
                pk="customer_id",
            )  # fmt: skip
            database.table("notes").create(
                {"tab": str, "row": int, "key": str, "column": str, "code": str, "found": str}
            )
            database.table("meta").create({"name": str, "value": str}, pk="name")
            database.table("meta").insert({"name": "schema", "value": SCHEMA_VERSION})
            database.conn.commit()
            database.close()
            self._generation += 1

    def gone(self) -> bool:
        """True when somebody deleted or replaced the file under the desk."""
        return not self._usable()

    def close(self) -> None:
        """Close this thread's connection."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None

    def _read(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None or self._local.generation != self._generation:
            if connection is not None:
                connection.close()
            connection = sqlite3.connect(self.path, timeout=10, isolation_level=None)
            connection.execute("pragma query_only=1")
            connection.execute("pragma mmap_size=2147483648")  # answers are read straight from the page cache
            connection.execute("pragma cache_size=-16000")
            self._local.connection, self._local.generation = connection, self._generation
        return connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, all or nothing; one writer at a time."""
        with self._lock:
            connection = sqlite3.connect(self.path, timeout=30, isolation_level=None)
            try:
                connection.execute("pragma synchronous=off")  # a lost mirror is rebuilt
                connection.execute("begin immediate")
                yield connection
                connection.execute("commit")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("rollback")
                raise
            finally:
                connection.close()

    # -- reading ----------------------------------------------------------------------------------------------

    def meta(self, name: str) -> str | None:
        """A remembered word, or None."""
        found = self._read().execute("select value from meta where name = ?", (name,)).fetchone()
        return None if found is None else str(found[0])

    def digests(self, tab: str) -> dict[int, tuple[int, bytes]]:
        """sheet row -> (id, digest) of every row of a tab."""
        found = self._read().execute("select sheet_row, id, digest from rows where tab = ?", (tab,))
        return {sheet_row: (row_id, digest) for sheet_row, row_id, digest in found}

    def tab_rows(self, tab: str) -> list[Row]:
        """All typed rows of a tab, in the sheet's order."""
        found = self._read().execute("select sheet_row, body from rows where tab = ? order by sheet_row", (tab,))
        return [decode(tab, sheet_row, body) for sheet_row, body in found]

    def customer_ids(self) -> list[str]:
        """Every customer id, in the sheet's order."""
        found = self._read().execute("select key from rows where tab = 'customers' order by sheet_row")
        return list(dict.fromkeys(key for (key,) in found))

    def account(self, customer_id: str) -> Account | None:
        """Everything about one customer, rival rows of other customers included; None when nobody has that id."""
        connection = self._read()
        found = connection.execute(
            "select tab, sheet_row, key, body from rows where customer_id = ? order by tab, sheet_row", (customer_id,)
        ).fetchall()
        repeated = orjson.loads(self.meta("repeated") or "{}")
        grouped: dict[str, list[Any]] = {}
        for tab, sheet_row, key, body in found:
            grouped.setdefault(tab, []).append(decode(tab, sheet_row, body))
            if key in repeated.get(tab, ()):
                grouped[tab] += self._rivals(connection, tab, key, customer_id)
        customers: list[Customer] = grouped.pop("customers", [])
        if not customers:
            return None
        parts = {field: tuple(grouped.get(tab, ())) for tab, field in _PER_CUSTOMER.items()}
        notes = tuple(self.notes_of(customer_id))
        return Account(customer=customers[0], twins=_differing(customers), notes=notes, **parts)

    def _rivals(self, connection: sqlite3.Connection, tab: str, key: str, customer_id: str) -> list[Row]:
        """Rows of other customers under the same key."""
        found = connection.execute(
            "select sheet_row, body from rows where tab = ? and key = ? and customer_id <> ? order by sheet_row",
            (tab, key, customer_id),
        )
        return [decode(tab, sheet_row, body) for sheet_row, body in found]

    def notes_of(self, customer_id: str) -> list[Note]:
        """The notes on a customer's own rows, in all tabs."""
        found = self._read().execute(
            "select n.tab, n.row, n.key, n.column, n.code, n.found from notes n join rows r "
            "on r.customer_id = ? and r.tab = n.tab and r.sheet_row = n.row order by n.tab, n.row, n.column",
            (customer_id,),
        )
        return [Note(*fields) for fields in found]

    def notes(self) -> list[Note]:
        """All notes of the last sync, by tab and row."""
        found = self._read().execute(
            "select tab, row, key, column, code, found from notes order by tab, row, column, code"
        )
        return [Note(*fields) for fields in found]

    def strangers(self) -> list[Note]:
        """Rows of customers that the customers tab does not know."""
        found = self._read().execute(
            "select tab, sheet_row, key, customer_id from rows where customer_id <> '' and tab <> 'customers' "
            "and customer_id not in (select key from rows where tab = 'customers') order by tab, sheet_row"
        )
        return [Note(tab, row, key, "customer_id", "customer_unknown", owner) for tab, row, key, owner in found]

    def sums(self) -> list[Sums]:
        """The rollup figures of all customers."""
        found = self._read().execute(
            "select customer_id, row, parent_id, currency, to_base, group_limit, open_minor, exposure_minor, "
            "newest_on, name, ageing from rollups order by row, customer_id"
        )
        return [Sums(*fields) for fields in found]

    def answer(self, customer_id: str) -> tuple[str | None, bytes | None]:
        """(stamp, body) of the answer kept for a customer."""
        found = (
            self._read().execute("select stamp, answer from rollups where customer_id = ?", (customer_id,)).fetchone()
        )
        return (None, None) if found is None else (found[0], found[1])

    def unfilled_sums(self) -> list[str]:
        """Customers whose rows changed since their rollup figures were made."""
        found = self._read().execute("select customer_id from rollups where stamp = ''")
        return [customer_id for (customer_id,) in found]

    def unfilled(self, stamp: str, limit: int) -> list[str]:
        """Customers whose kept answer is not of this stamp."""
        found = self._read().execute("select customer_id from rollups where stamp is not ? limit ?", (stamp, limit))
        return [customer_id for (customer_id,) in found]

    # -- writing, inside one transaction ----------------------------------------------------------------------

    def remember(self, name: str, value: str) -> None:
        """Keep a word in meta."""
        with self.writing() as connection:
            connection.execute("insert or replace into meta (name, value) values (?, ?)", (name, value))

    def forget_sums(self) -> None:
        """Every rollup is to be made again."""
        with self.writing() as connection:
            connection.execute("update rollups set stamp = '', answer = null")

    def keep_answers(self, answers: Iterable[tuple[str, str, bytes]]) -> None:
        """Keep (customer_id, stamp, body) as the answer until its inputs change."""
        with self.writing() as connection:
            connection.executemany(
                "update rollups set stamp = ?, answer = ? where customer_id = ?",
                [(stamp, body, customer_id) for customer_id, stamp, body in answers],
            )


def _differing(customers: list[Customer]) -> tuple[Customer, ...]:
    first = replace(customers[0], row=0)
    return tuple(twin for twin in customers[1:] if replace(twin, row=0) != first)
