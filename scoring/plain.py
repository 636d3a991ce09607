"""The quick lane of the book's figures: accounts whose documents are plain numbers and serial days.

An account whose invoices and receipts are all in the customer's own currency, with nothing disputed, credited or
written off, is added up straight from the raw cells, in whole cents. One odd cell among those that the figures need
gives None, and the account goes the long way (`scoring.exposure`), to which this lane is equal wherever it answers: a
property test holds it. The caller sees to the rest: rows in `LANE_TABS` only, keys that are nobody else's, and a
currency that needs no rate.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from scoring.cells import MAX_KEY, key_text
from scoring.checks import is_total
from scoring.dates import EPOCH
from scoring.ledger import Layout

_NOWHERE = 1 << 30
_EARLIEST, _LATEST = 20_000, 80_000
"""Serial days that are read as they are (1954 to 2119)."""
_LARGEST = 10**9
_TOLERANCE = 0.01
_NUMBERS = (int, float)
_TOTAL_LETTERS = " TtSsGg"
"""Words for a sum begin so, or are not ASCII."""
_NO = frozenset({"否", "N", "n", "no", "No", "FALSE", "无"})
LANE_TABS = frozenset({"customers", "invoices", "payments", "promises", "financials", "checks", "contracts", "returns"})
"""An account with rows in any other tab goes the long way."""

Cells = Sequence[Any]


class PlainFigures(NamedTuple):
    """Whole cents in the customer's currency."""

    buckets: tuple[int, ...]
    unapplied: int
    max_days_overdue: int
    newest_on: int | None
    """Ordinal of the newest document."""


def _places(layout: Layout | None, *keys: str) -> list[int]:
    columns = () if layout is None else layout.columns
    return [columns.index(key) if key in columns else _NOWHERE for key in keys]


class Lane:
    """Adds up plain accounts as of one day."""

    def __init__(self, invoices: Layout | None, payments: Layout | None, *, on: date, as_it_stands: bool) -> None:
        """`as_it_stands`: D is today, a filled `paid` cell speaks about it."""
        self._bill = _places(
            invoices, "amount", "paid", "issued_on", "due_on", "settled_on", "currency", "disputed", "written_off",
            "invoice_no",
        )  # fmt: skip
        self._receipt = _places(payments, "amount", "received_on", "currency", "bounced", "invoice_no", "receipt_no")
        self._units = any(layout is not None and layout.units for layout in (invoices, payments))
        self._today = on.toordinal() - EPOCH.toordinal()
        self._as_it_stands = as_it_stands

    def figures(self, own: str, bills: Collection[Cells], receipts: Collection[Cells]) -> PlainFigures | None:
        """The figures of an account, or None where anything is not plain."""
        if self._units:
            return None
        received: dict[str, int] | None = None
        newest = unapplied = 0
        if receipts:
            found = self._received(own, receipts)
            if found is None:
                return None
            received, unapplied, newest = found
        return self._bills(own, bills, received, unapplied, newest)

    def _received(self, own: str, receipts: Collection[Cells]) -> tuple[dict[str, int], int, int] | None:
        """(cents by invoice, cents that name none, newest day)."""
        at_amount, at_day, at_currency, at_bounced, at_invoice, at_key = self._receipt
        by_invoice: dict[str, int] = {}
        loose = newest = 0
        for cells in receipts:
            width = len(cells)
            cents = _cents(cells[at_amount] if at_amount < width else None)
            day = cells[at_day] if at_day < width else None
            if cents is None or type(day) is not int or not _EARLIEST < day <= self._today:
                return None
            if not _keyed(cells, at_key) or not _own(cells, at_currency, own) or not _no(cells, at_bounced):
                return None
            newest = max(newest, day)
            number = cells[at_invoice] if at_invoice < width else None
            if number is None or number == "":
                loose += cents
            elif type(number) is str:
                if number[0] == "#" or len(number) > MAX_KEY or not number.strip():
                    return None
                number = key_text(number)
                by_invoice[number] = by_invoice.get(number, 0) + cents
            else:
                return None
        return by_invoice, loose, newest

    def _bills(  # noqa: C901  (one pass, a branch per rule: taken apart it would cost more than it adds up)
        self, own: str, bills: Collection[Cells], received: dict[str, int] | None, unapplied: int, newest: int
    ) -> PlainFigures | None:
        at_amount, at_paid, at_issued, at_due, at_settled, at_currency, at_disputed, at_off, at_number = self._bill
        today, as_it_stands = self._today, self._as_it_stands
        buckets = [0] * 7
        longest = 0
        for cells in bills:
            width = len(cells)
            if width <= at_amount or width <= at_due or width <= at_issued or width <= at_number:
                return None
            amount, issued, due, number = cells[at_amount], cells[at_issued], cells[at_due], cells[at_number]
            if type(issued) is not int or type(due) is not int or not _EARLIEST < issued <= today:
                return None
            if not _EARLIEST < due < _LATEST or type(amount) not in _NUMBERS or not 0 <= amount < _LARGEST:
                return None
            exact = amount * 100
            cents = round(exact)
            if not -_TOLERANCE < exact - cents < _TOLERANCE:
                return None
            # the ordinary cell first: these four looks are most of the lane's time
            if at_currency < width and cells[at_currency] != own and not _own(cells, at_currency, own):
                return None
            ordinary = type(number) is str and number.isalnum() and number.isascii() and number[0] not in _TOTAL_LETTERS
            if (not ordinary or len(number) > MAX_KEY) and not _keyed(cells, at_number):
                return None
            if at_disputed < width and cells[at_disputed] != "" and not _no(cells, at_disputed):
                return None
            if at_off < width and cells[at_off] != "" and not _nothing(cells, at_off):
                return None
            cell = cells[at_paid] if at_paid < width else ""
            filled = cell is not None and cell != ""
            paid = 0
            if filled:
                found = cents if cell == amount and type(cell) in _NUMBERS else _cents(cell)
                if found is None:
                    return None
                paid = found
            settled: Any = cells[at_settled] if at_settled < width else ""
            closed = settled is not None and settled != ""
            if closed and (type(settled) is not int or not _EARLIEST < settled < _LATEST):
                return None
            here = None if received is None else received.pop(key_text(number), None)
            if here is not None:
                paid = paid if filled and as_it_stands else here
            elif closed:
                if settled > today:
                    paid = 0
                elif not filled or (paid >= cents and not as_it_stands):
                    paid = cents
            if issued > newest:
                newest = issued
            left = cents - paid
            if left <= 0:
                unapplied -= left
                continue
            days = today - due
            if days <= 0:
                buckets[0] += left
            else:
                buckets[_bucket(days)] += left
                longest = max(longest, days)
        if received:
            # receipts that name an invoice of nobody here
            unapplied += sum(received.values())
        return PlainFigures(tuple(buckets), unapplied, longest, newest + EPOCH.toordinal() if newest else None)


def _bucket(days: int) -> int:
    if days <= 30:
        return 1
    if days <= 60:
        return 2
    if days <= 90:
        return 3
    return 4 if days <= 180 else 5 if days <= 365 else 6


def _cents(cell: object) -> int | None:
    """Whole cents of a plain number that is not negative; None for anything else."""
    if type(cell) is float or type(cell) is int:
        exact = cell * 100
        cents = round(exact) if 0 <= cell < _LARGEST else -1
        if cents >= 0 and -_TOLERANCE < exact - cents < _TOLERANCE:
            return cents
    return None


def _keyed(cells: Cells, place: int) -> bool:
    """True for a row with an ordinary key: not empty, no error, no total."""
    key = cells[place] if place < len(cells) else None
    if type(key) is not str or not key or key[0] == "#" or len(key) > MAX_KEY:
        return False
    return bool(key.strip()) if key.isascii() and key[0] not in _TOTAL_LETTERS else not is_total(key.strip())


def _own(cells: Cells, place: int, own: str) -> bool:
    if place >= len(cells):
        return True
    cell = cells[place]
    return cell == own or cell is None or cell == ""


def _no(cells: Cells, place: int) -> bool:
    if place >= len(cells):
        return True
    cell = cells[place]
    return cell is None or cell is False or cell == "" or (type(cell) is str and cell in _NO)


def _nothing(cells: Cells, place: int) -> bool:
    if place >= len(cells):
        return True
    cell = cells[place]
    return cell is None or cell == "" or cell == 0
