"""A desk with a record in front of a workspace in the sandbox; deliveries run by hand, time moved by hand."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from slack_sdk import WebClient

from approvals.channels import Channel, Channels
from approvals.request import Request
from approvals.steps import Step
from approvals.terms import Terms
from flows.deliver import deliver_next
from flows.desk import Desk
from flows.outgoing import Drawn, Ports, SlackOut
from handlers.outgoing import SlackDoor
from sandbox.faults import Fault
from sandbox.slack.people import BOT_USER
from sandbox.slack.state import Posted
from storage.record import Filed, Item, Record
from tests.paper import Paper, desk_of
from tests.sandbox.slacks import Slack, running
from texts.blocks import Message, section

FINANCE, EAST, GENERAL = "C02FINANCE", "C03EAST", "C01GENERAL"
MONDAY = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
"""08:00 in Shanghai, half an hour before the digests."""
LINE = Terms(limit=Decimal(500000), payment_days=30, currency="CNY")


def request(number: int, at: datetime, /, **more: Any) -> Request:
    """A request of Lin's that waits for Wang."""
    values: dict[str, Any] = {
        "request_no": f"CR-2026-{number:04d}", "kind": "open_account", "state": "pending", "version": 1, "round": 1,
        "customer_id": "C1", "name": "客户1号", "department": "华东", "sales_owner": "林晓梅", "applicant": "lin",
        "applicant_account": "U01LIN", "asked": LINE, "proposed": LINE, "grade": "B", "amount_base": LINE.limit,
        "steps": (Step(kind="post", role="sales_manager", people=("wang",), decides=True),), "at": (0,), "filed_at": at,
        "step_since": at,
    }  # fmt: skip
    return Request(**{**values, **more})


class PlainTexts:
    """Says what it is for; `silent` audiences get nothing."""

    # ruff: noqa: ARG002  (the names are the protocol's)

    def __init__(self) -> None:
        self.silent: set[str] = set()

    def card(self, desk: Desk, filed: Filed, audience: str, lang: str) -> Drawn | None:
        if audience in self.silent:
            return None
        said = f"card {filed.request.request_no} v{filed.request.version} {audience} {lang}"
        return Drawn(said_message(said), "closed" if filed.request.over else "open")

    def thread(self, desk: Desk, filed: Filed, audience: str, lang: str, payload: Mapping[str, Any]) -> Message | None:
        return said_message(f"thread {filed.request.request_no} {payload['what']} {lang}")

    def tell(self, desk: Desk, filed: Filed, person: str, lang: str, payload: Mapping[str, Any]) -> Message | None:
        return said_message(f"tell {filed.request.request_no} {payload['what']} {lang}")


def said_message(text: str) -> Message:
    """A message of one sentence."""
    return Message(text=text, blocks=[section(text)])


class Office:
    """Desk, record and workspace."""

    def __init__(self, home: Path, slack: Slack) -> None:
        self.slack, self.texts = slack, PlainTexts()
        slack.forward(MONDAY.timestamp() - slack.clock())
        self.record = Record(f"sqlite:///{home / 'record.db'}", b"k" * 32, self.now)
        channels = Channels(
            finance=Channel(channel=FINANCE), departments={"华东": Channel(channel=EAST, lang="en")}
        )  # fmt: skip
        self.nudges = 0
        self.paper = Paper()
        self.desk = replace(
            desk_of(self.paper, home, self.now), record=self.record, channels=channels, nudge=self._nudged
        )  # fmt: skip
        client = WebClient(slack.client.token, base_url=slack.client.base_url, retry_handlers=[], timeout=1)
        self.door: SlackOut = SlackDoor(client, slack.clock)

    def _nudged(self) -> None:
        self.nudges += 1

    def now(self) -> datetime:
        """The workspace's time: both sides live in one world."""
        return datetime.fromtimestamp(self.slack.clock(), UTC)

    @property
    def ports(self) -> Ports:
        """With whatever door is set."""
        return Ports(slack=self.door, texts=self.texts, timer=self.slack.clock)

    def file(self, number: int = 1, **more: Any) -> Request:
        """File a request."""
        made = request(number, self.now(), **more)
        with self.record.begin() as writing:
            writing.file(made, {}, {"policy": "p"})
        return made

    def change(self, before: Request, **more: Any) -> Request:
        """The next version of a request."""
        after = replace(before, version=before.version + 1, **more)
        with self.record.begin() as writing:
            assert writing.save(after, expected_version=before.version)
        return after

    def send(self, kind: str, about: Request, **payload: Any) -> str:
        """Enqueue something; its id."""
        with self.record.begin() as writing:
            return writing.enqueue(kind, about.request_no, {"request_no": about.request_no, **payload})

    def one(self, owner: str = "a") -> bool:
        """One delivery."""
        return deliver_next(self.desk, self.ports, owner)

    def run(self, steps: int = 400) -> None:
        """Deliver, letting time pass, until nothing waits any more."""
        for _ in range(steps):
            if self.one():
                continue
            if all(item.state == "parked" for item in self.record.unfinished()):
                return
            self.slack.forward(5)
        raise AssertionError(f"still waiting: {self.record.unfinished()}")

    def fail(self, method: str, kind: str, times: int = 1, **more: Any) -> None:
        """The next calls of a method fail."""
        self.slack.workspace.faults.plan(Fault(method=method, kind=kind, times=times, **more))

    def item(self, item_id: str) -> Item:
        """One item as it stands."""
        found = self.record.item(item_id)
        assert found is not None
        return found

    def posted(self, channel: str) -> list[Posted]:
        """What the desk's messages in a channel are, by the workspace's own state."""
        return [one for one in self.slack.workspace.messages[channel] if one.author == BOT_USER]

    def texts_in(self, channel: str) -> list[str]:
        """Their texts."""
        return [one.text for one in self.posted(channel)]

    def dm(self, account: str) -> str:
        """A person's direct messages."""
        return self.slack.workspace.dm_of(account)

    def calls(self, method: str) -> int:
        """How often a method was called."""
        return self.slack.workspace.calls.count(method)


@contextmanager
def office(home: Path) -> Iterator[Office]:
    """One of each, running."""
    with running(home / "world") as slack:
        opened = Office(home, slack)
        try:
            yield opened
        finally:
            opened.record.close()
