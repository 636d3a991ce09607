"""The ways out: what a delivery asks of Slack, of the texts and of the ledger, and how that can end."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from flows.desk import Desk
from sheets.write_job import WriteJob, Written
from storage.record import Card, Filed, Item
from texts.blocks import Message

EVENT_TYPE = "credit_desk_out"
"""Of the metadata that carries an item's id as the marker; opaque, since other apps may read it."""
Facts = Mapping[str, Any]
Ending = Literal["done", "refused", "unknown", "busy"]
"""done; a plain no for good; perhaps; surely not now, but later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """How a call that changes something ended."""

    outcome: Ending
    channel: str = ""
    ts: str = ""
    why: str = ""
    """Slack's word, or the kind of the fault."""
    retry_after: float = 0.0
    """Seconds, for `busy`; 0 = whenever."""


class StoppedError(Exception):
    """A delivery cannot go on; `sent` says how it ends. Asking raises it too: then nothing has been changed."""

    def __init__(self, sent: Sent) -> None:
        """With the end."""
        super().__init__(sent.why)
        self.sent = sent


@dataclass(frozen=True, slots=True)
class Mark:
    """One message of ours that carries a marker."""

    marker: str
    ts: str


@dataclass(frozen=True, slots=True)
class ReadBack:
    """Our messages of a place, oldest first."""

    marks: tuple[Mark, ...]
    complete: bool
    """False when not every message since then was seen: what is not among them may be there all the same."""

    def times(self, marker: str) -> tuple[str, ...]:
        """The times of those that carry this marker."""
        return tuple(mark.ts for mark in self.marks if mark.marker == marker)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelFacts:
    """Who can read a channel."""

    private: bool
    shared: bool
    """With another company, or about to be."""
    archived: bool
    member: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFacts:
    """Whose direct messages these are."""

    outsider: bool
    """A guest, a Slack Connect stranger, a bot or a deactivated account: gets nothing."""
    lang: str
    """By the account's locale; "" where Slack does not tell."""
    name: str = ""


class SlackOut(Protocol):
    """Slack, as far as deliveries need it. What asks raises StoppedError when there is no answer."""

    def post(self, channel: str, message: Message, marker: str, thread_ts: str = "") -> Sent:
        """Post once, with the marker; never repeated by itself."""

    def update(self, channel: str, ts: str, message: Message) -> Sent:
        """Make a message of ours show this; its marker stays."""

    def delete(self, channel: str, ts: str) -> Sent:
        """Take a message of ours away; one that is gone already is done."""

    def upload(
        self,
        channel: str,
        thread_ts: str,
        name: str,
        content: bytes,
        marker: str,
        *,
        message: Message,
        in_time: Callable[[], None],
    ) -> Sent:
        """Show a file once, below a message that carries the marker; its `ts` stays empty.

        `in_time` is asked just before it is shown, since the bytes may have taken long.
        """

    def read_back(self, channel: str, since: float, thread_ts: str = "") -> ReadBack:
        """Our marked messages since a moment (seconds since 1970), in a channel or in one of its threads."""

    def permalink(self, channel: str, ts: str) -> str:
        """An address that opens a message; "" when Slack says that there is none."""

    def create_channel(self, name: str) -> Sent:
        """A private channel with the desk in it; refused with `name_taken` where there is one."""

    def find_channel(self, name: str) -> str:
        """The private channel of this name that the desk itself has made; "" when there is none."""

    def invite(self, channel: str, account: str) -> Sent:
        """Add somebody to a channel; who is in it already is done."""

    def open_dm(self, account: str) -> str:
        """The direct-message channel with an account."""

    def about(self, channel: str) -> ChannelFacts:
        """Who can read a channel, as of now."""

    def account(self, account: str) -> AccountFacts:
        """Who an account is, not older than ten minutes."""

    def members(self, group: str) -> tuple[str, ...]:
        """The accounts in a Slack user group, as of now."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A card as it should be shown now."""

    message: Message
    shape: Literal["open", "closed"]


class LedgerOut(Protocol):
    """The ledger, as far as decisions are written into it."""

    def write(self, job: WriteJob, *, already_tried: bool) -> Written:
        """Bring every row of the job into the sheet, once; raises WriteConflict, WriteUnknown or WriteBusy."""


class RequestTexts(Protocol):
    """The words about requests, made at delivery from the record. None = nothing is to be said (any more)."""

    def card(self, desk: Desk, filed: Filed, audience: str, lang: str) -> Drawn | None:
        """The card of an audience: a person's id, `channel:<id>` or `applicant`."""

    def thread(self, desk: Desk, filed: Filed, audience: str, lang: str, payload: Facts) -> Message | None:
        """A reply under the card: payload `what` and `signature` (an index)."""

    def tell(self, desk: Desk, filed: Filed, person: str, lang: str, payload: Facts) -> Message | None:
        """A direct message: payload `what` and `signature` (an index)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How the attempt at an item ended, and what is kept with that in one transaction."""

    outcome: Ending
    why: str = ""
    again_in: float = 0.0
    result: Facts = field(default_factory=dict)
    card: Card | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Everything outside that deliveries reach."""

    slack: SlackOut
    texts: RequestTexts
    ledger: LedgerOut | None = None
    """None where nothing is written: a local ledger."""
    timer: Callable[[], float] = time.monotonic
    """Seconds, for deadlines within one attempt."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One claim of one item: who has it, and until when he may begin to send."""

    desk: Desk
    ports: Ports
    item: Item
    until: float
    """By the ports' timer. Later than this another one may soon claim the item, so nothing is sent any more."""

    @property
    def again(self) -> bool:
        """True when an earlier attempt may have arrived."""
        return self.item.unknown or self.item.attempts > 1

    @property
    def payload(self) -> dict[str, Any]:
        """The ids that say what to deliver."""
        return dict(self.item.payload)

    def in_time(self) -> None:
        """Stop here when it is too late to send."""
        if self.ports.timer() > self.until:
            raise StoppedError(Sent(outcome="busy", why="late"))
