"""What stands at each place of a tab: a digest of the raw row, whose it is, a hash of its key. Eight plus four plus
eight bytes a row, in parts, so that a sync reads and writes little.

The digest is keyed with a secret of this copy: nobody can type a row that hides behind the digest of another.
"""

import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from xxhash import xxh3_64_intdigest

from scoring.ledger import Encoded

PART = 1 << 16
_STRIDE = 4096
_FEW = 32


def _longs() -> "array[int]":
    return array("Q")


def _owner_ids() -> "array[int]":
    return array("I")


@dataclass(slots=True)
class Places:
    """The vectors of one tab, by place below the header."""

    digests: "array[int]" = field(default_factory=_longs)
    owners: "array[int]" = field(default_factory=_owner_ids)
    keys: "array[int]" = field(default_factory=_longs)
    """0 for a row without a key."""

    def __len__(self) -> int:
        return len(self.digests)

    def resize(self, size: int) -> None:
        """Cut off what is too much, or fill up with nothing."""
        for vector in (self.digests, self.owners, self.keys):
            if len(vector) > size:
                del vector[size:]
            elif len(vector) < size:
                vector.frombytes(bytes((size - len(vector)) * vector.itemsize))


def digests_of(rows: Sequence[Encoded], secret: int) -> "array[int]":
    """A digest for each raw row; in parts, so that no list of all of them stands beside the vector."""
    digests = array("Q")
    for start in range(0, len(rows), PART):
        digests.extend(array("Q", [xxh3_64_intdigest(row, secret) for row in rows[start : start + PART]]))
    return digests


def hash_of(key: str) -> int:
    """What stands for a key; never 0 for one, and the same in every process."""
    return xxh3_64_intdigest(key.encode()) or 1 if key else 0


def differing(old: "array[int]", new: "array[int]") -> list[int]:
    """The places of `new` that say something else than `old`, those beyond its end included."""
    found: list[int] = []
    common = min(len(old), len(new))
    left, right = memoryview(old), memoryview(new)
    for start in range(0, common, _STRIDE):
        end = min(start + _STRIDE, common)
        if left[start:end] != right[start:end]:
            found += [place for place in range(start, end) if old[place] != new[place]]
    found += range(common, len(new))
    return found


def places_of(owners: "array[int]", wanted: set[int]) -> Iterator[tuple[int, int]]:
    """(place, owner) of every row of these owners, in order."""
    if len(wanted) > _FEW:
        yield from ((place, owner) for place, owner in enumerate(owners) if owner in wanted)
        return
    # a handful is found faster by looking for its bytes
    content, width = owners.tobytes(), owners.itemsize
    found: list[tuple[int, int]] = []
    for owner in wanted:
        mark = array(owners.typecode, [owner]).tobytes()
        at = content.find(mark)
        while at >= 0:
            if at % width:
                at = content.find(mark, at + 1)
                continue
            found.append((at // width, owner))
            at = content.find(mark, at + width)
    yield from sorted(found)


def load_places(connection: sqlite3.Connection, tab: str) -> Places:
    """The vectors of a tab; empty for one that was never taken in."""
    places = Places()
    query = "select digests, owners, keys from places where tab = ? order by part"
    for digests, owners, keys in connection.execute(query, (tab,)):
        places.digests.frombytes(digests)
        places.owners.frombytes(owners)
        places.keys.frombytes(keys)
    return places


def save_places(connection: sqlite3.Connection, tab: str, places: Places, parts: Iterable[int]) -> None:
    """Write these parts of the vectors, and drop what lies beyond their end."""
    connection.executemany(
        "insert or replace into places (tab, part, digests, owners, keys) values (?, ?, ?, ?, ?)",
        (
            (tab, part, *(vector[part * PART : (part + 1) * PART].tobytes() for vector in _vectors(places)))
            for part in parts
        ),
    )
    last = (len(places) - 1) // PART
    connection.execute("delete from places where tab = ? and part > ?", (tab, last))


def _vectors(places: Places) -> tuple["array[int]", "array[int]", "array[int]"]:
    return places.digests, places.owners, places.keys
