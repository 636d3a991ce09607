"""Slack's addresses: the Web API, response_urls, Socket Mode, files."""

import json
from typing import Any

from fastapi import APIRouter, Request, Response, WebSocket

from sandbox.faults import Fault
from sandbox.slack import files
from sandbox.slack.acts import Acts
from sandbox.slack.api import Api
from sandbox.slack.delivery import Delivery
from sandbox.slack.state import Workspace


def answered(answer: dict[str, Any], code: int = 200) -> Response:
    """JSON as it is."""
    return Response(json.dumps(answer, ensure_ascii=False), code, media_type="application/json")


def refused(fault: Fault) -> Response:
    """A planned refusal in Slack's shape."""
    if fault.kind == "429":
        answer = answered({"ok": False, "error": "ratelimited"}, 429)
        answer.headers["Retry-After"] = str(fault.retry_after)
        return answer
    if fault.error:
        return answered({"ok": False, "error": fault.error})
    return answered({"ok": False, "error": "internal_error"}, int(fault.kind) if fault.kind.isdigit() else 500)


async def arguments(request: Request) -> dict[str, Any] | str:
    """The arguments of a call, from JSON or a form; Slack's word for what cannot be read."""
    if "application/json" in request.headers.get("content-type", ""):
        try:
            given = json.loads(await request.body() or b"{}")
        except ValueError:
            return "invalid_json"
        return given if isinstance(given, dict) else "json_not_object"
    try:
        return {**request.query_params, **(await request.form())}
    except Exception:  # noqa: BLE001  (whatever the form parser trips over)
        return "invalid_form_data"


def bearer(request: Request) -> str:
    """The token of a request."""
    return request.headers.get("authorization", "").removeprefix("Bearer ").strip()


def slack_router(workspace: Workspace, delivery: Delivery, acts: Acts, base: str) -> APIRouter:
    """Everything under /slack."""
    router, api = APIRouter(prefix="/slack"), Api(workspace, base)

    @router.api_route("/api/{method}", methods=["GET", "POST"])
    async def call(method: str, request: Request) -> Response:
        given = await arguments(request)

        async def act() -> Response:
            if isinstance(given, str):
                return answered({"ok": False, "error": given})
            answer = answered(api.call(method, bearer(request) or str(given.get("token", "")), given))
            if workspace.manifest.granted:
                answer.headers["x-oauth-scopes"] = workspace.manifest.granted
            return answer

        return await workspace.faults.through(method, refused, act)

    @router.post("/hooks/{key}")
    async def respond(key: str, request: Request) -> Response:
        body = await request.body()

        async def act() -> Response:
            code, text = acts.respond(key, body)
            return Response(text, code)

        return await workspace.faults.through("response_url", refused, act)

    @router.post("/upload/{file_id}")
    async def upload(file_id: str, request: Request) -> Response:
        async def act() -> Response:
            wrong = files.take(workspace, file_id, await _uploaded(request))
            return Response(wrong or "OK", 400 if wrong else 200)

        return await workspace.faults.through("upload", refused, act)

    @router.get("/files/{file_id}/{name}")
    async def download(file_id: str, name: str, request: Request) -> Response:
        del name
        if bearer(request) != workspace.secrets.bot_token or not workspace.manifest.may("files:read"):
            return Response("<html>Sign in</html>", media_type="text/html")
        file = workspace.files.get(file_id)
        return Response("", 404) if file is None else Response(file.content, media_type="application/octet-stream")

    @router.websocket("/socket")
    async def socket(connection: WebSocket) -> None:
        await delivery.connections.serve(connection)

    return router


async def _uploaded(request: Request) -> bytes:
    """The bytes of an upload, bare or as the part of a form."""
    if not request.headers.get("content-type", "").startswith("multipart/"):
        return await request.body()
    for part in (await request.form()).values():
        if not isinstance(part, str):
            return await part.read()
    return b""
