"""The Sheets v4 and Drive v3 calls that the product makes; anything else fails loudly."""

import json
import secrets
import time
from collections import deque
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi import APIRouter, Request, Response

from sandbox.faults import Faults
from sandbox.google.store import RangeError, Spreadsheet
from sandbox.server import faulty, spoiled

READS_PER_MINUTE = WRITES_PER_MINUTE = 60
ACCOUNT = "creditdesk@demo-project.iam.gserviceaccount.com"


class Google:
    """One spreadsheet, shared with one service account."""

    def __init__(self, sheet: Spreadsheet) -> None:
        """Nobody has a token yet."""
        self.sheet = sheet
        self.faults = Faults()
        self.tokens: set[str] = set()
        self.unknown: list[str] = []
        self.shared = True
        self.quota = True
        self._calls: dict[str, deque[float]] = {"read": deque(), "write": deque()}

    def service_account(self, base: str, path: Path) -> Path:
        """A key file whose token_uri is this server."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        content = {
            "type": "service_account", "project_id": "demo-project", "private_key_id": secrets.token_hex(8),
            "private_key": pem.decode(), "client_email": ACCOUNT, "client_id": "1", "token_uri": f"{base}/google/token",
        }  # fmt: skip
        path.write_text(json.dumps(content), encoding="utf-8")
        path.chmod(0o600)
        return path

    def over_quota(self, kind: str) -> bool:
        """60 reads and 60 writes a minute for one account."""
        now, calls = time.monotonic(), self._calls[kind]
        while calls and now - calls[0] > 60:
            calls.popleft()
        calls.append(now)
        return self.quota and len(calls) > (READS_PER_MINUTE if kind == "read" else WRITES_PER_MINUTE)


def refusal(code: int, status: str, message: str) -> Response:
    """An error as Google words it."""
    body = {"error": {"code": code, "message": message, "status": status}}
    return Response(json.dumps(body), code, media_type="application/json")


def google_router(google: Google) -> APIRouter:  # noqa: C901  (one small function per call)
    """Token, spreadsheets, values, Drive version."""
    router = APIRouter(prefix="/google")

    @router.post("/token")
    async def token(request: Request) -> Response:
        given = await request.form()
        if (
            given.get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer"
            or str(given.get("assertion", "")).count(".") != 2
        ):
            return Response(
                '{"error":"invalid_grant","error_description":"Invalid JWT"}', 400, media_type="application/json"
            )
        made = f"ya29.demo-{secrets.token_hex(12)}"
        google.tokens.add(made)
        return _json({"access_token": made, "expires_in": 3599, "token_type": "Bearer"})

    async def guarded(request: Request, name: str, kind: str, key: str) -> tuple[Any, Response | None]:
        fault, instead = await faulty(google.faults, name)
        if instead is not None:
            return fault, instead
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in google.tokens:
            return fault, refusal(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        if google.over_quota(kind):
            return fault, refusal(
                429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Read requests' per minute per user"
            )
        if key != google.sheet.key:
            return fault, refusal(404, "NOT_FOUND", "Requested entity was not found.")
        if not google.shared:
            return fault, refusal(403, "PERMISSION_DENIED", "The caller does not have permission")
        return fault, None

    @router.get("/v4/spreadsheets/{key}/values:batchGet")
    async def batch_get(key: str, request: Request) -> Response:
        fault, instead = await guarded(request, "values.batchGet", "read", key)
        if instead is not None:
            return instead
        formatted = request.query_params.get("valueRenderOption", "FORMATTED_VALUE") == "FORMATTED_VALUE"
        try:
            found = [google.sheet.values(text, formatted=formatted) for text in request.query_params.getlist("ranges")]
        except RangeError as wrong:
            return refusal(400, "INVALID_ARGUMENT", str(wrong))
        ranges = [
            {"range": echoed, "majorDimension": "ROWS", **({"values": rows} if rows else {})} for echoed, rows in found
        ]
        return spoiled(fault, _json({"spreadsheetId": key, "valueRanges": ranges}))

    @router.get("/v4/spreadsheets/{key}/values/{text:path}")
    async def get(key: str, text: str, request: Request) -> Response:
        fault, instead = await guarded(request, "values.get", "read", key)
        if instead is not None:
            return instead
        formatted = request.query_params.get("valueRenderOption", "FORMATTED_VALUE") == "FORMATTED_VALUE"
        try:
            echoed, rows = google.sheet.values(text, formatted=formatted)
        except RangeError as wrong:
            return refusal(400, "INVALID_ARGUMENT", str(wrong))
        return spoiled(fault, _json({"range": echoed, "majorDimension": "ROWS", **({"values": rows} if rows else {})}))

    @router.put("/v4/spreadsheets/{key}/values/{text:path}")
    async def put(key: str, text: str, request: Request) -> Response:
        fault, instead = await guarded(request, "values.update", "write", key)
        if instead is not None:
            return instead
        entered = request.query_params.get("valueInputOption")
        if entered not in {"RAW", "USER_ENTERED"}:
            return refusal(400, "INVALID_ARGUMENT", "'valueInputOption' is required but not specified")
        given = json.loads(await request.body())
        try:
            count = google.sheet.write(text, given.get("values", []), user_entered=entered == "USER_ENTERED")
        except RangeError as wrong:
            return refusal(400, "INVALID_ARGUMENT", str(wrong))
        return spoiled(fault, _json({"spreadsheetId": key, "updatedRange": text, "updatedCells": count}))

    @router.post("/v4/spreadsheets/{key}/values:batchUpdate")
    async def batch_update(key: str, request: Request) -> Response:
        fault, instead = await guarded(request, "values.batchUpdate", "write", key)
        if instead is not None:
            return instead
        given = json.loads(await request.body())
        entered = given.get("valueInputOption")
        if entered not in {"RAW", "USER_ENTERED"}:
            return refusal(400, "INVALID_ARGUMENT", "'valueInputOption' is required but not specified")
        try:
            for one in given.get("data", []):  # all ranges are checked before any cell changes
                google.sheet.parse(one["range"])
            count = sum(
                google.sheet.write(one["range"], one["values"], user_entered=entered == "USER_ENTERED")
                for one in given["data"]
            )
        except RangeError as wrong:
            return refusal(400, "INVALID_ARGUMENT", str(wrong))
        return spoiled(fault, _json({"spreadsheetId": key, "totalUpdatedCells": count}))

    @router.get("/v4/spreadsheets/{key}")
    async def spreadsheet(key: str, request: Request) -> Response:
        fault, instead = await guarded(request, "spreadsheets.get", "read", key)
        if instead is not None:
            return instead
        tabs = [
            {"properties": {"sheetId": tab.id, "title": tab.title, "index": place, "sheetType": "GRID",
                            "gridProperties": {"rowCount": tab.rows, "columnCount": tab.columns}}}
            for place, tab in enumerate(google.sheet.tabs)
        ]  # fmt: skip
        properties = {"title": google.sheet.title, "locale": google.sheet.locale, "timeZone": "Asia/Shanghai"}
        address = f"{request.base_url}ledger"
        return spoiled(
            fault, _json({"spreadsheetId": key, "properties": properties, "sheets": tabs, "spreadsheetUrl": address})
        )

    @router.get("/drive/v3/files/{key}")
    async def file(key: str, request: Request) -> Response:
        fault, instead = await guarded(request, "files.get", "read", key)
        if instead is not None:
            return instead
        stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        return spoiled(
            fault,
            _json({"id": key, "name": google.sheet.title, "version": str(google.sheet.version), "modifiedTime": stamp}),
        )

    @router.api_route("/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    async def unknown(rest: str, request: Request) -> Response:
        google.unknown.append(f"{request.method} {rest}")
        return refusal(501, "UNIMPLEMENTED", f"The sandbox does not know {request.method} /{rest}")

    return router


def _json(answer: dict[str, Any]) -> Response:
    return Response(json.dumps(answer, ensure_ascii=False), media_type="application/json")
