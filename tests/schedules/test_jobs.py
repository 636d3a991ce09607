"""The clock goes on whatever happens to a job, to the mirror or to the ledger, and finance is told."""

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from approvals.channels import Channel, Channels
from flows.access import Reader
from flows.desk import Desk
from flows.lookup import look_up
from flows.start import wake
from flows.sync import sync
from schedules.jobs import Job, jobs, run_job
from storage.opening import Opened
from tests.flows.office import EAST, FINANCE, office
from tests.paper import Paper, desk_of
from texts.blocks import Message

READER = Reader("U01LIN", lang="en", everything=True)


class Faulty(Paper):
    """A ledger in which the desk itself trips while `fault` is set."""

    fault: Exception | None = None

    def fetch(self) -> Any:
        if self.fault is not None:
            raise self.fault
        return super().fetch()


@pytest.fixture
def paper() -> Faulty:
    return Faulty()


@pytest.fixture
def desk(paper: Faulty, tmp_path: Path) -> Desk:
    made = replace(desk_of(paper, tmp_path), channels=Channels(finance=Channel(channel="C02FINANCE")))
    told(made)
    return made


def told(desk: Desk) -> list[str]:
    """What goes out when the clock wakes the job."""
    sent: list[str] = []

    def post(_channel: str, message: Message) -> bool:
        sent.append(message["text"])
        return True

    (job,) = jobs(desk, post)
    run_job(desk, job)
    return sent


def test_a_fault_of_our_own_keeps_the_copy_says_so_once_and_passes(
    desk: Desk, paper: Faulty, caplog: pytest.LogCaptureFixture
) -> None:
    paper.fault = ValueError("SECRET 9000000")
    with caplog.at_level(logging.INFO):
        said = told(desk)
        assert told(desk) == []
    assert len(said) == 1
    assert said[0].startswith("没能同步台账（授信台内部出错）")
    assert desk.latest.view is not None
    assert desk.latest.view.problem == "sync_failed"
    outcome = look_up(desk, READER, "C3")
    assert outcome.kind == "answer"
    assert "a fault in the desk" in str(outcome.message["blocks"])
    lines = [record.getMessage() for record in caplog.records]
    assert lines[0] == "sync failed: ValueError"
    assert len(lines) == 2
    assert "SECRET" not in caplog.text
    paper.fault = None
    assert told(desk) == ["台账又能读到了，答复已用最新数据。"]


def test_a_desk_that_starts_on_a_ledger_it_trips_over_answers_from_the_copy_it_kept(
    desk: Desk, paper: Faulty, tmp_path: Path
) -> None:
    paper.fault = ValueError("SECRET")
    again = desk_of(paper, tmp_path)
    problem = wake(again)
    assert problem is not None
    assert (problem.code, dict(problem.facts)) == ("sync_failed", {"why": "ValueError"})
    assert look_up(again, READER, "C3").kind == "answer"


def test_a_copy_that_cannot_be_written_is_told_once_and_answers_go_on(
    desk: Desk, paper: Faulty, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    def full(*_: object) -> Any:
        problem = sqlite3.OperationalError("database or disk is full")
        problem.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise problem

    paper.invoices[1][4] = 5000
    with monkeypatch.context() as patched:
        patched.setattr(Opened, "_transaction", full)
        said = [*told(desk), *told(desk)]
        assert len(said) == 1
        assert "磁盘已满" in said[0]
        assert look_up(desk, READER, "C3").kind == "answer"
    assert told(desk) == ["台账又能读到了，答复已用最新数据。"]
    assert desk.mirror.meta("told:problem") == ""


def test_a_mirror_deleted_while_a_job_runs_neither_stops_the_clock_nor_comes_back_without_tables(
    desk: Desk, tmp_path: Path
) -> None:
    def delete() -> str:
        for file in tmp_path.glob("mirror.db*"):
            file.unlink()
        return "deleted"

    run_job(desk, Job("sync", 60, delete))
    assert not (tmp_path / "mirror.db").exists()
    told(desk)
    assert "rows" in str(desk.mirror.meta("job:sync"))


def test_a_run_that_cannot_be_noted_is_logged_by_its_kind(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("SECRET")

    monkeypatch.setattr("schedules.jobs.note_run", broken)
    run_job(desk, Job("sync", 60, lambda: "done"))
    assert [record.getMessage() for record in caplog.records] == ["job sync not noted: RuntimeError"]


def test_with_a_record_the_clock_plans_digests_keeps_deadlines_reconciles_and_tidies(tmp_path: Path) -> None:
    with office(tmp_path) as opened:
        sync(opened.desk)
        opened.slack.forward(1900)
        found = jobs(opened.desk, lambda *_: True, opened.door)
        assert [job.name for job in found] == [
            "sync",
            "digests",
            "deadlines",
            "absences",
            "groups",
            "watch",
            "reconcile",
            "tidy",
        ]
        for job in found[1:]:
            run_job(opened.desk, job)
        opened.run()
        assert len(opened.posted(FINANCE)) == len(opened.posted(EAST)) == 1
        noted = {job.name: str(opened.desk.mirror.meta(f"job:{job.name}")) for job in found[1:]}
        said = {
            "digests": "planned 2",
            "deadlines": "-",
            "absences": "-",
            "groups": "-",
            "watch": "looked at",
            "reconcile": "0 places",
            "tidy": "done",
        }
        assert {name: did for name, did in said.items() if did not in noted[name]} == {}
