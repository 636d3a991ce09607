"""The mirror's file deleted, replaced, locked or too large for the disk: noticed, said, never made by accident."""

import sqlite3
import threading
from pathlib import Path

import pytest

from scoring.errors import DeskError
from storage.mirror import Mirror
from storage.refused import CopyError
from texts.formats import LANGS
from texts.messages import error_sentence


@pytest.fixture
def mirror(tmp_path: Path) -> Mirror:
    return Mirror(tmp_path / "mirror.db")


def delete(mirror: Mirror) -> None:
    for file in mirror.path.parent.glob("mirror.db*"):
        file.unlink()


def said(problem: DeskError) -> list[str]:
    """The sentences of both languages; a code without words would stand for itself."""
    sentences = [error_sentence(lang, problem) for lang in LANGS]
    assert all(problem.code not in sentence for sentence in sentences)
    return sentences


def test_a_file_that_another_process_deleted_and_made_again_is_the_one_that_answers(mirror: Mirror) -> None:
    mirror.remember("title", "old")
    assert mirror.meta("title") == "old"
    delete(mirror)
    Mirror(mirror.path).remember("title", "new")
    assert mirror.meta("title") == "new"
    assert not mirror.gone()


def test_every_thread_notices_that_the_file_is_another(mirror: Mirror) -> None:
    mirror.remember("title", "old")
    looked, made = threading.Event(), threading.Event()
    found: list[str | None] = []

    def look_twice() -> None:
        found.append(mirror.meta("title"))
        looked.set()
        made.wait(10)
        found.append(mirror.meta("title"))
        mirror.close()

    thread = threading.Thread(target=look_twice)
    thread.start()
    looked.wait(10)
    mirror.rebuild()
    made.set()
    thread.join(10)
    assert found == ["old", None]


def test_readers_keep_the_last_good_copy_of_a_deleted_file_until_there_is_another(mirror: Mirror) -> None:
    mirror.remember("title", "old")
    assert mirror.meta("title") == "old"
    delete(mirror)
    assert mirror.meta("title") == "old"
    assert mirror.gone()


def test_neither_writers_nor_readers_make_the_file(mirror: Mirror) -> None:
    mirror.close()
    delete(mirror)
    with pytest.raises(CopyError) as writing, mirror.writing():
        pass
    with pytest.raises(CopyError) as reading:
        mirror.customer_ids()
    assert writing.value.code == reading.value.code == "copy_gone"
    assert len(said(writing.value)) == 2
    assert not mirror.path.exists()


def test_what_went_into_a_file_that_is_no_longer_there_does_not_pass_for_written(mirror: Mirror) -> None:
    with pytest.raises(CopyError) as refused, mirror.writing():
        Mirror(mirror.path).rebuild()
    assert refused.value.code == "copy_gone"
    assert not mirror.gone()


def test_a_full_disk_has_a_sentence_and_leaves_the_copy_as_it_was(mirror: Mirror) -> None:
    def write_much() -> None:
        with mirror.writing() as connection:
            connection.execute("update meta set value = 'new' where name = 'title'")
            connection.execute("pragma max_page_count=1")
            connection.execute("insert into meta (name, value) values ('much', ?)", ("x" * 1_000_000,))

    mirror.remember("title", "old")
    with pytest.raises(CopyError) as refused:
        write_much()
    assert refused.value.code == "copy_full"
    assert "磁盘已满" in said(refused.value)[0]
    assert mirror.meta("title") == "old"


def test_a_locked_copy_has_a_sentence(mirror: Mirror) -> None:
    other = sqlite3.connect(mirror.path, isolation_level=None)
    other.execute("begin immediate")
    with pytest.raises(CopyError) as refused, mirror.writing(patient=False):
        pass
    other.close()
    assert refused.value.code == "copy_locked"
    assert "Another process" in said(refused.value)[1]


def test_a_folder_that_is_no_longer_there_has_a_sentence(mirror: Mirror) -> None:
    mirror.close()
    delete(mirror)
    mirror.path.parent.rmdir()
    with pytest.raises(CopyError) as refused:
        mirror.rebuild()
    assert refused.value.code == "copy_unwritable"
    assert "SQLITE_CANTOPEN" in said(refused.value)[0]


def test_a_file_that_turns_out_to_be_spoilt_is_made_anew_at_the_next_sync(mirror: Mirror) -> None:
    broken = sqlite3.DatabaseError("malformed")
    broken.sqlite_errorcode = sqlite3.SQLITE_CORRUPT

    def find() -> None:
        with mirror.writing():
            raise broken

    with pytest.raises(sqlite3.DatabaseError):
        find()
    assert mirror.gone()
    mirror.rebuild()
    assert not mirror.gone()


def test_a_copy_that_cannot_be_looked_at_just_now_is_not_taken_for_a_broken_one(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = sqlite3.OperationalError("database is locked")
    busy.sqlite_errorcode = sqlite3.SQLITE_BUSY

    def refuse(_: str) -> None:
        raise busy

    monkeypatch.setattr(mirror, "meta", refuse)
    with pytest.raises(CopyError) as refused:
        mirror.gone()
    assert refused.value.code == "copy_locked"
