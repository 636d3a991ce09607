"""Everything of one sandbox, built in one place: the workspace, the ledger, their clock and what they keep."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fastapi import APIRouter

from sandbox.clock import Clock
from sandbox.demo.sheet import make_sheet
from sandbox.driver import act_router, world_router
from sandbox.google.api import Google, google_router
from sandbox.google.store import Spreadsheet
from sandbox.slack.acts import Acts
from sandbox.slack.delivery import Delivery
from sandbox.slack.door import slack_router
from sandbox.slack.manifest import Manifest
from sandbox.slack.state import Secrets, Workspace


@dataclass
class World:
    """A workspace and a ledger under one address."""

    base: str
    home: Path
    clock: Clock
    workspace: Workspace
    delivery: Delivery
    acts: Acts
    google: Google

    def routers(self) -> tuple[APIRouter, ...]:
        """What the server serves beside the pages."""
        return (
            slack_router(self.workspace, self.delivery, self.acts, self.base),
            act_router(self.workspace, self.acts),
            world_router(self.workspace, self.delivery, self.google, self.clock),
            google_router(self.google),
        )

    def where(self) -> dict[str, str]:
        """Where everything is, for whoever starts the desk; also written to sandbox.json."""
        key_file = self.google.service_account(self.base, self.home / "service-account.json")
        kept = self.workspace.secrets
        where = {
            "url": self.base, "slack_api": f"{self.base}/slack/api/", "google_api": f"{self.base}/google",
            "bot_token": kept.bot_token, "app_token": kept.app_token, "signing_secret": kept.signing_secret,
            "service_account_file": str(key_file), "spreadsheet_id": self.google.sheet.key,
        }  # fmt: skip
        (self.home / "sandbox.json").write_text(json.dumps(where), encoding="utf-8")
        return where


def build(
    base: str,
    home: Path,
    *,
    sheet: Spreadsheet | None = None,
    on: date | None = None,
    seed: int = 7,
    manifest: Manifest | None = None,
    clock: Clock | None = None,
    ack_seconds: float | None = None,
    events_url: str = "",
) -> World:
    """A world at an address; tokens and keys found in `home` stay what they were."""
    clock = clock or Clock()
    home.mkdir(parents=True, exist_ok=True)
    kept = keep_secrets(home / "secrets.json")
    workspace = Workspace(clock, kept, manifest or Manifest())
    delivery = Delivery(workspace, clock, ack_seconds=ack_seconds, events_url=events_url)
    acts = Acts(workspace, delivery, base)
    sheet = sheet or make_sheet(on or date.today(), seed)  # noqa: DTZ011  (the demo's own day)
    sheet.clock = clock
    return World(base, home, clock, workspace, delivery, acts, Google(sheet, clock, kept.google_secret))


def keep_secrets(path: Path) -> Secrets:
    """The tokens of this home, made at its first start."""
    if path.exists():
        return Secrets(**json.loads(path.read_text(encoding="utf-8")))
    made = Secrets()
    path.touch(mode=0o600)
    path.write_text(json.dumps(vars(made)), encoding="utf-8")
    return made
