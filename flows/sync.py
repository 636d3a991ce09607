"""One sync: fetch, guard, compare, parse what changed, replace it in one transaction, make the view anew."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson

from flows.accounts import account_of
from flows.ageing_rows import ageing_body
from flows.desk import Desk, View
from flows.view import build_view, rates_of
from scoring.checks import read_rows
from scoring.dates import day_first_in
from scoring.errors import DeskError
from scoring.exposure import position
from scoring.findings import Finding
from scoring.ledger import ROW_TYPES, RawTab, Row
from scoring.money import to_minor
from sheets.guards import guard
from sheets.reading import Reading
from storage.mirror import digest_of
from storage.mirror_rows import (
    Stored,
    Sums,
    clear_tab,
    drop_rows,
    ensure_indexes,
    mark_touched,
    move_rows,
    owners_of,
    put_meta,
    put_notes,
    put_rows,
    put_sums,
    repeated_keys,
    saved_meta,
    saved_rows,
)  # fmt: skip
from storage.rows import encode

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did."""

    fetched: bool
    changed_rows: int = 0
    touched_customers: int = 0
    held: tuple[Finding, ...] = ()
    baseline_taken: int | None = None


def sync(desk: Desk, progress: Progress | None = None, *, force: bool = False) -> SyncReport:
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
    if current and not force and view is not None and view.on == desk.on() and view.taken == desk.mirror.meta("taken"):
        desk.latest.view = build_again(desk, desk.clock())
        return SyncReport(fetched=False, held=view.held)
    reading = desk.source.fetch()
    return absorb(desk, reading, version, progress)


def build_again(desk: Desk, synced_at: datetime) -> View | None:
    """The same view with a newer time."""
    view = desk.latest.view
    return None if view is None else replace(view, synced_at=synced_at, problem=None)


def absorb(desk: Desk, reading: Reading, version: str | None, progress: Progress | None = None) -> SyncReport:
    """Take a reading into the mirror."""
    mirror = desk.mirror
    before = mirror.meta("taken")
    last_rows: dict[str, int] = orjson.loads(mirror.meta("counts") or "{}")
    counted = {tab: keys_of(raw) for tab, raw in reading.tabs.items()}
    held = guard(reading, last_rows, counted)
    touched: set[str] = set()
    changed = 0
    names_changed = False
    day_first = day_first_in(reading.locale)
    with mirror.writing() as connection:
        for tab, raw in held.take.items():
            if progress:
                progress(tab, 0, len(raw.rows))
            found = _take_tab(connection, raw, day_first)
            changed += found.changed
            touched |= found.customers
            names_changed = names_changed or (tab in {"customers", "blacklist"} and found.changed > 0)
        ensure_indexes(connection)
        repeated = repeated_keys(connection)
        for tab, keys in repeated.items():
            touched |= owners_of(connection, tab, keys) if changed else set()
        mark_touched(connection, touched)
        known = sorted({*last_rows, *held.take} - _emptied(desk, reading))
        put_meta(
            connection,
            {
                "counts": orjson.dumps({**last_rows, **{tab: counted[tab][0] for tab in held.take}}).decode(),
                "tabs": orjson.dumps(known).decode(),
                "repeated": orjson.dumps(repeated).decode(),
                "problems": orjson.dumps([note.as_json() for note in reading.problems]).decode(),
                "links": orjson.dumps(dict(reading.links)).decode(),
                "version": "" if held.findings else (version or reading.version or ""),
                "taken": secrets.token_hex(8),
                "synced_at": desk.clock().isoformat(),
                "title": reading.title,
            },
        )
    taken = _take_baseline(desk)
    count = refresh_sums(desk, progress)
    view = desk.latest.view
    mine = view is not None and view.taken == before and view.on == desk.on()
    search = view.search if view is not None and mine and not names_changed else None
    desk.latest.view = build_view(desk, synced_at=desk.clock(), search=search, held=held.findings)
    return SyncReport(True, changed, count, held.findings, taken)


def _emptied(desk: Desk, reading: Reading) -> set[str]:
    """With a local ledger a tab that is not there is empty; from Google it keeps its last good copy."""
    return set(ROW_TYPES) - set(reading.tabs) if desk.baseline is None else set()


@dataclass(slots=True)
class _Taken:
    changed: int
    customers: set[str]


def _take_tab(connection: Any, raw: RawTab, day_first: bool | None) -> _Taken:
    """Replace what changed in a tab, by the hash of raw cells; rows that only moved keep their parsed body."""
    head = orjson.dumps([raw.columns, dict(raw.units), day_first]).decode()
    name = f"head:{raw.tab}"
    fresh = saved_meta(connection, name) != head
    if fresh:
        clear_tab(connection, raw.tab)
        put_meta(connection, {name: head})
    old = {} if fresh else saved_rows(connection, raw.tab)
    width = len(raw.columns)
    digests: dict[int, bytes] = {}
    new: list[tuple[int, list[object]]] = []
    for number, cells in raw.rows:
        digest = digest_of(cells[:width])
        digests[number] = digest
        kept = old.get(number)
        if kept is not None and kept[1] == digest:
            del old[number]
        elif any(cell not in {None, ""} for cell in cells[:width] if not isinstance(cell, list)):
            new.append((number, cells))
    customers: set[str] = set()
    moved = _moves(old, new, digests)
    for number, row_id, owner in moved:
        customers.add(owner)
        move_rows(connection, [(row_id, number)])
    gone = [(number, row_id, owner) for number, (row_id, _, owner) in old.items()]
    drop_rows(connection, [row_id for _, row_id, _ in gone])
    customers |= {owner for _, _, owner in gone}
    left = {number for number, _, _ in moved}
    part = RawTab(raw.tab, raw.header_row, raw.columns, [pair for pair in new if pair[0] not in left], raw.units)
    result = read_rows(part, day_first=day_first)
    put_rows(connection, (_stored(row, digests[row.row]) for row in result.rows))
    customers |= {_owner(row) for row in result.rows}
    touched_rows = [] if fresh else [number for number, _ in new] + [number for number, _, _ in gone]
    put_notes(connection, raw.tab, touched_rows, result.notes)
    customers.discard("")
    return _Taken(len(part.rows) + len(gone) + len(moved), customers)


def _moves(
    old: dict[int, tuple[int, bytes, str]], new: list[tuple[int, list[object]]], digests: dict[int, bytes]
) -> list[tuple[int, int, str]]:
    """Rows with the same cells elsewhere: (new place, id, owner). They leave `old`."""
    by_digest: dict[bytes, list[int]] = {}
    for number, (_, digest, _) in old.items():
        by_digest.setdefault(digest, []).append(number)
    moved: list[tuple[int, int, str]] = []
    for number, _ in new:
        places = by_digest.get(digests[number])
        if places:
            row_id, _, owner = old.pop(places.pop())
            moved.append((number, row_id, owner))
    return moved


def _stored(row: Row, digest: bytes) -> Stored:
    return Stored(row.TAB, row.row, row.key, _owner(row), digest, encode(row))


def _owner(row: Row) -> str:
    return str(getattr(row, "customer_id", ""))


def keys_of(raw: RawTab) -> tuple[int, int]:
    """(rows with a key, distinct keys)."""
    places = [place for place, key in enumerate(raw.columns) if key in ROW_TYPES[raw.tab].IDENTITY]
    seen: list[str] = []
    for _, cells in raw.rows:
        parts = [str(cells[place]).strip() for place in places if place < len(cells) and cells[place] not in {None, ""}]
        if parts and (len(parts) == len(places) or raw.tab == "blacklist"):
            seen.append("/".join(parts))
    return len(seen), len(set(seen))


def _take_baseline(desk: Desk) -> int | None:
    """At the first sync of a sheet its decision columns count as decided."""
    if desk.baseline is None or desk.baseline.taken:
        return None
    return desk.baseline.take([*desk.mirror.tab_rows("customers"), *desk.mirror.tab_rows("orders")])


def refresh_sums(desk: Desk, progress: Progress | None = None) -> int:
    """Recompute the rollup figures of customers whose rows changed, or of all when the day did; how many."""
    mirror, on, today = desk.mirror, desk.on(), desk.today()
    day = f"{on}/{today}/{desk.policy.fingerprint}/{orjson.dumps(_rates_key(desk)).decode()}"
    everyone = mirror.meta("sums_day") != day
    wanted = mirror.customer_ids() if everyone else mirror.unfilled_sums()
    rates = rates_of(desk)
    sums: list[Sums] = []
    for place, customer_id in enumerate(wanted):
        account = account_of(desk, customer_id)
        if account is None:
            continue
        customer = account.customer
        figures = position(account, rates, desk.policy, on=on, today=today)
        sums.append(
            Sums(
                customer_id=customer_id,
                row=customer.row,
                parent_id=customer.parent_id,
                currency=figures.currency,
                to_base=None if figures.to_base is None else str(figures.to_base),
                group_limit=None if customer.group_limit is None else str(customer.group_limit),
                open_minor=to_minor(figures.open_base),
                exposure_minor=to_minor(figures.exposure_base),
                newest_on=figures.newest_document_on.isoformat() if figures.newest_document_on else None,
                name=customer.name,
                ageing=ageing_body(figures),
            )
        )
        if progress and place % 500 == 0:
            progress("rollups", place, len(wanted))
    with mirror.writing() as connection:
        put_sums(connection, sums)
        put_meta(connection, {"sums_day": day})
    return len(sums)


def _rates_key(desk: Desk) -> list[str]:
    return [repr(row) for row in desk.mirror.tab_rows("rates")]


def sync_or_keep(desk: Desk) -> str:
    """A sync for the clock: when the source is away the copy at hand stays and says why."""
    try:
        report = sync(desk)
    except DeskError as problem:
        view = desk.latest.view
        if view is not None:
            desk.latest.view = replace(view, problem=problem.code)
        return f"kept the copy: {problem.code}"
    return f"rows {report.changed_rows}, customers {report.touched_customers}" if report.fetched else "unchanged"
