"""How a desk wakes: with a fresh sync, or on its last good copy when the source is away."""

from dataclasses import replace
from datetime import datetime

import orjson

from flows.desk import Desk
from flows.rollups import refresh_rollups
from flows.sync import in_words, sync
from flows.view import build_view
from scoring.errors import DeskError
from scoring.findings import Finding, Source


def wake(desk: Desk) -> DeskError | None:
    """Sync; when that fails, answer from the copy at hand. The error is returned, or raised when there is no copy."""
    try:
        sync(desk)
    except Exception as problem:
        if desk.latest.view is None and not restore(desk):
            raise
        known, view = in_words(problem), desk.latest.view
        desk.latest.view = None if view is None else replace(view, problem=known.code)
        return known
    return None


def restore(desk: Desk) -> bool:
    """Make the view from the mirror as it was left; False when it holds no ledger."""
    kept = desk.mirror.meta("synced_at")
    if kept is None:
        return False
    refresh_rollups(desk)
    desk.latest.view = build_view(desk, synced_at=datetime.fromisoformat(kept), held=_held(desk), before=None)
    return True


def _held(desk: Desk) -> list[Finding]:
    """What held tabs back at the last look: the copy is no better for a new start."""
    found = orjson.loads(desk.mirror.meta("held") or "[]")
    return [Finding(one["code"], one["severity"], one["facts"], Source(**one["source"])) for one in found]
