"""Google over HTTP, bounded: own base URL, timeouts, a few retries of reads with jitter, a size limit, a deadline."""

import random
import threading
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, TypeVar

import gspread
import requests
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from google.auth.transport.requests import Request as AuthRequest
from google.oauth2.service_account import Credentials
from gspread.http_client import HTTPClient
from urllib3.exceptions import HTTPError as UrllibError

from scoring.errors import DeskError

SCOPES = (
    "https://www.googleapis.com/auth/spreadsheets",
    "https://www.googleapis.com/auth/drive.metadata.readonly",
)
GOOGLE_HOSTS = ("https://sheets.googleapis.com", "https://www.googleapis.com")
Read = TypeVar("Read")
_AGAIN = frozenset({408, 429, 500, 502, 503, 504})
MAX_BODY = 400_000_000
_CHUNK = 1 << 20
_TOKEN_SECONDS, _TOKEN_BODY = 15.0, 1_000_000


class SheetError(DeskError):
    """The spreadsheet cannot be read; `code` says why, facts what to do about it."""


class CutShortError(SheetError):
    """An answer that ends in the middle: another try may bring it whole."""


class LostError(SheetError):
    """A write without an answer: it may have landed or not."""


class BoundedClient(HTTPClient):
    """gspread's door to the network. Reads are tried again a few times, writes never: their outcome may be unknown."""

    def __init__(self, auth: Any, session: Any = None) -> None:
        """gspread hands in credentials; the session is ours, one per client."""
        super().__init__(auth, session)
        self.base_url = ""
        self.timeouts = (5.0, 30.0)
        self.deadline = 60.0
        self.tries = 4
        self.largest = MAX_BODY
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
        more = {"params": params, "data": data, "json": json, "files": files, "headers": headers}
        return self._tried(method, endpoint, more, lambda answer: answer)

    def read(self, endpoint: str, params: Any, parse: Callable[[bytes], Read]) -> Read:
        """A GET and what `parse` makes of its body; a body that is cut short is asked for again like a 503."""
        return self._tried("get", endpoint, {"params": params}, lambda answer: parse(answer.content))

    def send(self, endpoint: str, params: Any, body: Any) -> requests.Response:
        """A write, sent once; whatever Google says to it. LostError when no answer came: it may have landed.

        A token that is no longer accepted is renewed first: what Google did not let in has changed nothing.
        """
        until = self.monotonic() + self.deadline
        try:
            answer = self._sent("post", endpoint, {"params": params, "json": body}, until)
            if answer.status_code == 401 and self._forget_token():
                answer = self._sent("post", endpoint, {"params": params, "json": body}, until)
        except RefreshError as problem:
            code = "sheet_credentials" if _is_final(problem) else "sheet_unreachable"
            raise SheetError(code, where="", why=type(problem).__name__) from None
        except GoogleAuthError as problem:  # no token, so nothing was sent
            raise SheetError("sheet_unreachable", why=type(problem).__name__) from None
        except (requests.RequestException, UrllibError) as problem:
            raise LostError("sheet_unreachable", why=type(problem).__name__) from None
        return answer

    def _tried(
        self, method: str, endpoint: str, more: Mapping[str, Any], use: Callable[[requests.Response], Read]
    ) -> Read:
        until = self.monotonic() + self.deadline
        tries = self.tries if method.upper() == "GET" else 1
        signed_anew = False
        last = SheetError("sheet_unreachable", why="")
        attempt = 0
        while attempt < tries:
            attempt += 1
            wait = self._pause(attempt)
            try:
                answer = self._sent(method, endpoint, more, until)
                if answer.ok:
                    return use(answer)
            except CutShortError as problem:
                last = problem
            except RefreshError as problem:
                if _is_final(problem):
                    raise SheetError("sheet_credentials", where="") from None
                last = SheetError("sheet_unreachable", why=type(problem).__name__)
            except (requests.RequestException, GoogleAuthError, UrllibError) as problem:
                last = SheetError("sheet_unreachable", why=type(problem).__name__)
            else:
                if answer.status_code == 401 and not signed_anew and self._forget_token():
                    signed_anew, attempt = True, attempt - 1
                    continue
                if answer.status_code not in _AGAIN:
                    raise refused(answer)
                last = SheetError("sheet_unreachable", why=str(answer.status_code))
                wait = max(wait, asked_pause(answer.headers))
            if attempt == tries or self.monotonic() + wait > until:
                break
            self.sleep(wait)
        raise last

    def _sent(self, method: str, endpoint: str, more: Mapping[str, Any], until: float) -> requests.Response:
        """One try, its body read whole; what drips in beyond the deadline, or is too large, is left unread."""
        answer: requests.Response = self.session.request(
            method, self._address(endpoint), **more, timeout=self.timeouts, allow_redirects=False, stream=True
        )
        with answer:
            read_whole(answer, self.largest, until, self.monotonic)
        return answer

    def _forget_token(self) -> bool:
        """Sign anew: the token at hand is no longer accepted. False where nothing is signed."""
        forget: Callable[[], None] | None = getattr(self.session, "forget_token", None)
        if forget is None:
            return False
        forget()
        return True

    def _address(self, endpoint: str) -> str:
        if self.base_url:
            for host in GOOGLE_HOSTS:
                if endpoint.startswith(host):
                    return self.base_url.rstrip("/") + endpoint.removeprefix(host)
        return endpoint

    def _pause(self, attempt: int) -> float:
        """Full jitter over 0.5, 1, 2 ... seconds."""
        return float(self.jitter() * 0.5 * 2 ** (attempt - 1)) + 0.05


def read_whole(answer: requests.Response, largest: int, until: float, monotonic: Callable[[], float]) -> None:
    """Read a streamed body as it comes, no further than `largest` bytes and `until`."""
    parts: list[bytes] = []
    size = 0
    while part := answer.raw.read1(_CHUNK, decode_content=True):
        parts.append(part)
        size += len(part)
        if size > largest:
            raise SheetError("sheet_answer", why=f"> {largest} bytes")
        if monotonic() > until:
            raise requests.Timeout("the body came too slowly")
    answer._content = b"".join(parts)  # where requests keeps a body that was read
    answer._content_consumed = True  # type: ignore[attr-defined]


def _is_final(problem: RefreshError) -> bool:
    """Google's token office knows the key and says no (deleted, disabled, a wrong clock): asking again is no use."""
    said = next((one for one in problem.args if isinstance(one, Mapping)), {})
    return "error" in said and not problem.retryable


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
        self._auth = AuthRequest(_TokenSession())

    def request(self, method: str, url: str, **more: Any) -> requests.Response:  # type: ignore[override]
        with self._lock:
            if not self._credentials.valid:
                self._refresh()
            token = self._credentials.token
        headers = {**(more.pop("headers", None) or {}), "Authorization": f"Bearer {token}"}
        return super().request(method, url, headers=headers, **more)

    def _refresh(self) -> None:
        try:
            self._credentials.refresh(self._timed)  # type: ignore[no-untyped-call]
        except (TypeError, KeyError, ValueError):  # google-auth takes any 200 for a token
            raise TransportError("no token in the answer") from None  # type: ignore[no-untyped-call]

    def forget_token(self) -> None:
        """The next request is signed with a new token."""
        with self._lock:
            self._credentials.token = None

    def _timed(self, *given: Any, **more: Any) -> Any:
        more["timeout"] = _TOKEN_SECONDS
        return self._auth(*given, **more)


class _TokenSession(requests.Session):
    """For the token office: its answers are small, and come at once or not at all."""

    def request(self, method: str, url: str, **more: Any) -> requests.Response:  # type: ignore[override]
        answer = super().request(method, url, **{**more, "stream": True})
        with answer:
            read_whole(answer, _TOKEN_BODY, time.monotonic() + _TOKEN_SECONDS, time.monotonic)
        return answer
