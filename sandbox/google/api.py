"""The Google side over HTTP: who may call, how often, and errors in Google's words; what is not played fails loudly."""

import json
import re
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response

from sandbox.clock import Clock
from sandbox.faults import Fault, Faults
from sandbox.google.accounts import Accounts, GrantError
from sandbox.google.batch_parts import UnknownError
from sandbox.google.calls import CALLS, STANDARD, Asked, Call, NotThereError
from sandbox.google.resource import masked
from sandbox.google.store import RangeError, Spreadsheet

PER_MINUTE = {"read": 60, "write": 60, "drive": 12_000}
"""For one service account; Drive counts its own."""
STATUS = {
    400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 409: "ABORTED",
    429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 501: "UNIMPLEMENTED", 502: "INTERNAL", 503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}  # fmt: skip
_SAYS = {
    429: "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per user' of service 'sheets.googleapis.com'",
    500: "Internal error encountered.", 502: "Bad gateway.", 503: "The service is currently unavailable.",
    403: "The caller does not have permission", 504: "Deadline expired before operation could complete.",
}  # fmt: skip


class Google:
    """One spreadsheet, shared with one service account."""

    def __init__(self, sheet: Spreadsheet, clock: Callable[[], float] | None = None, secret: str = "") -> None:
        """Shared, with quotas, nothing failing."""
        self.sheet, self.clock = sheet, clock or Clock()
        self.accounts = Accounts(secret)
        self.faults = Faults()
        self.unknown: list[str] = []
        self.calls: list[str] = []
        self.shared = self.quota = True
        self._lagging: tuple[int, float] | None = None
        self._spent: dict[str, deque[float]] = {kind: deque() for kind in PER_MINUTE}

    def service_account(self, base: str, path: Path) -> Path:
        """A key file whose token_uri is this server."""
        return self.accounts.write_key(f"{base}/google/token", path)

    def drive_lag(self, on: bool) -> None:
        """Let Drive go on telling the version of now, as it does for up to three minutes."""
        self._lagging = (self.sheet.version, self.sheet.modified) if on else None

    @property
    def drive_version(self) -> tuple[int, float]:
        """What Drive tells: (version, time of the change)."""
        return self._lagging or (self.sheet.version, self.sheet.modified)

    def over_quota(self, kind: str) -> bool:
        """One more call of a kind within the last minute."""
        now, calls = self.clock(), self._spent[kind]
        while calls and now - calls[0] > 60:
            calls.popleft()
        calls.append(now)
        return self.quota and len(calls) > PER_MINUTE[kind]


def refusal(code: int, message: str, status: str = "", reason: str = "") -> Response:
    """An error as Sheets words it, or as Drive does when there is a `reason`."""
    body: dict[str, Any] = {"code": code, "message": message}
    if reason:
        body["errors"] = [{"message": message, "domain": "global", "reason": reason}]
    else:
        body["status"] = status or STATUS.get(code, "UNKNOWN")
    return Response(json.dumps({"error": body}), code, media_type="application/json; charset=UTF-8")


def refused(fault: Fault) -> Response:
    """A planned refusal in Google's shape."""
    if fault.error:
        code = next((code for code, status in STATUS.items() if status == fault.error), 400)
        return refusal(code, f"Request failed: {fault.error}", fault.error)
    code = int(fault.kind) if fault.kind.isdigit() else 500
    answer = refusal(code, _SAYS.get(code, "Request failed."))
    if code == 429 and fault.retry_after:
        answer.headers["Retry-After"] = str(fault.retry_after)
    return answer


def google_router(google: Google) -> APIRouter:
    """Tokens, and every call of the table."""
    router = APIRouter(prefix="/google")

    @router.post("/token")
    async def token(request: Request) -> Response:
        given = await request.form()

        async def act() -> Response:
            try:
                made = google.accounts.grant(str(given.get("grant_type", "")), str(given.get("assertion", "")))
            except GrantError as wrong:
                code, text = wrong.args
                return _json({"error": code, "error_description": text}, 400)
            return _json(made)

        google.calls.append("token")
        return await google.faults.through("token", refused, act)

    @router.api_route("/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    async def everything(rest: str, request: Request) -> Response:
        for call in CALLS:
            match = call.path.fullmatch(rest)
            if match is not None and call.method == request.method:
                return await _through(google, call, match, request)
        google.unknown.append(f"{request.method} {rest}")
        return refusal(501, f"The sandbox does not know {request.method} /{rest}")

    return router


async def _through(google: Google, call: Call, match: re.Match[str], request: Request) -> Response:
    google.calls.append(call.name)
    body = await request.body()
    return await google.faults.through(call.name, refused, lambda: _act(google, call, match, request, body))


async def _act(google: Google, call: Call, match: re.Match[str], request: Request, body: bytes) -> Response:
    drive = call.cost == "drive"
    scopes = google.accounts.scopes_of(request.headers.get("authorization", "").removeprefix("Bearer ").strip())
    if scopes is None:
        return refusal(
            401,
            "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.",
        )
    if not scopes & call.scopes:
        return refusal(
            403, "Request had insufficient authentication scopes.", reason="insufficientPermissions" if drive else ""
        )
    if google.over_quota(call.cost):
        if drive:
            return refusal(403, "User Rate Limit Exceeded", reason="userRateLimitExceeded")
        return refusal(429, str(_SAYS[429]).replace("Read", call.cost.capitalize()))
    key = match["key"]
    if drive and (key != google.sheet.key or not google.shared):
        return refusal(404, f"File not found: {key}.", reason="notFound")
    if key != google.sheet.key:
        return refusal(404, "Requested entity was not found.")
    if not google.shared:
        return refusal(403, "The caller does not have permission")
    try:
        return _json(_answer(google, call, match, request, body))
    except RangeError as wrong:
        return refusal(400, str(wrong))
    except NotThereError as wrong:
        return refusal(404, str(wrong))
    except UnknownError as wrong:
        google.unknown.append(f"{call.name} {wrong}")
        return refusal(501, f"The sandbox does not play {call.name} {wrong}")


def _answer(google: Google, call: Call, match: re.Match[str], request: Request, body: bytes) -> dict[str, Any]:
    strange = set(request.query_params) - call.params - STANDARD
    if strange:
        name = min(strange)
        raise RangeError(f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter.')
    given: Any = {}
    if request.method in {"POST", "PUT"}:
        try:
            given = json.loads(body or b"{}", parse_constant=_refuse_constant)
        except ValueError:
            raise RangeError("Invalid JSON payload received. Unexpected token.") from None
        if not isinstance(given, dict):
            raise RangeError("Invalid JSON payload received. Root element must be a message.")
    parts = tuple(value for value in match.groups()[1:] if value is not None)
    asked = Asked(google.sheet, parts, request.query_params, given, f"{request.base_url}ledger", google.drive_version)
    answer = call.act(asked)
    fields = request.query_params.get("fields")
    found: dict[str, Any] = masked(answer, fields) if fields else answer
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _json(answer: dict[str, Any], code: int = 200) -> Response:
    return Response(json.dumps(answer, ensure_ascii=False), code, media_type="application/json; charset=UTF-8")
