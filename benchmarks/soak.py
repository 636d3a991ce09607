"""`make soak [ARGS='--only NAME --seconds N --examples N']`: what takes too long for every test run.

`answers`: look-ups from several threads while the ledger changes. `faults`: every fault point of the whole story, each
way. `machine`: many random companies, and longer ones.
"""

import argparse
import logging
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from benchmarks.book import Served, change, desk_over, make_body
from benchmarks.faults import everything
from flows.access import Reader
from flows.lookup import look_up
from flows.sync import sync
from tests.faults.test_machine import Machine


class Changing(Served):
    """A ledger in memory."""

    def __init__(self, content: bytes) -> None:
        super().__init__("")
        self.content = content

    def body(self) -> bytes:
        return self.content


def answers(seconds: float) -> int:
    """0 when every look-up of the run had an answer."""
    failures: list[str] = []
    count = [0]
    with tempfile.TemporaryDirectory() as folder:
        body = make_body(500)
        source = Changing(body)
        desk = desk_over(source, Path(folder))
        sync(desk)
        reader = Reader(account="", everything=True)
        until = time.monotonic() + seconds

        def ask() -> None:
            place = 0
            while time.monotonic() < until:
                place = (place + 7) % 500
                try:
                    kind = str(look_up(desk, reader, f"C{place:06d}").kind)
                except Exception as problem:  # noqa: BLE001  (counted and shown: that is what a soak is for)
                    kind = type(problem).__name__
                count[0] += 1
                if kind != "answer":
                    failures.append(kind)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        rounds = 0
        while time.monotonic() < until:
            body = change(body, 50)
            source.content = body
            sync(desk)
            rounds += 1
        for thread in threads:
            thread.join()
    print(f"{count[0]} look-ups during {rounds} syncs, {len(failures)} without an answer {sorted(set(failures))}")
    return 1 if failures else 0


def machine(examples: int) -> int:
    """0 when nothing that happened to any of so many companies broke an invariant."""
    logging.getLogger("creditdesk").addHandler(logging.NullHandler())  # what is lost on purpose is no news
    chosen = settings(max_examples=examples, stateful_step_count=60, deadline=None, print_blob=True)
    try:
        run_state_machine_as_test(Machine, settings=chosen)
    except AssertionError as wrong:
        print(wrong, *getattr(wrong, "__notes__", ()), sep="\n")
        return 1
    print(f"machine: {examples} companies, every invariant held")
    return 0


def main() -> int:
    """0 when all of it went well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=("answers", "faults", "machine"), action="append")
    parser.add_argument("--seconds", type=float, default=30, help="of answers")
    parser.add_argument("--examples", type=int, default=400, help="of the machine")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="of the fault loop")
    chosen = parser.parse_args()
    parts: dict[str, Callable[[], int]] = {
        "answers": lambda: answers(chosen.seconds),
        "machine": lambda: machine(chosen.examples),
        "faults": lambda: everything(chosen.workers),
    }
    codes = [part() for name, part in parts.items() if not chosen.only or name in chosen.only]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
