"""The book's totals by currency, kept with the rollups: what a sync changes is taken off and put on again."""

import sqlite3
from dataclasses import dataclass

from storage.schema import FIGURES

_OWN = [f"coalesce(sum({name}), 0)" for name in FIGURES]
_BASE = [
    f"coalesce(sum(iif(base_figures is null, {name}, json_extract(base_figures, '$[{place}]'))), 0)"
    for place, name in enumerate(FIGURES)
]
_COUNTS = "count(*) - count(open), count(*) - count(open_base), count(*)"
_COLUMNS = [*FIGURES, *(f"base_{name}" for name in FIGURES), "unknown", "base_unknown", "customers"]
_UNKEPT = " or ".join(f"{name} is null" for name in _COLUMNS)
_WIDTH = len(FIGURES)
_LARGEST = 2**63 - 1
Sums = list[int | None]
"""Values of `_COLUMNS`; a figure is None where the sum does not fit an integer of SQLite."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of `FIGURES` over the customers of one currency, in it and in the base currency, in minor units."""

    currency: str
    own: tuple[int, ...] | None
    base: tuple[int, ...] | None
    """None where somebody's figures are not known, or a sum is too large to be kept."""


def totals_of(connection: sqlite3.Connection) -> list[Totals]:
    """The totals of every currency that somebody has."""
    found = connection.execute(
        f"select currency, {', '.join(_COLUMNS)} from totals where customers > 0 order by currency"  # noqa: S608
    )
    return [
        Totals(currency, _whole(rest[:_WIDTH], unknown), _whole(rest[_WIDTH:], base_unknown))
        for currency, *rest, unknown, base_unknown, _ in found
    ]


def _whole(figures: Sums, unknown: int) -> tuple[int, ...] | None:
    return None if unknown or None in figures else tuple(one for one in figures if one is not None)


def add_up(connection: sqlite3.Connection) -> None:
    """Make all totals anew. A scan per currency: there are few, and grouping would sort the whole table."""
    connection.execute("delete from totals")
    for (currency,) in connection.execute("select distinct currency from rollups").fetchall():
        _put(connection, currency, _sums(connection, "currency = ?", currency))


def take_off(connection: sqlite3.Connection) -> None:
    """Before the rollups of the touched are made anew: their figures leave the totals."""
    for currency in _touched(connection):
        _put(connection, currency, _moved(connection, currency, -1))


def put_on(connection: sqlite3.Connection) -> None:
    """After it: they come back. Totals that could not be kept are made anew."""
    for currency in _touched(connection):
        _put(connection, currency, _moved(connection, currency, 1))
    for (currency,) in connection.execute(f"select currency from totals where {_UNKEPT}").fetchall():  # noqa: S608
        _put(connection, currency, _sums(connection, "currency = ?", currency))


def _touched(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute("select distinct currency from rollups where owner in (select owner from touched)")
    return [currency for (currency,) in found.fetchall()]


def _moved(connection: sqlite3.Connection, currency: str, sign: int) -> Sums:
    """The totals of a currency with the figures of the touched taken off or put on."""
    columns = ", ".join(_COLUMNS)
    before = connection.execute(f"select {columns} from totals where currency = ?", (currency,)).fetchone()  # noqa: S608
    sums = _sums(connection, "currency = ? and owner in (select owner from touched)", currency)
    return [
        None if one is None or other is None else _kept(one + sign * other)
        for one, other in zip(before or (0,) * len(_COLUMNS), sums, strict=True)
    ]


def _sums(connection: sqlite3.Connection, where: str, currency: str) -> Sums:
    """Sums over these rollups; SQLite refuses a sum that does not fit, and then no figure of them is known."""
    try:
        found = connection.execute(
            f"select {', '.join([*_OWN, *_BASE])}, {_COUNTS} from rollups where {where}",  # noqa: S608  (constants)
            (currency,),
        ).fetchone()
    except sqlite3.OperationalError as problem:
        if "overflow" not in str(problem):
            raise
        counts = connection.execute(f"select {_COUNTS} from rollups where {where}", (currency,)).fetchone()  # noqa: S608
        return [*(None,) * (2 * _WIDTH), *counts]
    return list(found)


def _kept(total: int) -> int | None:
    return total if abs(total) <= _LARGEST else None


def _put(connection: sqlite3.Connection, currency: str, sums: Sums) -> None:
    marks = ", ".join("?" * (len(_COLUMNS) + 1))
    connection.execute(
        f"insert or replace into totals (currency, {', '.join(_COLUMNS)}) values ({marks})",  # noqa: S608
        (currency, *sums),
    )
