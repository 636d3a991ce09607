"""A sandbox inside the test's own process, on a free port: no pages, a clock that a test moves."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import APIRouter, FastAPI

from sandbox.wire import Doors


@contextmanager
def listening(*routers: APIRouter, line: socket.socket) -> Iterator[None]:
    """Serve routers on a bound socket until the block ends."""
    app = FastAPI()
    for router in routers:
        app.include_router(router)
    server = uvicorn.Server(
        uvicorn.Config(app, http=Doors, ws="wsproto", log_level="critical", lifespan="off", timeout_graceful_shutdown=0)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [line]}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)
        line.close()


@contextmanager
def bound() -> Iterator[tuple[socket.socket, str]]:
    """A listening socket and the address that leads to it; callers wait in its queue until the server is up."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    line.bind(("127.0.0.1", 0))
    line.listen(64)
    try:
        yield line, f"http://127.0.0.1:{line.getsockname()[1]}"
    finally:
        line.close()
