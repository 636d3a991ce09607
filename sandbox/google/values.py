"""spreadsheets.values: reading ranges and writing them, a batch as a whole or not at all."""

from dataclasses import dataclass
from typing import Any

from sandbox.google.a1 import Box, parse
from sandbox.google.cells import (
    Cell,
    Day,
    Formula,
    Moment,
    column_name,
    display,
    entered,
    is_empty,
    shown_value,
    stored,
)
from sandbox.google.store import MAX_CHARACTERS, RangeError, Spreadsheet

RENDER = ("FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA")
DATES = ("SERIAL_NUMBER", "FORMATTED_STRING")
DIMENSIONS = ("ROWS", "COLUMNS")
INPUT = ("RAW", "USER_ENTERED")


@dataclass(frozen=True)
class Look:
    """How values are rendered."""

    render: str = "FORMATTED_VALUE"
    dates: str = "SERIAL_NUMBER"
    dimension: str = "ROWS"


def one_of(name: str, value: Any, allowed: tuple[str, ...]) -> str:
    """An option that Sheets knows; RangeError otherwise."""
    if value not in allowed:
        raise RangeError(f"Invalid value at '{name}', {value!r}")
    return str(value)


def look_of(given: Any, prefix: str = "") -> Look:
    """The rendering that a request asks for."""

    def name(text: str) -> str:
        return prefix + text[0].upper() + text[1:] if prefix else text

    return Look(
        one_of(name("valueRenderOption"), given.get(name("valueRenderOption")) or RENDER[0], RENDER),
        one_of(name("dateTimeRenderOption"), given.get(name("dateTimeRenderOption")) or DATES[0], DATES),
        one_of("majorDimension", given.get("majorDimension") or DIMENSIONS[0], DIMENSIONS),
    )


def rendered(cell: Cell, is_date: bool, look: Look) -> Any:
    """One cell as the values API answers it."""
    if look.render == "FORMULA" and isinstance(cell, Formula):
        return cell.text
    value = shown_value(cell)
    if value is None:
        return ""
    if look.render == "FORMATTED_VALUE":
        return display(cell, is_date)
    if look.dates == "FORMATTED_STRING" and (is_date or isinstance(value, Day | Moment)):
        return display(cell, is_date)
    return value


def read(sheet: Spreadsheet, text: str, look: Look) -> dict[str, Any]:
    """A ValueRange: trailing empty cells and rows trimmed, no `values` at all when nothing is there."""
    box = parse(sheet, text)
    rows = rows_of(box, look)
    if look.dimension == "COLUMNS":
        width = max((len(row) for row in rows), default=0)
        rows = [_trimmed([row[at] if at < len(row) else "" for row in rows]) for at in range(width)]
    return {"range": box.name, "majorDimension": look.dimension, **({"values": rows} if rows else {})}


def rows_of(box: Box, look: Look) -> list[list[Any]]:
    """The rows of a box."""
    dates, plain = box.tab.dates, look.render == "UNFORMATTED_VALUE" and look.dates == "SERIAL_NUMBER"
    rows: list[list[Any]] = []
    for line in box.tab.cells[box.top : box.bottom + 1]:
        row = line[box.left : box.right + 1]
        while row and is_empty(row[-1]):
            row.pop()
        if plain:
            rows.append(["" if cell is None else shown_value(cell) for cell in row])
        else:
            rows.append([rendered(cell, box.left + place in dates, look) for place, cell in enumerate(row)])
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _trimmed(row: list[Any]) -> list[Any]:
    while row and row[-1] == "":
        row.pop()
    return row


@dataclass(frozen=True)
class Write:
    """One range with the cells that go into it, checked and not yet written."""

    box: Box
    cells: tuple[tuple[int, int, Cell], ...]

    def answer(self, key: str) -> dict[str, Any]:
        """An UpdateValuesResponse."""
        rows, columns = {row for row, _, _ in self.cells}, {column for _, column, _ in self.cells}
        return {
            "spreadsheetId": key, "updatedRange": self.box.name, "updatedRows": len(rows),
            "updatedColumns": len(columns), "updatedCells": len(self.cells),
        }  # fmt: skip


def prepare(sheet: Spreadsheet, given: Any, option: Any, where: str) -> Write:
    """Check one range and its values; null skips a cell."""
    if option not in INPUT:
        raise RangeError("'valueInputOption' is required but not specified")
    if not isinstance(given, dict) or not isinstance(given.get("range"), str):
        raise RangeError(f"Invalid value at '{where}' (range)")
    unknown = set(given) - {"range", "values", "majorDimension"}
    if unknown:
        raise RangeError(f"Invalid JSON payload received. Unknown name \"{min(unknown)}\" at '{where}'")
    rows = given.get("values", [])
    if not isinstance(rows, list) or any(not isinstance(row, list) for row in rows):
        raise RangeError(f"Invalid value at '{where}.values' (type.googleapis.com/google.protobuf.ListValue)")
    if one_of("majorDimension", given.get("majorDimension") or "ROWS", DIMENSIONS) == "COLUMNS":
        width = max((len(row) for row in rows), default=0)
        rows = [[row[at] if at < len(row) else None for row in rows] for at in range(width)]
    box = _fitting(parse(sheet, given["range"]), rows)
    cells = [
        (box.top + down, box.left + along, _valid(value, option, f"{where}.values[{down}][{along}]"))
        for down, row in enumerate(rows)
        for along, value in enumerate(row)
        if value is not None
    ]
    return Write(box, tuple(cells))


def _fitting(box: Box, rows: list[list[Any]]) -> Box:
    """The box that the rows fill; they may not reach beyond it, nor beyond the grid."""
    height, width = len(rows), max((len(row) for row in rows), default=0)
    bottom, right = box.top + height - 1, box.left + width - 1
    if box.bound and bottom > box.bottom:
        raise RangeError(f"Requested writing within range [{box.name}], but tried writing to row [{box.bottom + 2}]")
    if box.bound and right > box.right:
        beyond = column_name(box.right + 1)
        raise RangeError(f"Requested writing within range [{box.name}], but tried writing to column [{beyond}]")
    if bottom >= box.tab.rows or right >= box.tab.columns:
        limits = f"Max rows: {box.tab.rows}, max columns: {box.tab.columns}"
        raise RangeError(f"Range ({box.name}) exceeds grid limits. {limits}")
    return Box(box.tab, box.top, box.left, max(bottom, box.top), max(right, box.left))


def _valid(value: Any, option: str, where: str) -> Cell:
    if not isinstance(value, str | int | float | bool):
        raise RangeError(f"Invalid {where}: struct_value and list_value are not allowed")
    if isinstance(value, str) and len(value) > MAX_CHARACTERS:
        raise RangeError(f"Your input contains more than the maximum of {MAX_CHARACTERS} characters in a single cell.")
    return entered(value) if option == "USER_ENTERED" else stored(value)


def carry_out(sheet: Spreadsheet, writes: list[Write]) -> None:
    """Write what was checked."""
    for write in writes:
        for row, column, _ in write.cells:
            write.box.tab.open_to_all(row, column)
    for write in writes:
        for row, column, value in write.cells:
            write.box.tab.set(row, column, value)
    if any(write.cells for write in writes):
        sheet.version += 1
