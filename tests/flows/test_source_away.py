"""The source away in every way: the copy at hand stays, its age shows, and what was held is still held."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from approvals.people import People
from flows.access import Reader
from flows.desk import Desk, Latest
from flows.lookup import look_up
from flows.roster import Roster
from flows.start import restore, wake
from flows.sync import DRIVE_MAY_LAG, sync, sync_or_keep
from scoring.errors import DeskError
from sheets.client import SheetError
from storage.baseline import Baseline
from storage.mirror import Mirror
from tests.builders import codes, policy
from tests.sheets.google import Google, google, key_file, ledger_at

READER = Reader("U01LIN", lang="en", everything=True)
CUSTOMERS: list[list[Any]] = [["客户编号", "客户名称", "授信额度"]] + [
    [f"C{n}", f"客户{n}号", 100_000] for n in range(30)
]
INVOICES: list[list[Any]] = [["发票号", "客户编号", "开票日", "到期日", "金额"]] + [
    [f"I{n}", f"C{n % 30}", "2026-10-01", "2026-12-01", 1000 + n] for n in range(60)
]


def values(customers: list[list[Any]] = CUSTOMERS, invoices: list[list[Any]] = INVOICES) -> dict[str, Any]:
    return {"valueRanges": [{"values": customers}, {"values": invoices}]}


@dataclass
class Clock:
    now: datetime = datetime(2026, 11, 20, 4, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Office:
    """A desk over Google's doors, and the means to start it again."""

    doors: Google
    home: Path
    clock: Clock
    close: list[Any]

    def desk(self) -> Desk:
        source = ledger_at(self.doors.url, self.home / "key.json")
        session: Any = source.client().session
        self.close += [session, session._auth.session]
        return Desk(
            mirror=Mirror(self.home / "mirror.db"), policy=policy(), roster=Roster(People(people=())), source=source,
            clock=self.clock, latest=Latest(), baseline=Baseline(self.home / "baseline.db"),
        )  # fmt: skip


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> str:
    return key_file(tmp_path_factory.mktemp("key"), "http://127.0.0.1:9/token").read_text(encoding="utf-8")


@pytest.fixture
def office(tmp_path: Path, key: str) -> Any:
    with google() as doors:
        doors.good["values"] = values()
        (tmp_path / "key.json").write_text(key.replace("http://127.0.0.1:9", doors.url), encoding="utf-8")
        made = Office(doors, tmp_path, Clock(), [])
        yield made
        for session in made.close:
            session.close()


FAULTS: dict[str, tuple[Any, str]] = {
    "refused": ((403, {}), "sheet_forbidden"),
    "gone": ((404, {}), "sheet_not_found"),
    "unreachable": ((503, b"<html>"), "sheet_unreachable"),
    "quota": ((429, {}), "sheet_unreachable"),
    "truncated": ((200, b'{"sheets": [{"prop'), "sheet_answer"),
    "short": ("short", "sheet_unreachable"),
    "malformed": ((200, {}), "sheet_answer"),
    "list": ((200, []), "sheet_answer"),
    "rows": ((200, {"valueRanges": [{"values": [*CUSTOMERS, [[1]], 5]}, {"values": INVOICES}]}), "sheet_answer"),
}


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("door", ["book", "values"])
def test_a_fault_keeps_the_copy_says_why_and_passes(office: Office, name: str, door: str) -> None:
    if (name, door) == ("rows", "book"):
        return
    fault, code = FAULTS[name]
    desk = office.desk()
    assert wake(desk) is None
    before = look_up(desk, READER, "C3").message
    office.clock.now += timedelta(minutes=5)
    office.doors.plan = {"drive": [(200, {"version": "8"})] * 3, door: [fault] * 50}
    assert sync_or_keep(desk) == f"kept the copy: {code}"
    assert desk.latest.view is not None
    assert desk.latest.view.problem == code
    assert look_up(desk, READER, "C3").message["text"] == before["text"]
    again = office.desk()
    problem = wake(again)
    assert problem is not None
    assert problem.code == code
    assert look_up(again, READER, "C3").message["text"] == before["text"]
    office.clock.now += timedelta(minutes=60)
    assert "🟢" not in look_up(again, READER, "C3").message["text"]
    office.doors.plan.clear()
    assert sync_or_keep(again).startswith(("rows", "unchanged"))
    assert again.latest.view is not None
    assert again.latest.view.problem is None


@pytest.mark.parametrize("name", FAULTS)
def test_a_first_start_in_a_fault_is_one_sentence_and_leaves_no_copy(office: Office, name: str) -> None:
    fault, code = FAULTS[name]
    desk = office.desk()
    office.doors.plan = {"values": [fault] * 50}
    with pytest.raises(DeskError) as refused:
        wake(desk)
    assert refused.value.code == code
    assert not restore(desk)
    assert look_up(desk, READER, "C3").kind == "no_copy"


def test_a_sheet_that_is_not_shared_says_so_although_drive_knows_no_such_file(office: Office) -> None:
    office.doors.plan = {"drive": [(404, {})], "book": [(403, {})]}
    with pytest.raises(SheetError) as refused:
        sync(office.desk())
    assert (refused.value.code, refused.value.facts["account"]) == ("sheet_forbidden", "desk@example.iam")


def test_an_unchanged_version_is_believed_for_a_while_and_the_time_is_that_of_the_fetch(office: Office) -> None:
    desk = office.desk()
    sync(desk)
    assert desk.latest.view is not None
    fetched = desk.latest.view.synced_at
    office.clock.now += timedelta(seconds=60)
    assert not sync(desk).fetched
    assert desk.latest.view.synced_at == fetched
    office.doors.good["values"] = values(invoices=[*INVOICES, ["I99", "C3", "2026-10-01", "2026-11-01", 90_000]])
    office.clock.now = (fetched or office.clock.now) + DRIVE_MAY_LAG
    assert sync(desk).changed_rows == 1
    assert desk.latest.view.synced_at == office.clock.now
    assert DRIVE_MAY_LAG + timedelta(seconds=desk.policy.operating.sync_seconds) <= timedelta(minutes=3, seconds=30)


def broken_headers() -> dict[str, Any]:
    return values(invoices=[["发票号", "客户编号", "日期", "到期日", "金额"], *INVOICES[1:]])


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (broken_headers, "column_missing"),
        (lambda: values(invoices=INVOICES[:40]), "tab_shrunk"),
        (lambda: values(customers=[*CUSTOMERS, *CUSTOMERS[1:5]]), "tab_duplicates"),
        (lambda: values(invoices=[["单据", *INVOICES[0][1:]], *INVOICES[1:]]), "key_column_missing"),
    ],
)
def test_a_tab_held_back_is_still_named_after_a_start_while_google_is_away(
    office: Office, answer: Callable[[], dict[str, Any]], code: str
) -> None:
    desk = office.desk()
    sync(desk)
    office.doors.good["values"] = answer()
    office.doors.good["drive"] = {"version": "8"}
    assert codes(sync(desk).held) == [code]
    said = desk.latest.view.held if desk.latest.view is not None else ()
    office.doors.plan = {"drive": [(503, b"")] * 50}
    again = office.desk()
    assert wake(again) is not None
    assert again.latest.view is not None
    assert again.latest.view.held == said
    assert "its last good data is still in use" in str(look_up(again, READER, "C3").message["blocks"])
    office.doors.plan.clear()
    office.doors.good["values"] = values()
    assert sync(again).held == ()
    assert again.mirror.meta("held") == "[]"
