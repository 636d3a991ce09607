"""`audit` and `outbox` on the command line."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from flows.words import error_text
from scoring.errors import DeskError
from storage.record import Record, open_record


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CREDITDESK_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("CREDITDESK_AUDIT_KEY", "")
    monkeypatch.setenv("CREDITDESK_LANG", "en")
    return tmp_path


def opened(home: Path) -> Record:
    return open_record(home, "", "", lambda: datetime.now(UTC))


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def parked(record: Record) -> str:
    with record.begin() as writing:
        writing.audit("CR-2026-0001", "file", "li", {"version": 1})
        made = writing.enqueue("card", "card/CR-2026-0001/li", {"request_no": "CR-2026-0001"})
        writing.enqueue("card", "card/CR-2026-0002/li", {})
    item = record.claim("one", 60)
    assert item is not None
    assert record.finish(item, "one", outcome="refused", why="channel_not_found")
    return made


def test_a_whole_chain_verifies_and_a_changed_one_is_exit_code_1(home: Path) -> None:
    record = opened(home)
    parked(record)
    record.close()
    whole = run("audit", "verify")
    assert whole.exit_code == 0
    assert whole.output.startswith("The chain is whole: entries 2, head ")
    database = sqlite3.connect(home / "record.db")
    database.execute("update audit set person = 'wang' where seq = 2")
    database.commit()
    database.close()
    changed = run("audit", "verify")
    assert (changed.exit_code, changed.output) == (1, "Entry 2 was changed\n1 found in the chain of 2\n")
    assert run("audit", "verify", "--lang", "zh-CN").output.splitlines()[0] == "第 2 条被改动过"
    as_json = run("audit", "verify", "--json")
    assert [one["code"] for one in orjson.loads(as_json.output)["findings"]] == ["audit_changed"]


def test_a_copy_that_was_made_anew_is_told_beside_a_whole_chain(home: Path) -> None:
    opened(home).close()
    (home / "audit.head").unlink()
    missing = run("audit", "verify")
    assert (missing.exit_code, missing.output.split(":")[0]) == (1, "audit.head is missing")
    record = opened(home)
    parked(record)
    record.close()
    again = run("audit", "verify")
    assert again.exit_code == 0
    assert again.output.splitlines()[1].startswith("audit.head was missing and made anew at entry 2, ")


def test_the_chain_is_handed_out_a_line_an_entry(home: Path) -> None:
    record = opened(home)
    parked(record)
    record.close()
    lines = [orjson.loads(line) for line in run("audit", "export").output.splitlines()]
    assert [(one["seq"], one["act"], one["facts"]) for one in lines] == [
        (1, "open", '{"fresh":true}'),
        (2, "file", '{"version":1}'),
    ]


def test_what_was_parked_is_listed_and_tried_again(home: Path) -> None:
    record = opened(home)
    item = parked(record)
    listed = run("outbox", "list")
    assert listed.exit_code == 1
    first, counts, oldest = listed.output.splitlines()
    assert first.startswith(f"{item}  card  card/CR-2026-0001/li  since ")
    assert first.endswith("attempts 1  channel_not_found")
    assert counts == "1 on their way, 1 parked"
    assert oldest.startswith("the oldest on its way waits since ")
    assert orjson.loads(run("outbox", "list", "--json").output)["parked"][0]["why"] == "channel_not_found"
    assert run("outbox", "retry", item).output == f"{item} is on its way again\n"
    assert run("outbox", "list").exit_code == 0
    again = run("outbox", "retry", item)
    assert isinstance(again.exception, DeskError)
    assert error_text("en", again.exception).startswith(f"There is no parked delivery {item}")
    record.close()


def test_neither_takes_a_local_ledger(home: Path) -> None:
    for words in (("audit", "verify"), ("audit", "export"), ("outbox", "list"), ("outbox", "retry", "x")):
        assert run("--ledger", ".", *words).exit_code == 2
