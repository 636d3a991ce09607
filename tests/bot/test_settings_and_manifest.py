"""What operators copy is held against what the code reads and listens to."""

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from slack_bolt import App
from slack_sdk import WebClient
from typer.main import get_command

from bot.__main__ import app as command_line
from bot.app import build_app
from bot.doctor import SCOPES
from bot.settings import Settings
from handlers import application, case_message
from handlers.later import Later
from handlers.lookup import COMMAND, SHORTCUT
from tests.e2e.desks import local

ROOT = Path(__file__).parents[2]
MANIFEST: Any = YAML(typ="safe").load((ROOT / "manifest.yaml").read_text(encoding="utf-8"))


def test_env_example_lists_exactly_the_settings_with_their_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    listed = dict(re.findall(r"^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(listed) == {name.upper() for name in Settings.model_fields}
    fresh = Settings(_env_file=None)
    for name, value in listed.items():
        found = getattr(fresh, name.lower())
        shown = found.get_secret_value() if hasattr(found, "get_secret_value") else str(found)
        assert shown == value, name


def test_manifest_offers_the_command_the_shortcut_and_the_events_that_handlers_take() -> None:
    assert [one["command"] for one in MANIFEST["features"]["slash_commands"]] == [COMMAND]
    shortcuts = {(one["callback_id"], one["type"]) for one in MANIFEST["features"]["shortcuts"]}
    assert shortcuts == {
        (SHORTCUT, "message"),
        (application.SHORTCUT, "global"),
        (application.MESSAGE_SHORTCUT, "message"),
        (case_message.SHORTCUT, "message"),
    }
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "handlers").glob("*.py"))
    taken = set(re.findall(r'@app\.event\("([a-z_]+)"\)', source))
    events = set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])
    assert taken == {"message" if event.startswith("message.") else event for event in events}
    assert set(SCOPES) == set(MANIFEST["oauth_config"]["scopes"]["bot"])


def test_every_button_of_the_cards_has_a_listener() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "handlers").glob("*.py"))
    listened = set(re.findall(r'@app\.action\("([a-z_.]+)"\)', source))
    words = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "texts").glob("*.py"))
    used = set(re.findall(r'"((?:lookup|access|home)\.[a-z_]+)"', words)) - {"lookup.answer"}
    assert listened <= used
    assert used - listened == set()


def test_bolt_app_builds_without_a_network(tmp_path: Path) -> None:
    later = Later(1)
    desk = local(tmp_path)
    built = build_app(
        Settings(_env_file=None), desk, WebClient(token="xoxb-none", base_url="http://127.0.0.1:9/"), later
    )
    assert isinstance(built, App)
    later.close()


def test_every_command_is_described_in_the_operating_manual() -> None:
    manual = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    root: Any = get_command(command_line)
    for name, command in root.commands.items():
        for inner in getattr(command, "commands", {"": None}):
            assert f"creditdesk {name} {inner}".strip() in manual
    for name in Settings.model_fields:
        assert f"`{name.upper()}`" in manual
