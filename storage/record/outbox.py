"""What a delivery ends in, and how an item is read."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from storage.record.kinds import Facts, Item, Outcome
from storage.record.moments import as_json, from_json, maybe_moment, micros, moment

MOST_ATTEMPTS = 10
"""After so many claims an item is parked."""
LONGEST_WAIT = 300
"""Seconds between two attempts, at most."""


def item_id(now: int) -> str:
    """32 hexadecimal digits: milliseconds, then 80 random bits. Rising, so that an index grows at its end only."""
    return f"{now // 1000:012x}{secrets.token_hex(10)}"


def item_of(row: Sequence[Any]) -> Item:
    """A row of `sql.COLUMNS`."""
    new, kind, subject, seq, payload, state, attempts, unknown, not_before, made, first, lease, result, why = row
    return Item(
        id=new,
        kind=kind,
        subject=subject,
        seq=seq,
        payload=from_json(payload),
        state=state,
        attempts=attempts,
        unknown=bool(unknown),
        not_before=moment(not_before),
        made_at=moment(made),
        first_at=maybe_moment(first),
        lease_until=maybe_moment(lease),
        result=from_json(result),
        why=why,
    )


def finished(
    item: Item, owner: str, outcome: Outcome, result: Facts, why: str, again_in: float, now: int
) -> Mapping[str, Any]:
    """The values of a finished attempt.

    done: over. refused: parked with why. unknown: waits, to be read back first; parked after `MOST_ATTEMPTS`. busy:
    waits as if it had not been tried.
    """
    values: dict[str, Any] = {
        "this": item.seq, "by": owner, "claim": item.attempts, "attempts": item.attempts, "unknown": item.unknown,
        "not_before": micros(item.not_before), "ended_at": None, "result": as_json(result), "why": why,
    }  # fmt: skip
    if outcome == "done":
        return values | {"state": "done", "unknown": False, "ended_at": now}
    if outcome == "refused":
        return values | {"state": "parked"}
    if outcome == "busy":
        due = now + int((again_in or 1) * 1_000_000)
        return values | {"state": "waiting", "attempts": item.attempts - 1, "not_before": due}
    state = "parked" if item.attempts >= MOST_ATTEMPTS else "waiting"
    wait = again_in or min(LONGEST_WAIT, 2 ** (item.attempts - 1))
    return values | {"state": state, "unknown": True, "not_before": now + int(wait * 1_000_000)}
