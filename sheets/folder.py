"""A ledger as a folder of <tab>.csv, with the column keys of the contract (or any mapped header) on top."""

import csv
from collections.abc import Iterator
from pathlib import Path

from scoring.errors import LedgerError
from scoring.findings import Note
from scoring.ledger import REQUIRED_TABS, ROW_TYPES, RawTab
from sheets.columns import LedgerMap
from sheets.layout import encoded, lay_out
from sheets.reading import Reading

MAX_BYTES = 1_000_000_000


def read_folder(folder: Path, names: LedgerMap) -> Reading:
    """All tabs of a folder. A missing tab is empty, with a note; without customers the ledger is refused."""
    csv.field_size_limit(1_000_000)
    tabs: dict[str, RawTab] = {}
    problems: list[Note] = []
    files = {key: path for path in sorted(folder.glob("*.csv")) if (key := names.tab_of(path.stem)) is not None}
    for tab in ROW_TYPES:
        path = files.get(tab)
        if path is None:
            problems.append(Note(tab, None, "", None, "tab_missing"))
            continue
        raw, notes = lay_out(tab, encoded(_rows(path)), names)
        problems += notes
        if raw is not None:
            tabs[tab] = raw
    return refuse_without_customers(Reading(tabs=tabs, problems=tuple(problems), title=folder.name), str(folder))


def refuse_without_customers(reading: Reading, where: str) -> Reading:
    """The reading itself, or LedgerError naming what stands in place of the customers."""
    if REQUIRED_TABS[0] in reading.tabs:
        return reading
    problem = next((note for note in reading.problems if note.tab == REQUIRED_TABS[0]), None)
    if problem is None or problem.code == "tab_missing":
        raise LedgerError("ledger_without_customers", where=where)
    raise LedgerError(
        "ledger_customers_unreadable", where=where, code=problem.code, column=problem.column or "", row=problem.row or 0
    )


def _rows(path: Path) -> Iterator[list[str]]:
    if path.stat().st_size > MAX_BYTES:
        raise LedgerError("ledger_too_large", where=path.name, limit=MAX_BYTES)
    text = _decoded(path)
    if "\0" in text:
        raise LedgerError("ledger_not_text", where=path.name)
    try:
        yield from csv.reader(text.splitlines(keepends=True))
    except csv.Error:
        raise LedgerError("ledger_not_text", where=path.name) from None


def _decoded(path: Path) -> str:
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise LedgerError("ledger_not_text", where=path.name)
