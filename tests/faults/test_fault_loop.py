"""The fault loop: a story with one fault in it ends as the one without."""

import json
import os
import random
from collections.abc import Iterator

import pytest

from tests.faults.checker import check
from tests.faults.forks import KILLED, PASSED
from tests.faults.points import MODES
from tests.faults.town import Town, town

SEED = int(os.environ.get("CREDITDESK_FAULT_SEED") or 0)
"""0 = the one of this version."""
RUNS = 20
_seed = SEED or 20261125
_chance = random.Random(_seed)
DRAWN = [(_chance.random(), MODES[place % len(MODES)]) for place in range(RUNS)]
"""Where on the way, and what."""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, list[str]]]:
    """A town, and the points of a story in which nothing happens."""
    with town(tmp_path_factory.mktemp("town")) as made:
        plain = made.run()
        check(plain)
        passed = json.loads((plain.home / PASSED).read_text(encoding="utf-8"))
        yield made, passed


@pytest.mark.parametrize(("share", "mode"), DRAWN)
def test_whatever_happens_at_one_point_nothing_is_lost_and_nothing_comes_twice(
    shared: tuple[Town, list[str]], share: float, mode: str
) -> None:
    made, passed = shared
    number = 1 + int(share * len(passed))
    print(f"seed {_seed}: point {number} of {len(passed)}, {passed[number - 1]}, {mode}")
    run = made.run(number, mode)  # type: ignore[arg-type]
    assert (run.ended == KILLED) is mode.startswith("kill")
    check(run)
    made.clean(run)
