"""The book's totals by currency, kept with the rollups: what a sync changes is taken off and put on again."""

import sqlite3
from dataclasses import dataclass

from storage.schema import FIGURES

_OWN = [f"coalesce(sum({name}), 0)" for name in FIGURES]
_BASE = [
    f"coalesce(sum(iif(base_figures is null, {name}, json_extract(base_figures, '$[{place}]'))), 0)"
    for place, name in enumerate(FIGURES)
]
_SUMS = ", ".join([*_OWN, *_BASE, "count(*) - count(open)", "count(*) - count(open_base)", "count(*)"])
_COLUMNS = [*FIGURES, *(f"base_{name}" for name in FIGURES), "unknown", "base_unknown", "customers"]
_WIDTH = len(FIGURES)


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of `FIGURES` over the customers of one currency, in it and in the base currency, in minor units."""

    currency: str
    own: tuple[int, ...]
    base: tuple[int, ...]
    unknown: int
    """Customers whose figures in their own currency are not known."""
    base_unknown: int
    """Customers whose figures in base currency are not known."""


def totals_of(connection: sqlite3.Connection) -> list[Totals]:
    """The totals of every currency that somebody has."""
    found = connection.execute(
        f"select currency, {', '.join(_COLUMNS)} from totals where customers > 0 order by currency"  # noqa: S608
    )
    return [
        Totals(currency, tuple(rest[:_WIDTH]), tuple(rest[_WIDTH : 2 * _WIDTH]), *rest[2 * _WIDTH : -1])
        for currency, *rest in found
    ]


def add_up(connection: sqlite3.Connection) -> None:
    """Make all totals anew. A scan per currency: there are few, and grouping would sort the whole table."""
    connection.execute("delete from totals")
    for (currency,) in connection.execute("select distinct currency from rollups").fetchall():
        sums = connection.execute(f"select {_SUMS} from rollups where currency = ?", (currency,)).fetchone()  # noqa: S608
        _put(connection, currency, sums)


def take_off(connection: sqlite3.Connection) -> None:
    """Before the rollups of the touched are made anew: their figures leave the totals."""
    _move(connection, -1)


def put_on(connection: sqlite3.Connection) -> None:
    """After it: they come back."""
    _move(connection, 1)


def _move(connection: sqlite3.Connection, sign: int) -> None:
    found = connection.execute(
        f"select currency, {_SUMS} from rollups where owner in (select owner from touched) group by currency"  # noqa: S608
    ).fetchall()
    for currency, *sums in found:
        columns = ", ".join(_COLUMNS)
        kept = connection.execute(f"select {columns} from totals where currency = ?", (currency,)).fetchone()  # noqa: S608
        before = kept or (0,) * len(_COLUMNS)
        _put(connection, currency, [one + sign * other for one, other in zip(before, sums, strict=True)])


def _put(connection: sqlite3.Connection, currency: str, sums: list[int]) -> None:
    marks = ", ".join("?" * (len(_COLUMNS) + 1))
    connection.execute(
        f"insert or replace into totals (currency, {', '.join(_COLUMNS)}) values ({marks})",  # noqa: S608
        (currency, *sums),
    )
