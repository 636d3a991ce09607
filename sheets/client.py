"""Google over HTTP, bounded: own base URL, timeouts, a few retries of reads with jitter, a size limit, a deadline."""

import random
import threading
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import gspread
import requests
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import Request as AuthRequest
from google.oauth2.service_account import Credentials
from gspread.http_client import HTTPClient

from scoring.errors import DeskError

SCOPES = (
    "https://www.googleapis.com/auth/spreadsheets",
    "https://www.googleapis.com/auth/drive.metadata.readonly",
)
GOOGLE_HOSTS = ("https://sheets.googleapis.com", "https://www.googleapis.com")
_AGAIN = frozenset({408, 429, 500, 502, 503, 504})
MAX_BODY = 400_000_000


class SheetError(DeskError):
    """The spreadsheet cannot be read; `code` says why, facts what to do about it."""


class BoundedClient(HTTPClient):
    """gspread's door to the network. Reads are tried again a few times, writes never: their outcome may be unknown."""

    def __init__(self, auth: Any, session: Any = None) -> None:
        """gspread hands in credentials; the session is ours, one per client."""
        super().__init__(auth, session)
        self.base_url = ""
        self.timeouts = (5.0, 30.0)
        self.deadline = 60.0
        self.tries = 4
        self.sleep: Callable[[float], None] = time.sleep
        self.monotonic: Callable[[], float] = time.monotonic
        self.jitter: Callable[[], float] = random.random

    def request(
        self,
        method: str,
        endpoint: str,
        params: Any = None,
        data: Any = None,
        json: Any = None,
        files: Any = None,
        headers: Any = None,
    ) -> requests.Response:
        """One call within the deadline; SheetError when Google refuses or stays away."""
        until = self.monotonic() + self.deadline
        tries = self.tries if method.upper() == "GET" else 1
        why = ""
        for attempt in range(1, tries + 1):
            try:
                answer = self.session.request(
                    method, self._address(endpoint), params=params, data=data, json=json, files=files, headers=headers,
                    timeout=self.timeouts, allow_redirects=False,
                )  # fmt: skip
            except (requests.RequestException, GoogleAuthError) as problem:
                why, wait = type(problem).__name__, self._pause(attempt)
            else:
                if answer.ok:
                    return self._sized(answer)
                if answer.status_code not in _AGAIN:
                    raise refused(answer)
                why, wait = str(answer.status_code), max(self._pause(attempt), asked_pause(answer.headers))
            if attempt == tries or self.monotonic() + wait > until:
                break
            self.sleep(wait)
        raise SheetError("sheet_unreachable", why=why)

    def _address(self, endpoint: str) -> str:
        if self.base_url:
            for host in GOOGLE_HOSTS:
                if endpoint.startswith(host):
                    return self.base_url.rstrip("/") + endpoint.removeprefix(host)
        return endpoint

    def _pause(self, attempt: int) -> float:
        """Full jitter over 0.5, 1, 2 ... seconds."""
        return float(self.jitter() * 0.5 * 2 ** (attempt - 1)) + 0.05

    @staticmethod
    def _sized(answer: requests.Response) -> requests.Response:
        if len(answer.content) > MAX_BODY:
            raise SheetError("sheet_answer", why=f"{len(answer.content)} bytes")
        return answer


def asked_pause(headers: Mapping[str, str]) -> float:
    """Seconds that Retry-After asks for, at most 30; 0 without one."""
    text = headers.get("Retry-After", "")
    if text.isdigit():
        return min(30.0, float(text))
    try:
        return max(0.0, min(30.0, parsedate_to_datetime(text).timestamp() - time.time()))
    except (TypeError, ValueError):
        return 0.0


def refused(answer: requests.Response) -> SheetError:
    """A refusal in the desk's own terms."""
    code = {401: "sheet_credentials", 403: "sheet_forbidden", 404: "sheet_not_found"}.get(
        answer.status_code, "sheet_answer"
    )
    return SheetError(code, why=str(answer.status_code), account="", where="")


def open_client(service_account_file: str, base_url: str) -> tuple[BoundedClient, str]:
    """(client, the service account's address). SheetError when the key file cannot be used."""
    try:
        credentials = Credentials.from_service_account_file(  # type: ignore[no-untyped-call]
            service_account_file, scopes=list(SCOPES)
        )
    except (OSError, ValueError, KeyError):
        raise SheetError("sheet_credentials", where=Path(service_account_file).name or "—") from None
    client = gspread.Client(auth=credentials, session=_Session(credentials), http_client=BoundedClient)
    http: Any = client.http_client
    http.base_url = base_url
    return http, str(credentials.service_account_email)


class _Session(requests.Session):
    """A session that signs with a fresh token; thread-safe, and never follows a token to another host."""

    def __init__(self, credentials: Credentials) -> None:
        super().__init__()
        self._credentials, self._lock = credentials, threading.Lock()
        self._auth = AuthRequest(requests.Session())

    def request(self, method: str, url: str, **more: Any) -> requests.Response:  # type: ignore[override]
        with self._lock:
            if not self._credentials.valid:
                self._credentials.refresh(self._timed)  # type: ignore[no-untyped-call]
            token = self._credentials.token
        headers = {**(more.pop("headers", None) or {}), "Authorization": f"Bearer {token}"}
        return super().request(method, url, headers=headers, **more)

    def _timed(self, *given: Any, **more: Any) -> Any:
        more["timeout"] = 15
        return self._auth(*given, **more)
