"""One server per worker, a new book for each test."""

from collections.abc import Iterator

import pytest

from tests.sandbox.sheets import Ledger, fresh, running


@pytest.fixture(scope="session")
def book_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """The Google side, listening."""
    with running(tmp_path_factory.mktemp("google")) as found:
        yield found


@pytest.fixture
def ledger(book_server: Ledger) -> Ledger:
    """A small ledger, gspread in front of it."""
    return fresh(book_server)
