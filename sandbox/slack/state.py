"""What the workspace holds: messages, ephemerals, views, homes, triggers, response addresses, files."""

import itertools
import secrets
from collections import defaultdict
from collections.abc import Callable

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.slack.held import Address, Open, Posted, Secrets, Stored, Usergroup, with_ids
from sandbox.slack.limits import LIMIT
from sandbox.slack.manifest import Manifest
from sandbox.slack.people import BOT_USER, CHANNELS, PEOPLE, PRIVATE, USERGROUPS

__all__ = ["Address", "Open", "Posted", "Secrets", "Stored", "Usergroup", "Workspace", "with_ids"]


class Workspace:
    """All state of one workspace; changes bump `version` and wake the pages."""

    def __init__(
        self, clock: Callable[[], float] | None = None, kept: Secrets | None = None, manifest: Manifest | None = None
    ) -> None:
        """People and channels, no messages."""
        self.clock, self.secrets, self.manifest = clock or Clock(), kept or Secrets(), manifest or Manifest()
        self.messages: dict[str, list[Posted]] = defaultdict(list)
        self.members = {channel: {*people, BOT_USER} for channel, (_, people) in CHANNELS.items()}
        self.names = {channel: name for channel, (name, _) in CHANNELS.items()}
        self.created: set[str] = set()
        self.private, self.archived, self.shared = set(PRIVATE), set[str](), set[str]()
        self.dms: dict[str, str] = {}
        self.groups: dict[str, frozenset[str]] = {}
        self.usergroups = {key: Usergroup(name, people) for key, (name, people) in USERGROUPS.items()}
        self.plan = "paid"
        self.views: dict[str, list[Open]] = defaultdict(list)
        self.homes: dict[str, Open] = {}
        self.files: dict[str, Stored] = {}
        self.triggers: dict[str, tuple[str, float, bool]] = {}
        self.addresses: dict[str, Address] = {}
        self.tickets: set[str] = set()
        self.scheduled: dict[str, tuple[str, int]] = {}
        self.faults = Faults()
        self.unknown: list[str] = []
        self.calls: list[str] = []
        self.version = 0
        self.on_post: Callable[[Posted, str], None] = lambda _message, _change: None
        self.at: Callable[[float, Callable[[], None]], None] = lambda _moment, _act: None
        self._ids = itertools.count(1)
        self._last_ts = 0.0

    def changed(self) -> None:
        """Something a page shows is different now."""
        self.version += 1

    def ts(self) -> str:
        """A message time, never the same twice."""
        self._last_ts = max(self.clock(), self._last_ts + 0.000001)
        return f"{self._last_ts:.6f}"

    def new_id(self, letter: str) -> str:
        """A fresh id."""
        return f"{letter}{next(self._ids):06d}{secrets.token_hex(2).upper()}"

    def dm_of(self, person: str) -> str:
        """The direct-message channel between a person and the bot."""
        return self.dms.setdefault(person, f"D{person[1:]}")

    def person_of_dm(self, channel: str) -> str | None:
        """Whose direct messages these are."""
        return next((person for person, dm in self.dms.items() if dm == channel), None)

    def kind_of(self, channel: str) -> str:
        """channel, group (a private one), im or mpim; empty for none of them."""
        if channel in self.groups:
            return "mpim"
        if channel in self.members:
            return "group" if channel in self.private else "channel"
        return "im" if self.person_of_dm(channel) is not None else ""

    def channel_exists(self, channel: str) -> bool:
        """A channel or an opened direct message."""
        return bool(self.kind_of(channel))

    def may_read(self, person: str, channel: str) -> bool:
        """Members of a channel, the owner of a direct message."""
        return person in self.members.get(channel, ()) or self.dms.get(person) == channel

    def post(self, message: Posted) -> Posted:
        """Add a message."""
        self.messages[message.channel].append(message)
        self.changed()
        if message.only_for is None:
            self.on_post(message, "")
        return message

    def find(self, channel: str, ts: str) -> Posted | None:
        """A message by time."""
        return next((message for message in self.messages[channel] if message.ts == ts), None)

    def seen_by(self, person: str, channel: str) -> list[Posted]:
        """What a person sees in a channel: ephemerals of others never."""
        if not self.may_read(person, channel):
            return []
        return [message for message in self.messages[channel] if message.only_for in {None, person}]

    def new_trigger(self, person: str) -> str:
        """A trigger: single use, three seconds."""
        trigger = f"{self.clock():.3f}.{secrets.token_hex(6)}"
        self.triggers[trigger] = (person, self.clock(), False)
        return trigger

    def use_trigger(self, trigger: str) -> tuple[str | None, str | None]:
        """(person, error)."""
        found = self.triggers.get(trigger)
        if found is None:
            return None, "invalid_trigger_id"
        person, made, used = found
        if used:
            return None, "exchanged_trigger_id"
        if self.clock() - made > LIMIT["trigger_seconds"]:
            return None, "expired_trigger_id"
        self.triggers[trigger] = (person, made, True)
        return person, None

    def new_address(self, person: str, channel: str, message_ts: str | None = None) -> str:
        """The last part of a response_url."""
        key = secrets.token_urlsafe(18)
        self.addresses[key] = Address(person, channel, message_ts, self.clock())
        return key

    def name_of(self, account: str) -> str:
        """A display name."""
        return "授信台 Credit Desk" if account == BOT_USER else PEOPLE[account].name if account in PEOPLE else account
