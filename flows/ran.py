"""When each job ran last and what it did; what is only kept for a while."""

import orjson

from flows.desk import Desk


def note_run(desk: Desk, name: str, did: str) -> None:
    """Keep the last run of a job."""
    desk.mirror.remember(f"job:{name}", orjson.dumps({"at": desk.clock().isoformat(), "did": did}).decode())


def tidy(desk: Desk) -> str:
    """Forget what the record keeps for a while only."""
    if desk.record is None:
        return "-"
    desk.record.tidy()
    return "done"
