"""Hand edits of decision columns taken for decided, all at once, on purpose."""

from flows.desk import Desk
from flows.rollups import refresh_rollups
from flows.view import build_view
from scoring.findings import Note


def confirm_all(desk: Desk) -> list[Note]:
    """Every hand edit that did not count until now; from here on it does. Nothing to confirm without a sheet."""
    if desk.baseline is None:
        return []
    rows = [*desk.mirror.tab_rows("customers"), *desk.mirror.tab_rows("orders")]
    notes = [note for row in rows for note in desk.baseline.hold(row)[1]]
    desk.baseline.take(rows)
    desk.mirror.forget_sums()
    refresh_rollups(desk)
    view = desk.latest.view
    if view is not None:
        desk.latest.view = build_view(desk, synced_at=view.synced_at, held=view.held, before=view)
    return notes
