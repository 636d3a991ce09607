"""The fault loop: a story with one fault in it ends as the one without. `make soak` goes through all of them."""

import random
from collections.abc import Iterator

import pytest

from tests.conftest import FAULT_SEED
from tests.faults.checker import check
from tests.faults.forks import KILLED
from tests.faults.points import MODES, Mode
from tests.faults.town import Town, town

RUNS = 20
_chance = random.Random(FAULT_SEED)
DRAWN = [(_chance.random(), MODES[place % len(MODES)]) for place in range(RUNS)]
"""How far on the way, and what happens there."""


@pytest.fixture(scope="module")
def shared() -> Iterator[Town]:
    with town() as made:
        yield made


def test_the_story_without_a_fault_ends_well_and_passes_every_kind_of_point(shared: Town) -> None:
    check(shared.plain)
    kinds = {name.partition("ledger-of-the-story")[0] for name in shared.passed}
    assert kinds >= {
        "commit", "auth.test", "users.info", "conversations.open", "conversations.info", "conversations.history",
        "conversations.replies", "chat.postMessage", "chat.update", "chat.getPermalink", "token post token",
        "sheets get ", "sheets get values:batchGet", "sheets post ",
    }  # fmt: skip


@pytest.mark.parametrize(("share", "mode"), DRAWN, ids=[f"{place}-{mode}" for place, (_, mode) in enumerate(DRAWN, 1)])
def test_whatever_happens_at_one_point_nothing_is_lost_and_nothing_comes_twice(
    shared: Town, share: float, mode: Mode
) -> None:
    number = 1 + int(share * len(shared.passed))
    try:
        run = shared.run(number, mode)
        assert (run.ended == KILLED) is mode.startswith("kill")
        check(run)
    except AssertionError as wrong:
        wrong.add_note(
            f"seed {FAULT_SEED}: point {number} of {len(shared.passed)}, {shared.passed[number - 1]}, {mode}"
        )
        raise
    shared.clean(run)


@pytest.mark.parametrize("mode", MODES)
def test_a_decision_whose_card_is_not_told_of_at_once_is_written_with_its_link_all_the_same(
    shared: Town, mode: Mode
) -> None:
    run = shared.run(1 + shared.passed.index("chat.getPermalink"), mode)
    check(run)
    shared.clean(run)
