"""One small desk per worker; a Slack and a Bolt app of its own for each test."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from flows.desk import Desk
from storage.watches import Watches
from tests.e2e.desks import local
from tests.handlers.slack import Bolt, Slack, bolt, slack


@pytest.fixture(scope="session")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The demo ledger, small."""
    return local(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def desk(ledger: Desk, tmp_path: Path) -> Desk:
    """The same with look-ups and waits of its own."""
    return replace(ledger, watches=Watches(tmp_path / "watches.db"))


@pytest.fixture
def workspace() -> Iterator[Slack]:
    """A Slack."""
    with slack() as running:
        yield running


@pytest.fixture
def app(desk: Desk, workspace: Slack) -> Iterator[Bolt]:
    """The bot between the two."""
    with bolt(desk, workspace) as running:
        yield running
