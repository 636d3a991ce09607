"""Two connections to Slack: renewed when they end, watched when they fall silent, reported when there are too many."""

import logging
import threading
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import WebClient

from bot.app import build_app
from bot.settings import Settings
from bot.socket_mode import (
    CONNECTIONS,
    GRACE_SECONDS,
    MOST_AT_ONCE,
    SILENT_SECONDS,
    Line,
    first_opened,
    greeted,
    serve_socket,
)
from handlers.later import Later
from sandbox.client import Hand
from scoring.errors import MisuseError
from tests.e2e.desks import local, sandbox


@dataclass
class Session:
    last_ping_pong_time: float | None = None


@dataclass
class Socket:
    """slack_sdk's client as far as a line looks at it."""

    current_session: Session | None = None
    active: bool = False
    opened: list[float] = field(default_factory=list)
    away: bool = False
    message_listeners: list[Any] = field(default_factory=list)
    now: float = 0.0

    def is_connected(self) -> bool:
        return self.active

    def connect_to_new_endpoint(self, *, force: bool) -> None:
        assert force
        self.opened.append(self.now)
        if self.away:
            raise ConnectionResetError
        self.current_session, self.active = Session(), True


def watched(socket: Socket, seconds: int, each: Any = lambda _: None) -> list[float]:
    line = Line(socket, lambda: socket.now)
    for _ in range(seconds):
        line.watch()
        each(socket)
        socket.now += 1
    return socket.opened


def pong(socket: Socket) -> None:
    if socket.current_session is not None:
        socket.current_session.last_ping_pong_time = socket.now


def test_a_line_that_answers_is_left_alone() -> None:
    assert watched(Socket(), 600, pong) == [0.0]


def test_a_line_that_never_gets_a_pong_is_opened_anew() -> None:
    first, second, *_ = watched(Socket(), 200)
    assert first == 0
    assert SILENT_SECONDS <= second <= SILENT_SECONDS + GRACE_SECONDS + 2


def test_a_line_that_ended_is_given_to_the_client_first() -> None:
    def end_once(socket: Socket) -> None:
        pong(socket)
        if socket.now == 100:
            socket.active = False

    first, second = watched(Socket(), 200, end_once)
    assert (first, second) == (0, pytest.approx(100 + GRACE_SECONDS, abs=1))


def test_while_slack_is_away_the_pauses_grow_and_end() -> None:
    opened = watched(Socket(away=True), 600)
    pauses = [round(later - before) for before, later in pairwise(opened)]
    assert pauses[:5] == [1, 2, 4, 8, 16]
    assert max(pauses) == 60


@pytest.mark.parametrize(
    ("count", "said"), [(1, False), (MOST_AT_ONCE, False), (MOST_AT_ONCE + 1, True), (None, False)]
)
def test_connections_that_are_not_ours_are_reported(
    count: int | None, caplog: pytest.LogCaptureFixture, *, said: bool
) -> None:
    greeted(None, {"type": "hello", "num_connections": count})
    assert ("connections of this app" in caplog.text) is said


def test_a_refused_token_ends_the_start() -> None:
    class Refused(Socket):
        def connect_to_new_endpoint(self, **_: bool) -> None:
            raise SlackApiError("no", {"ok": False, "error": "invalid_auth"})  # type: ignore[no-untyped-call]

    with pytest.raises(MisuseError) as refused:
        first_opened(Line(Refused()), threading.Event())
    assert refused.value.facts["name"] == "SLACK_APP_TOKEN"


@pytest.mark.e2e
def test_both_connections_open_answer_and_come_back(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    desk, later, stop = local(tmp_path), Later(2), threading.Event()
    with sandbox(tmp_path) as where, caplog.at_level(logging.INFO):
        client = WebClient(token=where["bot_token"], base_url=where["slack_api"], retry_handlers=[])
        app = build_app(Settings(_env_file=None), desk, client, later)
        with pytest.raises(MisuseError):
            serve_socket(app, "xapp-wrong", stop, 40)
        thread = threading.Thread(target=serve_socket, args=(app, where["app_token"], stop, 40))
        thread.start()
        hand = Hand(where["url"])
        try:
            hand.wait(lambda: hand.state()["connections"] == CONNECTIONS, "both connections", 30)
            for _ in range(4):  # each connection takes its turn
                assert "艾克美" in hand.credit("U01LIN", "C03EAST", "ACME")["text"]
            hand.fault(disconnect=True)
            hand.wait(lambda: hand.state()["connections"] == CONNECTIONS, "both connections again", 40)
            for _ in range(4):
                assert "艾克美" in hand.credit("U01LIN", "C03EAST", "ACME")["text"]
        finally:
            stop.set()
            thread.join(20)
            later.close()
            app.listener_runner.listener_executor.shutdown()
    assert not thread.is_alive()
    assert "艾克美" not in caplog.text
