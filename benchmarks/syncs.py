"""First sync, one percent and ten rows changed, fetch included, against fetching and decoding the body."""

import gc
import resource
import sys
from pathlib import Path

import orjson
import requests

from benchmarks.book import Files, Served, change, desk_over
from benchmarks.measure import Figure, median_of, seconds
from flows.sync import sync


def main(home: Path, customers: int) -> None:
    """Our syncs first, so that their peak of memory is their own; then the floor."""
    first = (home / "body-0.json").read_bytes()
    size = len(first)
    few = change(first, 10)
    (home / "body-1.json").write_bytes(few)
    (home / "body-2.json").write_bytes(change(few, customers // 10))
    (home / "body-3.json").write_bytes(change((home / "body-2.json").read_bytes(), 10))
    del first, few
    gc.collect()
    files = Files(home)
    try:
        source = Served(f"{files.address}/body-0.json")
        desk = desk_over(source, home / "state")
        before = _peak()
        # the index over names is made in the same call and counted apart
        taken = {"first sync": seconds(lambda: sync(desk))}
        peak = _peak() - before
        for number, name in ((1, "warm"), (2, "sync, 1 % of rows changed"), (3, "sync, 10 rows changed")):
            source.address = f"{files.address}/body-{number}.json"
            taken[name] = seconds(lambda: sync(desk))
        floor = median_of(lambda: _floor(source.address), 5)
    finally:
        files.close()
    for name, at_most in (("first sync", 6), ("sync, 1 % of rows changed", 1.6), ("sync, 10 rows changed", 0.5)):
        Figure(name, taken[name] / floor, at_most, taken[name], floor).tell()
    Figure(
        "memory above the desk's own during the first sync", peak / size, 2, peak / 2**20, size / 2**20, "MiB"
    ).tell()


def _floor(address: str) -> None:
    content = requests.get(address, timeout=60).content
    gc.disable()
    try:
        orjson.loads(content)
    finally:
        gc.enable()


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
