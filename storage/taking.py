"""Taking in a tab: what changed, by digest; whose it is; the documents of those whom it touches, written anew."""

import sqlite3
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import msgspec
import orjson
from xxhash import xxh3_64_intdigest as digest

from scoring.cells import MAX_KEY
from scoring.keys import KeyPlaces, plain_key, shared_by_customers
from scoring.ledger import Encoded, Layout, RawTab
from storage.documents import (
    NOBODY,
    bodies_of,
    content_of,
    document,
    document_id,
    drop_documents,
    drop_tab,
    put_documents,
    same_cells,
)
from storage.meta import get_meta, put_meta
from storage.owners import Owners
from storage.places import PART, Places, differing, digests_of, hash_of, load_places, places_of, save_places

Repeated = dict[int, list[int]]
"""Hash of a key that stands on several rows -> whose rows they are."""


@dataclass(slots=True)
class Change:
    """What a reading would change in a tab; nothing is written yet."""

    raw: RawTab
    head: str
    fresh: bool
    """The columns are new: nothing of the old copy can be kept."""
    old: Places
    now: Places
    places: list[int]
    gone: set[int]
    """Owners of rows that stood at a changed place, or beyond the tab's new end."""
    keyed: int
    distinct: int
    repeated: Repeated


@dataclass(slots=True)
class Taken:
    """What a tab did to its owners, by their numbers."""

    rows: int = 0
    """Rows that are new or another, and those that are gone."""
    touched: set[int] = field(default_factory=set)
    """Their rows say something else now."""
    moved: set[int] = field(default_factory=set)
    """Their rows only stand elsewhere."""
    lost: set[int] = field(default_factory=set)
    """They have no rows in this tab any more."""


def head_of(layout: Layout, day_first: bool | None) -> str:
    """What the cells of a tab mean: while it is the same, rows that are equal to the letter say the same."""
    head = {"columns": layout.columns, "units": dict(layout.units), "row": layout.header_row, "day_first": day_first}
    return orjson.dumps(head).decode()


def layout_of(tab: str, head: str) -> tuple[Layout, bool | None]:
    """The layout behind a head, and how its locale writes days."""
    found = orjson.loads(head)
    return Layout(tab, found["row"], tuple(found["columns"]), found["units"]), found["day_first"]


def last_layouts(connection: sqlite3.Connection, tabs: Iterable[str]) -> dict[str, Layout]:
    """The columns of tabs as they were last taken in; a tab that never was is left out."""
    heads = {tab: get_meta(connection, f"head:{tab}") for tab in tabs}
    return {tab: layout_of(tab, head)[0] for tab, head in heads.items() if head is not None}


def compare(
    connection: sqlite3.Connection, raw: RawTab, owners: Owners, *, day_first: bool | None, secret: int
) -> Change:
    """Hold a reading against the copy: its changed places, their owners and keys, and how many keys there are."""
    head = head_of(raw.layout, day_first)
    fresh = get_meta(connection, f"head:{raw.tab}") != head
    old = Places() if fresh else load_places(connection, raw.tab)
    digests = digests_of(raw.rows, secret)
    places = differing(old.digests, digests)
    now = Places(digests, array("I", old.owners), array("Q", old.keys))
    now.resize(len(digests))
    size = len(old)
    gone = {old.owners[place] for place in places if place < size} | set(old.owners[len(digests) :]) if size else set()
    same_keys = _fill(now, raw, places, owners) and size == len(digests)
    saved = None if fresh else get_meta(connection, f"keys:{raw.tab}")
    if saved is not None and same_keys:
        keyed, distinct, pairs = orjson.loads(saved)
        repeated: Repeated = dict(pairs)
    else:
        keyed, distinct, repeated = _count(now)
    return Change(raw, head, fresh, old, now, places, gone, keyed, distinct, repeated)


def _fill(now: Places, raw: RawTab, changed: Sequence[int], owners: Owners) -> bool:
    """Owner and key of the changed places; True when none of them differs from what stood there."""
    before = [(now.owners[place], now.keys[place]) for place in changed] if len(changed) <= PART else None
    whole = len(changed) == len(now)
    for start in range(0, len(changed), PART):
        part = changed[start : start + PART]
        keys, customers = _keys_and_customers(raw, part)
        numbers = owners.numbers_of(set(customers))
        belongs = array("I", map(numbers.__getitem__, customers))
        if whole:
            now.owners[start : start + len(part)], now.keys[start : start + len(part)] = belongs, keys
        else:
            for place, owner, key in zip(part, belongs, keys, strict=True):
                now.owners[place], now.keys[place] = owner, key
    return before is not None and before == [(now.owners[place], now.keys[place]) for place in changed]


def _keys_and_customers(raw: RawTab, places: Sequence[int]) -> tuple["array[int]", list[str]]:
    """(hashes of the keys, customer ids) of rows, decoding no more of them than that."""
    where = KeyPlaces(raw.layout)
    decode, pick = _decoder(where.wanted)
    found = list(map(pick, map(decode, map(raw.rows.__getitem__, places))))
    if not where.is_pair:
        keys = [where.key(cells) for cells in found]
        customers = [where.customer(cells, key) for cells, key in zip(found, keys, strict=True)]
        return array("Q", map(hash_of, keys)), customers
    # an invoice's number and its customer, spelled as anybody would: nearly every row of a large ledger
    spelled = {cell: plain_key(cell) for cell in {cells[1] for cells in found}}
    hashes = array(
        "Q",
        [
            digest(key.encode())
            if type(key) is str and key.isalnum() and key.isascii() and len(key) <= MAX_KEY
            else hash_of(where.key((key,)))
            for key, _ in found
        ],
    )
    return hashes, [spelled[customer] for _, customer in found]


def keys_in(raw: RawTab) -> tuple[int, int]:
    """(rows with a key, distinct keys) of a tab that is not taken in."""
    keys = [key for key in _keys_and_customers(raw, range(len(raw.rows)))[0] if key]
    return len(keys), len(set(keys))


def _decoder(wanted: Sequence[int]) -> tuple[Callable[[Encoded], Any], Callable[[Any], tuple[object, ...]]]:
    """A decoder that reads a row only as far as its last wanted cell, and the way to those cells."""
    fields = [
        (f"c{place}", Any, None) if place in wanted else (f"c{place}", msgspec.Raw, msgspec.Raw())
        for place in range(max(wanted) + 1)
    ]
    row_type = msgspec.defstruct("Cells", fields, array_like=True)
    names = [f"c{place}" for place in wanted]
    first = attrgetter(*names)
    pick: Callable[[Any], tuple[object, ...]] = first if len(names) > 1 else lambda cells: (first(cells),)
    return msgspec.json.Decoder(row_type).decode, pick


def _count(now: Places) -> tuple[int, int, Repeated]:
    """(rows with a key, distinct keys, keys on several rows)."""
    keyed = len(now) - now.keys.count(0)
    distinct = len(set(now.keys)) - (keyed < len(now))
    repeated: Repeated = {}
    if distinct < keyed:
        often = {key for key, count in Counter(now.keys).items() if count > 1 and key}
        for place, key in enumerate(now.keys):
            if key in often:
                repeated.setdefault(key, []).append(now.owners[place])
    return keyed, distinct, repeated


def apply(connection: sqlite3.Connection, change: Change) -> Taken:
    """Write what a reading changes in a tab."""
    tab = change.raw.tab
    before, size_before = set(), len(change.old)
    if change.fresh:
        replaced = load_places(connection, tab)
        before, size_before = set(replaced.owners), len(replaced)
        drop_tab(connection, tab)
        connection.execute("delete from places where tab = ?", (tab,))
        put_meta(connection, {f"head:{tab}": change.head})
    elif not change.places and len(change.now) == len(change.old):
        return Taken()
    owners = change.gone | {change.now.owners[place] for place in change.places}
    taken = _write_documents(connection, change, owners)
    taken.touched |= before  # whoever had rows under the old columns and has none under the new
    size = max(len(change.old), len(change.now))
    parts = sorted({place // PART for place in change.places} | set(range(len(change.now) // PART, -(-size // PART))))
    save_places(connection, tab, change.now, [part for part in parts if part * PART < len(change.now)])
    if shared_by_customers(tab):
        for repeated in (_repeated(connection, tab), change.repeated):
            for claimants in repeated.values():
                taken.touched.update(claimants)
    counted = [change.keyed, change.distinct, list(change.repeated.items())]
    put_meta(connection, {f"keys:{tab}": orjson.dumps(counted).decode()})
    taken.rows = len(change.places) + max(0, size_before - len(change.now))
    taken.touched.discard(NOBODY)
    return taken


def _write_documents(connection: sqlite3.Connection, change: Change, owners: set[int]) -> Taken:
    tab, rows = change.raw.tab, change.raw.rows
    groups = _grouped(change, owners)
    ids = {owner: document_id(owner, tab) for owner in owners}
    # nothing of an owner whose rows are all new can be in the copy yet
    old = {} if change.fresh else bodies_of(connection, [ids[owner] for owner in owners if owner in change.gone])
    mapped = [place for place, key in enumerate(change.raw.layout.columns) if key is not None]
    taken = Taken()
    first = change.raw.first_row

    def bodies() -> Iterator[tuple[int, bytes]]:
        for owner in sorted(groups):
            places = groups[owner]
            body = document([first + place for place in places], [rows[place] for place in places])
            before = old.get(ids[owner])
            same = before is not None and (
                content_of(before) == content_of(body)
                or (change.raw.layout.beside and same_cells(before, body, mapped))
            )
            (taken.moved if same else taken.touched).add(owner)
            yield ids[owner], body

    put_documents(connection, bodies())
    taken.lost = owners - groups.keys()
    taken.touched |= taken.lost
    drop_documents(connection, (ids[owner] for owner in taken.lost))
    return taken


def _grouped(change: Change, owners: set[int]) -> dict[int, list[int]]:
    """The places of these owners' rows, blank rows left out."""
    groups: dict[int, list[int]] = {}
    rows = change.raw.rows
    for place, owner in places_of(change.now.owners, owners):
        if owner != NOBODY or len(rows[place]) > len(b"[]"):
            groups.setdefault(owner, []).append(place)
    return groups


def _repeated(connection: sqlite3.Connection, tab: str) -> Repeated:
    saved = get_meta(connection, f"keys:{tab}")
    return {} if saved is None else dict(orjson.loads(saved)[2])


def repeated_of(saved: str) -> Repeated:
    """What `keys:TAB` in meta says of keys on several rows."""
    return dict(orjson.loads(saved)[2])
