"""A Slack that answers what a test says, behind the real client and the real Bolt app."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk import WebClient

from bot.app import build_app
from bot.doctor import SCOPES
from bot.settings import Settings
from flows.desk import Desk
from flows.form import Submit
from flows.submit import submit
from handlers.later import Later

LIN = {"id": "U01LIN", "team_id": "T1", "locale": "zh-CN", "profile": {"display_name": "林晓梅"}}
SMITH = {"id": "U03SMITH", "team_id": "T1", "locale": "en-GB", "profile": {"display_name": "Anna Smith"}}
NEW = {"id": "U20NEW", "team_id": "T1", "locale": "en-US", "profile": {"display_name": "New"}}
GUEST = {"id": "U11GUEST", "team_id": "T1", "locale": "en-US", "is_restricted": True}
STRANGER = {"id": "U12CONN", "team_id": "T9", "locale": "en-US"}
USERS = {str(user["id"]): user for user in (LIN, SMITH, NEW, GUEST, STRANGER)}


@dataclass
class Slack:
    """What was called, in order; `away` makes everything fail with this HTTP code."""

    url: str = ""
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    away: int = 0
    scopes: str = ",".join(SCOPES)
    spoilt: dict[str, int | str] = field(default_factory=dict)
    """Method -> an HTTP code, a refusal's word, "dropped" (applied, no answer) or "cut" (applied, half an answer)
    or "echo" (what was sent, as no JSON at all)."""
    heard: threading.Condition = field(default_factory=threading.Condition)
    files: dict[str, bytes] = field(default_factory=dict)
    """Path -> what a download of it brings; anything else is the sign-in page."""
    gate: threading.Event = field(default_factory=threading.Event)
    """Downloads wait until it is set."""
    tokens: list[str] = field(default_factory=list)
    """What downloads came with."""

    usergroups: dict[str, list[str]] = field(default_factory=dict)
    """Who is in which user group."""

    def __post_init__(self) -> None:
        """Downloads do not wait."""
        self.gate.set()

    def answer(self, method: str, given: dict[str, Any]) -> dict[str, Any]:
        """The body of an answer."""
        with self.heard:
            self.calls.append((method, given))
            self.heard.notify_all()
        if method == "auth.test":
            return {"ok": True, "team": "T", "user": "desk", "team_id": "T1", "user_id": "U0", "bot_id": "B0"}
        if method == "users.info":
            user = USERS.get(str(given["user"]))
            return {"ok": True, "user": user} if user else {"ok": False, "error": "user_not_found"}
        if method == "usergroups.users.list":
            people = self.usergroups.get(str(given["usergroup"]))
            return {"ok": False, "error": "no_such_subteam"} if people is None else {"ok": True, "users": people}
        if method == "chat.getPermalink":
            link = f"https://t.example/archives/{given['channel']}/p{str(given['message_ts']).replace('.', '')}"
            return {"ok": True, "permalink": link}
        return {"ok": True, "ts": "1.1", "channel": "C1"}

    def named(self, method: str) -> list[dict[str, Any]]:
        """The arguments of each call of a method."""
        return [given for name, given in self.calls if name == method]

    def wait(self, method: str, count: int = 1) -> dict[str, Any]:
        """The arguments of the count-th call of a method, once it came."""
        with self.heard:
            assert self.heard.wait_for(lambda: len(self.named(method)) >= count, 10), f"no {method}"
        return self.named(method)[count - 1]


@contextmanager
def slack() -> Iterator[Slack]:
    """A running one on a free port."""
    state = Slack()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            given = json.loads(body) if body.startswith("{") else {key: one[0] for key, one in parse_qs(body).items()}
            method = self.path.rsplit("/", 1)[-1]
            if state.away:
                with state.heard:
                    state.calls.append((method, given))
                    state.heard.notify_all()
            content = b"away" if state.away else json.dumps(state.answer(method, given)).encode()
            fault = state.spoilt.get(method)
            if fault == "dropped":
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            code = state.away or (fault if isinstance(fault, int) else 200)
            if fault == "echo":
                content = f"no JSON: {given}".encode()
            elif isinstance(fault, str):
                content = content[:9] if fault == "cut" else json.dumps({"ok": False, "error": fault}).encode()
            self.send_response(code)
            self.send_header("x-oauth-scopes", state.scopes)
            self.send_header("Content-Type", "text/plain" if code != 200 else "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self) -> None:
            state.tokens.append(self.headers.get("Authorization", ""))
            state.gate.wait(10)
            if self.path.startswith("/moved"):
                self.send_response(302)
                self.send_header("Location", state.url + "there")
                self.end_headers()
                return
            content = state.files.get(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/html" if content is None else "application/octet-stream")
            self.end_headers()
            self.wfile.write(content if content is not None else b"<html>Sign in</html>")

        def log_message(self, *_: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}/"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Bolt:
    """The app between a desk and a Slack."""

    app: App
    slack: Slack
    later: Later

    def send(self, body: dict[str, Any]) -> BoltResponse:
        """One payload, as Socket Mode delivers it."""
        return self.app.dispatch(BoltRequest(body={"team_id": "T1", **body}, mode="socket_mode"))

    def command(self, person: str, text: str) -> dict[str, Any]:
        """/credit TEXT; what the acknowledgement says."""
        answer = self.send({"command": "/credit", "text": text, "user_id": person, "trigger_id": "t"})
        assert answer.status == 200
        found: dict[str, Any] = json.loads(str(answer.body))
        return found

    def click(self, person: str, action: str, value: str, **more: Any) -> BoltResponse:
        """A button of an answer."""
        reply = f"{self.slack.url}reply"
        return self.send({
            "type": "block_actions", "user": {"id": person}, "trigger_id": "t", "response_url": reply,
            "actions": [{"type": "button", "action_id": action, "block_id": "b", "value": value}], **more,
        })  # fmt: skip

    def event(self, number: str, **event: Any) -> BoltResponse:
        """An event with this id."""
        return self.send({"type": "event_callback", "event_id": number, "event": event})


@contextmanager
def bolt(
    desk: Desk, state: Slack, around: Callable[[App], None] = lambda _: None, submit: Submit = submit
) -> Iterator[Bolt]:
    """The real Bolt app on a desk."""
    later = Later(4)
    client = WebClient(token="xoxb-test", base_url=state.url, timeout=5, retry_handlers=[])
    app = build_app(Settings(_env_file=None), desk, client, later, submit=submit)
    around(app)
    try:
        yield Bolt(app, state, later)
    finally:
        later.close()
        app.listener_runner.listener_executor.shutdown()
