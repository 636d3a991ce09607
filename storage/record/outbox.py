"""What a delivery ends in, and how an item is read."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from storage.record.box_sql import NAMES
from storage.record.kinds import Facts, Item, Outcome
from storage.record.moments import as_json, from_json, maybe_moment, micros
from storage.record.statements import Cursor, Prepared

MOST_ATTEMPTS = 10
"""After so many claims an item is parked."""
LONGEST_WAIT = 300
"""Seconds between two attempts, at most."""


def item_ids(now: int) -> Iterator[str]:
    """32 hexadecimal digits each: milliseconds, 64 random bits, a count. Rising, so that an index grows at its end."""
    start = f"{now // 1000:012x}{secrets.token_hex(8)}"
    return (f"{start}{count:04x}" for count in range(1 << 16))


def moved(cursor: Cursor, pair: tuple[Prepared, Prepared], values: Mapping[str, Any]) -> int:
    """Run a pair of statements that moves rows from one table to the other; how many."""
    copy, drop = pair
    return drop.run(cursor, values) if copy.run(cursor, values) else 0


def item_of(row: Sequence[Any]) -> Item:
    """A row with the columns `NAMES`."""
    values = dict(zip(NAMES, row, strict=True))
    for name in ("payload", "result"):
        values[name] = from_json(values[name])
    for name in ("not_before", "made_at", "first_at", "lease_until"):
        values[name] = maybe_moment(values[name])
    return Item(**{**values, "unknown": bool(values["unknown"])})


def finished(
    item: Item, owner: str, outcome: Outcome, result: Facts, why: str, again_in: float, now: int
) -> Mapping[str, Any]:
    """The values of a finished attempt.

    done: over. refused: parked with why. unknown: waits, to be read back first; parked after `MOST_ATTEMPTS`. busy:
    waits as if it had not been tried.
    """
    values: dict[str, Any] = {
        "this": item.seq, "by": owner, "claim": item.attempts, "attempts": item.attempts, "unknown": item.unknown,
        "not_before": micros(item.not_before), "now": now, "result": as_json(result), "why": why, "state": "parked",
    }  # fmt: skip
    if outcome == "busy":
        due = now + int((again_in or 1) * 1_000_000)
        return values | {"state": "waiting", "attempts": item.attempts - 1, "not_before": due}
    if outcome == "unknown":
        wait = again_in or min(LONGEST_WAIT, 2 ** (item.attempts - 1))
        state = "parked" if item.attempts >= MOST_ATTEMPTS else "waiting"
        return values | {"state": state, "unknown": True, "not_before": now + int(wait * 1_000_000)}
    return values
