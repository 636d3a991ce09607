"""What the app's manifest says: its scopes, its commands, the events it wants. The file is read as data."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

EVERY = "*"
MAX_NAME = 24


@dataclass(frozen=True)
class Shortcut:
    """An entry of the lightning menu (`global`) or of a message's menu (`message`)."""

    callback_id: str
    kind: str
    name: str


@dataclass(frozen=True)
class Manifest:
    """An installed app; without a file it may do everything."""

    scopes: frozenset[str] = frozenset({EVERY})
    commands: frozenset[str] = frozenset({EVERY})
    events: frozenset[str] = frozenset({EVERY})
    shortcuts: frozenset[str] = frozenset({EVERY})
    home: bool = True
    menu: tuple[Shortcut, ...] = ()
    """The shortcuts as people see them."""

    def may(self, scope: str) -> bool:
        """A scope that was granted."""
        return scope in self.scopes or EVERY in self.scopes

    def wants(self, event: str) -> bool:
        """An event that was subscribed to."""
        return event in self.events or EVERY in self.events

    def has_command(self, command: str) -> bool:
        """A slash command of this app."""
        return command in self.commands or EVERY in self.commands

    def has_shortcut(self, callback_id: str) -> bool:
        """A shortcut of this app."""
        return callback_id in self.shortcuts or EVERY in self.shortcuts

    @property
    def granted(self) -> str:
        """As x-oauth-scopes tells it."""
        return ",".join(sorted(self.scopes - {EVERY}))


def read_manifest(path: Path) -> Manifest:
    """The manifest of a file; ValueError for what Slack would not create an app from."""
    loaded: Any = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    features, settings = loaded.get("features", {}), loaded.get("settings", {})
    menu = tuple(Shortcut(one["callback_id"], one["type"], one["name"]) for one in features.get("shortcuts", []))
    if len({one.callback_id for one in menu}) < len(menu) or any(len(one.name) > MAX_NAME for one in menu):
        raise ValueError(f"{path.name}: shortcuts need a callback_id of their own and at most {MAX_NAME} characters")
    return Manifest(
        frozenset(loaded.get("oauth_config", {}).get("scopes", {}).get("bot", [])),
        frozenset(one["command"] for one in features.get("slash_commands", [])),
        frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
        frozenset(one.callback_id for one in menu),
        bool(features.get("app_home", {}).get("home_tab_enabled")),
        menu,
    )
