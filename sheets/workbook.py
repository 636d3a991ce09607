"""A ledger as an .xlsx workbook: cells by value, within budgets, no entities, no formulas run."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from defusedxml import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from scoring.errors import LedgerError
from scoring.findings import Note
from scoring.ledger import ROW_TYPES, RawTab
from sheets.columns import LedgerMap
from sheets.folder import refuse_without_customers
from sheets.layout import encoded, lay_out
from sheets.reading import Reading

MAX_UNPACKED = 1_500_000_000
MAX_ROWS = 2_000_000
MAX_COLUMNS = 200


def read_workbook(path: Path, names: LedgerMap) -> Reading:
    """All tabs of a workbook; what a tab is called is looked up in the map. LedgerError when it is none."""
    _weigh(path)
    try:
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except (InvalidFileException, KeyError, ValueError, OSError, zipfile.BadZipFile, DefusedXmlException):
        raise LedgerError("ledger_not_a_workbook", where=path.name) from None
    tabs: dict[str, RawTab] = {}
    problems: list[Note] = []
    try:
        for sheet in book.worksheets:
            tab = names.tab_of(sheet.title)
            if tab is None or tab not in ROW_TYPES or tab in tabs:
                continue
            sheet.reset_dimensions()
            raw, notes = lay_out(tab, encoded(_rows(sheet, path.name)), names)
            problems += notes
            if raw is not None:
                tabs[tab] = raw
    finally:
        book.close()
    named = {note.tab for note in problems}
    problems += [Note(tab, None, "", None, "tab_missing") for tab in ROW_TYPES if tab not in tabs and tab not in named]
    return refuse_without_customers(Reading(tabs=tabs, problems=tuple(problems), title=path.stem), path.name)


def _weigh(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
    except (zipfile.BadZipFile, OSError):
        raise LedgerError("ledger_not_a_workbook", where=path.name) from None
    if unpacked > MAX_UNPACKED:
        raise LedgerError("ledger_too_large", where=path.name, limit=MAX_UNPACKED)


def _rows(sheet: Any, where: str) -> Iterator[list[Any]]:
    for count, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True)):
        if count >= MAX_ROWS:
            raise LedgerError("ledger_too_large", where=where, limit=MAX_ROWS)
        row = [_plain(cell) for cell in cells]
        while row and row[-1] is None:
            row.pop()
        yield row


def _plain(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, int) and not isinstance(cell, bool) and abs(cell) >= 2**53:
        return str(cell)  # more digits than a sheet's number holds: an id that was typed as one
    if cell is None or isinstance(cell, str | int | float | bool | date):
        return cell
    return cell.isoformat() if isinstance(cell, time) else str(cell)
