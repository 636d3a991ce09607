"""`python -m sandbox`: the workspace and the ledger in one process, each with a page in the browser."""

import argparse
import asyncio
import json
import secrets
import socket
from datetime import date
from pathlib import Path

from nicegui import app, background_tasks, ui

from sandbox.demo.book import today
from sandbox.pages.ledger import ledger_page
from sandbox.pages.workspace import workspace_page
from sandbox.slack.manifest import read_manifest
from sandbox.wire import Doors
from sandbox.world import build


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def announce(port: int, where: dict[str, str]) -> None:
    """Say where everything is once the port answers: start-up hooks run before the server listens."""

    async def when_listening() -> None:
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                print(json.dumps(where), flush=True)  # noqa: T201  (whoever started us reads this line)
                return

    background_tasks.create(when_listening(), name="announce")


def main() -> None:
    """Serve until stopped; one JSON line tells where everything is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8080, help="0 = any free port")
    parser.add_argument("--home", type=Path, required=True, help="folder for the key file and sandbox.json")
    parser.add_argument("--on", type=date.fromisoformat, default=today())
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--manifest", type=Path, default=Path("manifest.yaml"), help="the app's; without it every scope is granted"
    )
    parser.add_argument("--events-url", default="", help="deliver signed HTTP requests there instead of Socket Mode")
    chosen = parser.parse_args()
    port = chosen.port or free_port()
    manifest = read_manifest(chosen.manifest) if chosen.manifest.is_file() else None
    world = build(
        f"http://127.0.0.1:{port}", chosen.home, on=chosen.on, seed=chosen.seed, manifest=manifest,
        events_url=chosen.events_url,
    )  # fmt: skip
    for router in world.routers():
        app.include_router(router)
    workspace_page(world.workspace, world.delivery, world.acts)
    ledger_page(world.google.sheet)
    where = world.where()
    app.on_startup(lambda: announce(port, where))
    ui.run(
        host="127.0.0.1", port=port, title="Credit Desk sandbox", reload=False, show=False, favicon="🏢",
        storage_secret=secrets.token_hex(8), uvicorn_logging_level="error", show_welcome_message=False, http=Doors,
    )  # fmt: skip


if __name__ in {"__main__", "__mp_main__"}:
    main()
