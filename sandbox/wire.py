"""The connections under the server, so that an answer can be lost on the wire and not only look lost."""

import asyncio
import socket
import struct
from typing import TYPE_CHECKING, Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.auto import AutoHTTPProtocol

_LIVE: dict[tuple[str, int], asyncio.Transport] = {}
_MANY = 256

if TYPE_CHECKING:
    _Protocol = asyncio.Protocol
else:
    _Protocol = AutoHTTPProtocol


class Doors(_Protocol):
    """uvicorn's HTTP protocol, remembering which connection belongs to which caller."""

    def connection_made(self, transport: Any) -> None:
        """A caller has come in."""
        super().connection_made(transport)
        if len(_LIVE) > _MANY:
            for gone in [peer for peer, one in _LIVE.items() if one.is_closing()]:
                del _LIVE[gone]
        peer = transport.get_extra_info("peername")
        if peer:
            _LIVE[peer[0], peer[1]] = transport


def _transport(scope: Any) -> asyncio.Transport | None:
    client = scope.get("client")
    return _LIVE.get((client[0], client[1])) if client else None


def tear(scope: Any) -> bool:
    """Break the connection of this request without a word, as a network does; False when it is not known."""
    transport = _transport(scope)
    if transport is None:
        return False
    line = transport.get_extra_info("socket")
    if line is not None:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    return True


class Torn(Response):
    """No answer at all: the connection is reset."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Reset instead of sending."""
        del receive
        if not tear(scope):
            await send({"type": "http.response.start", "status": 502, "headers": []})
            await send({"type": "http.response.body", "body": b""})
        await asyncio.sleep(0)


class Cut(Response):
    """Half of the answer under a length that promises the whole."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the first half, then close the connection."""
        del receive
        body = bytes(self.body)
        headers = [(b"content-length", str(len(body)).encode()), (b"content-encoding", b"identity"),
                   (b"content-type", (self.media_type or "application/json").encode())]  # fmt: skip
        await send({"type": "http.response.start", "status": self.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        transport = _transport(scope)
        if transport is not None:
            transport.close()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
