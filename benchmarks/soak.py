"""`make soak [ARGS='--seconds N']`: look-ups from several threads while the ledger changes."""

import argparse
import sys
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.book import Served, change, desk_over, make_body
from flows.access import Reader
from flows.lookup import look_up
from flows.sync import sync


class Changing(Served):
    """A ledger in memory."""

    def __init__(self, content: bytes) -> None:
        super().__init__("")
        self.content = content

    def body(self) -> bytes:
        return self.content


def main() -> int:
    """0 when every look-up of the run had an answer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30)
    chosen = parser.parse_args()
    failures: list[str] = []
    count = [0]
    with tempfile.TemporaryDirectory() as folder:
        body = make_body(500)
        source = Changing(body)
        desk = desk_over(source, Path(folder))
        sync(desk)
        reader = Reader(account="", everything=True)
        until = time.monotonic() + chosen.seconds

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


if __name__ == "__main__":
    sys.exit(main())
