"""A local ledger in a mirror of its own per run, and the list of everything odd in a ledger."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import orjson

from flows.accounts import account_of
from flows.desk import Desk
from flows.view import build_book
from scoring.checks import duplicates
from scoring.errors import LedgerError, MisuseError
from scoring.exposure import position
from scoring.findings import Note
from scoring.groups import Member, roots_of
from sheets.columns import LedgerMap
from sheets.folder import read_folder
from sheets.reading import Reading


class LocalLedger:
    """A folder of CSV or an .xlsx workbook as the source of a desk."""

    def __init__(self, path: Path, names: LedgerMap) -> None:
        """Nothing is read yet."""
        self._path, self._names = path, names

    def fetch(self) -> Reading:
        """All tabs; LedgerError when there is no such ledger or it has no customers."""
        if self._path.is_dir():
            return read_folder(self._path, self._names)
        if not self._path.exists():
            raise LedgerError("ledger_not_found", where=str(self._path))
        from sheets.workbook import read_workbook  # a running desk never opens one

        return read_workbook(self._path, self._names)

    def version(self) -> str | None:
        """Files are read anew each time."""
        return None


def all_notes(desk: Desk, progress: Callable[[str, int, int], None] | None = None) -> list[Note]:
    """Every note: tabs, cells, rows, documents, hand edits, groups; each once, by tab and row."""
    notes = [Note(**entry) for entry in orjson.loads(desk.mirror.meta("problems") or "[]")]
    notes += desk.mirror.loose_notes()
    for tab in ("industries", "rates", "blacklist", "suppliers", "partners"):
        notes += duplicates(desk.mirror.tab_rows(tab))[1]
    book = build_book(desk)
    members: dict[str, Member] = {}
    ids = desk.mirror.customer_ids()
    for count, customer_id in enumerate(ids):
        account = account_of(desk, customer_id)
        if account is None:
            continue
        figures = position(account, book.rates, desk.policy, on=desk.on(), today=desk.today())
        notes += [*account.notes, *figures.notes]
        customer = account.customer
        members[customer_id] = Member(customer_id, customer.parent_id, customer.row, "", None, None, None, None)
        if progress:
            progress("notes", count, len(ids))
    notes += roots_of(members)[1]
    order = {tab: place for place, tab in enumerate(("customers", "invoices", "payments", "promises", "orders"))}

    def place(note: Note) -> tuple[int, str, int, str, str]:
        return order.get(note.tab, 9), note.tab, note.row or 0, note.column or "", note.code

    return sorted(dict.fromkeys(notes), key=place)


def check_day(day: date | None, today: date) -> None:
    """A day later than today is refused: the ledger knows nothing of it."""
    if day is not None and day > today:
        raise MisuseError("date_future", found=day.isoformat())
