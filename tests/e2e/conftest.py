"""One sandbox and one desk for all end-to-end tests of a worker."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.client import Hand
from tests.e2e.desks import bot, sandbox


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A running sandbox with a desk connected to it."""
    home = tmp_path_factory.mktemp("world")
    with sandbox(home) as where, bot(where, home):
        hand = Hand(where["url"])
        hand.wait(lambda: hand.state()["connections"], "the desk to connect", 60)
        yield where


@pytest.fixture
def hand(world: dict[str, Any]) -> Hand:
    """The demo people's hands."""
    return Hand(world["url"])
