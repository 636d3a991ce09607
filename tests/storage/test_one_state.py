"""What is read together is of one state of the copy, although a sync takes in another in the middle."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from flows.desk import Desk
from flows.sync import sync
from storage.accounts import Shape
from storage.mirror import Mirror
from tests.paper import Paper, desk_of


class Disturbed(Mirror):
    """A mirror that is written to right after somebody has looked at the heads of its tabs."""

    meanwhile: Callable[[], object] | None = None

    def shape(self) -> Shape:
        found = super().shape()
        happens, self.meanwhile = self.meanwhile, None
        if happens is not None:
            happens()
        return found


@pytest.fixture
def paper() -> Paper:
    made = Paper()
    made.invoices.append(["I99", "C99", "2026-10-01", "2026-12-01", 7, 0])
    return made


@pytest.fixture
def disturbed(paper: Paper, tmp_path: Path) -> Disturbed:
    """A sync in another process moves every column of the invoices while this mirror is read."""
    desk: Desk = desk_of(paper, tmp_path)
    sync(desk)
    other = replace(desk, mirror=Mirror(desk.mirror.path))

    def turn_round() -> None:
        paper.invoices = [row[::-1] for row in paper.invoices]
        sync(other)

    mirror = Disturbed(desk.mirror.path)
    mirror.meanwhile = turn_round
    return mirror


def test_an_account(disturbed: Disturbed) -> None:
    account = disturbed.account("C3")
    assert account is not None
    assert [(row.invoice_no, row.amount) for row in account.invoices] == [("I3", 1003), ("I33", 1033)]
    assert not account.notes
    assert disturbed.meanwhile is None
    assert disturbed.account("C3") == account


def test_the_rows_of_a_tab(disturbed: Disturbed) -> None:
    rows = disturbed.tab_rows("invoices")
    assert {row.key for row in rows} == {*(f"I{n}" for n in range(60)), "I99"}
    assert disturbed.tab_rows("invoices") == rows


def test_the_notes_on_rows_of_nobody(disturbed: Disturbed) -> None:
    notes = disturbed.loose_notes()
    assert [(note.key, note.found) for note in notes] == [("I99", "C99")]
    assert disturbed.loose_notes() == notes
