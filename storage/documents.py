"""Documents: one customer's rows of one tab as they came, with the places where they stand.

A document is `[[2,7],[[row],[row]]]`: the sheet's row numbers, then the raw rows. Its id is the owner's number times
sixteen plus the tab's. Owner 0 has the rows that belong to nobody: shared tabs, totals, rows without a customer.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson

from scoring.ledger import ROW_TYPES, Encoded

TAB_BITS = 4
NOBODY = 0
TAB_NUMBERS: Mapping[str, int] = {tab: number for number, tab in enumerate(ROW_TYPES)}
TAB_NAMES: tuple[str, ...] = tuple(ROW_TYPES)
_CHUNK = 500


def document_id(owner: int, tab: str) -> int:
    """The id of an owner's document of a tab."""
    return owner << TAB_BITS | TAB_NUMBERS[tab]


def document(numbers: Sequence[int], rows: Sequence[Encoded]) -> bytes:
    """The bytes of a document."""
    return b"[%b,[%b]]" % (repr(list(numbers)).encode(), b",".join(rows))


def numbered(body: bytes) -> Iterator[tuple[int, list[Any]]]:
    """(row of the sheet, cells) of a document."""
    numbers, rows = orjson.loads(body)
    return zip(numbers, rows, strict=True)


def rows_in(body: bytes) -> list[list[Any]]:
    """The cells of a document's rows."""
    rows: list[list[Any]] = orjson.loads(body)[1]
    return rows


def content_of(body: bytes) -> bytes:
    """A document without the places of its rows."""
    return body.partition(b"],")[2]


def same_cells(old: bytes, new: bytes, places: Sequence[int]) -> bool:
    """True when two documents say the same in the columns at `places`: what people compute beside does not count."""
    return _picked(old, places) == _picked(new, places)


def _picked(body: bytes, places: Sequence[int]) -> bytes:
    # as text, where 1 and true differ
    rows = orjson.loads(body)[1]
    return orjson.dumps([[cells[place] if place < len(cells) else "" for place in places] for cells in rows])


def put_documents(connection: sqlite3.Connection, bodies: Iterable[tuple[int, bytes]]) -> None:
    """Write documents by id."""
    connection.executemany("insert or replace into documents (id, body) values (?, ?)", bodies)


def drop_documents(connection: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Delete documents by id."""
    connection.executemany("delete from documents where id = ?", ((one,) for one in ids))


def drop_tab(connection: sqlite3.Connection, tab: str) -> None:
    """Delete every document of a tab."""
    connection.execute("delete from documents where id & 15 = ?", (TAB_NUMBERS[tab],))


def bodies_of(connection: sqlite3.Connection, ids: Sequence[int]) -> dict[int, bytes]:
    """The documents that exist among these ids."""
    found: dict[int, bytes] = {}
    for start in range(0, len(ids), _CHUNK):
        part = ids[start : start + _CHUNK]
        marks = ",".join("?" * len(part))
        # only question marks are put into the text
        found.update(connection.execute(f"select id, body from documents where id in ({marks})", part))  # noqa: S608
    return found


def papers_of(connection: sqlite3.Connection, owner: int) -> dict[str, bytes]:
    """All documents of one owner, by tab."""
    low = owner << TAB_BITS
    found = connection.execute("select id, body from documents where id between ? and ?", (low, low | 15))
    return {TAB_NAMES[one & 15]: body for one, body in found}


def every_owner(connection: sqlite3.Connection) -> Iterator[tuple[int, dict[str, bytes]]]:
    """Each owner with his documents, in the order of their numbers; the first is NOBODY where there is such."""
    found = connection.execute("select id >> 4, id & 15, body from documents order by id")
    for owner, bodies in groupby(found, itemgetter(0)):
        yield owner, {TAB_NAMES[tab]: body for _, tab, body in bodies}


def tab_bodies(connection: sqlite3.Connection, tab: str) -> Iterator[tuple[int, bytes]]:
    """(owner, document) of everybody who has rows in a tab."""
    yield from connection.execute(
        "select id >> 4, body from documents where id & 15 = ? order by id", (TAB_NUMBERS[tab],)
    )
