"""Whatever Google answers, the reader ends in time, with the ledger or with one sentence of the desk's own."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sheets.client import SheetError
from sheets.read import GoogleLedger
from tests.sheets.google import Google, google, key_file, ledger_at


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return key_file(tmp_path_factory.mktemp("key"), "http://127.0.0.1:9/token")


@pytest.fixture
def doors() -> Iterator[Google]:
    with google() as state:
        yield state


@pytest.fixture
def ledger(doors: Google, key: Path, tmp_path: Path) -> Iterator[GoogleLedger]:
    mine = tmp_path / "key.json"
    mine.write_text(key.read_text(encoding="utf-8").replace("http://127.0.0.1:9", doors.url), encoding="utf-8")
    made = ledger_at(doors.url, mine)
    yield made
    session: Any = made.client().session
    session.close()
    session._auth.session.close()


def code_of(ledger: GoogleLedger) -> str:
    with pytest.raises(SheetError) as refused:
        ledger.fetch()
    return refused.value.code


@pytest.mark.parametrize("door", ["book", "values"])
@pytest.mark.parametrize(
    "body", [{}, [], None, 5, {"sheets": [{}], "properties": {}}, {"valueRanges": [5, 5]}, {"valueRanges": []},
             {"valueRanges": [{"values": [5]}, {}]}, {"properties": {"title": "x"}, "sheets": "no"}],
)  # fmt: skip
def test_a_malformed_answer_is_said_as_such_at_once(ledger: GoogleLedger, doors: Google, door: str, body: Any) -> None:
    doors.plan[door] = [(200, body)]
    assert code_of(ledger) == "sheet_answer"
    assert doors.asked.count(door) == 1


@pytest.mark.parametrize("door", ["book", "values"])
@pytest.mark.parametrize("fault", ["short", (200, b'{"valueRanges": [{"val'), (200, b""), (503, b"<html>"), (429, {})])
def test_half_an_answer_is_asked_for_again_like_a_refused_one(
    ledger: GoogleLedger, doors: Google, door: str, fault: Any
) -> None:
    doors.plan[door] = [fault, fault]
    assert set(ledger.fetch().tabs) == {"customers", "invoices"}
    assert doors.asked.count(door) == 3


def test_an_answer_that_stays_cut_short_is_given_up(ledger: GoogleLedger, doors: Google) -> None:
    doors.plan["values"] = [(200, b'{"valueRanges"')] * 9
    assert code_of(ledger) == "sheet_answer"
    assert doors.asked.count("values") == ledger.client().tries


def test_a_body_that_drips_ends_with_the_deadline(ledger: GoogleLedger, doors: Google) -> None:
    doors.plan["values"] = ["drip"] * 9
    ledger.client().deadline = 0.3
    began = time.monotonic()
    assert code_of(ledger) == "sheet_unreachable"
    assert time.monotonic() - began < 1.5


def test_a_body_above_the_limit_is_not_read_to_its_end(ledger: GoogleLedger, doors: Google) -> None:
    doors.plan["values"] = [(200, b" " * 20_000_000)]
    ledger.client().largest = 2_000_000
    assert code_of(ledger) == "sheet_answer"


def test_a_body_in_chunks_is_read_whole(ledger: GoogleLedger, doors: Google) -> None:
    doors.plan["values"] = ["chunked"]
    assert set(ledger.fetch().tabs) == {"customers", "invoices"}


def test_a_deleted_key_is_said_at_once_and_names_the_file(ledger: GoogleLedger, doors: Google) -> None:
    doors.plan["token"] = [(400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."})] * 9
    with pytest.raises(SheetError) as refused:
        ledger.fetch()
    assert (refused.value.code, refused.value.facts["where"]) == ("sheet_credentials", "key.json")
    assert doors.asked == ["token"]


@pytest.mark.parametrize("fault", [(502, b"<html>"), (200, b"{")])
def test_a_token_office_that_is_away_is_not_a_wrong_key(ledger: GoogleLedger, doors: Google, fault: Any) -> None:
    doors.plan["token"] = [fault] * 2
    assert set(ledger.fetch().tabs) == {"customers", "invoices"}


def test_a_token_that_is_no_longer_taken_is_renewed_once(ledger: GoogleLedger, doors: Google) -> None:
    doors.plan["book"] = [(401, {})]
    assert set(ledger.fetch().tabs) == {"customers", "invoices"}
    assert doors.asked.count("token") == 2
    doors.plan["book"] = [(401, {})] * 2
    assert code_of(ledger) == "sheet_credentials"
    assert doors.asked.count("token") == 3


@pytest.mark.parametrize("answer", [(404, {}), (403, {}), (200, []), (200, {}), (200, {"version": 5})])
def test_drive_that_does_not_tell_leaves_it_to_the_sheet(ledger: GoogleLedger, doors: Google, answer: Any) -> None:
    doors.plan["drive"] = [answer]
    assert ledger.version() is None
    assert ledger.version() == "7"


@pytest.mark.parametrize(
    ("answer", "code"),
    [(403, "sheet_forbidden"), (404, "sheet_not_found"), (400, "sheet_answer"), (301, "sheet_answer")],
)
def test_a_refusal_of_the_sheet_has_its_own_sentence(
    ledger: GoogleLedger, doors: Google, answer: int, code: str
) -> None:
    doors.plan["book"] = [(answer, {})]
    assert code_of(ledger) == code
