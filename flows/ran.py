"""When each job ran last and what it did."""

import orjson

from flows.desk import Desk


def note_run(desk: Desk, name: str, did: str) -> None:
    """Keep the last run of a job; a mirror that is being rebuilt forgets it."""
    if not desk.mirror.gone():
        desk.mirror.remember(f"job:{name}", orjson.dumps({"at": desk.clock().isoformat(), "did": did}).decode())
