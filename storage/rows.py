"""Typed rows as bytes and back: money as text, days in ISO; keys that a row leaves empty are not written."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson

from scoring.ledger import ROW_TYPES, Row, kind_of

_DECIMAL = frozenset({"money", "pct", "number"})


def encode(row: Row) -> bytes:
    """The filled cells of a row, and which were unreadable."""
    cells = {name: _plain(value) for name in _names(row.TAB) if (value := getattr(row, name)) not in {None, ""}}
    if row.unread:
        cells["unread"] = sorted(row.unread)
    return orjson.dumps(cells)


def decode(tab: str, number: int, body: bytes) -> Row:
    """The row again; `number` is where the sheet shows it now."""
    cells = orjson.loads(body)
    readers = _readers(tab)
    values: dict[str, Any] = {}
    unread: frozenset[str] = frozenset()
    for name, value in cells.items():
        if name == "unread":
            unread = frozenset(value)
            continue
        reader = readers[name]
        values[name] = value if reader is None else reader(value)
    row_type: Any = ROW_TYPES[tab]
    row: Row = row_type(row=number, unread=unread, **values)
    return row


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


@lru_cache(maxsize=32)
def _names(tab: str) -> tuple[str, ...]:
    return tuple(field.name for field in fields(ROW_TYPES[tab]) if field.name not in {"row", "unread"})


@lru_cache(maxsize=32)
def _readers(tab: str) -> dict[str, Callable[[str], Any] | None]:
    readers: dict[str, Callable[[str], Any] | None] = {}
    for name in _names(tab):
        kind = kind_of(tab, name)
        readers[name] = Decimal if kind in _DECIMAL else date.fromisoformat if kind == "date" else None
    return readers
