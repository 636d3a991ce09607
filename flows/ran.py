"""When each job ran last and what it did."""

import orjson

from flows.desk import Desk


def note_run(desk: Desk, name: str, did: str) -> None:
    """Keep the last run of a job."""
    desk.mirror.remember(f"job:{name}", orjson.dumps({"at": desk.clock().isoformat(), "did": did}).decode())
