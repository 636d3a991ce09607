"""The sandbox's HTTP side: Slack's addresses, the hands of the demo people, faults, and what the world looks like."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request, Response, WebSocket

from sandbox.faults import Fault, FaultError, planned
from sandbox.google.store import entered
from sandbox.slack.acts import ActError, Acts
from sandbox.slack.api import Api
from sandbox.slack.delivery import Delivery
from sandbox.slack.state import Workspace


def refused(fault: Fault) -> Response:
    """A planned refusal in Slack's shape."""
    if fault.kind == "429":
        body, headers = '{"ok":false,"error":"ratelimited"}', {"Retry-After": str(fault.retry_after)}
        return Response(body, 429, headers, "application/json")
    if fault.error:
        return _json({"ok": False, "error": fault.error})
    return _json({"ok": False, "error": "internal_error"}, int(fault.kind) if fault.kind.isdigit() else 500)


def slack_router(workspace: Workspace, delivery: Delivery, acts: Acts, base: str) -> APIRouter:
    """Web API, Socket Mode, response_url."""
    router, api = APIRouter(), Api(workspace, base)

    @router.post("/slack/api/{method}")
    async def call(method: str, request: Request) -> Response:
        token = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
        if "application/json" in request.headers.get("content-type", ""):
            given: dict[str, Any] = json.loads(await request.body() or b"{}")
        else:
            given = dict(await request.form())

        async def act() -> Response:
            return _json(api.call(method, token or str(given.get("token", "")), given))

        return await workspace.faults.through(method, refused, act)

    @router.post("/slack/hooks/{key}")
    async def respond(key: str, request: Request) -> Response:
        body = await request.body()

        async def act() -> Response:
            code, text = acts.respond(key, json.loads(body or b"{}"))
            return Response(text, code)

        return await workspace.faults.through("response_url", refused, act)

    @router.websocket("/slack/socket")
    async def socket(connection: WebSocket) -> None:
        await delivery.serve(connection)

    return router


def act_router(workspace: Workspace, acts: Acts) -> APIRouter:
    """The driver's side: act as somebody, see what he sees."""
    router = APIRouter(prefix="/sandbox")

    @router.post("/act/{verb}")
    async def act(verb: str, request: Request) -> Response:
        given = json.loads(await request.body() or b"{}")
        allowed: dict[str, Callable[..., Awaitable[Any]]] = {
            "command": acts.command, "click": acts.click, "click_view": acts.click_view, "submit": acts.submit,
            "say": acts.say, "open_home": acts.open_home, "message_shortcut": acts.message_shortcut,
            "global_shortcut": acts.global_shortcut,
        }  # fmt: skip
        try:
            if verb == "close":
                acts.close(**given)
                return _json({"ok": True})
            done = await allowed[verb](**given)
        except KeyError:
            return _json({"ok": False, "error": f"no act {verb}"}, 404)
        except ActError as problem:
            return _json({"ok": False, "error": str(problem)}, 400)
        return _json({"ok": done is not False, "result": done})

    @router.get("/seen/{person}")
    async def seen(person: str) -> Response:
        channels = [*workspace.members, workspace.dm_of(person)]
        return _json({
            "messages": {
                channel: [
                    {"ts": one.ts, "author": one.author, "text": one.text, "blocks": one.blocks, "ephemeral": one.only_for is not None,
                     "edited": one.edited, "thread_ts": one.thread_ts}
                    for one in workspace.seen_by(person, channel)
                ]
                for channel in channels
            },
            "modals": [{"view": one.view, "errors": one.errors} for one in workspace.views[person]],
            "home": workspace.homes[person].view if person in workspace.homes else None,
            "dm": workspace.dm_of(person),
        })  # fmt: skip

    return router


def world_router(workspace: Workspace, delivery: Delivery, google: Any) -> APIRouter:
    """What the world looks like, what fails in it, and a person's hand in the ledger."""
    router = APIRouter(prefix="/sandbox")

    @router.get("/state")
    async def state() -> Response:
        return _json({
            "connections": len(delivery.sockets), "calls": workspace.calls[-500:], "faults": workspace.faults.seen,
            "unknown": [*workspace.unknown, *(f"google: {one}" for one in google.unknown)],
            "google_calls": google.calls[-500:], "google_faults": google.faults.seen,
        })  # fmt: skip

    @router.post("/faults")
    async def plan(request: Request) -> Response:
        given = json.loads(await request.body() or b"{}")
        if given.get("clear"):
            workspace.faults.clear()
            google.faults.clear()
        elif given.get("disconnect"):
            await delivery.drop_all()
        elif given.get("duplicate"):
            delivery.duplicate_next_event = True
        else:
            side = google.faults if given.pop("side", "slack") == "google" else workspace.faults
            try:
                side.plan(planned(given))
            except FaultError as wrong:
                return _json({"ok": False, "error": str(wrong)}, 400)
        return _json({"ok": True})

    @router.post("/ledger")
    async def ledger(request: Request) -> Response:
        """Edit a cell as a person would: {"tab","key_header","key","header","value"}; or share / rename for the doctor."""
        given = json.loads(await request.body() or b"{}")
        if "shared" in given:
            google.shared = bool(given["shared"])
            return _json({"ok": True})
        if "quota" in given:
            google.quota = bool(given["quota"])
            return _json({"ok": True})
        if "drive_lag" in given:
            google.drive_lag(bool(given["drive_lag"]))
            return _json({"ok": True})
        if "rename" in given:
            google.sheet.tab(given["rename"]).title = given["to"]
            google.sheet.version += 1
            return _json({"ok": True})
        done = edit_cell(google.sheet, given)
        return _json({"ok": done}, 200 if done else 400)

    return router


def edit_cell(sheet: Any, given: dict[str, Any]) -> bool:
    """Type a value into the cell of a row found by its key; the header may stand in any of the first rows."""
    tab = sheet.tab(given["tab"])
    if tab is None:
        return False
    for head, row in enumerate(tab.cells[:5]):
        if given["key_header"] in row and given["header"] in row:
            key, column = row.index(given["key_header"]), row.index(given["header"])
            for number in range(head + 1, len(tab.cells)):
                if str(tab.get(number, key)) == given["key"]:
                    tab.set(number, column, entered(given["value"]))
                    sheet.version += 1
                    return True
    return False


def _json(answer: dict[str, Any], code: int = 200) -> Response:
    return Response(json.dumps(answer, ensure_ascii=False), code, media_type="application/json")
