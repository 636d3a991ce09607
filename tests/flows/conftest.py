"""A desk over a small ledger that the test spells out."""

from pathlib import Path

import pytest

from bot.settings import Settings
from bot.wiring import local_desk
from flows.desk import Desk
from tests.flows.small import CUSTOMERS, INVOICES, ON, Open


@pytest.fixture
def ledger(tmp_path: Path) -> Open:
    """Opens a desk over tabs given as CSV."""

    def opened(**tabs: str) -> Desk:
        for tab, text in {"customers": CUSTOMERS, "invoices": INVOICES, **tabs}.items():
            if text:
                (tmp_path / f"{tab}.csv").write_text(text, encoding="utf-8")
        return local_desk(Settings(_env_file=None), tmp_path, ON)

    return opened
