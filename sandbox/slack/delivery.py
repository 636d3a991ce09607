"""Payloads to the app over Socket Mode: one of the open connections takes each, and has three seconds to acknowledge."""

import asyncio
import contextlib
import itertools
from typing import Any

from fastapi import WebSocket

from sandbox.slack.limits import LIMIT
from sandbox.slack.people import APP, BOT_USER, TEAM
from sandbox.slack.state import Workspace

MAX_CONNECTIONS = 10


class Delivery:
    """The connections of the app, and what they have not acknowledged yet."""

    def __init__(self, workspace: Workspace) -> None:
        """Nobody is connected."""
        self.workspace = workspace
        self.sockets: list[WebSocket] = []
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._numbers = itertools.count(1)
        self.duplicate_next_event = False

    async def serve(self, socket: WebSocket) -> None:
        """Greet a connection and take its acknowledgements until it closes."""
        await socket.accept()
        if len(self.sockets) >= MAX_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return
        self.sockets.append(socket)
        self.workspace.changed()
        await socket.send_json({
            "type": "hello", "num_connections": len(self.sockets),
            "connection_info": {"app_id": APP}, "debug_info": {"host": "sandbox", "approximate_connection_time": 18060},
        })  # fmt: skip
        try:
            while True:
                answer = await socket.receive_json()
                waiting = self._waiting.pop(answer.get("envelope_id", ""), None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(answer.get("payload") or {})
        except Exception:  # noqa: BLE001  (however a connection ends, it is over)
            self.workspace.notices["connections"].append("closed")
        finally:
            if socket in self.sockets:
                self.sockets.remove(socket)
            self.workspace.changed()

    async def drop_all(self, reason: str = "refresh_requested") -> None:
        """Tell every connection to go, as Slack does several times a day."""
        for socket in list(self.sockets):
            with contextlib.suppress(RuntimeError):
                await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})
                await socket.close()

    async def send(self, kind: str, payload: dict[str, Any], *, accepts: bool) -> dict[str, Any] | None:
        """The acknowledgement's payload, or None when nobody acknowledged in time."""
        if not self.sockets:
            return None
        number = next(self._numbers)
        envelope = f"env-{number:06d}"
        socket = self.sockets[number % len(self.sockets)]
        waiting: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[envelope] = waiting
        await socket.send_json(
            {"envelope_id": envelope, "type": kind, "payload": payload, "accepts_response_payload": accepts}
        )
        try:
            return await asyncio.wait_for(waiting, LIMIT["ack_seconds"])
        except TimeoutError:
            self._waiting.pop(envelope, None)
            return None

    async def event(self, event: dict[str, Any], event_id: str | None = None) -> dict[str, Any] | None:
        """An Events API callback; sent twice when a duplicate was planned."""
        payload = {
            "token": "verification", "team_id": TEAM, "api_app_id": APP, "type": "event_callback", "event": event,
            "event_id": event_id or self.workspace.new_id("Ev"), "event_time": int(self.workspace.clock()),
            "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True, "enterprise_id": None}],
        }  # fmt: skip
        answer = await self.send("events_api", payload, accepts=False)
        if self.duplicate_next_event:
            self.duplicate_next_event = False
            await self.send("events_api", payload, accepts=False)
        return answer
