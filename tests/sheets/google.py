"""Google's four doors (token, Drive, spreadsheet, values) on this machine, each as broken as a test wants it."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sheets.columns import LedgerMap, load_ledger_map
from sheets.read import GoogleLedger
from tests.builders import ROOT

BOOK = {
    "properties": {"title": "台账", "locale": "zh_CN"},
    "sheets": [{"properties": {"sheetId": n, "title": title}} for n, title in enumerate(("客户", "应收"))],
}
VALUES = {
    "valueRanges": [
        {"values": [["客户编号", "客户名称"], ["C1", "甲"]]},
        {"values": [["发票号", "客户编号", "金额"], ["I1", "C1", 5]]},
    ]
}
GOOD: dict[str, Any] = {
    "token": {"access_token": "t", "expires_in": 3599, "token_type": "Bearer"},
    "drive": {"version": "7"}, "book": BOOK, "values": VALUES,
}  # fmt: skip


@dataclass
class Google:
    """`plan` holds what a door answers before it is well again: (code, body) or "drip", "short" or "chunked"."""

    url: str = ""
    plan: dict[str, list[Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    good: dict[str, Any] = field(default_factory=lambda: dict(GOOD))

    def next(self, door: str) -> Any:
        """What this door answers now."""
        self.asked.append(door)
        planned = self.plan.get(door) or [(200, self.good[door])]
        return planned.pop(0)


@contextmanager
def google() -> Iterator[Google]:
    """The doors, open."""
    state = Google()

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            door = next(one for one, part in PARTS.items() if part in self.path)
            planned = state.next(door)
            code, given = planned if isinstance(planned, tuple) else (200, state.good[door])
            fault = planned if isinstance(planned, str) else ""
            body = given if isinstance(given, bytes) else json.dumps(given).encode()
            self.send_response(code)
            if fault == "chunked":
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                self.wfile.write(
                    b"".join(b"%x\r\n%s\r\n" % (1, body[n : n + 1]) for n in range(len(body))) + b"0\r\n\r\n"
                )
                return
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body) + (50 if fault in {"short", "drip"} else 0)))
            self.end_headers()
            self.wfile.write(body)
            if fault == "drip":
                for _ in range(50):
                    time.sleep(0.05)  # the fault itself: a byte now and then
                    self.wfile.write(b" ")
            self.close_connection = fault in {"short", "drip"}

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            """Silence."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Callers that hang up are part of the tests."""

    server = Server(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


PARTS = {"token": "/token", "drive": "/drive/", "values": "values:batchGet", "book": "/v4/spreadsheets"}


def key_file(folder: Path, token_uri: str) -> Path:
    """A service account's key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    content = {
        "type": "service_account",
        "client_email": "desk@example.iam",
        "token_uri": token_uri,
        "private_key": pem.decode(),
    }
    path = folder / "key.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@lru_cache(maxsize=1)
def names() -> LedgerMap:
    """The shipped map."""
    return load_ledger_map(ROOT / "ledger.yaml")


def ledger_at(url: str, key: Path) -> GoogleLedger:
    """The product's reader, pointed at the doors; it does not wait between tries."""
    made = GoogleLedger(
        spreadsheet_id="x", service_account_file=str(key), base_url=url, names=names(),
    )  # fmt: skip
    made.client().sleep = lambda _: None
    return made
