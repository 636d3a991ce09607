"""Cards kept ready: nobody waits for one to be kept, and those that no longer hold are made again."""

import sqlite3
import threading
import time
from pathlib import Path

import pytest

from flows.access import Reader
from flows.cards import fill_cards, keep_card, ready
from flows.desk import Desk, View
from flows.sync import sync
from tests.paper import Paper, desk_of

READER = Reader("U01LIN", lang="zh-CN", everything=True)


@pytest.fixture
def paper() -> Paper:
    return Paper()


@pytest.fixture
def desk(paper: Paper, tmp_path: Path) -> Desk:
    made = desk_of(paper, tmp_path)
    sync(made)
    return made


def seconds_to_keep(desk: Desk) -> float:
    began = time.monotonic()
    keep_card(desk, "C3", "en")
    return time.monotonic() - began


def test_a_card_is_kept_when_nobody_else_writes(desk: Desk) -> None:
    keep_card(desk, "C3", "en")
    card = desk.mirror.card("C3")
    assert card is not None
    assert card.en is not None


def test_nobody_waits_for_a_sync_of_this_process_to_keep_a_card(desk: Desk) -> None:
    writing, done = threading.Event(), threading.Event()

    def write() -> None:
        with desk.mirror.writing():
            writing.set()
            done.wait(5)

    thread = threading.Thread(target=write)
    thread.start()
    writing.wait(5)
    assert seconds_to_keep(desk) < 2
    done.set()
    thread.join(10)
    assert desk.mirror.card("C3") is None


def test_nobody_waits_for_a_sync_of_another_process_to_keep_a_card(desk: Desk) -> None:
    other = sqlite3.connect(desk.mirror.path, isolation_level=None)
    other.execute("begin immediate")
    assert seconds_to_keep(desk) < 2
    other.close()
    assert desk.mirror.card("C3") is None


def view_of(desk: Desk) -> View:
    assert desk.latest.view is not None
    return desk.latest.view


def test_a_card_for_which_all_receivables_are_out_of_bounds_is_made_again(desk: Desk, paper: Paper) -> None:
    assert fill_cards(desk)[0] == 30
    assert fill_cards(desk)[0] == 0
    for place, row in enumerate(paper.invoices[1:]):
        if place % 30 >= 5:
            row[5] = row[4]
    sync(desk)
    assert [desk.mirror.card(f"C{n}") is not None for n in (0, 4, 5)] == [True, True, False]
    assert ready(desk, view_of(desk), READER, "C0") is None  # a fifth of everything is his now
    assert fill_cards(desk)[0] == 30
    assert ready(desk, view_of(desk), READER, "C0") is not None
    assert fill_cards(desk)[0] == 0


def test_a_card_of_whoever_belongs_to_a_group_whose_figures_moved_is_made_again(desk: Desk, paper: Paper) -> None:
    paper.customers[0].append("上级集团")
    for place, row in enumerate(paper.customers[1:]):
        row.append("C0" if place in {1, 2} else "")
    sync(desk)
    assert set(view_of(desk).group_stamps) == {"C0", "C1", "C2"}
    fill_cards(desk)
    paper.invoices[3][5] = 2  # of C2: the cards of C0 and C1 say what the group owes
    sync(desk)
    view = view_of(desk)
    assert ready(desk, view, READER, "C1") is None
    assert fill_cards(desk)[0] == 3
    assert ready(desk, view, READER, "C1") is not None
