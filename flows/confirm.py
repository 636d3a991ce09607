"""What people changed on purpose, accepted all at once: columns of the sheet, and hand edits of decision columns."""

from flows.desk import Desk
from flows.ledger_entry import decided_cells
from flows.rollups import refresh_rollups
from flows.sync import sync
from flows.view import build_view
from scoring.findings import Note
from scoring.ledger import Customer, Row
from sheets.guards import COLUMN_CODES
from storage.baseline import Baseline
from storage.decided import Decided, place_of, spelled_cells
from storage.record import Filed


def confirm_all(desk: Desk) -> list[Note]:
    """Every column and hand edit that did not count until now; from here on it does. Without a sheet there are none."""
    if desk.baseline is None:
        return []
    return [*_columns(desk), *_edits(desk, desk.baseline)]


def _columns(desk: Desk) -> list[Note]:
    """Take in the tabs that are held only because columns are gone, doubled or in another unit.

    Just the columns seen here are accepted: what is renamed a moment later holds its tab again.
    """
    view = desk.latest.view
    found = [one for one in view.held if one.code in COLUMN_CODES] if view is not None else []
    notes = [Note(str(one.facts["tab"]), None, "", str(one.facts["column"]), one.code) for one in found]
    if notes:
        sync(desk, force=True, accepted=frozenset((note.tab, str(note.column)) for note in notes))
    return notes


def _edits(desk: Desk, baseline: Baseline) -> list[Note]:
    rows = [*desk.mirror.tab_rows("customers"), *desk.mirror.tab_rows("orders")]
    alike: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        alike.setdefault(place_of(row), []).append(row)
    notes = [note for first, *twins in alike.values() for note in baseline.hold(first, twins)[1]]
    baseline.take(rows)
    desk.mirror.forget_sums()
    refresh_rollups(desk)
    view = desk.latest.view
    if view is not None:
        desk.latest.view = build_view(desk, synced_at=view.synced_at, held=view.held, before=view)
    return notes


def coming_from_desk(desk: Desk, filed: Filed) -> Decided:
    """What a signed decision makes of the customer's decision columns, however the sheet looked before."""
    cells = decided_cells(desk, filed)
    if desk.baseline is None or filed.request.state != "approved" or not cells:
        return {}
    desk.baseline.refresh()
    row = Customer(customer_id=filed.request.customer_id)
    known = desk.mirror.account(row.customer_id)
    before = {} if known is None else desk.baseline.decided(known.customer)
    left = {name: said for name, said in before.items() if name not in cells}
    return {place_of(row): left | spelled_cells(cells)}
