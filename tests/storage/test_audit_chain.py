"""Whoever changes the chain without the key is found, and nothing is written over it."""

import hashlib
import hmac
import shutil
import sqlite3
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.audit import exported
from storage.record import Record, RecordError, open_record
from storage.record.chain import digest_of, head_at
from tests.storage.records import KEY, Clock, request

ENTRIES = 8


def chain_of(folder: Path, key: bytes = KEY) -> Record:
    """A record in a folder: `open` and seven entries more."""
    record = Record(f"sqlite:///{folder / 'record.db'}", key, Clock())
    for number in range(1, ENTRIES):
        with record.begin() as writing:
            writing.audit(request(number).request_no, "file", "li", {"version": number})
    return record


def codes(record: Record) -> list[str]:
    return [one.code for one in record.verify_audit()]


def sql(*statements: str) -> Callable[[Path], None]:
    """Somebody with the database alone."""

    def change(folder: Path) -> None:
        database = sqlite3.connect(folder / "record.db")
        for statement in statements:
            database.execute(statement)
        database.commit()
        database.close()

    return change


def rehashed(key: bytes | None) -> Callable[[Path], None]:
    """Somebody who changes an entry and makes all digests after it anew, codes too if he has a key of some kind."""

    def change(folder: Path) -> None:
        database = sqlite3.connect(folder / "record.db")
        before = ""
        rows = database.execute("select seq, at, request_no, act, person, facts from audit order by seq").fetchall()
        for seq, at, number, act, person, facts in rows:
            told = "wang" if seq == 4 else person
            digest = digest_of(seq, at, number, act, told, facts, before)
            database.execute(
                "update audit set person = ?, before = ?, digest = ? where seq = ?", (told, before, digest, seq)
            )
            if key is not None:
                database.execute("update audit set mac = ? where seq = ?", (head_at(key, seq, at, digest).mac, seq))
            before = digest
        database.commit()
        database.close()

    return change


def without_copy(folder: Path) -> None:
    (folder / "audit.head").unlink()


def edited_copy(folder: Path) -> None:
    path = folder / "audit.head"
    path.write_text(path.read_text().replace("8 ", "7 ", 1))


def emptied_copy(folder: Path) -> None:
    (folder / "audit.head").write_text("")


TAMPERED: dict[str, tuple[Callable[[Path], None], list[str]]] = {
    "a fact changed": (sql("update audit set facts = '{}' where seq = 4"), ["audit_changed"]),
    "a person changed": (sql("update audit set person = 'wang' where seq = 4"), ["audit_changed"]),
    "a time changed": (sql("update audit set at = at + 1 where seq = 8"), ["audit_changed"]),
    "a digest changed": (sql("update audit set digest = 'x' where seq = 4"), ["audit_changed", "audit_order"]),
    "a code changed": (sql("update audit set mac = 'x' where seq = 4"), ["audit_forged"]),
    "one taken out": (sql("delete from audit where seq = 4"), ["audit_missing"]),
    "the first taken out": (sql("delete from audit where seq = 1"), ["audit_missing"]),
    "one taken out and the rest moved up": (
        sql(
            "delete from audit where seq = 4",
            "update audit set seq = -seq where seq > 4",
            "update audit set seq = -seq - 1 where seq < 0",
        ),
        ["audit_changed"] * 4 + ["audit_cut"],
    ),
    "two changed places": (
        sql(
            "update audit set seq = 99 where seq = 4",
            "update audit set seq = 4 where seq = 5",
            "update audit set seq = 5 where seq = 99",
        ),
        ["audit_changed", "audit_changed", "audit_order"],
    ),
    "one written twice": (
        sql(
            "insert into audit select 9, at, request_no, act, person, facts, before, digest, mac from audit where seq = 8"
        ),
        ["audit_changed"],
    ),
    "the end cut off": (sql("delete from audit where seq > 6"), ["audit_cut"]),
    "emptied": (sql("delete from audit"), ["audit_emptied"]),
    "made anew without a key": (rehashed(None), ["audit_forged"] * 5 + ["audit_rewritten"]),
    "made anew with another key": (rehashed(b"another"), ["audit_forged"] * 8 + ["audit_rewritten"]),
    "the copy taken away": (without_copy, ["audit_copy_missing"]),
    "the copy edited": (edited_copy, ["audit_copy_forged"]),
    "the copy emptied": (emptied_copy, ["audit_copy_forged"]),
}  # fmt: skip


@pytest.mark.parametrize("how", TAMPERED)
def test_every_change_from_outside_is_found(tmp_path: Path, how: str) -> None:
    record = chain_of(tmp_path)
    assert codes(record) == []
    change, found = TAMPERED[how]
    change(tmp_path)
    assert codes(record) == found
    record.close()


STOPS: dict[str, Callable[[Path], None]] = {
    "the end changed": sql("update audit set digest = 'x' where seq = 8"),
    "the end cut off": TAMPERED["the end cut off"][0],
    "emptied": TAMPERED["emptied"][0],
    "one written twice": TAMPERED["one written twice"][0],
    "made anew without a key": rehashed(None),
    "made anew with another key": rehashed(b"another"),
    "the copy edited": edited_copy,
}


def approve(record: Record) -> None:
    with record.begin() as writing:
        assert writing.first_time("Ev1", "h")
        writing.audit("CR-2026-0001", "approve", "zhao", {})


@pytest.mark.parametrize("how", STOPS)
def test_nothing_is_recorded_on_top_of_an_end_that_does_not_fit(tmp_path: Path, how: str) -> None:
    chain_of(tmp_path).close()
    STOPS[how](tmp_path)
    record = Record(f"sqlite:///{tmp_path / 'record.db'}", KEY, Clock())
    before = list(record.audit_entries())
    with pytest.raises(RecordError) as refused:
        approve(record)
    assert refused.value.code in {"record_head_forged", "record_older_than_head"}
    assert list(record.audit_entries()) == before
    with record.begin() as writing:
        assert writing.first_time("Ev1", "h")
    record.close()


COLUMNS = ("at", "request_no", "act", "person", "facts", "before", "digest", "mac")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a chain that is closed."""
    folder = tmp_path_factory.mktemp("whole")
    chain_of(folder).close()
    return folder


@settings(max_examples=30)
@given(seq=st.integers(1, ENTRIES), column=st.sampled_from(COLUMNS), value=st.text("0123456789abcdef", max_size=5))
def test_any_other_value_in_any_column_is_found(whole: Path, seq: int, column: str, value: str) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        for file in ("record.db", "audit.head"):
            shutil.copy(whole / file, folder / file)
        record = Record(f"sqlite:///{folder / 'record.db'}", KEY, Clock())
        (was,) = [getattr(one, column) for one in record.audit_entries() if one.seq == seq]
        changed = len(value) if column == "at" else value
        sql(f"update audit set {column} = {changed!r} where seq = {seq}")(folder)  # noqa: S608
        assert (codes(record) == []) is (was == changed)
        record.close()


def test_a_copy_that_is_behind_is_no_finding(tmp_path: Path) -> None:
    record = chain_of(tmp_path)
    behind = (tmp_path / "audit.head").read_bytes()
    approve(record)
    (tmp_path / "audit.head").write_bytes(behind)
    assert codes(record) == []
    with record.begin() as writing:
        writing.audit("CR-2026-0002", "approve", "zhao", {})
    assert codes(record) == []
    record.close()


def test_a_copy_that_was_taken_away_is_made_anew_and_the_chain_tells_of_it(tmp_path: Path) -> None:
    chain_of(tmp_path).close()
    without_copy(tmp_path)
    record = Record(f"sqlite:///{tmp_path / 'record.db'}", KEY, Clock())
    assert codes(record) == ["audit_copy_missing"]
    approve(record)
    assert codes(record) == []
    acts = [(one.seq, one.act, one.facts) for one in record.audit_entries() if one.act == "open"]
    assert acts == [(1, "open", '{"fresh":true}'), (ENTRIES + 1, "open", '{"fresh":false}')]
    record.close()


def test_after_an_older_backup_nothing_is_recorded_until_the_copy_is_moved_away(tmp_path: Path) -> None:
    record = chain_of(tmp_path)
    record.close()
    shutil.copy(tmp_path / "record.db", tmp_path / "backup.db")
    record = Record(f"sqlite:///{tmp_path / 'record.db'}", KEY, Clock())
    approve(record)
    record.close()
    shutil.copy(tmp_path / "backup.db", tmp_path / "record.db")
    record = Record(f"sqlite:///{tmp_path / 'record.db'}", KEY, Clock())
    assert codes(record) == ["audit_cut"]
    with pytest.raises(RecordError) as refused:
        approve(record)
    assert (refused.value.code, dict(refused.value.facts)) == ("record_older_than_head", {"known": 9, "kept": 8})
    record.close()
    without_copy(tmp_path)
    record = Record(f"sqlite:///{tmp_path / 'record.db'}", KEY, Clock())
    approve(record)
    assert codes(record) == []
    record.close()


def test_a_record_taken_away_as_a_whole_is_missed(tmp_path: Path) -> None:
    chain_of(tmp_path).close()
    (tmp_path / "record.db").unlink()
    record = Record(f"sqlite:///{tmp_path / 'record.db'}", KEY, Clock())
    assert [(one.code, dict(one.facts)) for one in record.verify_audit()] == [("audit_emptied", {"known": ENTRIES})]
    with pytest.raises(RecordError):
        approve(record)
    record.close()


def test_another_key_fits_nothing_and_records_nothing(tmp_path: Path) -> None:
    chain_of(tmp_path).close()
    record = Record(f"sqlite:///{tmp_path / 'record.db'}", b"another", Clock())
    assert codes(record) == ["audit_copy_forged", *["audit_forged"] * ENTRIES]
    with pytest.raises(RecordError):
        approve(record)
    record.close()


def test_a_lost_key_is_not_replaced_by_a_new_one(tmp_path: Path) -> None:
    record = open_record(tmp_path, "", "", Clock())
    key = (tmp_path / "audit.key").read_text()
    record.close()
    (tmp_path / "audit.key").unlink()
    with pytest.raises(RecordError) as refused:
        open_record(tmp_path, "", "", Clock())
    assert refused.value.code == "audit_key_missing"
    open_record(tmp_path, "", key, Clock()).close()
    with pytest.raises(RecordError) as refused:
        open_record(tmp_path, "", "short", Clock())
    assert refused.value.code == "audit_key_short"


def test_a_clock_far_behind_the_last_entry_records_nothing(sqlite: Record, clock: Clock) -> None:
    clock.move(-200)
    approve(sqlite)
    clock.move(-200)
    with pytest.raises(RecordError) as refused, sqlite.begin() as writing:
        writing.audit("CR-2026-0001", "approve", "zhao", {})
    assert (refused.value.code, refused.value.facts["seconds"]) == ("record_clock", 400)
    clock.move(10_000)
    with sqlite.begin() as writing:
        writing.audit("CR-2026-0001", "approve", "zhao", {})
    assert sqlite.verify_audit() == []


def test_what_is_recorded_while_somebody_looks_through_the_chain_is_no_finding(record: Record) -> None:
    stop = threading.Event()

    def keep_recording() -> None:
        while not stop.is_set():
            with record.begin() as writing:
                writing.audit("CR-2026-0001", "ask", "li", {})

    writer = threading.Thread(target=keep_recording)
    writer.start()
    found = [record.verify_audit() for _ in range(20)]
    stop.set()
    writer.join()
    assert found == [[]] * 20
    assert record.verify_audit() == []


def test_anybody_can_check_digests_and_the_owner_of_the_key_the_codes(record: Record) -> None:
    """The recipe stands in docs/operating.md; this is it, written down once more."""
    approve(record)
    before = ""
    for one in exported(record):
        at = round(datetime.fromisoformat(one["at"]).timestamp() * 1_000_000)
        parts = [one["seq"], at, one["request_no"], one["act"], one["person"], one["facts"], before]
        digest = hashlib.sha256(orjson.dumps(parts)).hexdigest()
        code = hmac.new(KEY, f"creditdesk audit {one['seq']} {at} {digest}".encode(), "sha256").hexdigest()
        assert (one["before"], one["digest"], one["mac"]) == (before, digest, code)
        before = digest
