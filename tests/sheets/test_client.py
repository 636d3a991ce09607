"""The door to Google: bounded, tried again only where that is safe."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from sheets.client import BoundedClient, SheetError


class Script(BaseHTTPRequestHandler):
    """Answers from a list, one a request."""

    answers: list[tuple[int, dict[str, str], bytes]]
    seen: list[str]

    def do_GET(self) -> None:
        self.seen.append(f"{self.command} {self.path}")
        code, headers, body = self.answers.pop(0) if self.answers else (200, {}, b"{}")
        if code == 0:
            self.connection.close()
            return
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_: object) -> None:
        """Silence."""


@pytest.fixture
def served() -> Iterator[tuple[BoundedClient, type[Script], list[float]]]:
    script = type("Planned", (Script,), {"answers": [], "seen": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), script)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    import requests

    session = requests.Session()
    client = BoundedClient(None, session)
    client.base_url = f"http://127.0.0.1:{server.server_port}"
    slept: list[float] = []
    client.sleep = slept.append
    client.jitter = lambda: 1.0
    yield client, script, slept
    server.shutdown()
    server.server_close()
    session.close()


ADDRESS = "https://sheets.googleapis.com/v4/spreadsheets/x"


def test_addresses_of_google_go_to_the_base_url_only(served: Any) -> None:
    client, script, _ = served
    client.request("get", ADDRESS)
    client.request("get", "https://www.googleapis.com/drive/v3/files/x")
    assert script.seen == ["GET /v4/spreadsheets/x", "GET /drive/v3/files/x"]


def test_quota_waits_as_asked_and_then_succeeds(served: Any) -> None:
    client, script, slept = served
    script.answers[:] = [(429, {"Retry-After": "7"}, b"{}"), (200, {}, json.dumps({"ok": 1}).encode())]
    assert client.request("get", ADDRESS).json() == {"ok": 1}
    assert slept == [7.0]


def test_server_errors_and_resets_are_tried_again_with_growing_pauses_and_given_up(served: Any) -> None:
    client, script, slept = served
    script.answers[:] = [(503, {}, b"<html>"), (500, {}, b""), (503, {}, b""), (503, {}, b"")]
    with pytest.raises(SheetError) as refused:
        client.request("get", ADDRESS)
    assert refused.value.code == "sheet_unreachable"
    assert len(script.seen) == client.tries
    assert slept == sorted(slept)


def test_a_write_is_never_repeated(served: Any) -> None:
    client, script, _ = served
    script.answers[:] = [(503, {}, b"")]
    with pytest.raises(SheetError):
        client.request("post", ADDRESS)
    assert len(script.seen) == 1


@pytest.mark.parametrize(
    ("code", "name"),
    [(401, "sheet_credentials"), (403, "sheet_forbidden"), (404, "sheet_not_found"), (400, "sheet_answer")],
)
def test_a_refusal_is_said_in_the_desk_s_own_terms_at_once(served: Any, code: int, name: str) -> None:
    client, script, _ = served
    script.answers[:] = [(code, {}, b"{}")]
    with pytest.raises(SheetError) as refused:
        client.request("get", ADDRESS)
    assert refused.value.code == name
    assert len(script.seen) == 1


def test_the_deadline_ends_the_trying(served: Any) -> None:
    client, script, slept = served
    script.answers[:] = [(429, {"Retry-After": "30"}, b"")] * 4
    client.deadline = 20.0
    with pytest.raises(SheetError):
        client.request("get", ADDRESS)
    assert slept == []
