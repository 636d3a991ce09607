"""Real receivables: a folder named by CREDITDESK_RECEIVABLES; unset, these tests are skipped with one line."""

import os
from pathlib import Path

import pytest

from tests.receivables.convert import SOURCE, convert


@pytest.fixture(scope="session")
def source() -> Path:
    """The folder with the sample."""
    named = os.environ.get("CREDITDESK_RECEIVABLES")
    if not named or not (Path(named) / SOURCE).exists():
        pytest.skip("CREDITDESK_RECEIVABLES names no folder with real receivables")
    return Path(named)


@pytest.fixture(scope="session")
def ledger(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample as a ledger folder."""
    return convert(source, tmp_path_factory.mktemp("receivables"))
