"""Search over many names against rapidfuzz over every name and its pinyin: `python -m benchmarks.searching`.

A query counts for the share found only if it determines a customer: at most five customers fit it as well as the right
one does, by a count over every name that shares no code with the index.
"""

import argparse
import gc
import json
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from random import Random

import psutil
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from benchmarks.book import SYLLABLES, make_names
from benchmarks.measure import Figure
from scoring.names import pinyin
from storage.search import Named, Search

SEED = 3


def _replaced(random: Random, name: str) -> str:
    place = random.randrange(len(name))
    return name[:place] + random.choice(SYLLABLES.replace(name[place], "")) + name[place + 1 :]


def _dropped(random: Random, name: str) -> str:
    place = random.randrange(len(name))
    return name[:place] + name[place + 1 :]


def _swapped(random: Random, name: str) -> str:
    place = random.choice([place for place in range(len(name) - 1) if name[place] != name[place + 1]])
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


KINDS: dict[str, Callable[[Random, str], str]] = {
    "replaced": _replaced,
    "dropped": _dropped,
    "swapped": _swapped,
    "pinyin": lambda _, name: pinyin(name)[0],
    "initials": lambda _, name: pinyin(name)[1],
    "fragment": lambda _, name: name[(len(name) - 4) // 2 :][:4],
}
SURE: dict[str, Callable[[Random, str], str]] = {"exact": lambda _, name: name, "prefix": lambda _, name: name[:6]}


def make_search(names: list[str]) -> Search:
    """The index as a desk makes it."""
    return Search(Named(f"c:C{place:06d}", f"C{place:06d}", name) for place, name in enumerate(names))


def searching(customers: int = 100_000, each: int = 300, peers: int = 8) -> Figure:
    """p50 over all kinds against the peer in the same run; prints what each kind costs and finds."""
    names = make_names(customers, Random(SEED))
    search = make_search(names)
    sounds = [pinyin(name) for name in names]
    haystack = [*names, *(whole for whole, _ in sounds)]
    fitting = _Fitting(names, sounds)
    random = Random(SEED + 1)
    taken: list[float] = []
    peer: list[float] = []
    found = determined = 0
    gc.collect()
    print(f"{'kind':>9} {'p50 ms':>8} {'p99 ms':>8} {'max ms':>8} {'determine one':>14} {'found':>7}")
    for kind, make in {**SURE, **KINDS}.items():
        times, right, sure = [], 0, 0
        for number in range(each):
            name = random.choice(names)
            query = make(random, name)
            began = time.perf_counter()
            answer = search.find(query)
            times.append(time.perf_counter() - began)
            if kind in KINDS and number < peers:
                began = time.perf_counter()
                process.extract(query, haystack, scorer=fuzz.WRatio, limit=5)
                peer.append(time.perf_counter() - began)
            if kind in SURE or fitting.count(kind, query) <= 5:
                sure += 1
                right += any(hit.name == name for hit in answer.hits[: 10 if kind == "prefix" else 5])
        if kind in KINDS:
            taken += times
            found, determined = found + right, determined + sure
        print(
            f"{kind:>9} {_share(times, 50):8.3f} {_share(times, 99):8.3f} {max(times) * 1e3:8.3f} "
            f"{sure:>6} of {each:<5} {right / max(1, sure):7.1%}"
        )
    print(f"of {len(taken)} queries {determined} determine one; found among the first five: {found / determined:.2%}")
    ours, floor = statistics.median(taken), statistics.median(peer)
    print(f"p50 {ours * 1e3:.3f} ms, p99 {_share(taken, 99):.3f} ms; rapidfuzz {floor * 1e3:.1f} ms")
    return Figure("search (typo, pinyin, initials, fragment), p50", ours / floor, 0.01, ours, floor)


class _Fitting:
    """How many customers a query fits as well as the one it was made from."""

    def __init__(self, names: list[str], sounds: list[tuple[str, str]]) -> None:
        self.names = names
        self.whole = Counter(whole for whole, _ in sounds)
        self.initials = Counter(first for _, first in sounds)

    def count(self, kind: str, query: str) -> int:
        """Typos: the customers within one edit; a customer who bears the query as his name leaves no room for others."""
        if kind == "pinyin":
            return self.whole[query]
        if kind == "initials":
            return self.initials[query]
        if kind == "fragment":
            return sum(query in name for name in self.names)
        near = process.extract(query, self.names, scorer=OSA.distance, score_cutoff=1, limit=None)
        return len(self.names) if any(not edits for _, edits, _ in near) else len(near)


def _share(times: list[float], percent: int) -> float:
    return sorted(times)[min(len(times) - 1, len(times) * percent // 100)] * 1e3


def building(customers: int) -> dict[str, float]:
    """Seconds and MiB of a new index, of one with a hundred names changed, and of one line looked through."""
    names = make_names(customers, Random(SEED))
    named = [Named(f"c:C{place:06d}", f"C{place:06d}", name) for place, name in enumerate(names)]
    measured = psutil.Process()
    gc.collect()
    before, began, spent = measured.memory_info().rss, time.perf_counter(), time.process_time()
    search = Search(named)
    seconds, cpu = time.perf_counter() - began, time.process_time() - spent
    gc.collect()
    rss = measured.memory_info().rss - before
    changed = [
        Named(one.key, one.customer_id, "新" + one.name) if place % (customers // 100) == 0 else one
        for place, one in enumerate(named)
    ]
    began = time.perf_counter()
    search.renewed(changed)
    renewed = time.perf_counter() - began
    began = time.perf_counter()
    for name in names[:: customers // 50]:
        search.mentioned(f"{name[:6]}那边今天能发货吗?客户催得很急")
    line = (time.perf_counter() - began) / len(names[:: customers // 50])
    return {
        "build s": seconds,
        "build cpu s": cpu,
        "rss MiB": rss / 2**20,
        "renewed s": renewed,
        "mentioned ms": line * 1e3,
    }


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("folder", nargs="?", help="a section of the whole run")
    parser.add_argument("size", nargs="?", type=int, default=100_000)
    parser.add_argument("--building", action="store_true", help="only the index itself, in this process")
    chosen = parser.parse_args()
    if chosen.building:
        print(json.dumps(building(chosen.customers)))
        return
    if chosen.folder is not None:
        searching(chosen.size).tell()
        return
    fresh = [sys.executable, "-m", "benchmarks.searching", "--building", "--customers", str(chosen.customers)]
    print(subprocess.run(fresh, check=True, capture_output=True, text=True).stdout.strip())
    print(searching(chosen.customers).row())


if __name__ == "__main__":
    main()
