"""A write that hit another row or column, moved by somebody at that moment: what was there, and putting it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sheets.columns import identity_of
from sheets.layout import LOOK_AT, encoded, lay_out
from sheets.write_cells import CellData, entered_cell, plain, same
from sheets.write_grid import Grid


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Cells that we wrote into a row that was not meant."""

    tab: str
    title: str
    """The tab's, as people see it."""
    row: int
    """Where it stood when it was seen."""
    rest: Mapping[str, Any]
    """Header -> value of the row's other cells, by which it is known again; worked-out ones say nothing."""
    wrote: Mapping[str, Any]
    """Header -> what we left there."""
    was: Mapping[str, CellData] | None
    """Header -> what stood there before; None when nobody can tell."""
    is_header: bool = False
    """True when it was the header itself; columns are then told by their place."""


_BLANK = "\x00"


def lines(grid: Grid) -> dict[str, int]:
    """Name -> column: the header where it is there once, a number among the nameless where there is none."""
    width = max(len(grid.rows[grid.head]) if grid.head < len(grid.rows) else 0, len(grid.layout.columns))
    texts = [grid.header(place).strip() for place in range(width)]
    blank = iter(range(width))
    named = [text or f"{_BLANK}{next(blank)}" for text in texts]
    return {name: place for place, name in enumerate(named) if named.count(name) == 1}


def names(grid: Grid, hit: Hit) -> dict[str, int]:
    """Name -> column, as this hit tells columns."""
    if not hit.is_header:
        return lines(grid)
    return {str(place): place for place in range(max(map(len, grid.rows), default=0))}


def hit_of(now: Grid, row: int, cells: Mapping[int, CellData], before: Grid, *, new: bool) -> Hit:
    """What a write at these places of this row has done there.

    A `new` row was blank before, as we had just made it; it stays ours, so a key that stands where it belongs stays.
    """
    headers = lines(now)
    keys = {place for place, column in enumerate(now.layout.columns) if column in identity_of(now.tab)}
    kept = {place for place in cells if new and place in keys and place == lines(before).get(now.header(place))}
    touched = {place: plain(cell) for place, cell in cells.items() if place not in kept}
    rest = {
        text: now.cell(row, place)
        for text, place in headers.items()
        if place not in touched and not now.holds_formula(row, place)
    }
    named = {place: text for text, place in headers.items()}
    wrote = {named.get(place, ""): value for place, value in touched.items()}
    was: Mapping[str, CellData] | None = {name: {} for name in wrote} if new else _before(now, before, rest, wrote)
    return Hit(tab=now.tab, title=now.properties.title, row=row, rest=rest, wrote=wrote, was=was)


def header_hit(now: Grid, cells: Mapping[int, CellData], before: Grid) -> Hit | None:
    """The header, if that is what these cells were written into; its columns are known by their place alone."""
    touched = {place: plain(cell) for place, cell in cells.items()}
    if not cells or not _holds(now, now.head, cells):
        return None
    rest = {str(place): now.cell(now.head, place) for place in range(len(now.rows[now.head])) if place not in touched}
    if not all(same(before.cell(before.head, int(place)), value) for place, value in rest.items()):
        return None
    was = {str(place): _cell(before, before.head, place) for place in touched}
    wrote = {str(place): value for place, value in touched.items()}
    return Hit(tab=now.tab, title=now.properties.title, row=now.head, rest=rest, wrote=wrote, was=was, is_header=True)


def with_header(grid: Grid, hit: Hit) -> Grid:
    """The tab under the header that it had."""
    return without(grid, {hit.row: {int(place): cell for place, cell in (hit.was or {}).items()}})


def _before(
    now: Grid, before: Grid, rest: Mapping[str, Any], wrote: Mapping[str, Any]
) -> Mapping[str, CellData] | None:
    """The cells under these headers in the one row that has the same rest; None unless that is certain."""
    places = _places_before(now, before)
    if any(name not in places for name in wrote):
        return None
    found = [
        {name: _cell(before, row, places[name]) for name in wrote}
        for row in range(len(before.rows))
        if _is_row(before, places, row, rest)
    ]
    return found[0] if found and all(one == found[0] for one in found) else None


def _places_before(now: Grid, before: Grid) -> dict[str, int | None]:
    """Header of now -> where its column stood; None for a new column; left out where that is not certain."""
    new, old = lines(now), lines(before)
    nameless = [sum(name.startswith(_BLANK) for name in names) for names in (new, old)]
    places: dict[str, int | None] = {
        name: old[name] for name in new if name in old and (nameless[0] == nameless[1] or not name.startswith(_BLANK))
    }
    come, gone = ([name for name in names if name not in places] for names in (new, old))
    if not gone:
        places |= dict.fromkeys(come, None)
    elif len(come) == len(gone) == 1 and not any(name.startswith(_BLANK) for name in (*come, *gone)):
        places[come[0]] = old[gone[0]]  # renamed
    return places


def _cell(grid: Grid, row: int, place: int | None) -> CellData:
    return {} if place is None else entered_cell(grid.as_entered(row, place), grid.cell(row, place))


def _is_row(grid: Grid, places: Mapping[str, int | None], row: int, rest: Mapping[str, Any]) -> bool:
    """Whether a row says all this, as far as it is typed; what stands under an unknown header says nothing."""
    told = 0
    for name, value in rest.items():
        place = places.get(name)
        if place is not None and not grid.holds_formula(row, place):
            if not same(grid.cell(row, place), value):
                return False
            told += 1
    return told > 0 or not rest


def restoring(grid: Grid, hit: Hit) -> tuple[int, dict[int, CellData]] | None:
    """(row, cells) by which a hit is undone in the sheet as it stands; None when that is not certain.

    Only what still says what we wrote is put back: a person may have been there since. No cells = it is undone.
    """
    if hit.was is None:
        return None
    places, was = names(grid, hit), hit.was
    if any(name not in places for name in hit.wrote):
        return None
    open_: dict[int, dict[int, CellData]] = {}
    undone: list[int] = []
    for row in range(len(grid.rows)):
        if not _is_row(grid, places, row, hit.rest):
            continue
        said = {name: grid.as_entered(row, places[name]) for name in hit.wrote}
        back = [name for name in said if not same(said[name], plain(was[name]))]
        if not back:
            undone.append(row)
        elif all(same(said[name], hit.wrote[name]) for name in back):
            open_[row] = {places[name]: was[name] for name in back}
    if len(open_) == 1:
        return next(iter(open_.items()))
    return (undone[0], {}) if undone and not open_ else None


def same_row(grid: Grid, hit: Hit) -> int | None:
    """The row that was hit, known again by its other cells; None unless that is certain."""
    places = names(grid, hit)
    rows = [row for row in range(len(grid.rows)) if _is_row(grid, places, row, hit.rest)]
    return rows[0] if len(rows) == 1 else None


def stray(now: Grid, meant: int, cells: Mapping[int, CellData], before: Grid, *, new: bool) -> Sequence[Hit]:
    """Cells that hold what we wrote and are not those that were meant, found without the answer of the batch.

    Rows that moved: the same columns of another row, which said something else before. Columns that moved: the same
    places, under other headers.
    """
    places = lines(now)
    named = {name: place for name, place in lines(before).items() if place in cells}
    moved = any(places.get(name) != place for name, place in named.items())
    here = {places[name]: cells[place] for name, place in named.items() if name in places}
    hits = []
    for row in range(now.head + 1, len(now.rows)):
        if moved and _holds(now, row, cells):
            hits.append(hit_of(now, row, cells, before, new=new))
        elif not new and row != meant and len(here) == len(cells) and _holds(now, row, here):
            hit = hit_of(now, row, here, before, new=False)
            if hit.was is not None and any(not same(plain(hit.was[name]), hit.wrote[name]) for name in hit.wrote):
                hits.append(hit)
    return hits


def _holds(grid: Grid, row: int, cells: Mapping[int, CellData]) -> bool:
    return all(same(grid.as_entered(row, place), plain(cell)) for place, cell in cells.items())


def without(grid: Grid, undone: Mapping[int, Mapping[int, CellData]]) -> Grid:
    """The tab as it will be once hits are undone: row -> the cells that come back. Formulas show nothing yet."""
    rows, entered = ([list(row) for row in cells] for cells in (grid.rows, grid.entered))
    for row, cells in undone.items():
        for place, cell in cells.items():
            value = plain(cell)
            formula = "formulaValue" in cell.get("userEnteredValue", {})
            for lines_of, said in ((rows, None if formula else value), (entered, value)):
                while len(lines_of) <= row:
                    lines_of.append([])
                lines_of[row] += [None] * (place + 1 - len(lines_of[row]))
                lines_of[row][place] = said
    raw, _ = lay_out(grid.tab, encoded(rows[:LOOK_AT]), grid.names)  # the header may be among what comes back
    return replace(grid, rows=rows, entered=entered, layout=raw.layout if raw is not None else grid.layout)
