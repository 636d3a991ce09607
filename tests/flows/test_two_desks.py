"""Two processes over one state folder: what one takes in or confirms, the other notices at its next sync."""

import csv
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from approvals.people import People
from bot.settings import Settings
from bot.wiring import google_desk, resolve
from flows.access import Reader
from flows.confirm import confirm_all
from flows.desk import Desk
from flows.ledger import LocalLedger
from flows.lookup import look_up
from flows.roster import Roster
from flows.sync import sync
from flows.watchers import tell_watchers, watch
from sandbox.demo.__main__ import write_folder
from sandbox.demo.book import make_book
from sheets.columns import load_ledger_map

ON = date(2026, 11, 20)
READER = Reader("U01LIN", lang="en", everything=True)


class Versioned(LocalLedger):
    """A folder that changes its version when a test says so."""

    current = "1"

    def version(self) -> str | None:
        return self.current


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_folder(make_book(ON, 7, 25), tmp_path / "ledger")
    return tmp_path


def desk_on(folder: Path) -> Desk:
    settings = Settings(_env_file=None, creditdesk_home=folder / "state")
    names = load_ledger_map(resolve(settings.creditdesk_ledger_map))
    return replace(google_desk(settings), source=Versioned(folder / "ledger", names), day=ON)


def change(folder: Path, tab: str, key: str, **cells: str) -> None:
    """Type into a row of the ledger, or add one."""
    path = folder / "ledger" / f"{tab}.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    name = "customer_id" if tab == "customers" else "name"
    found = [row for row in rows if row[name] == key]
    if not found:
        rows.append({**dict.fromkeys(rows[0], ""), name: key})
    next(row for row in rows if row[name] == key).update(cells)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_a_blacklisting_that_another_process_took_in_stops_the_running_desk_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, other = desk_on(folder), desk_on(folder)
    sync(running)
    assert "Clear to ship" in look_up(running, READER, "ACME").message["text"]
    change(folder, "blacklist", "艾克美贸易(上海)有限公司", reason="fraud")
    change(folder, "customers", "C0002", name="宁波卓越家居有限公司")
    monkeypatch.setattr(Versioned, "current", "2")
    sync(other)
    sync(running)
    assert "Do not ship" in look_up(running, READER, "ACME").message["text"]
    assert look_up(running, READER, "宁波卓越家居").kind == "answer"
    assert not sync(running).fetched


def test_a_confirmation_in_another_process_counts_for_the_running_desk(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, other = desk_on(folder), desk_on(folder)
    sync(running)
    change(folder, "customers", "C0001", credit_limit="1500000")
    monkeypatch.setattr(Versioned, "current", "2")
    sync(running)

    def limit() -> str:
        answered = look_up(running, READER, "C0001").answered
        assert answered is not None
        return str(answered.answer["credit_limit"])

    assert limit() == "2000000.00"
    sync(other)
    assert [note.column for note in confirm_all(other)] == ["credit_limit"]
    sync(running)
    assert limit() == "1500000.00"


def test_who_waits_is_told_once_when_the_customer_frees_and_only_while_he_may_see_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(folder, "customers", "C0001", status="hold")
    desk = desk_on(folder)
    sync(desk)
    people = desk.people.by_slack
    for account in ("U01LIN", "U02WANG"):
        watch(desk, Reader(account, lang="en", person=people[account]), "C0001")
    assert tell_watchers(desk, lambda *_: True) == 0
    change(folder, "customers", "C0001", status="active")
    monkeypatch.setattr(Versioned, "current", "2")
    sync(desk)
    confirm_all(desk)
    moved = tuple(
        one.model_copy(update={"departments": ("华南",)}) if one.id == "wang" else one for one in desk.people.people
    )
    desk = replace(desk, roster=Roster(People(people=moved)))
    told: list[str] = []

    def post(person: str, _: object) -> bool:
        told.append(person)
        return len(told) > 1

    assert [tell_watchers(desk, post) for _ in range(3)] == [0, 1, 0]
    assert told == ["U01LIN", "U01LIN"]


def test_asking_for_another_day_leaves_the_figures_of_the_running_desk_alone(folder: Path) -> None:
    running = desk_on(folder)
    sync(running)
    before = running.mirror.totals()
    settings = Settings(_env_file=None, creditdesk_home=folder / "state")
    other = replace(google_desk(settings, ON - timedelta(days=90)), source=running.source)
    sync(other)
    assert other.mirror.totals() != before
    assert running.mirror.totals() == before
    assert not sync(running).fetched
    assert other.mirror.path != running.mirror.path


def test_figures_that_another_process_made_for_another_day_are_made_anew_at_the_next_sync(folder: Path) -> None:
    running = desk_on(folder)
    sync(running)
    before = running.mirror.totals()
    sync(replace(desk_on(folder), day=ON - timedelta(days=90)))
    assert running.mirror.totals() != before
    sync(running)
    assert running.mirror.totals() == before


def test_the_mirror_may_be_deleted_while_the_desk_runs(folder: Path) -> None:
    desk = desk_on(folder)
    sync(desk)
    before = look_up(desk, READER, "ACME").message
    for file in (folder / "state").glob("mirror.db*"):
        file.unlink()
    sync(desk)
    assert look_up(desk, READER, "ACME").message["text"] == before["text"]
    shutil.rmtree(folder / "ledger")
