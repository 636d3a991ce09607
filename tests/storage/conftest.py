"""A record with a clock of its own, on every database at hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.record import Record
from tests.storage.records import KEY, KINDS, Clock, url_of


@pytest.fixture
def clock() -> Clock:
    """It stands until a test moves it."""
    return Clock()


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    with url_of(str(request.param), tmp_path) as found:
        yield found


@pytest.fixture
def record(url: str, tmp_path: Path, clock: Clock) -> Iterator[Record]:
    """An empty record."""
    made = Record(url, KEY, clock, head_file=tmp_path / "audit.head")
    yield made
    made.close()


@pytest.fixture
def sqlite(tmp_path: Path, clock: Clock) -> Iterator[Record]:
    """An empty record whose leases go by the test's clock."""
    made = Record(f"sqlite:///{tmp_path / 'one.db'}", KEY, clock)
    yield made
    made.close()
