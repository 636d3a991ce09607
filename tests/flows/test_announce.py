"""Finance hears of a ledger that cannot be read: once, and once more when it can."""

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from approvals.channels import Channel, Channels
from flows.announce import note_trouble, tell_finance
from flows.desk import Desk
from flows.sync import sync_or_keep
from scoring.errors import LedgerError
from tests.paper import Paper, desk_of
from texts.blocks import Message


class Clock:
    """A clock that a test moves."""

    now = datetime(2026, 11, 20, 2, 5, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class Shut(Paper):
    """A ledger that refuses with `code`."""

    code = ""

    def fetch(self) -> Any:
        if self.code:
            raise LedgerError(self.code, why="test", account="x")
        return super().fetch()


@pytest.fixture
def paper() -> Shut:
    return Shut()


@pytest.fixture
def desk(paper: Shut, tmp_path: Path) -> Desk:
    channels = Channels(finance=Channel(channel="C02FINANCE"))
    made = replace(desk_of(paper, tmp_path), channels=channels, clock=Clock())
    sync_or_keep(made)
    tell_finance(made, lambda _channel, _message: True)
    return made


def told(desk: Desk) -> list[str]:
    """What goes out after a sync."""
    sent: list[str] = []
    sync_or_keep(desk)
    note_trouble(desk)

    def post(_channel: str, message: Message) -> bool:
        sent.append(message["text"])
        return True

    tell_finance(desk, post)
    return sent


def test_no_permission_is_told_at_once_and_once(desk: Desk, paper: Shut, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "creditdesk"):
        assert told(desk) == []
        paper.code = "sheet_forbidden"
        assert told(desk) == [
            "读不到台账（无权限）。授信台的答复用的是 10:05 的数据，请检查表格的共享和网络；恢复后我会再说一声。"
        ]
        assert told(desk) == []
        paper.code = ""
        assert told(desk) == ["台账又能读到了，答复已用最新数据。"]
        assert told(desk) == []
    assert [record.getMessage() for record in caplog.records] == [
        "ledger not read: sheet_forbidden; answering from the last good copy", "ledger read again",
    ]  # fmt: skip


def test_google_away_for_a_moment_troubles_nobody(desk: Desk, paper: Shut) -> None:
    paper.code = "sheet_unreachable"
    assert told(desk) == []
    assert isinstance(desk.clock, Clock)
    desk.clock.now += timedelta(minutes=desk.policy.operating.amber_minutes)
    assert len(told(desk)) == 1
    paper.code = ""
    assert len(told(desk)) == 1


def test_what_did_not_go_out_is_told_after_the_next_sync(desk: Desk, paper: Shut) -> None:
    paper.code = "sheet_forbidden"
    sync_or_keep(desk)
    assert tell_finance(desk, lambda _channel, _message: False) == 0
    assert len(told(desk)) == 1
