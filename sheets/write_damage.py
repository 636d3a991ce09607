"""A write that hit another row or column, moved by somebody at that moment: what was there, and putting it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sheets.write_cells import CellData, entered_cell, plain, same
from sheets.write_grid import Grid


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Cells that we wrote into a row that was not meant."""

    tab: str
    row: int
    """Where it stood when it was seen."""
    rest: Mapping[str, Any]
    """Header -> value of the row's other cells, by which it is known again; worked-out ones say nothing."""
    wrote: Mapping[str, Any]
    """Header -> what we left there."""
    was: Mapping[str, CellData] | None
    """Header -> what stood there before; None when nobody can tell."""


_BLANK = "\x00"


def lines(grid: Grid) -> dict[str, int]:
    """Name -> column: the header where it is there once, a number among the nameless where there is none."""
    width = max(len(grid.rows[grid.head]) if grid.head < len(grid.rows) else 0, len(grid.layout.columns))
    texts = [grid.header(place).strip() for place in range(width)]
    blank = iter(range(width))
    named = [text or f"{_BLANK}{next(blank)}" for text in texts]
    return {name: place for place, name in enumerate(named) if named.count(name) == 1}


def hit_of(now: Grid, row: int, cells: Mapping[int, CellData], before: Grid, *, new: bool) -> Hit:
    """What a write at these places of this row has done there. `new` rows were blank before: we had just made them."""
    headers = lines(now)
    touched = {place: plain(cell) for place, cell in cells.items()}
    rest = {
        text: now.cell(row, place)
        for text, place in headers.items()
        if place not in touched and not now.holds_formula(row, place)
    }
    named = {place: text for text, place in headers.items()}
    wrote = {named.get(place, ""): value for place, value in touched.items()}
    was: Mapping[str, CellData] | None = (
        {name: {} for name in wrote}
        if new
        else None
        if _renumbered(now, before, wrote)
        else _before(before, rest, wrote)
    )
    return Hit(tab=now.tab, row=row, rest=rest, wrote=wrote, was=was)


def _before(before: Grid, rest: Mapping[str, Any], wrote: Mapping[str, Any]) -> Mapping[str, CellData] | None:
    """The cells under these headers in the one row that has the same rest; None unless that is certain."""
    headers = lines(before)
    found = [
        {
            name: entered_cell(before.as_entered(row, headers[name]), before.cell(row, headers[name]))
            if name in headers
            else {}
            for name in wrote
        }
        for row in range(len(before.rows))
        if _is_row(before, headers, row, rest)
    ]
    return found[0] if found and all(one == found[0] for one in found) else None


def _renumbered(now: Grid, before: Grid, wrote: Mapping[str, Any]) -> bool:
    """Whether it is not certain which column we hit: two of one name, or a nameless one among more than there were."""
    if "" in wrote:
        return True
    there = sum(name.startswith(_BLANK) for name in lines(before))
    if not there or not any(name.startswith(_BLANK) for name in wrote):
        return False
    return there != sum(name.startswith(_BLANK) for name in lines(now))


def _is_row(grid: Grid, headers: Mapping[str, int], row: int, rest: Mapping[str, Any]) -> bool:
    told = 0
    for text, value in rest.items():
        place = headers.get(text)
        if place is None:
            if not same(value, None):
                return False
        elif not grid.holds_formula(row, place):
            if not same(grid.cell(row, place), value):
                return False
            told += 1
    return told > 0 or not rest


def restoring(grid: Grid, hit: Hit) -> tuple[int, dict[int, CellData]] | None:
    """(row, cells) by which a hit is undone in the sheet as it stands; None when that is not certain.

    Only what still says what we wrote is put back: a person may have been there since.
    """
    if hit.was is None:
        return None
    headers = lines(grid)
    rows = [
        row
        for row in range(len(grid.rows))
        if _is_row(grid, headers, row, hit.rest)
        and all(text in headers and same(grid.cell(row, headers[text]), value) for text, value in hit.wrote.items())
    ]
    if len(rows) != 1:
        return None
    return rows[0], {headers[text]: hit.was[text] for text in hit.wrote}


def stray(now: Grid, meant: int, cells: Mapping[str, CellData], before: Grid) -> Sequence[Hit]:
    """Rows other than the one meant that hold what we wrote and held something else before."""
    places = {place: cell for text, cell in cells.items() if (place := lines(now).get(text)) is not None}
    if len(places) < len(cells):
        return []
    hits = []
    for row in range(now.head + 1, len(now.rows)):
        if row != meant and all(same(now.cell(row, place), plain(cell)) for place, cell in places.items()):
            hit = hit_of(now, row, places, before, new=False)
            if hit.was is not None and any(not same(plain(hit.was[text]), hit.wrote[text]) for text in hit.wrote):
                hits.append(hit)
    return hits
