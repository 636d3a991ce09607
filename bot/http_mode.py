"""HTTP mode: the door in front of Bolt. Size, then signature over the raw bytes, then form; nothing else gets in."""

import hashlib
import hmac
import io
import json
import logging
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl

from slack_bolt import App

_log = logging.getLogger("creditdesk")
PATH = "/slack/events"
MAX_BODY = 1_000_000
MAX_HEADERS = 32_768
MAX_AGE_SECONDS = 300
MAX_DEPTH = 60
"""Slack's deepest payloads nest about fifteen levels."""

Respond = Callable[..., Any]
Wsgi = Callable[[dict[str, Any], Respond], Iterable[bytes]]


class Door:
    """Lets in what Slack signed within the last five minutes and what has the form of a request of Slack's."""

    def __init__(self, inner: Wsgi, secret: str, clock: Callable[[], float] = time.time) -> None:
        """`inner` is Bolt; `secret` the signing secret."""
        self._inner, self._secret, self._clock = inner, secret.encode(), clock

    def __call__(self, environ: dict[str, Any], respond: Respond) -> Iterable[bytes]:
        """404 elsewhere, 413 too large, 401 not signed, 400 not of Slack's form; else Bolt's answer."""
        if environ.get("REQUEST_METHOD") != "POST" or environ.get("PATH_INFO") != PATH:
            return _short(respond, "404 Not Found")
        length = str(environ.get("CONTENT_LENGTH") or "0")
        if not (length.isascii() and length.isdigit()) or int(length) > MAX_BODY:
            return _short(respond, "413 Content Too Large")
        body: bytes = environ["wsgi.input"].read(int(length))
        if not self._signed(environ, body):
            return _short(respond, "401 Unauthorized")
        if not well_formed(body, str(environ.get("CONTENT_TYPE") or "")):
            return _short(respond, "400 Bad Request")
        return self._passed(environ, body, respond)

    def _signed(self, environ: dict[str, Any], body: bytes) -> bool:
        stamp = str(environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP") or "")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
            return False
        if abs(self._clock() - int(stamp)) > MAX_AGE_SECONDS:
            return False
        made = hmac.new(self._secret, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        given = str(environ.get("HTTP_X_SLACK_SIGNATURE") or "")
        return hmac.compare_digest(f"v0={made}".encode(), given.encode("utf-8", "replace"))

    def _passed(self, environ: dict[str, Any], body: bytes, respond: Respond) -> Iterable[bytes]:
        """Bolt's answer. Our listeners answer whatever breaks inside, so what still breaks is the request's form."""
        begun: list[Any] = []
        try:
            found = list(self._inner({**environ, "wsgi.input": io.BytesIO(body)}, lambda *given: begun.append(given)))
        except Exception as problem:  # noqa: BLE001  (the last net: nobody's text reaches the log)
            _log.error("request not understood: %s", type(problem).__name__)
            return _short(respond, "400 Bad Request")
        if not begun or str(begun[-1][0]).startswith("500"):
            return _short(respond, "400 Bad Request")
        respond(*begun[-1])
        return found


def well_formed(body: bytes, content_type: str) -> bool:
    """A form, or a JSON object, alone or in the form's payload: what Slack sends and Bolt can read."""
    kind = content_type.partition(";")[0].strip().lower()
    try:
        text = body.decode()
        if kind == "application/json" or text.startswith("{"):
            return _is_object(text)
        if kind != "application/x-www-form-urlencoded":
            return False
        fields = dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True, errors="strict"))
        return _is_object(fields["payload"]) if "payload" in fields else bool(fields)
    except (ValueError, RecursionError):
        return False


def _is_object(text: str) -> bool:
    value = json.loads(text)
    return isinstance(value, dict) and _depth_within(value, MAX_DEPTH)


def _depth_within(value: Any, most: int) -> bool:
    level = [value]
    for _ in range(most):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return True
    return False


def _short(respond: Respond, line: str) -> list[bytes]:
    respond(line, [("Content-Type", "text/plain")])
    return [line.partition(" ")[2].lower().encode()]


def http_server(app: App, secret: str, host: str, port: int) -> Any:
    """A waitress with the app behind the door; not running yet."""
    from slack_bolt.adapter.wsgi import SlackRequestHandler
    from waitress import create_server

    inner: Any = SlackRequestHandler(app, path=PATH)
    return create_server(
        Door(inner, secret), host=host, port=port, threads=16, ident=None,
        max_request_body_size=MAX_BODY, max_request_header_size=MAX_HEADERS,
    )  # fmt: skip


def serve_http(app: App, secret: str, host: str, port: int, stop: threading.Event) -> None:
    """Run until told to stop."""
    server = http_server(app, secret, host, port)
    threading.Thread(target=server.run, name="http", daemon=True).start()
    _log.info("listening, HTTP, %s port %s", host, port)
    stop.wait()
    close_http(server)


def close_http(server: Any) -> None:
    """End what is being answered, then the doors: a thread that still answers needs the server's pipe."""
    server.task_dispatcher.shutdown()
    server.close()
