"""What people do to the shared sheet, typed through gspread itself, and what the desk makes of it."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import gspread
import pytest
from google.oauth2.service_account import Credentials
from gspread.http_client import HTTPClient

from bot.demo import environment, quick_policy
from bot.settings import Settings
from bot.wiring import ROOT, google_desk
from flows.access import Reader
from flows.desk import Desk
from flows.lookup import look_up
from flows.start import wake
from flows.sync import sync
from sandbox.client import Hand
from sheets.client import GOOGLE_HOSTS, SCOPES
from tests.builders import codes
from tests.e2e.desks import outside, sandbox

pytestmark = pytest.mark.e2e
READER = Reader("U01LIN", lang="en", everything=True)


@dataclass
class Shared:
    """The sheet in a person's hands, and a desk that reads it."""

    book: Any
    desk: Desk
    where: dict[str, Any]
    home: Path

    def head(self, title: str) -> tuple[int, list[str]]:
        """The row of a tab's header, and its cells."""
        rows = self.book.worksheet(title).get_values("A1:BZ3")
        number = max(range(len(rows)), key=lambda place: sum(1 for cell in rows[place] if cell))
        return number + 1, rows[number]

    def type(self, title: str, row: int, column: int, value: Any) -> Any:
        """Put a value into a cell; what stood there."""
        sheet = self.book.worksheet(title)
        cell = gspread.utils.rowcol_to_a1(row, column)
        before = sheet.acell(cell, value_render_option="UNFORMATTED_VALUE").value
        sheet.update([[value]], cell, raw=True)
        return before

    def held(self) -> list[str]:
        """What the next sync holds back."""
        return codes(sync(self.desk).held)

    def first_line(self, text: str) -> str:
        """The verdict line."""
        return look_up(self.desk, READER, text).message["text"]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    home = tmp_path_factory.mktemp("shared")
    with sandbox(home) as where:
        Hand(where["url"]).ledger(quota=False)

        class Here(HTTPClient):
            def request(self, method: str, endpoint: str, *given: Any, **more: Any) -> Any:
                for host in GOOGLE_HOSTS:
                    endpoint = endpoint.replace(host, where["google_api"])
                return super().request(method, endpoint, *given, **more)

        signed: Any = Credentials
        keys = signed.from_service_account_file(where["service_account_file"], scopes=list(SCOPES))
        person = gspread.Client(auth=keys, http_client=Here)
        settings = Settings(
            _env_file=None, google_service_account_file=where["service_account_file"], google_api_url=where["google_api"],
            ledger_spreadsheet_id=where["spreadsheet_id"], creditdesk_home=home / "state",
        )  # fmt: skip
        desk = google_desk(settings)
        wake(desk)
        yield Shared(person.open_by_key(where["spreadsheet_id"]), desk, where, home)
        person.http_client.session.close()


@pytest.mark.parametrize(
    ("title", "header", "code"),
    [
        ("应收", "开票日", "column_missing"), ("应收", "金额", "column_missing"), ("应收", "发票号", "key_column_missing"),
        ("回款", "发票号", "column_missing"), ("客户", "状态", "column_missing"), ("客户", "客户编号", "key_column_missing"),
        ("客户", "客户名称", "column_missing"), ("核查", "失信", "column_missing"),
    ],
)  # fmt: skip
def test_a_renamed_header_changes_no_answer_until_it_is_back(
    shared: Shared, title: str, header: str, code: str
) -> None:
    names = ("ACME", "C0003", "C0005", "C0016")
    before = [shared.first_line(name) for name in names]
    row, head = shared.head(title)
    place = head.index(header) + 1
    shared.type(title, row, place, "改名列")
    assert code in shared.held()
    assert [shared.first_line(name) for name in names] == before
    shared.type(title, row, place, header)
    assert shared.held() == []


def test_duplicate_keys_hold_the_tab_and_one_alone_is_a_note(shared: Shared) -> None:
    row, _ = shared.head("客户")
    first = shared.book.worksheet("客户").cell(row + 1, 1).value
    old = [shared.type("客户", row + place, 1, first) for place in range(11, 15)]
    assert shared.held() == ["tab_duplicates"]
    for place, value in enumerate(old, 11):
        shared.type("客户", row + place, 1, value)
    assert shared.held() == []
    value = shared.type("客户", row + 11, 1, first)
    assert shared.held() == []
    assert shared.first_line(str(value)) != shared.first_line("ACME")
    shared.type("客户", row + 11, 1, value)
    shared.held()


def test_a_confirmation_at_the_command_line_is_taken_over_by_the_running_desk(shared: Shared) -> None:
    row, head = shared.head("应收")
    place = head.index("争议日") + 1
    shared.type("应收", row, place, "")
    assert shared.held() == ["column_missing"]
    quick_policy(shared.home)
    env: dict[str, str] = {**outside(), **environment(shared.where, shared.home)}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "ledger", "confirm"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "争议日" in done.stdout
    assert shared.held() == []
    shared.type("应收", row, place, "争议日")
    assert shared.held() == []


def test_an_edit_that_drive_tells_late_is_seen_all_the_same(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    version = shared.desk.source.version()
    sync(shared.desk)
    monkeypatch.setattr(shared.desk.source, "version", lambda: version)
    row, head = shared.head("客户")
    old = shared.type("客户", row + 1, head.index("备注") + 1, "x")
    assert sync(shared.desk).changed_rows == 0
    late = replace(shared.desk, clock=lambda: datetime.now(UTC) + timedelta(minutes=3))
    assert sync(late).changed_rows == 1
    shared.type("客户", row + 1, head.index("备注") + 1, old or "")
