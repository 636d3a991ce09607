"""What a database refuses is a sentence, nothing of it was recorded, and afterwards it works again."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from storage.record import Record, RecordError
from storage.record.sqlite import SqliteDoor
from tests.storage.records import KEY, Clock, filed, request
from texts.formats import LANGS
from texts.messages import error_sentence


def full(cursor: Any, _: Path) -> Callable[[], object]:
    pages = cursor.execute("pragma page_count").fetchone()[0]
    cursor.execute(f"pragma max_page_count={pages}")
    return lambda: cursor.execute("pragma max_page_count=1073741823")


def locked(cursor: Any, path: Path) -> Callable[[], object]:
    cursor.execute("pragma busy_timeout=0")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("begin immediate")
    return other.close


def readonly(cursor: Any, _: Path) -> Callable[[], object]:
    cursor.execute("pragma query_only=1")
    return lambda: cursor.execute("pragma query_only=0")


@pytest.mark.parametrize("fault", [full, locked, readonly])
def test_a_refusal_is_a_sentence_and_leaves_nothing_behind(
    sqlite: Record, tmp_path: Path, fault: Callable[[Any, Path], Callable[[], object]]
) -> None:
    door = sqlite._door
    assert isinstance(door, SqliteDoor)
    mend = fault(door._cursor, tmp_path / "one.db")
    with pytest.raises(RecordError) as refused:
        filed(sqlite, *(request(number) for number in range(1, 200)))
    assert refused.value.code == f"record_{fault.__name__}"
    for lang in LANGS:
        assert error_sentence(lang, refused.value)
    before = len(sqlite.requests())
    mend()
    filed(sqlite, *(request(number) for number in range(before + 1, before + 3)))
    assert len(sqlite.requests()) == before + 2
    assert sqlite.verify_audit() == []


def test_a_file_that_is_no_database_is_said_so_and_left_alone(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "record.db"
    path.write_text("a spreadsheet, perhaps\n" * 100)
    with pytest.raises(RecordError) as refused:
        Record(f"sqlite:///{path}", KEY, clock)
    assert refused.value.code == "record_broken"
    assert path.read_text().startswith("a spreadsheet")


def test_a_fault_of_ours_stays_what_it_is(sqlite: Record) -> None:
    filed(sqlite, request())
    with pytest.raises(sqlite3.IntegrityError):
        filed(sqlite, request())
    filed(sqlite, request(2))


def test_no_word_of_a_person_stands_in_what_a_fault_says(sqlite: Record) -> None:
    filed(sqlite, request())
    with pytest.raises(sqlite3.IntegrityError) as problem:
        filed(sqlite, request(name="秘密公司"))
    assert "秘密" not in str(problem.value)


def test_a_server_that_is_away_is_said_so(clock: Clock) -> None:
    pytest.importorskip("pg8000", reason="the extra postgres is not installed")
    with pytest.raises(RecordError) as refused:
        Record("postgresql://desk@127.0.0.1:9/desk", KEY, clock)
    assert refused.value.code == "record_away"
