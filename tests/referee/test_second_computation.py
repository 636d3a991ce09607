"""Every figure twice: the product's, and a second computation's that shares no code with it."""

from datetime import date
from pathlib import Path

import pytest

from sandbox.demo.__main__ import write_folder
from sandbox.demo.book import make_book
from tests.referee.compare import differences

MADE = date(2026, 11, 20)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo ledger without its faulty customer: faults are the parsers' own tests."""
    book = make_book(MADE, 7, 60)
    for tab, rows in book.items():
        book[tab] = [row for row in rows if row.get("customer_id") != "C0008"]
    where = tmp_path_factory.mktemp("ledger")
    write_folder(book, where)
    return where


@pytest.mark.parametrize("on", [MADE, date(2026, 8, 31), date(2026, 2, 28), date(2025, 11, 30)], ids=str)
def test_product_and_second_computation_agree_on_every_customer(folder: Path, on: date) -> None:
    assert differences(folder, on) == []
