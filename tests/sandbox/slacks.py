"""The real slack_sdk and slack_bolt against a workspace in the sandbox."""

import asyncio
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.client import Hand
from sandbox.clock import Clock
from sandbox.slack.manifest import Manifest
from sandbox.slack.state import Workspace
from sandbox.world import World, build
from tests.sandbox.servers import bound, listening
from tests.sandbox.sheets import small

LIN, WANG, SMITH, HE = "U01LIN", "U02WANG", "U03SMITH", "U07HE"
GENERAL, FINANCE, EAST = "C01GENERAL", "C02FINANCE", "C03EAST"
ACK = 1.0
"""Seconds in place of three: what is tested is that the time ends, not how long three seconds are."""


@dataclass
class Slack:
    """A running workspace: `world` is the oracle, `client` the app's, `hand` the people's."""

    world: World
    hand: Hand
    client: WebClient
    told: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    heard: threading.Condition = field(default_factory=threading.Condition)

    @property
    def workspace(self) -> Workspace:
        """All that is in it."""
        return self.world.workspace

    @property
    def clock(self) -> Clock:
        """Its time."""
        return self.world.clock

    def forward(self, seconds: float) -> None:
        """Let time pass, from within the server's own loop."""
        self.hand.forward(seconds)

    def refused(self, method: str, **given: Any) -> str:
        """The error that a method answers with; "" when it took the call."""
        try:
            self.client.api_call(method, json=given)
        except SlackApiError as problem:
            return str(problem.response["error"])
        return ""

    def post(self, text: str = "x", channel: str = GENERAL, **given: Any) -> str:
        """chat.postMessage; the time of the message."""
        return str(self.client.chat_postMessage(channel=channel, text=text, **given)["ts"])

    def last(self, person: str = LIN, channel: str = GENERAL) -> dict[str, Any]:
        """The newest message that a person sees."""
        return self.hand.messages(person, channel)[-1]

    def keep(self, name: str, body: dict[str, Any]) -> None:
        """Remember what reached the app."""
        with self.heard:
            self.told.setdefault(name, []).append(body)
            self.heard.notify_all()

    def wait(self, name: str, count: int = 1) -> dict[str, Any]:
        """The count-th payload of a kind, once it came."""
        with self.heard:
            assert self.heard.wait_for(lambda: len(self.told.get(name, [])) >= count, 10), f"no {name}"
        return self.told[name][count - 1]


@contextmanager
def running(home: Path, manifest: Manifest | None = None, events_url: str = "") -> Iterator[Slack]:
    """A workspace on a free port."""
    with bound() as (line, url):
        world = build(url, home, sheet=small(), manifest=manifest, ack_seconds=ACK, events_url=events_url)
        with listening(*world.routers(), line=line):
            token = world.workspace.secrets.bot_token
            client = WebClient(token, base_url=f"{url}/slack/api/", retry_handlers=[], timeout=10)
            yield Slack(world, Hand(url), client)


def silent() -> logging.Logger:
    """Bolt's warnings about what a test does on purpose."""
    logger = logging.getLogger("tests.sandbox.bolt")
    logger.setLevel(logging.CRITICAL)
    return logger


def app_for(slack: Slack) -> App:
    """A Bolt app without listeners."""
    return App(
        client=slack.client, token=slack.client.token, signing_secret=slack.workspace.secrets.signing_secret,
        logger=silent(), process_before_response=True,
    )  # fmt: skip


@contextmanager
def connected(slack: Slack, app: App) -> Iterator[SocketModeHandler]:
    """The app over Socket Mode."""
    handler = SocketModeHandler(app, slack.workspace.secrets.app_token, ping_interval=5)
    handler.client.web_client = WebClient(base_url=slack.client.base_url, retry_handlers=[])
    before = len(slack.world.delivery.sockets)
    handler.connect()  # type: ignore[no-untyped-call]
    slack.hand.wait(lambda: slack.hand.state()["connections"] > before, "the app to connect")
    try:
        yield handler
    finally:
        handler.client.auto_reconnect_enabled = False
        slack.hand.fault(drop=True)  # closing alone waits for the client's own read to time out
        slack.hand.wait(lambda: not handler.client.is_connected(), "the client to notice")
        handler.client.message_processor.event.set()
        handler.client.enqueue_message("")  # its worker looks up once a second otherwise
        handler.close()  # type: ignore[no-untyped-call]


def in_loop(work: Any) -> Any:
    """Run a coroutine to its end."""
    return asyncio.run(work)
