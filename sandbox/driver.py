"""The driver's side: act as somebody, see what he sees, break things, move time, look at the world."""

import inspect
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request, Response

from sandbox.clock import Clock
from sandbox.faults import FaultError, planned
from sandbox.google.api import Google
from sandbox.google.store import Spreadsheet, entered
from sandbox.slack.acts import ActError, Acts
from sandbox.slack.delivery import Delivery
from sandbox.slack.door import answered
from sandbox.slack.people import PEOPLE
from sandbox.slack.state import Workspace

VERBS = (
    "command", "click", "click_view", "submit", "fill", "suggest", "close", "say", "open_home", "message_shortcut",
    "global_shortcut", "upload",
)  # fmt: skip


async def asked(request: Request) -> dict[str, Any]:
    """The body as an object; a driver's mistake is a 400, never a 500."""
    try:
        found = json.loads(await request.body() or b"{}")
    except ValueError:
        raise ActError("the body is no JSON") from None
    if not isinstance(found, dict):
        raise ActError("the body is no object")
    return found


def act_router(workspace: Workspace, acts: Acts) -> APIRouter:
    """Hands and eyes of the demo people."""
    router = APIRouter(prefix="/sandbox")

    @router.post("/act/{verb}")
    async def act(verb: str, request: Request) -> Response:
        if verb not in VERBS:
            return answered({"ok": False, "error": f"no act {verb}"}, 404)
        does: Callable[..., Awaitable[Any]] = getattr(acts, verb)
        try:
            given = await asked(request)
            inspect.signature(does).bind(**given)
            done = await does(**given)
        except (ActError, TypeError) as problem:
            return answered({"ok": False, "error": str(problem)}, 400)
        return answered({"ok": done is not False, "result": done})

    @router.get("/seen/{person}")
    async def seen(person: str) -> Response:
        if person not in PEOPLE:
            return answered({"ok": False, "error": f"nobody is called {person}"}, 404)
        channels = [*workspace.members, workspace.dm_of(person)]
        return answered({
            "messages": {
                channel: [
                    {"ts": one.ts, "author": one.author, "text": one.text, "blocks": one.blocks, "ephemeral": one.only_for is not None,
                     "edited": one.edited, "thread_ts": one.thread_ts, "reactions": one.reactions, "files": one.files}
                    for one in workspace.seen_by(person, channel)
                ]
                for channel in channels
            },
            "modals": [{"view": one.view, "errors": one.errors} for one in workspace.views[person]],
            "home": workspace.homes[person].view if person in workspace.homes else None,
            "dm": workspace.dm_of(person),
        })  # fmt: skip

    return router


def world_router(workspace: Workspace, delivery: Delivery, google: Google, clock: Clock) -> APIRouter:
    """What the world looks like, what fails in it, what time it is, and a person's hand in the ledger."""
    router = APIRouter(prefix="/sandbox")

    @router.get("/state")
    async def state() -> Response:
        return answered({
            "connections": len(delivery.sockets), "calls": workspace.calls[-500:], "faults": workspace.faults.seen,
            "counts": dict(Counter(workspace.calls)), "deliveries": delivery.deliveries[-200:],
            "unknown": [*workspace.unknown, *(f"google: {one}" for one in google.unknown)],
            "google_calls": google.calls[-500:], "google_counts": dict(Counter(google.calls)),
            "google_faults": google.faults.seen, "time": clock(), "events_url": delivery.requests.url,
        })  # fmt: skip

    @router.post("/faults")
    async def plan(request: Request) -> Response:
        try:
            return answered({"ok": True, **(await _planned(await asked(request), workspace, delivery, google))})
        except (ActError, FaultError) as wrong:
            return answered({"ok": False, "error": str(wrong)}, 400)

    @router.post("/time")
    async def time(request: Request) -> Response:
        """{"forward": seconds}: triggers age, response_urls expire, retries come due."""
        clock.forward(float((await asked(request)).get("forward", 0)))
        return answered({"ok": True, "time": clock()})

    @router.post("/group")
    async def group(request: Request) -> Response:
        """{"group": id, "people": [ids]} or {"group": id, "disabled": true}; {"plan": "free"}: no groups at all."""
        done = _group(workspace, await asked(request))
        return answered({"ok": done}, 200 if done else 404)

    @router.post("/verify")
    async def verify() -> Response:
        """Ask the app's address for the challenge, as Slack does when it is entered."""
        return answered({"ok": bool(delivery.requests.url) and await delivery.requests.verify()})

    @router.post("/ledger")
    async def ledger(request: Request) -> Response:
        """Edit a cell as a person would: {"tab","key_header","key","header","value"}; or share, rename, quota, drive_lag."""
        try:
            done = _ledger(google, await asked(request))
        except (ActError, KeyError) as wrong:
            return answered({"ok": False, "error": str(wrong)}, 400)
        return answered({"ok": done}, 200 if done else 400)

    @router.get("/ledger/{title}")
    async def rows(title: str) -> Response:
        """The cells of a tab, row by row, as they stand."""
        tab = google.sheet.tab(title)
        return answered({"ok": tab is not None, "rows": [] if tab is None else tab.cells}, 404 if tab is None else 200)

    return router


async def _planned(given: dict[str, Any], workspace: Workspace, delivery: Delivery, google: Google) -> dict[str, Any]:
    """One fault; an empty dict or what is worth telling."""
    if given.get("clear"):
        workspace.faults.clear()
        google.faults.clear()
    elif given.get("disconnect"):
        await delivery.drop_all()
    elif given.get("drop"):
        return {"dropped": delivery.connections.tear_all()}
    elif given.get("duplicate"):
        delivery.duplicate_next_event = True
    else:
        side = given.pop("side", "slack")
        if side not in {"slack", "google"}:
            raise FaultError(f"no side is called {side}")
        (google.faults if side == "google" else workspace.faults).plan(planned(given))
    return {}


def _group(workspace: Workspace, given: dict[str, Any]) -> bool:
    workspace.plan = str(given.get("plan") or workspace.plan)
    found = workspace.usergroups.get(str(given.get("group") or ""))
    if found is None:
        return "plan" in given
    found.people = tuple(one for one in given.get("people", found.people) if one in PEOPLE)
    found.disabled = bool(given.get("disabled", found.disabled))
    return True


def _ledger(google: Google, given: dict[str, Any]) -> bool:
    if "shared" in given:
        google.shared = bool(given["shared"])
    elif "quota" in given:
        google.quota = bool(given["quota"])
    elif "drive_lag" in given:
        google.drive_lag(bool(given["drive_lag"]))
    elif "rename" in given:
        tab = google.sheet.tab(given["rename"])
        if tab is None:
            return False
        tab.title = given["to"]
        google.sheet.version += 1
    else:
        return edit_cell(google.sheet, given)
    return True


def edit_cell(sheet: Spreadsheet, given: dict[str, Any]) -> bool:
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
