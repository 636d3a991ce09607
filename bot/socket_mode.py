"""Socket Mode over two connections: while one is renewed or silent, Slack still has the other."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler

from handlers.sending import AWAY, refusal
from scoring.errors import MisuseError

_log = logging.getLogger("creditdesk")
CONNECTIONS = 2
MOST_AT_ONCE = 2 * CONNECTIONS
"""A connection is renewed before the old one closes; more than this are not ours, and swallow clicks."""
PING_SECONDS = 10
SILENT_SECONDS = 60.0
"""Without a pong for so long a connection is taken for dead, whatever its socket says."""
GRACE_SECONDS = 15.0
"""The client mends what it notices itself within its ping interval."""
LONGEST_PAUSE = 60.0


class Line:
    """One connection: opened, watched, opened anew when it is down or silent."""

    def __init__(self, client: Any, monotonic: Callable[[], float] = time.monotonic) -> None:
        """`client` is slack_sdk's; nothing is opened yet."""
        self.client, self._monotonic = client, monotonic
        client.message_listeners.append(greeted)
        self._session: object = None
        self._pong: float | None = None
        self._seen = self._next = float("-inf")
        self._pause = 1.0

    def open(self) -> None:
        """A new address each time: an address that was tried is used up."""
        self._next = self._monotonic() + GRACE_SECONDS
        self.client.connect_to_new_endpoint(force=True)

    def watch(self) -> None:
        """One look: well, or opened anew; growing pauses while Slack is away."""
        now = self._monotonic()
        if self._answers(now):
            self._pause, self._next = 1.0, now + GRACE_SECONDS
        elif now >= self._next:
            try:
                self.open()
            except AWAY as away:
                _log.warning("a connection to Slack is down: %s", refusal(away) or type(away).__name__)
                self._next = self._monotonic() + self._pause
                self._pause = min(LONGEST_PAUSE, self._pause * 2)

    def _answers(self, now: float) -> bool:
        session = self.client.current_session
        if session is None or not self.client.is_connected():
            return False
        if session is not self._session:
            self._session, self._seen, self._pong = session, now, None
        if session.last_ping_pong_time != self._pong:
            self._pong, self._seen = session.last_ping_pong_time, now
        return now - self._seen < SILENT_SECONDS


def greeted(_: Any, message: dict[str, Any], __: str | None = None) -> None:
    """Slack counts the app's connections when it greets one: too many are ghosts or a second desk."""
    count = message.get("num_connections")
    if message.get("type") == "hello" and isinstance(count, int) and count > MOST_AT_ONCE:
        _log.warning(
            "Slack counts %s connections of this app, this desk runs %s: another desk, or dead ones that take clicks",
            count, CONNECTIONS,
        )  # fmt: skip


def serve_socket(app: App, token: str, stop: threading.Event, customers: int) -> None:
    """Run until told to stop; a token that Slack refuses at the start ends it."""
    handlers = [SocketModeHandler(app, token, ping_interval=PING_SECONDS) for _ in range(CONNECTIONS)]
    lines = [Line(handler.client) for handler in handlers]
    try:
        if first_opened(lines[0], stop):
            _log.info("listening, Socket Mode, %s customers", customers)
            threads = [threading.Thread(target=keep, args=(line, stop), daemon=True) for line in lines]
            for thread in threads:
                thread.start()
        stop.wait()
    finally:
        for handler in handlers:
            handler.close()  # type: ignore[no-untyped-call]


def first_opened(line: Line, stop: threading.Event) -> bool:
    """Tried until Slack is there; MisuseError when it refuses the token."""
    pause = 1.0
    while not stop.is_set():
        try:
            line.open()
        except AWAY as away:
            word = refusal(away)
            if word is not None:
                raise MisuseError("slack_token", name="SLACK_APP_TOKEN", why=word) from None
            _log.warning("Slack is away: %s", type(away).__name__)
            stop.wait(pause)
            pause = min(LONGEST_PAUSE, pause * 2)
        else:
            return True
    return False


def keep(line: Line, stop: threading.Event) -> None:
    """Watch a connection until told to stop."""
    while not stop.is_set():
        line.watch()
        stop.wait(1.0)
