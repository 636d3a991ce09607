"""Cards kept ready: nobody waits for one to be kept, and those that no longer hold are made again."""

import sqlite3
import threading
import time
from pathlib import Path

import pytest

from flows.cards import keep_card
from flows.desk import Desk
from flows.sync import sync
from tests.storage.test_mirror_and_baseline import Paper, desk_of


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
