"""The real gspread against a small ledger in the sandbox."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gspread
import requests
from google.oauth2.service_account import Credentials
from gspread.http_client import HTTPClient

from sandbox.clock import Clock
from sandbox.google.api import Google, google_router
from sandbox.google.store import Spreadsheet
from tests.sandbox.servers import bound, listening

SCOPES = ["https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive.metadata.readonly"]
HOSTS = ("https://sheets.googleapis.com", "https://www.googleapis.com")


@dataclass
class Ledger:
    """A running one: `google` is the oracle, `sheet` what gspread sees."""

    google: Google
    clock: Clock
    url: str
    key_file: Path
    sheet: Any
    client: Any

    @property
    def cells(self) -> list[list[Any]]:
        """The cells of the first tab as they are."""
        return self.google.sheet.tabs[0].cells

    def token(self) -> str:
        """A valid access token."""
        credentials = credentials_of(self.key_file)
        credentials.refresh(_request())  # type: ignore[no-untyped-call]
        return str(credentials.token)

    def call(self, method: str, path: str, body: Any = None, **params: Any) -> requests.Response:
        """One raw call with a valid token."""
        headers = {"Authorization": f"Bearer {self.token()}", "Content-Type": "application/json"}
        data = {"data": body} if isinstance(body, str) else {"json": body}
        address = f"{self.url}/google/{path}"
        return requests.request(method, address, headers=headers, params=params, timeout=10, **data)

    def batch(self, *wanted: dict[str, Any], **more: Any) -> dict[str, Any]:
        """spreadsheets.batchUpdate through gspread."""
        found: dict[str, Any] = self.sheet.batch_update({"requests": list(wanted), **more})
        return found


def _request() -> Any:
    from google.auth.transport.requests import Request

    return Request()


def credentials_of(key_file: Path, scopes: list[str] | None = None) -> Credentials:
    """Credentials as the product makes them."""
    return Credentials.from_service_account_file(  # type: ignore[no-untyped-call, no-any-return]
        str(key_file), scopes=scopes or SCOPES
    )


def towards(url: str) -> type[HTTPClient]:
    """gspread's client with Google's hosts exchanged."""

    class Local(HTTPClient):
        def request(self, method: str, endpoint: str, *given: Any, **more: Any) -> Any:
            for host in HOSTS:
                endpoint = endpoint.replace(host, f"{url}/google", 1)
            return super().request(method, endpoint, *given, **more)

    return Local


def small() -> Spreadsheet:
    """Three rows under a header, dates in column C."""
    sheet = Spreadsheet("key-1", "Book")
    sheet.add(
        "客户", [["id", "name", "since"], ["C1", "ACME", 45000], ["C2", "明川", 45001], ["C3", "Pacific", 45002]], {2}
    )
    sheet.add("Other", [["a"]])
    return sheet


@contextmanager
def running(home: Path) -> Iterator[Ledger]:
    """A ledger on a free port, shared with the account in its key file."""
    google = Google(small(), Clock())
    with bound() as (line, url), listening(google_router(google), line=line):
        key_file = google.service_account(url, home / "service-account.json")
        client = gspread.Client(auth=credentials_of(key_file), http_client=towards(url))
        yield Ledger(google, Clock(), url, key_file, None, client)


def fresh(ledger: Ledger) -> Ledger:
    """The same server with a new book, no faults and a clock of its own."""
    google, clock = ledger.google, Clock()
    google.faults.clear()
    kept = google.accounts
    vars(google).update(vars(Google(small(), clock)), accounts=kept)
    google.sheet.clock = clock
    return Ledger(google, clock, ledger.url, ledger.key_file, ledger.client.open_by_key("key-1"), ledger.client)
