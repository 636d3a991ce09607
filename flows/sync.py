"""One sync: fetch, compare, guard, take in what changed in one transaction, make the view anew."""

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import msgspec
import orjson

from flows.desk import Desk, View
from flows.quiet import paused_collector
from flows.rollups import day_key, refresh_rollups
from flows.view import build_view
from scoring.dates import day_first_in
from scoring.errors import DeskError, LedgerError
from scoring.findings import Finding
from scoring.ledger import ROW_TYPES, Layout
from sheets.guards import guard, odd_columns
from sheets.reading import Reading
from storage.cards import drop_cards
from storage.meta import get_meta, put_meta
from storage.owners import Owners
from storage.rollups import mark_touched, mark_unwatched
from storage.taking import Change, Taken, apply, compare, last_layouts

_log = logging.getLogger("creditdesk.ledger")
Progress = Callable[[str, int, int], None]
DRIVE_MAY_LAG = timedelta(seconds=150)
"""Drive tells of an edit up to three minutes late: with a look every minute, the sheet itself is read by then."""
Accepted = frozenset[tuple[str, str]]
"""(tab, column) that a person says are meant to be gone, doubled or in another unit."""
NOTHING: Accepted = frozenset()


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did."""

    fetched: bool
    changed_rows: int = 0
    touched_customers: int = 0
    held: tuple[Finding, ...] = ()
    baseline_taken: int | None = None


def sync(
    desk: Desk, progress: Progress | None = None, *, force: bool = False, accepted: Accepted = NOTHING
) -> SyncReport:
    """Bring the mirror and the view up to date; errors of the source pass through and leave the old copy standing."""
    if desk.mirror.gone():
        desk.mirror.rebuild()
        desk.latest.view = None
    if desk.baseline is not None and desk.baseline.refresh():
        desk.mirror.forget_sums()
        force = True
    version = desk.source.version()
    view = desk.latest.view
    current = version is not None and version == desk.mirror.meta("version")
    if current and not force and view is not None and _holds(desk, view):
        desk.latest.view = replace(view, problem=None)
        return SyncReport(fetched=False, held=view.held)
    reading = desk.source.fetch()
    try:
        with paused_collector():
            return absorb(desk, reading, version, progress, accepted)
    except msgspec.DecodeError:
        raise LedgerError("sheet_answer", why="rows") from None


def _holds(desk: Desk, view: View) -> bool:
    """The view is of this day, of the copy at hand and its figures, and of a look at the sheet that is not long ago."""
    recent = view.synced_at is not None and desk.clock() - view.synced_at < DRIVE_MAY_LAG
    same = view.taken == desk.mirror.meta("taken") and desk.mirror.meta("sums_day") == day_key(desk)
    return recent and same and view.on == desk.on()


def absorb(
    desk: Desk,
    reading: Reading,
    version: str | None,
    progress: Progress | None = None,
    accepted: Accepted = NOTHING,
) -> SyncReport:
    """Take a reading into the mirror."""
    mirror = desk.mirror
    taken = Taken()
    names_changed = False
    day_first = day_first_in(reading.locale)
    with mirror.writing() as connection:
        before = get_meta(connection, "taken")
        secret = int(get_meta(connection, "secret") or secrets.randbits(63))
        last_rows: dict[str, int] = orjson.loads(get_meta(connection, "counts") or "{}")
        owners = Owners(connection)
        changes: dict[str, Change] = {}
        for tab, raw in reading.tabs.items():
            if progress:
                progress(tab, 0, len(raw.rows))
            changes[tab] = compare(connection, raw, owners, day_first=day_first, secret=secret)
        counted = {tab: (change.keyed, change.distinct) for tab, change in changes.items()}
        doubled = {**orjson.loads(get_meta(connection, "doubled") or "{}")}
        odd = odd_in(reading, last_layouts(connection, reading.tabs), doubled, accepted)
        held = guard(reading.problems, last_rows, counted, odd)
        for tab in held.take:
            found = apply(connection, changes[tab])
            taken.rows += found.rows
            taken.touched |= found.touched
            taken.moved |= found.moved
            names_changed = names_changed or (tab in {"customers", "blacklist"} and found.rows > 0)
        if get_meta(connection, "sums_day"):  # else everybody's figures are made anyway
            mark_touched(connection, taken.touched)
        mark_unwatched(connection, taken.touched)
        drop_cards(connection, taken.touched | taken.moved)
        doubled |= {tab: doubled_in(reading, tab) for tab in held.take}
        known = sorted({*last_rows, *held.take} - _emptied(desk, reading))
        put_meta(
            connection,
            {
                "counts": orjson.dumps({**last_rows, **{tab: counted[tab][0] for tab in held.take}}).decode(),
                "tabs": orjson.dumps(known).decode(),
                "problems": orjson.dumps([note.as_json() for note in reading.problems]).decode(),
                "links": orjson.dumps(dict(reading.links)).decode(),
                "doubled": orjson.dumps(doubled).decode(),
                "version": "" if held.findings else (version or reading.version or ""),
                "secret": str(secret),
                "taken": secrets.token_hex(8) if taken.rows or before is None else before,
                "held": orjson.dumps([finding.as_json() for finding in held.findings]).decode(),
                "synced_at": desk.clock().isoformat(),
                "title": reading.title,
            },
        )
    decided_before = desk.baseline.tabs if desk.baseline is not None else frozenset()
    count = refresh_rollups(desk, progress)
    decided = None
    if desk.baseline is not None and desk.baseline.tabs != decided_before:
        decided = desk.baseline.rows_decided()
    view = desk.latest.view
    mine = view is not None and view.taken == before and view.on == desk.on()
    desk.latest.view = build_view(
        desk, synced_at=desk.clock(), held=held.findings, before=view, renamed=names_changed or not mine
    )
    return SyncReport(True, taken.rows, count, held.findings, decided)


def odd_in(
    reading: Reading, before: Mapping[str, Layout], doubled: Mapping[str, list[str]], accepted: Accepted
) -> dict[str, list[tuple[str, str]]]:
    """Columns that are not what they were when their tab was last taken in, and that nobody accepted."""
    found: dict[str, list[tuple[str, str]]] = {}
    for tab, layout in before.items():
        new = set(doubled_in(reading, tab)) - set(doubled.get(tab, ()))
        odd = odd_columns(layout, reading.tabs[tab].layout, new)
        found[tab] = [(code, column) for code, column in odd if (tab, column) not in accepted]
    return found


def doubled_in(reading: Reading, tab: str) -> list[str]:
    """Columns of a tab that stand in it more than once; the first one counts."""
    return sorted({
        str(note.column) for note in reading.problems if note.tab == tab and note.code == "column_duplicate"
    })  # fmt: skip


def _emptied(desk: Desk, reading: Reading) -> set[str]:
    """With a local ledger a tab that is not there is empty; from Google it keeps its last good copy."""
    return set(ROW_TYPES) - set(reading.tabs) if desk.baseline is None else set()


def sync_or_keep(desk: Desk) -> str:
    """A sync for the clock. Whatever goes wrong, the copy at hand stays and says why; of a fault of our own the log
    gets the kind, never what it went wrong with."""
    try:
        report = sync(desk)
    except Exception as problem:  # noqa: BLE001  (an answer from the last copy is better than none)
        known = in_words(problem)
        view = desk.latest.view
        if known is not problem and (view is None or view.problem != known.code):
            _log.error("sync failed: %s", type(problem).__name__)
        if view is not None:
            desk.latest.view = replace(view, problem=known.code)
        return f"kept the copy: {known.code}"
    return f"rows {report.changed_rows}, customers {report.touched_customers}" if report.fetched else "unchanged"


def in_words(problem: Exception) -> DeskError:
    """What ended a sync, as something that has a sentence."""
    return problem if isinstance(problem, DeskError) else LedgerError("sync_failed", why=type(problem).__name__)
