"""Who is first decides; everybody else is told so in words. 500 requests, four processes, 500 decisions."""

import json
import subprocess
import sys
import threading
from collections import Counter
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from approvals.steps import Act
from flows.approval import refusal_said
from flows.decide import Decided
from flows.routing import record_of
from scoring.errors import DeskError
from storage.record import Record, Writing, open_record
from tests.builders import ROOT
from tests.faults.race import DECIDERS, KEY, hall, ready
from tests.flows.requests import NOON, Office

REQUESTS = 500
NAMES = {"chen": "陈国华", **{name: f"总经理{name[-1]}号" for name in DECIDERS[1:]}}


def test_five_hundred_requests_clicked_from_four_processes_make_five_hundred_decisions(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.faults.race", str(tmp_path), str(REQUESTS)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=300)
    told = {name: json.loads((tmp_path / f"{name}.json").read_text(encoding="utf-8")) for name in DECIDERS}
    won = {one["request_no"]: name for name, answers in told.items() for one in answers if one["done"]}
    assert sum(one["done"] for answers in told.values() for one in answers) == len(won) == REQUESTS
    for name, answers in told.items():
        for one in answers:
            winner = won[one["request_no"]]
            assert one["done"] is (winner == name)
            if not one["done"]:
                assert one["code"] == "request_over"
                assert all(NAMES[winner] in said for said in one["said"].values()), one
    record = open_record(tmp_path, "", KEY, lambda: NOON)
    for filed in record.requests():
        assert (filed.request.state, filed.request.version) == ("approved", 7)
        assert filed.request.signatures[-1].person == won[filed.request.request_no]
    entries = Counter((one.request_no, one.act, one.person) for one in record.audit_entries())
    for number, winner in won.items():
        assert {person for no, act, person in entries if no == number and act == "refused"} == {*DECIDERS} - {winner}
        assert entries[number, "approve", winner] == 1
    ledger = Counter(item.payload["request_no"] for item in record.unfinished() if item.kind == "ledger")
    assert ledger == Counter(dict.fromkeys(won, 1))
    assert record.verify_audit() == []
    record.close()


class Together:
    """A record in which two clicks meet: both have looked before either of them writes."""

    def __init__(self, record: Record) -> None:
        self._record, self._door = record, threading.Barrier(2)
        self._met = threading.local()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._record, name)

    def begin(self) -> AbstractContextManager[Writing]:
        if not getattr(self._met, "once", False):
            self._met.once = True
            self._door.wait(10)
        return self._record.begin()


def at_once(office: Office, number: str, *clicks: tuple[str, Act, dict[str, Any]]) -> list[Decided]:
    """Two clicks in the same instant; what each was answered, who was first before who was told."""
    office.desk = replace(office.desk, record=Together(record_of(office.desk)))  # type: ignore[arg-type]
    done: list[Decided] = []

    def click(person: str, act: Act, more: dict[str, Any]) -> None:
        done.append(office.click(person, number, act, event_key=person, **more))

    threads = [threading.Thread(target=click, args=one) for one in clicks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return sorted(done, key=lambda one: not one.done)


def said(office: Office, refusal: DeskError | None) -> list[str]:
    """The sentence for it in both languages."""
    assert refusal is not None
    return [refusal_said(office.desk, lang, refusal)["text"] for lang in ("zh-CN", "en")]


@pytest.mark.parametrize(("first", "second"), [
    (("chen", "approve", {}), ("gm-2", "approve", {})),
    (("chen", "approve", {}), ("gm-2", "reject", {"reason": "担保不足"})),
    (("gm-3", "return", {"reason": "缺合同"}), ("gm-4", "approve", {})),
    (("lin", "withdraw", {}), ("chen", "approve", {})),
])  # fmt: skip
def test_of_two_in_the_same_instant_one_decides_and_the_other_is_told_by_whom(
    tmp_path: Path, first: Any, second: Any
) -> None:
    office = hall(tmp_path)
    (number,) = ready(office)
    before = office.now(number)
    one, other = at_once(office, number, first, second)
    after = office.now(number)
    assert (one.done, one.request, other.done) == (True, after, False)
    assert after.version == before.version + 1
    winner = next(person for person in office.desk.people.people if person.id == after.signatures[-1].person)
    assert all(winner.name in words and number in words for words in said(office, other.refusal)), other.refusal
    acts = [(entry.act, entry.person) for entry in record_of(office.desk).audit_entries()][-2:]
    loser = ({first[0], second[0]} - {winner.id}).pop()
    assert acts == [(after.signatures[-1].act, winner.id), ("refused", loser)]


def test_two_co_signers_in_the_same_instant_are_both_heard(tmp_path: Path) -> None:
    office = hall(tmp_path)
    number = office.filed().request_no
    office.does("xu", number, "vouch")
    office.does("wang", number, "recommend")
    done = at_once(office, number, ("he", "approve", {}), ("ma", "approve", {}))
    assert [one.done for one in done] == [True, True]
    assert {one.person for one in office.now(number).signatures[-2:]} == {"he", "ma"}
    assert record_of(office.desk).verify_audit() == []


def test_one_click_that_arrives_twice_in_the_same_instant_counts_once(tmp_path: Path) -> None:
    office = hall(tmp_path)
    (number,) = ready(office)
    one, other = at_once(office, number, ("chen", "approve", {}), ("chen", "approve", {}))
    assert (one.done, other.done) == (True, False)
    assert other.refusal is not None
    assert other.refusal.code == "click_again"
    assert office.now(number).version == 7
