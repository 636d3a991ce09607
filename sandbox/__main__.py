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
from sandbox.demo.sheet import KEY, make_sheet
from sandbox.google.api import Google, google_router
from sandbox.pages.ledger import ledger_page
from sandbox.pages.workspace import workspace_page
from sandbox.server import act_router, slack_router, world_router
from sandbox.slack.acts import Acts
from sandbox.slack.delivery import Delivery
from sandbox.slack.state import Workspace
from sandbox.wire import Doors


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
    chosen = parser.parse_args()
    port = chosen.port or free_port()
    base = f"http://127.0.0.1:{port}"
    chosen.home.mkdir(parents=True, exist_ok=True)

    workspace = Workspace()
    delivery = Delivery(workspace)
    acts = Acts(workspace, delivery, base)
    google = Google(make_sheet(chosen.on, chosen.seed))
    for router in (
        slack_router(workspace, delivery, acts, base),
        act_router(workspace, acts),
        world_router(workspace, delivery, google),
        google_router(google),
    ):
        app.include_router(router)
    workspace_page(workspace, delivery, acts)
    ledger_page(google.sheet)

    key_file = google.service_account(base, chosen.home / "service-account.json")
    where = {
        "url": base, "slack_api": f"{base}/slack/api/", "google_api": f"{base}/google", "bot_token": workspace.bot_token,
        "app_token": workspace.app_token, "signing_secret": workspace.signing_secret,
        "service_account_file": str(key_file), "spreadsheet_id": KEY,
    }  # fmt: skip
    (chosen.home / "sandbox.json").write_text(json.dumps(where), encoding="utf-8")
    app.on_startup(lambda: announce(port, where))
    ui.run(
        host="127.0.0.1", port=port, title="Credit Desk sandbox", reload=False, show=False, favicon="🏢",
        storage_secret=secrets.token_hex(8), uvicorn_logging_level="error", show_welcome_message=False, http=Doors,
    )  # fmt: skip


if __name__ in {"__main__", "__mp_main__"}:
    main()
