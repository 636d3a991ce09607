"""The baseline: what each decision column said when the desk first saw its tab, in a file of its own.

The mirror may be deleted at any time; this file may not, or hand edits made since would pass for decisions. Each
guarded tab is taken once, when it is first there to be read: until then it holds nothing back.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
from sqlite_utils import Database

from scoring.findings import Note
from scoring.ledger import Row, kind_of
from storage.decided import (
    GUARDED_TABS,
    STATUS_WORSE,
    Decided,
    decided_of,
    digits,
    note_decided,
    place_of,
    strictest,
)


class Baseline:
    """Decision columns by tab and key."""

    def __init__(self, path: Path) -> None:
        """Open or make the file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        database = self._open()
        database.table("baseline").create({"tab": str, "key": str, "cells": str}, pk=("tab", "key"), if_not_exists=True)
        database.table("meta").create({"name": str, "value": str}, pk="name", if_not_exists=True)
        self._cells: Decided = {}
        self._coming: Decided = {}
        self.tabs: frozenset[str] = frozenset()
        """The tabs whose decision columns have been taken down."""
        self._token: str | None = None
        self._told = False
        database.close()
        self.refresh()

    def refresh(self) -> bool:
        """Read anew what another process has confirmed since; True when there was something."""
        database = self._open()
        words = _words(database)
        token = words.get("taken")
        changed = token is not None and token != self._token
        if changed:
            self._token, self.tabs = token, _tabs(words)
            self._cells = {
                (row["tab"], row["key"]): _without_exponents(row["tab"], row["cells"])
                for row in database.table("baseline").rows
            }
        database.close()
        return changed

    def _open(self) -> Database:
        return Database(str(self._path))

    def take(self, rows: Iterable[Row]) -> int:
        """Keep what the decision columns of these rows say as decided; the count of rows with anything decided."""
        cells: Decided = {}
        note_decided(cells, rows)
        self.keep(cells, {tab for tab, _ in cells})
        return sum(1 for kept in cells.values() if kept)

    def keep(self, cells: Decided, tabs: Iterable[str]) -> None:
        """Keep these cells as decided, durably, and that these tabs have been taken down; finance hears of new ones."""
        token = secrets.token_hex(8)
        database = self._open()
        with database.conn:
            before = _tabs(_words(database))
            after = before | set(tabs)
            if before and after > before:
                database.table("meta").delete_where("name = 'told'")
                self._told = False
            # beside sqlite-utils: a hundred thousand customers in a fifth of the time
            database.conn.executemany(
                "insert or replace into baseline (tab, key, cells) values (?, ?, ?)",
                ((tab, key, orjson.dumps(kept).decode()) for (tab, key), kept in cells.items()),
            )
            words = {"taken": token, "tabs": orjson.dumps(sorted(after)).decode()}
            rows = [{"name": name, "value": value} for name, value in words.items()]
            database.table("meta").upsert_all(rows, pk="name")
        database.close()
        self._cells.update(cells)
        for place in cells:
            self._coming.pop(place, None)
        self._token, self.tabs = token, after

    def expect(self, cells: Decided) -> None:
        """The desk is about to write these: a sync that sees them before they are kept sees a decision, not an edit."""
        self._coming.update(cells)

    def no_longer(self, cells: Decided) -> None:
        """They were not written."""
        for place in cells:
            self._coming.pop(place, None)

    def agrees(self, tab: str, key: str, now: dict[str, Any]) -> bool:
        """True when a row's decision columns say what was decided, or nothing has been taken down for its tab yet."""
        if tab not in self.tabs or self._cells.get((tab, key), {}) == now:
            return True
        return (tab, key) in self._coming and self._coming[tab, key] == now

    def decided(self, row: Row) -> dict[str, Any]:
        """What counts as decided for a row's key."""
        exact = self._cells.get(place_of(row))
        # files of earlier versions know an order by its number alone
        return self._cells.get((row.TAB, row.key), {}) if exact is None else exact

    def rows_decided(self) -> int:
        """How many rows have anything decided."""
        return sum(1 for kept in self._cells.values() if kept)

    def count_to_tell(self) -> int | None:
        """How many rows the first sync found decided, until finance has been told; then None."""
        if self._told or self._token is None:
            return None
        database = self._open()
        self._told = database.table("meta").count_where("name = 'told'") > 0
        database.close()
        return None if self._told else self.rows_decided()

    def told(self) -> None:
        """Finance knows; in this process also when that cannot be written down."""
        self._told = True
        database = self._open()
        with database.conn:
            database.table("meta").upsert({"name": "told", "value": "1"}, pk="name")
        database.close()

    def hold(self, row: Row, twins: Iterable[Row] = ()) -> tuple[Row, list[Note]]:
        """The row with decided values in place of later hand edits, and a note for each edit.

        Of rows with one key (`twins` are the others) the strictest was taken for decided, and it is that one that a
        hand edit is told from: two rows that differ are not an edit.
        """
        if row.TAB not in GUARDED_TABS or row.TAB not in self.tabs or not row.key:
            return row, []
        decided, now = self.decided(row), decided_of(row)
        together = strictest((row, *twins)) if twins else now
        if now == decided == together or now == together == self._coming.get(place_of(row)):
            return row, []
        values = {name: _typed(row.TAB, name, decided.get(name)) for name in _edited(now, decided)}
        notes = [
            Note(row.TAB, row.row, row.key, name, "unapproved_edit", _written(row.TAB, name, together.get(name)))
            for name in _edited(together, decided)
        ]
        # an unreadable hand edit is replaced by the decided value: the cell no longer matters
        return replace(row, unread=row.unread - set(values), **values), notes


def _words(database: Database) -> dict[str, str]:
    return {str(row["name"]): str(row["value"]) for row in database.table("meta").rows}


def _tabs(words: Mapping[str, str]) -> frozenset[str]:
    """The tabs taken down; a file that does not say which was made when all were taken at once."""
    if "taken" not in words:
        return frozenset()
    return frozenset(orjson.loads(words["tabs"])) if "tabs" in words else frozenset(GUARDED_TABS)


def _edited(now: Mapping[str, Any], decided: Mapping[str, Any]) -> list[str]:
    """Columns that say something else than was decided, those aside that only hold more."""
    changed = [name for name in sorted({*now, *decided}) if now.get(name) != decided.get(name)]
    return [name for name in changed if not _tighter(name, now.get(name), decided.get(name))]


def _without_exponents(tab: str, cells: str) -> dict[str, Any]:
    """Cells as kept; amounts once written as 2E+6 are taken for what they are."""
    kept: dict[str, Any] = orjson.loads(cells)
    if "E+" not in cells:
        return kept
    return {
        name: digits(Decimal(value)) if kind_of(tab, name) == "money" and value != "?" else value
        for name, value in kept.items()
    }


def _written(tab: str, name: str, value: Any) -> str:
    """A hand edit as a note holds it: money as 2000000.00, days in ISO, the rest as it stands."""
    if value is None or value == "?":
        return str(value or "")
    return f"{Decimal(value):.2f}" if kind_of(tab, name) == "money" else str(value)[:80]


def _tighter(name: str, now: Any, decided: Any) -> bool:
    """A hand edit of the status that holds more than what was decided counts at once: it can only protect."""
    if name != "status" or (now or "active") not in STATUS_WORSE:
        return False
    return STATUS_WORSE.index(now or "active") > STATUS_WORSE.index(decided or "active")


def _typed(tab: str, name: str, value: Any) -> Any:
    kind = kind_of(tab, name)
    if value is None or value == "?":
        return "" if kind == "text" else None
    if kind == "money":
        return Decimal(value)
    return date.fromisoformat(value) if kind == "date" else value
