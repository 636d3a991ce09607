"""Payloads to the app: over Socket Mode, or as signed HTTP requests when it has an address. Three seconds each."""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from sandbox.clock import Clock
from sandbox.slack.limits import LIMIT
from sandbox.slack.people import APP, BOT_USER, TEAM
from sandbox.slack.signed import SignedRequests
from sandbox.slack.sockets import Sockets
from sandbox.slack.state import Posted, Workspace

RETRIES = (0, 60, 300)
"""Seconds after which an event that nobody acknowledged comes again."""


class Way(Protocol):
    """How a payload travels."""

    async def send(
        self, kind: str, payload: dict[str, Any], *, accepts: bool, seconds: float, retry: tuple[int, str] | None = None
    ) -> tuple[dict[str, Any] | None, str]:
        """(what the acknowledgement carries or None, why there is none)."""
        ...


class Delivery:
    """What reaches the app, and what is sent again when it did not."""

    def __init__(
        self,
        workspace: Workspace,
        clock: Clock | None = None,
        *,
        ack_seconds: float | None = None,
        events_url: str = "",
    ) -> None:
        """Nobody is connected."""
        self.workspace, self.clock = workspace, clock or Clock()
        self.ack_seconds = LIMIT["ack_seconds"] if ack_seconds is None else ack_seconds
        self.connections = Sockets(workspace)
        self.requests = SignedRequests(workspace.secrets.signing_secret, events_url)
        self.duplicate_next_event = False
        self.deliveries: list[dict[str, Any]] = []
        self._later: set[asyncio.Task[Any]] = set()
        workspace.on_post, workspace.at = self._posted, self._at

    @property
    def sockets(self) -> list[Any]:
        """The open connections."""
        return self.connections.open

    @property
    def _way(self) -> Way:
        return self.requests if self.requests.url else self.connections

    async def send(self, kind: str, payload: dict[str, Any], *, accepts: bool) -> dict[str, Any] | None:
        """The acknowledgement's payload, or None when nobody acknowledged in time."""
        answer, _ = await self._way.send(kind, payload, accepts=accepts, seconds=self.ack_seconds)
        return answer

    async def event(self, event: dict[str, Any], event_id: str | None = None) -> dict[str, Any] | None:
        """An Events API callback, if the app wants it; sent twice when a duplicate was planned."""
        name = f"message.{_SHORT[event['channel_type']]}" if event["type"] == "message" else event["type"]
        if not self.workspace.manifest.wants(name):
            return None
        payload = {
            "token": "verification", "team_id": TEAM, "api_app_id": APP, "type": "event_callback", "event": event,
            "event_id": event_id or self.workspace.new_id("Ev"), "event_time": int(self.clock()),
            "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True, "enterprise_id": None}],
        }  # fmt: skip
        answer = await self._event(payload, 0, "")
        if self.duplicate_next_event:
            self.duplicate_next_event = False
            await self._event(payload, 0, "")
        return answer

    async def _event(self, payload: dict[str, Any], attempt: int, reason: str) -> dict[str, Any] | None:
        """One try; when it fails, the next one waits for its time with the same event_id."""
        retry = (attempt, reason) if attempt else None
        answer, why = await self._way.send("events_api", payload, accepts=False, seconds=self.ack_seconds, retry=retry)
        self.deliveries.append({"event_id": payload["event_id"], "type": payload["event"]["type"], "attempt": attempt,
                                "reason": reason, "acknowledged": answer is not None})  # fmt: skip
        if answer is None and why != "no_retry" and attempt < len(RETRIES):
            self.later(self._again(payload, attempt + 1, why or "http_timeout"))
        return answer

    async def _again(self, payload: dict[str, Any], attempt: int, reason: str) -> None:
        await self.clock.until(payload["event_time"] + RETRIES[attempt - 1])
        await self._event(payload, attempt, reason)

    def later(self, work: Any) -> None:
        """Run something beside the answer that is being given."""
        task = asyncio.ensure_future(work)
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    def _at(self, moment: float, act: Callable[[], None]) -> None:
        async def wait() -> None:
            await self.clock.until(moment)
            act()

        self.later(wait())

    def _posted(self, message: Posted, change: str) -> None:
        """The bot's own posts are events too, as those of people are."""
        if message.author != BOT_USER:
            return
        event: dict[str, Any] = {
            "type": "message", "channel": message.channel, "channel_type": self.workspace.kind_of(message.channel),
            "team": TEAM, "event_ts": self.workspace.ts() if change else message.ts,
        }  # fmt: skip
        shown: dict[str, Any] = {"type": "message", "user": BOT_USER, "bot_id": "B00DESK", "app_id": APP, "text": message.text,
                 "blocks": message.blocks, "ts": message.ts}  # fmt: skip
        if message.thread_ts:
            shown["thread_ts"] = message.thread_ts
        if change == "message_changed":
            event |= {"subtype": change, "message": shown, "ts": event["event_ts"], "hidden": True}
        elif change:
            event |= {
                "subtype": change,
                "previous_message": shown,
                "deleted_ts": message.ts,
                "ts": event["event_ts"],
                "hidden": True,
            }
        else:
            event |= shown
        self.later(self.event(event))

    async def drop_all(self, reason: str = "refresh_requested") -> None:
        """Tell every connection to go, as Slack does several times a day."""
        await self.connections.drop_all(reason)


_SHORT = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}
