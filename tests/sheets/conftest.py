"""One Google per worker, a new book for each test."""

from collections.abc import Iterator

import pytest

from tests.sheets.writing import Sheet, fresh, served


@pytest.fixture(scope="session")
def served_sheet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sheet]:
    """Listening."""
    with served(tmp_path_factory.mktemp("writing")) as sheet:
        yield sheet


@pytest.fixture
def sheet(served_sheet: Sheet) -> Sheet:
    """A new book, nothing failing."""
    return fresh(served_sheet)
