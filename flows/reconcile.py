"""The reconciler: of the last day's deliveries, a late double is deleted and what has gone goes out once more."""

import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from flows.desk import Desk
from flows.outgoing import ReadBack, SlackOut, StoppedError
from flows.posting import CLOCKS_MAY_DIFFER
from storage.record import Item, Record

LOOK_BACK = timedelta(days=1)
SETTLED = timedelta(minutes=2)
"""Younger than this a message may still be on its way to where it is read back from."""
FRESH, FRESH_AGAIN, OLD_AGAIN = timedelta(minutes=15), timedelta(minutes=3), timedelta(hours=1)
"""A place with something young in it is looked at each time, one without every hour."""
MOST_PLACES = 25
"""Reading back is allowed some fifty times a minute; deliveries need it too."""
_log = logging.getLogger("creditdesk.outbox")


class Place(NamedTuple):
    """Where messages stand: a channel, or one thread in it."""

    channel: str
    thread_ts: str


@dataclass(frozen=True, slots=True)
class Mended:
    """What one round found."""

    places: int = 0
    doubles: int = 0
    again: int = 0

    def __str__(self) -> str:
        """In a few words, for the log of jobs."""
        return f"{self.places} places; doubles {self.doubles}; again {self.again}"


@dataclass(slots=True)
class Reconciler:
    """Remembers when it looked where, and what it sent again; forgetting that costs a few calls or one repeat."""

    looked: dict[Place, datetime] = field(default_factory=dict)
    sent_again: set[str] = field(default_factory=set)

    def round(self, desk: Desk, slack: SlackOut) -> Mended:
        """Look at the places that are due, the longest unseen first."""
        record = desk.record
        if record is None:
            return Mended()
        now = desk.clock()
        placed = _by_place(record.delivered(now - LOOK_BACK))
        self.looked = {place: when for place, when in self.looked.items() if place in placed}
        due = sorted(
            (place for place in placed if self._due(place, placed[place], now)),
            key=lambda place: self.looked.get(place, datetime.min.replace(tzinfo=now.tzinfo)),
        )
        doubles = again = 0
        for place in due[:MOST_PLACES]:
            try:
                read = slack.read_back(place.channel, _since(placed[place]), place.thread_ts)
            except StoppedError as stopped:
                _log.warning("read-back %s: %s", stopped.sent.outcome, stopped.sent.why)
                if stopped.sent.outcome == "busy":
                    break
                continue
            finally:
                self.looked[place] = now
            for item in placed[place]:
                doubles += _without_doubles(record, slack, item, read)
                again += self._once_more(record, item, read, now)
        if again:
            desk.nudge()
        return Mended(min(len(due), MOST_PLACES), doubles, again)

    def _due(self, place: Place, items: list[Item], now: datetime) -> bool:
        last = self.looked.get(place)
        young = any(now - _begun(item) < FRESH for item in items)
        return last is None or now - last >= (FRESH_AGAIN if young else OLD_AGAIN)

    def _once_more(self, record: Record, item: Item, read: ReadBack, now: datetime) -> bool:
        """Out again what is surely gone, once: who deletes it a second time means it."""
        settled = now - _begun(item) > SETTLED
        if read.times(item.id) or not (read.complete and settled) or item.id in self.sent_again:
            return False
        if not record.redo(item.id):
            return False
        self.sent_again.add(item.id)
        with record.begin() as writing:
            writing.audit(_subject(item), "delivered_again", "", {"item": item.id})
        _log.warning("item %s: its message is gone, out again", item.id)
        return True


def _by_place(items: list[Item]) -> Mapping[Place, list[Item]]:
    """Items that left a message of their own."""
    found: dict[Place, list[Item]] = defaultdict(list)
    for item in items:
        if item.result.get("ts"):
            found[Place(str(item.result["channel"]), str(item.result.get("thread_ts") or ""))].append(item)
    return found


def _begun(item: Item) -> datetime:
    return item.first_at or item.made_at


def _since(items: list[Item]) -> float:
    return (min(map(_begun, items)) - CLOCKS_MAY_DIFFER).timestamp()


def _without_doubles(record: Record, slack: SlackOut, item: Item, read: ReadBack) -> int:
    """Of several messages with one marker the one that the record knows stays: its buttons and thread are in use."""
    times, known = read.times(item.id), str(item.result["ts"])
    stays = known if known in times else next(iter(times), "")
    gone = 0
    for ts in times:
        if ts == stays or slack.delete(str(item.result["channel"]), ts).outcome != "done":
            continue
        gone += 1
        with record.begin() as writing:
            facts = {"item": item.id, "channel": item.result["channel"], "ts": ts, "kept": stays}
            writing.audit(_subject(item), "double_deleted", "", facts)
        _log.warning("item %s: a double was deleted", item.id)
    return gone


def _subject(item: Item) -> str:
    """The request or case that an item is about; "" for neither."""
    return str(item.payload.get("request_no") or item.payload.get("case_id") or "")
