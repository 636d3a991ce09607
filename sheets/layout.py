"""Where the header stands and what each column is: title rows above, unknown columns and odd widths survived."""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from scoring.findings import Note
from scoring.keys import owned
from scoring.ledger import ROW_TYPES, Encoded, Layout, RawTab
from sheets.columns import LedgerMap, identity_of

LOOK_AT = 25
"""Rows from the top among which the header must stand."""


def encoded(rows: Iterable[Sequence[Any]]) -> list[Encoded]:
    """Rows of plain cells in the form in which every ledger is handed on: one JSON array each."""
    return [orjson.dumps(list(row), default=str) for row in rows]


def lay_out(tab: str, rows: Sequence[Encoded], names: LedgerMap) -> tuple[RawTab | None, list[Note]]:
    """The tab with its columns named, or None with a note that says which key column or header is missing."""
    top: list[list[Any]] = [orjson.loads(bytes(row)) for row in rows[:LOOK_AT]]
    identity = identity_of(tab)
    # rows that belong to a customer are of no use without saying to whom
    owner = ("customer_id",) if tab in ROW_TYPES and owned(tab) else ()
    needed = tuple(dict.fromkeys((*identity, *owner)))
    best: tuple[int, int, dict[int, tuple[str, int]]] | None = None
    for index, cells in enumerate(top):
        found = {
            place: column
            for place, cell in enumerate(cells)
            if isinstance(cell, str) and cell.strip() and (column := names.column_of(tab, cell)) is not None
        }
        keys = {key for key, _ in found.values()}
        weight = len(keys) + 100 * len(keys & set(needed))
        if found and (best is None or weight > best[0]):
            best = (weight, index, found)
    if best is None:
        code = "header_missing" if any(any(cell not in {None, ""} for cell in row) for row in top) else ""
        return (
            (None, [Note(tab, 1, "", identity[0], code)]) if code else (None, [Note(tab, None, "", None, "tab_empty")])
        )
    _, index, found = best
    keys = {key for key, _ in found.values()}
    missing = [key for key in needed if key not in keys]
    if missing and not (tab == "blacklist" and len(missing) == 1):
        shown = ", ".join(str(cell) for cell in top[index] if cell not in {None, ""})[:120]
        return None, [Note(tab, index + 1, "", missing[0], "key_column_missing", shown)]
    columns: list[str | None] = [None] * (max(found) + 1)
    units: dict[str, int] = {}
    notes: list[Note] = []
    for place, (key, unit) in sorted(found.items()):
        if key in columns:
            notes.append(Note(tab, index + 1, "", key, "column_duplicate", str(top[index][place])[:80]))
            continue
        columns[place] = key
        if unit != 1:
            units[key] = unit
    beside = None in columns or len(top[index]) > len(columns)
    return RawTab(Layout(tab, index + 1, tuple(columns), units, beside), rows[index + 1 :]), notes
