"""Socket Mode: up to ten connections, each by a ticket of its own; one of them takes each payload."""

import asyncio
import contextlib
import itertools
from typing import Any

from fastapi import WebSocket

from sandbox.slack.limits import LIMIT
from sandbox.slack.people import APP
from sandbox.slack.state import Workspace
from sandbox.wire import tear


class Sockets:
    """The connections of the app, and what they have not acknowledged yet."""

    def __init__(self, workspace: Workspace) -> None:
        """Nobody is connected."""
        self.workspace = workspace
        self.open: list[WebSocket] = []
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._numbers = itertools.count(1)

    async def serve(self, socket: WebSocket) -> None:
        """Greet a connection and take its acknowledgements until it closes."""
        ticket = socket.query_params.get("ticket", "")
        if ticket not in self.workspace.tickets:
            await socket.close(1008)
            return
        self.workspace.tickets.discard(ticket)
        await socket.accept()
        if len(self.open) >= LIMIT["socket_connections"]:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return
        self.open.append(socket)
        self.workspace.changed()
        await socket.send_json({
            "type": "hello", "num_connections": len(self.open),
            "connection_info": {"app_id": APP}, "debug_info": {"host": "sandbox", "approximate_connection_time": 18060},
        })  # fmt: skip
        try:
            while True:
                answer = await socket.receive_json()
                waiting = self._waiting.pop(answer.get("envelope_id", ""), None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(answer.get("payload") or {})
        except Exception:  # noqa: BLE001, S110  (however a connection ends, it is over)
            pass
        finally:
            self._gone(socket)

    def _gone(self, socket: WebSocket) -> None:
        if socket in self.open:
            self.open.remove(socket)
            self.workspace.changed()

    async def drop_all(self, reason: str) -> None:
        """Tell every connection to go."""
        for socket in list(self.open):
            with contextlib.suppress(RuntimeError):
                await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})
                await socket.close()

    def tear_all(self) -> int:
        """Break every connection without a word; how many."""
        gone = [socket for socket in list(self.open) if tear(socket.scope)]
        for socket in gone:
            self._gone(socket)
        return len(gone)

    async def send(
        self, kind: str, payload: dict[str, Any], *, accepts: bool, seconds: float, retry: tuple[int, str] | None = None
    ) -> tuple[dict[str, Any] | None, str]:
        """One envelope over one of the connections."""
        if not self.open:
            return None, "connection_failed"
        number = next(self._numbers)
        envelope = {
            "envelope_id": f"env-{number:06d}", "type": kind, "payload": payload, "accepts_response_payload": accepts,
        }  # fmt: skip
        if kind == "events_api":
            envelope |= {"retry_attempt": retry[0] if retry else 0, "retry_reason": retry[1] if retry else ""}
        waiting: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[str(envelope["envelope_id"])] = waiting
        try:
            await self.open[number % len(self.open)].send_json(envelope)
            return await asyncio.wait_for(waiting, seconds), ""
        except TimeoutError:
            return None, "timeout"
        except Exception:  # noqa: BLE001  (the connection went while we wrote to it)
            return None, "connection_failed"
        finally:
            self._waiting.pop(str(envelope["envelope_id"]), None)
