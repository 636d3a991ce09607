"""Several processes on one record: one decision each, one delivery each, and a kill at any moment loses nothing."""

import random
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from storage.record import Record
from tests.builders import ROOT
from tests.storage.records import KEY, Clock, enqueued, filed, request

PROCESSES = 4
REQUESTS = 500
ROUNDS = 6


def child(what: str, url: str, tmp_path: Path, *rest: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.storage.record_children", what, url, str(tmp_path / "audit.head")]
    return subprocess.Popen([*command, *map(str, rest)], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def lines_of(children: "list[subprocess.Popen[str]]") -> list[list[str]]:
    told = [one.communicate()[0].splitlines() for one in children]
    assert [one.returncode for one in children] == [0] * len(children)
    return told


def test_five_hundred_requests_and_four_processes_make_five_hundred_decisions(
    record: Record, url: str, tmp_path: Path
) -> None:
    with record.begin() as writing:
        for number in range(1, REQUESTS + 1):
            writing.file(request(number), {}, {})
    names = [f"p{number}" for number in range(PROCESSES)]
    told = lines_of([child("decide", url, tmp_path, name, REQUESTS) for name in names])
    won = {name: int(lines[0]) for name, lines in zip(names, told, strict=True)}
    assert sum(won.values()) == REQUESTS
    found = [one.request for one in record.requests()]
    assert [one.version for one in found] == [2] * REQUESTS
    for name in names:
        assert sum(one.signatures[0].person == name for one in found) == won[name]
    entries = [one for one in record.audit_entries() if one.act == "approve"]
    assert sorted(one.request_no for one in entries) == [one.request_no for one in found]
    assert [one.facts for one in entries] == [f'{{"no":{number}}}' for number in range(1, REQUESTS + 1)]
    assert len(record.unfinished()) == REQUESTS
    assert record.verify_audit() == []


def test_four_processes_deliver_each_item_once_and_each_subject_in_order(
    record: Record, url: str, tmp_path: Path
) -> None:
    subjects = [f"CR-{number % 7}" for number in range(210)]
    enqueued(record, *subjects)
    told = lines_of([child("deliver", url, tmp_path, f"p{number}") for number in range(PROCESSES)])
    lines = [tuple(line.split()) for lines in told for line in lines]
    assert len(lines) == len(set(lines)) == len(subjects)
    for lines_ in told:
        mine = defaultdict(list)
        for line in lines_:
            subject, seq = line.split()
            mine[subject].append(int(seq))
        assert all(seqs == sorted(seqs) for seqs in mine.values())
    assert record.unfinished() == []


def test_four_processes_may_open_a_new_record_together(url: str, tmp_path: Path, clock: Clock) -> None:
    assert lines_of([child("open", url, tmp_path) for _ in range(PROCESSES)]) == [["open"]] * PROCESSES
    record = Record(url, KEY, clock, head_file=tmp_path / "audit.head")
    assert {one.act for one in record.audit_entries()} == {"open"}
    assert record.verify_audit() == []
    record.close()


def test_whatever_was_acknowledged_before_a_kill_is_there_afterwards(url: str, tmp_path: Path, clock: Clock) -> None:
    chance = random.Random(20261125)
    acknowledged = 0
    for _ in range(ROUNDS):
        writer = child("file", url, tmp_path)
        assert writer.stdout is not None
        for _ in range(chance.randrange(1, 80)):
            acknowledged = int(writer.stdout.readline())
        writer.kill()
        acknowledged = max([acknowledged, *map(int, writer.stdout.read().split())])
        writer.wait()
        writer.stdout.close()
    record = Record(url, KEY, clock, head_file=tmp_path / "audit.head")
    numbers = [int(one.request.request_no[-4:]) for one in record.requests()]
    kept = max(numbers)
    assert sorted(numbers) == list(range(1, kept + 1))
    assert acknowledged <= kept <= acknowledged + 1
    assert sum(one.act == "file" for one in record.audit_entries()) == kept
    assert len(record.unfinished()) == kept
    assert record.verify_audit() == []
    filed(record, request(kept + 1))
    record.close()


@pytest.mark.parametrize("point", ["before commit", "after commit"])
def test_a_fault_at_the_commit_leaves_all_of_it_or_nothing(url: str, tmp_path: Path, clock: Clock, point: str) -> None:
    """Fault tests stop the desk at these points; what stands after each is what a killed one leaves."""
    faults: list[str] = []

    def watch(here: str) -> None:
        if here in faults:
            raise ConnectionError

    record = Record(url, KEY, clock, head_file=tmp_path / "audit.head", watch=watch)
    faults.append(point)
    with pytest.raises(ConnectionError):
        filed(record, request())
    faults.clear()
    assert (record.request("CR-2026-0001") is not None) is (point == "after commit")
    filed(record, request(2))
    assert record.verify_audit() == []
    record.close()
