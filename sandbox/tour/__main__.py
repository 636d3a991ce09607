"""`python -m sandbox.tour URL`: every chapter against a running sandbox and desk; 0 only when all held."""

import sys
import time
from collections.abc import Callable

from sandbox.client import Hand, NotSeenError
from sandbox.tour.accounts import CHAPTER as ACCOUNTS
from sandbox.tour.answers import CHAPTER as ANSWERS
from sandbox.tour.cases import CHAPTER as CASES

Step = tuple[str, Callable[[Hand], str]]
CHAPTERS: tuple[tuple[str, tuple[Step, ...]], ...] = (ANSWERS, ACCOUNTS, CASES)


def play(url: str) -> int:
    """Print each step and what held; stop at the first that does not."""
    hand, began, count = Hand(url), time.monotonic(), 0
    hand.wait(lambda: hand.state()["connections"], "the desk to connect", 60)
    for title, steps in CHAPTERS:
        print(f"\n== {title}")  # noqa: T201
        for what, step in steps:
            try:
                held = step(hand)
            except (AssertionError, KeyError, IndexError, StopIteration) as wrong:
                print(f"  ✘ {what}\n    {type(wrong).__name__}: {wrong}")  # noqa: T201
                return 1
            count += 1
            print(f"  ✔ {what}\n    {held}")  # noqa: T201
    unknown = hand.state()["unknown"]
    if unknown:
        print(f"  ✘ calls that the sandbox does not know: {unknown}")  # noqa: T201
        return 1
    print(f"\n{count} steps held in {time.monotonic() - began:.1f} s")  # noqa: T201
    return 0


if __name__ == "__main__":
    try:
        sys.exit(play(sys.argv[1]))
    except NotSeenError as late:
        print(f"  ✘ {late}")  # noqa: T201
        sys.exit(1)
