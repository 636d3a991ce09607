"""HTTP mode through a real waitress, with requests signed as Slack signs them."""

import hashlib
import hmac
import http.client
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_bolt import App
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web import WebClient

from bot.app import build_app
from bot.http_mode import MAX_BODY, close_http, http_server, well_formed
from bot.settings import Settings
from flows.desk import Desk
from handlers.later import Later
from tests.e2e.desks import local

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass
class Client:
    """Sends bytes to the desk as Slack, or as somebody else."""

    port: int

    def send(
        self, body: bytes, kind: str = FORM, *, secret: str = SECRET, age: int = 0, path: str = "/slack/events",
        method: str = "POST", **headers: str,
    ) -> tuple[int, bytes]:  # fmt: skip
        stamp = str(int(time.time()) - age)
        signer: Any = SignatureVerifier(secret)
        signature = (
            signer.generate_signature(timestamp=stamp, body=body) if _is_text(body) else _signed(secret, stamp, body)
        )
        given = {"Content-Type": kind, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body, given)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _signed(secret: str, stamp: str, body: bytes) -> str:
    return "v0=" + hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return local(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def app(desk: Desk) -> Iterator[App]:
    later = Later(1)
    settings = Settings(_env_file=None, slack_signing_secret=SECRET)
    made = build_app(settings, desk, WebClient(token="xoxb-none", base_url="http://127.0.0.1:9/"), later)
    yield made
    later.close()
    made.listener_runner.listener_executor.shutdown()


@pytest.fixture(scope="module")
def client(app: App) -> Iterator[Client]:
    server = http_server(app, SECRET, "127.0.0.1", 0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield Client(server.effective_port)
    close_http(server)
    thread.join(10)


def command(text: str, **more: str) -> bytes:
    return urlencode(
        {"command": "/credit", "text": text, "user_id": "U01LIN", "team_id": "T1", "trigger_id": "t", **more}
    ).encode()


def test_a_signed_command_is_answered(client: Client) -> None:
    code, body = client.send(command("ACME"))
    assert (code, "艾克美" in json.loads(body)["text"]) == (200, True)


def test_slack_s_own_check_of_the_address_is_answered(client: Client) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
    code, answer = client.send(body, JSON)
    assert (code, b"abc" in answer) == (200, True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "another"}, {"age": 301}, {"age": -301}, {"X_Slack_Signature": ""}, {"X_Slack_Signature": "v0=\u00e9"},
        {"X_Slack_Request_Timestamp": ""}, {"X_Slack_Request_Timestamp": "abc"}, {"X_Slack_Request_Timestamp": "9" * 400},
        {"X_Slack_Request_Timestamp": "-1"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("body", [command("ACME"), b"", b"\xff\xfe", b"{", b"payload={"])
def test_what_slack_did_not_sign_now_is_refused_before_it_is_read(
    client: Client, wrong: dict[str, Any], body: bytes
) -> None:
    assert client.send(body, **wrong) == (401, b"unauthorized")


MALFORMED: list[tuple[bytes, str]] = [
    (b"null", JSON), (b"[1]", JSON), (b"{", JSON), (b'"x"', JSON), (b"5", JSON), (b"NaN", JSON), (b"", JSON),
    (b"[" * 50_000, JSON), (b'{"a":' * 900 + b"1" + b"}" * 900, JSON), (b'{"a":' * 50_000, JSON),
    (b"\xff\xfe", FORM), (b"\xff\xfe", JSON), (b"text=%FF%FE", FORM), (b"", FORM), (b"ACME", FORM), (b"&&&", FORM),
    (b"payload={", FORM), (b"payload=[1]", FORM), (b"payload=null", FORM), (b"payload=", FORM), (b"{ACME", FORM),
    (command("ACME"), "text/plain"), (command("ACME"), ""), (command("ACME"), "multipart/form-data"),
]  # fmt: skip
LACKING: list[tuple[bytes, str]] = [
    (b"command=/credit", FORM), (b"payload=%7B%22type%22%3A%22block_actions%22%2C%22user%22%3A5%7D", FORM),
    (b'{"type":"event_callback","event":5,"authorizations":[5]}', JSON),
    (b'{"type":"event_callback","event":{"type":"app_mention","user":{"id":5}},"enterprise":7}', JSON),
    (b'payload={"type":"block_actions","actions":[{"action_id":"lookup.details","block_id":"b","type":"button"}]}', FORM),
    (b'payload={"type":"block_actions","actions":[5],"user":{"id":"U1"}}', FORM),
    (b'payload={"type":"message_action","callback_id":"credit_lookup"}', FORM),
]  # fmt: skip


@pytest.mark.parametrize(("body", "kind"), MALFORMED)
def test_a_malformed_body_is_refused_as_such_though_signed(
    client: Client, body: bytes, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert client.send(body, kind) == (400, b"bad request")
    assert "ACME" not in caplog.text
    assert client.send(body, kind, secret="another")[0] == 401


@pytest.mark.parametrize(("body", "kind"), LACKING)
def test_a_signed_body_without_what_slack_promises_is_never_a_500(
    client: Client, body: bytes, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        code, _ = client.send(body, kind)
    assert code in {200, 400, 404}
    assert "Traceback" not in caplog.text
    assert all(record.exc_info is None for record in caplog.records)


@pytest.mark.parametrize(
    ("size", "codes"), [(str(MAX_BODY + 1), {413}), ("-1", {400, 413}), ("x", {400, 413}), ("1e3", {400, 413})]
)
def test_a_body_of_no_reasonable_size_is_refused_before_it_comes(client: Client, size: str, codes: set[int]) -> None:
    with socket.create_connection(("127.0.0.1", client.port), 5) as raw:
        raw.sendall(f"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n".encode())
        assert int(raw.recv(200).split()[1]) in codes


def test_a_body_in_chunks_is_read_as_any_other(client: Client) -> None:
    parts = iter([command("ACME")[:9], command("ACME")[9:]])
    stamp = str(int(time.time()))
    signed = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": _signed(SECRET, stamp, command("ACME"))}
    connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=10)
    connection.request("POST", "/slack/events", parts, {"Content-Type": FORM, **signed}, encode_chunked=True)
    assert connection.getresponse().status == 200
    connection.close()


def test_other_addresses_and_methods_are_not_there(client: Client) -> None:
    assert client.send(command("ACME"), path="/")[0] == 404
    assert client.send(b"", method="GET")[0] == 404


def test_an_event_sent_again_is_acknowledged_again(client: Client) -> None:
    event = {"type": "message", "channel_type": "im", "user": "U01LIN", "channel": "D1", "text": "ACME"}
    body = json.dumps({"type": "event_callback", "event_id": "E9", "team_id": "T1", "event": event}).encode()
    assert [client.send(body, JSON)[0] for _ in range(2)] == [200, 200]


def test_it_listens_on_this_machine_only_unless_told() -> None:
    assert Settings(_env_file=None).creditdesk_http_host == "127.0.0.1"


def test_the_deepest_payload_of_slack_s_passes() -> None:
    deep = b'{"a":' * 40 + b"1" + b"}" * 40
    assert well_formed(deep, JSON)
    assert well_formed(b"payload=" + deep, FORM)
