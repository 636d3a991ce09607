"""A fresh look at the tabs that a job writes: header, keys and cells in one range each, with formulas and marks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from scoring.dates import day_first_in
from scoring.ledger import Encoded
from sheets.layout import LOOK_AT, lay_out
from sheets.read import GoogleLedger, Metadata, Properties
from sheets.write_cells import same
from sheets.write_grid import Grid
from sheets.write_job import WriteBusy, WriteConflict

LOOKS = 3
SOON = 10.0
"""Seconds after which a sheet that is being typed into is worth another look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The sheet as it stood."""

    grids: Mapping[str, Grid]
    marks: Sequence[Metadata]
    free_tab: int
    """An id that no tab has."""


def look(ledger: GoogleLedger, tabs: Iterable[str], near: int) -> Look:
    """The tabs of these keys that exist. WriteConflict where one cannot be made out; SheetError as reading has them."""
    wanted = set(tabs)
    for _ in range(LOOKS):
        structure = ledger.structure(marks=True)
        found: dict[str, Properties] = {}
        for sheet in structure.sheets:
            tab = ledger.names.tab_of(sheet.properties.title)
            if tab in wanted:
                found.setdefault(tab, sheet.properties)
        titles = [properties.title for properties in found.values()]
        raw = ledger.values(titles)
        shown = [[_decoded(row) for row in rows] for rows in raw]
        entered = list(map(_entered, ledger.values(titles, formulas=True), raw, shown))
        if all(map(_alike, shown, entered)):
            break
    else:
        raise WriteBusy("edited", SOON)
    grids = {
        tab: _grid(ledger, tab, properties, rows, typed, day_first_in(structure.properties.locale))
        for (tab, properties), rows, typed in zip(found.items(), shown, entered, strict=True)
    }
    taken = {sheet.properties.id for sheet in structure.sheets}
    free = next(number for number in range(near, near + len(taken) + 1) if number not in taken)
    return Look(grids=grids, marks=structure.marks, free_tab=free)


def _decoded(row: Encoded) -> list[Any]:
    found: list[Any] = orjson.loads(bytes(row))
    return found


def _entered(rows: Sequence[Encoded], raw: Sequence[Encoded], shown: list[list[Any]]) -> list[list[Any]]:
    """Rows as typed; one without a formula is the row that was shown."""
    return [
        shown[place] if place < len(raw) and bytes(row) == bytes(raw[place]) else _decoded(row)
        for place, row in enumerate(rows)
    ]


def _alike(shown: list[list[Any]], entered: list[list[Any]]) -> bool:
    """Whether two reads saw the same sheet: nobody typed in between, so each formula is where its value is."""
    for row in range(max(len(shown), len(entered))):
        values, texts = (rows[row] if row < len(rows) else [] for rows in (shown, entered))
        if values is texts:
            continue
        for place in range(max(len(values), len(texts))):
            value, text = (cells[place] if place < len(cells) else None for cells in (values, texts))
            if not same(value, text) and not (isinstance(text, str) and text.startswith("=")):
                return False
    return True


def _grid(
    ledger: GoogleLedger, tab: str, properties: Properties, shown: list[list[Any]], entered: list[list[Any]],
    day_first: bool | None,
) -> Grid:  # fmt: skip
    raw, notes = lay_out(tab, [orjson.dumps(row) for row in shown[:LOOK_AT]], ledger.names)
    if raw is None:
        column = next((note.column for note in notes if note.column), None)
        known = ledger.names.tabs[tab].columns.get(column or "", (column or "",))
        if column is None:
            raise WriteConflict("tab_empty", tab=properties.title)
        raise WriteConflict("column_missing", tab=properties.title, column=known[0])
    doubled = frozenset(note.column for note in notes if note.code == "column_duplicate" and note.column)
    return Grid(
        tab=tab, properties=properties, layout=raw.layout, rows=shown, entered=entered, names=ledger.names,
        doubled=doubled, day_first=day_first,
    )  # fmt: skip
