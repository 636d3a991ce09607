"""Every fault point of the whole story, in each of its four ways: a part of `make soak`."""

import argparse
import os
import subprocess
import sys
import time

from tests.builders import ROOT
from tests.faults.checker import check
from tests.faults.points import MODES
from tests.faults.town import town


def loop(share: int, of: int) -> int:
    """Every `of`-th point, each way; how many stories did not end as they should."""
    failed = done = 0
    with town() as made:
        check(made.plain)
        passed = made.passed
        for number in range(1 + share, len(passed) + 1, of):
            for mode in MODES:
                done += 1
                try:
                    run = made.run(number, mode)
                    check(run)
                    made.clean(run)
                except AssertionError as problem:
                    failed += 1
                    print(f"point {number} ({passed[number - 1]}), {mode}: {problem}", flush=True)
    print(f"{done} of {4 * len(passed)} faults at {len(passed)} points, {failed} stories ended wrongly", flush=True)
    return failed


def everything(workers: int) -> int:
    """All of them, shared out among processes; 0 when every story ended as it should."""
    began = time.monotonic()
    command = [sys.executable, "-m", "benchmarks.faults", "--of", str(workers), "--share"]
    running = [subprocess.Popen([*command, str(share)], cwd=ROOT) for share in range(workers)]
    codes = [one.wait() for one in running]
    print(f"fault loop: {time.monotonic() - began:.0f} s, {'ok' if not any(codes) else 'FAILED'}")
    return int(any(codes))


def main() -> int:
    """One share, or without one all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=int)
    parser.add_argument("--of", type=int, default=os.cpu_count() or 1)
    chosen = parser.parse_args()
    return everything(chosen.of) if chosen.share is None else int(loop(chosen.share, chosen.of) > 0)


if __name__ == "__main__":
    sys.exit(main())
