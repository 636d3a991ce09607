"""Marks: developer metadata on the spreadsheet as a whole, by which Google refuses a batch that it has applied.

A row's own mark would die with its row, and the write would be repeated. A mark says which job, on which day, at
which turn: a later turn of a job puts a row right that had moved while it was written.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from scoring.dates import EPOCH
from sheets.read import Metadata

KEY = "w"
KEEP_DAYS = 7
LARGEST_ID = 2**31 - 1
ROOM, ROOM_KEPT = 24_000, 16_000
"""Characters that all marks may take before even younger ones go, and after; Google's own limit is 30,000."""
MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Mark:
    """What one of our marks says."""

    id: int
    job: str
    day: int
    turn: int


def value_of(job: str, day: date, turn: int) -> str:
    """How a mark is spelled."""
    return f"{job}.{day.toordinal() - EPOCH.toordinal()}.{turn}"


def ours(found: Iterable[Metadata]) -> list[Mark]:
    """The marks that a desk left; whatever else is there is somebody else's."""
    marks: list[Mark] = []
    for one in found:
        job, _, rest = one.value.partition(".")
        day, _, turn = rest.partition(".")
        if one.key == KEY and job and day.isdecimal() and turn.isdecimal():
            marks.append(Mark(one.id, job, int(day), int(turn)))
    return marks


def landed(marks: Iterable[Mark], job: str) -> Mark | None:
    """The job's last mark; None when nothing of it has landed."""
    return max((mark for mark in marks if mark.job == job), key=lambda mark: mark.turn, default=None)


def free_id(first: int, taken: Collection[int]) -> int:
    """The first id from `first` on that nobody has: a repeat of the job arrives at the same one."""
    number = first
    while number in taken:
        number = number % LARGEST_ID + 1
    return number


def outlived(found: Iterable[Metadata], today: date) -> list[int]:
    """Ids of marks that nobody will ask about any more; when room runs short, of the oldest others too."""
    there = list(found)
    day = today.toordinal() - EPOCH.toordinal()
    oldest_first = sorted(ours(there), key=lambda mark: mark.day)
    gone = [mark.id for mark in oldest_first if day - mark.day > KEEP_DAYS]
    size = {one.id: len(one.key) + len(one.value) for one in there}
    left = sum(size.values()) - sum(size[number] for number in gone)
    if left > ROOM:
        for mark in oldest_first[len(gone) :]:
            if left <= ROOM_KEPT or mark.day >= day - 1:
                break
            gone.append(mark.id)
            left -= size[mark.id]
    return gone[:MOST_AT_ONCE]


def creation(number: int, value: str) -> dict[str, Any]:
    """The request that leaves a mark; Google refuses it, and its batch with it, when the id is taken."""
    made = {
        "metadataId": number, "metadataKey": KEY, "metadataValue": value, "visibility": "DOCUMENT",
        "location": {"spreadsheet": True},
    }  # fmt: skip
    return {"createDeveloperMetadata": {"developerMetadata": made}}


def deletion(number: int) -> dict[str, Any]:
    """The request that takes a mark away; without it nothing happens."""
    return {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": number}}}}
