"""One row per customer: the figures that the whole book is made of, so that no answer has to add it up again."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

from storage.schema import FIGURES

_COLUMNS = (
    "owner", "customer_id", "name", "row", "aliases", "uscc", "closed", "parent_id", "currency", "to_base",
    "group_limit", *FIGURES, "max_days_overdue", "open_base", "exposure_base", "base_figures", "newest_on",
)  # fmt: skip
_PUT = f"insert or replace into rollups ({', '.join(_COLUMNS)}) values ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608


class Rollup(NamedTuple):
    """A customer's own figures; money in minor units, None where a needed rate is missing."""

    owner: int
    customer_id: str
    name: str
    row: int
    aliases: str
    uscc: str
    closed: bool
    parent_id: str
    currency: str
    to_base: str | None
    group_limit: str | None
    figures: tuple[int | None, ...]
    """Open by ageing bucket, open, unapplied, disputed, overdue (`FIGURES`), in the customer's currency."""
    max_days_overdue: int | None
    open_base: int | None
    exposure_base: int | None
    base_figures: str | None
    """`FIGURES` in base currency as a JSON array, for a customer in another currency; null for all others."""
    newest_on: int | None
    """The newest invoice or payment by the day of the figures, as an ordinal."""


_BEFORE = Rollup._fields.index("figures")


@dataclass(frozen=True, slots=True)
class Whole:
    """The book in one row."""

    open_base: int | None
    """None where somebody's is not known, or where the sum is too large to be kept."""
    newest_on: int | None
    customers: int


def put_rollups(connection: sqlite3.Connection, rollups: Iterable[Rollup]) -> None:
    """Replace the rollups of these customers."""
    connection.executemany(
        _PUT,
        ((*one[:_BEFORE], *one.figures, *one[_BEFORE + 1 :]) for one in rollups),
    )


def mark_touched(connection: sqlite3.Connection, owners: Iterable[int]) -> None:
    """The rollups of these customers are to be made again."""
    connection.executemany("insert or ignore into touched (owner) values (?)", ((owner,) for owner in owners))


def mark_unwatched(connection: sqlite3.Connection, owners: Iterable[int]) -> None:
    """The signals of these customers are to be looked at again."""
    connection.executemany("insert or ignore into unwatched (owner) values (?)", ((owner,) for owner in owners))


def drop_customers(connection: sqlite3.Connection, owners: Iterable[int]) -> None:
    """Forget rollups and cards of customers who are gone."""
    numbers = [(owner,) for owner in owners]
    for table in ("rollups", "cards", "facts", "unwatched"):
        connection.executemany(f"delete from {table} where owner = ?", numbers)  # noqa: S608  (a constant)


def whole(connection: sqlite3.Connection) -> Whole:
    """Totals over all customers."""
    # halves of thirty bits: SQLite refuses a sum that does not fit
    high, low, unknown, newest, count = connection.execute(
        "select coalesce(sum(open_base >> 30), 0), coalesce(sum(open_base & 1073741823), 0), "
        "count(*) - count(open_base), max(newest_on), count(*) from rollups"
    ).fetchone()
    total = (high << 30) + low
    return Whole(None if unknown or total > _LARGEST else total, newest, count)


_LARGEST = 2**63 - 1
_MEMBER = "customer_id, parent_id, row, currency, to_base, group_limit, exposure_base, open_base"


def in_groups(connection: sqlite3.Connection) -> Iterator[tuple[Any, ...]]:
    """The columns of `_MEMBER` of everybody who has a parent or is one."""
    yield from connection.execute(
        f"select {_MEMBER} from rollups where parent_id <> '' union "  # noqa: S608  (constants)
        f"select {_MEMBER} from rollups where owner in (select id from owners where customer_id in "
        "(select parent_id from rollups where parent_id <> '')) "
        "order by 3, 1"
    )


def named(connection: sqlite3.Connection) -> Iterator[tuple[str, str, str, str, bool]]:
    """(customer_id, name, aliases, uscc, closed) of everybody, in the sheet's order."""
    for customer_id, name, aliases, uscc, closed in connection.execute(
        "select customer_id, name, aliases, uscc, closed from rollups order by row, customer_id"
    ):
        yield customer_id, name, aliases, uscc, bool(closed)


def overdue(connection: sqlite3.Connection) -> list[tuple[str, str, int | None, int]]:
    """(customer_id, name, overdue in minor units of the base currency or None, longest days) of whoever is overdue."""
    place = FIGURES.index("overdue")
    base = f"iif(base_figures is null, overdue, json_extract(base_figures, '$[{place}]'))"
    return connection.execute(
        f"select customer_id, name, iif(open_base is null, null, {base}), max_days_overdue from rollups "  # noqa: S608
        "where overdue > 0 order by row, customer_id"
    ).fetchall()


def ageing_table(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
    """(customer_id, name, currency, the figures, max_days_overdue, row) of everybody, in the sheet's order."""
    columns = ", ".join(("customer_id", "name", "currency", *FIGURES, "max_days_overdue", "row"))
    found = connection.execute(f"select {columns} from rollups").fetchall()  # noqa: S608  (constants)
    # SQLite would carry every column through its sorter
    found.sort(key=itemgetter(-1, 0))
    return found
