"""First sync, one percent and ten rows changed, fetch included, against fetching and decoding the body."""

import gc
import resource
import sys
import time
from pathlib import Path
from typing import Any

import orjson
import requests

import flows.view
from benchmarks.book import Files, Served, desk_over
from benchmarks.measure import Figure, median_of, seconds
from flows.sync import sync


def main(home: Path, _: int) -> None:
    """Our syncs first, so that their peak of memory is their own; then the floor."""
    size = (home / "body-0.json").stat().st_size
    indexing = [0.0]
    built = flows.view.build_search

    def timed(*given: Any) -> Any:
        began = time.perf_counter()
        found = built(*given)
        indexing[0] = time.perf_counter() - began
        return found

    flows.view.build_search = timed  # type: ignore[assignment]
    files = Files(home)
    try:
        source = Served(f"{files.address}/body-0.json")
        desk = desk_over(source, home / "state")
        before = _peak()
        whole = seconds(lambda: sync(desk))
        # the copy is complete before the index over names is made: told apart
        taken = {"first sync": whole - indexing[0]}
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
