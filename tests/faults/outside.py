"""Slack and the ledger in memory, strict about who gets what: answers get lost as a test plans it, nothing is forgotten.

They are the oracle: what stands here is what the outside world holds.
"""

# ruff: noqa: ARG002  (the names are the protocols')

import itertools
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from flows.decide import known_to
from flows.desk import Desk
from flows.outgoing import AccountFacts, ChannelFacts, Mark, ReadBack, Sent, StoppedError
from flows.routing import record_of
from sheets.write_job import WriteBusy, WriteConflict, WriteJob, WriteUnknown, Written
from texts.blocks import Message
from texts.formats import LANGS
from texts.render import words

Trouble = Literal["", "lost before", "lost after", "busy", "short"]
"""lost: no answer, and it had no effect or had; busy: asked to wait; short: a read-back that did not see everything."""
NOTES = {words(lang).say("absence", "note") for lang in LANGS}
_NUMBER = re.compile(r"CR-\d{4}-\d{4}")


@dataclass
class Shown:
    """One message as it stands."""

    ts: str
    marker: str
    message: Message
    thread_ts: str = ""

    @property
    def actions(self) -> set[str]:
        """What its buttons do."""
        blocks: Any = self.message["blocks"]
        return {one["action_id"] for block in blocks for one in block.get("elements", []) if "action_id" in one}


@dataclass
class Workspace:
    """A SlackOut."""

    clock: Callable[[], float]
    desk: Callable[[], Desk]
    troubles: list[Trouble] = field(default_factory=list)
    """What happens to the next calls; "" and nothing planned: they are answered."""
    places: defaultdict[str, list[Shown]] = field(default_factory=lambda: defaultdict(list))
    shared: set[str] = field(default_factory=set)
    guests: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    """Messages that somebody got who must not (I7)."""
    made: dict[str, str] = field(default_factory=dict)
    """Channels by the name that the desk gave them."""
    inside: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _count: Any = field(default_factory=itertools.count)

    def _next(self) -> Trouble:
        return self.troubles.pop(0) if self.troubles else ""

    def _changed(self, sent: Sent, change: Callable[[], None]) -> Sent:
        trouble = self._next()
        if trouble == "busy":
            return Sent(outcome="busy", why="ratelimited", retry_after=2)
        if trouble != "lost before":
            change()
        return Sent(outcome="unknown", why="reset") if trouble.startswith("lost") else sent

    def _asked(self) -> Trouble:
        trouble = self._next()
        if trouble in {"busy", "lost before", "lost after"}:
            raise StoppedError(Sent(outcome="busy", why=trouble))
        return trouble

    # -- who may read it --------------------------------------------------------------------------------------

    def _looked_at(self, channel: str, message: Message) -> None:
        """Note what nobody here may get."""
        found = _NUMBER.search(message["text"])
        if channel in self.shared or channel.removeprefix("D-") in self.guests:
            self.wrong.append(f"{channel}: {message['text']}")
        if not channel.startswith("D-"):
            if found:
                self.wrong.append(f"{channel} is not decided in: {message['text']}")
            return
        person = self.desk().people.by_slack.get(channel.removeprefix("D-"))
        if person is not None and message["text"] in NOTES:  # about himself, or for whoever keeps the people
            return
        filed = record_of(self.desk()).request(found.group()) if found else None
        if person is None or filed is None or not known_to(self.desk(), filed.request, person):
            self.wrong.append(f"{channel} may not know: {message['text']}")

    # -- the protocol -----------------------------------------------------------------------------------------

    def post(self, channel: str, message: Message, marker: str, thread_ts: str = "") -> Sent:
        ts = f"{self.clock() + next(self._count) / 1e5:.6f}"

        def change() -> None:
            self._looked_at(channel, message)
            self.places[channel].append(Shown(ts, marker, message, thread_ts))

        if thread_ts and self._find(channel, thread_ts) is None:
            return Sent(outcome="refused", why="thread_not_found")
        return self._changed(Sent(outcome="done", channel=channel, ts=ts), change)

    def update(self, channel: str, ts: str, message: Message) -> Sent:
        shown = self._find(channel, ts)
        if shown is None:
            return Sent(outcome="refused", why="message_not_found")

        def change() -> None:
            self._looked_at(channel, message)
            shown.message = message

        return self._changed(Sent(outcome="done", channel=channel, ts=ts), change)

    def upload(
        self, channel: str, thread_ts: str, name: str, content: bytes, marker: str, *, message: Message,
        in_time: Callable[[], None],
    ) -> Sent:  # fmt: skip
        in_time()
        return replace(self.post(channel, message, marker, thread_ts), ts="")

    def delete(self, channel: str, ts: str) -> Sent:
        def change() -> None:
            self.places[channel] = [one for one in self.places[channel] if one.ts != ts]

        return self._changed(Sent(outcome="done", channel=channel, ts=ts), change)

    def read_back(self, channel: str, since: float, thread_ts: str = "") -> ReadBack:
        trouble = self._asked()
        found = [one for one in self.places[channel] if one.thread_ts == thread_ts and float(one.ts) >= since]
        marks = tuple(Mark(one.marker, one.ts) for one in found)
        return ReadBack(marks[: len(marks) // 2] if trouble == "short" else marks, complete=trouble != "short")

    def _find(self, channel: str, ts: str) -> Shown | None:
        return next((one for one in self.places[channel] if one.ts == ts), None)

    def permalink(self, channel: str, ts: str) -> str:
        return f"https://slack.example/{channel}/{ts}"

    def create_channel(self, name: str) -> Sent:
        if name in self.made:
            return Sent(outcome="refused", why="name_taken")
        channel = f"C-{name}"
        return self._changed(Sent(outcome="done", channel=channel), lambda: self.made.update({name: channel}))

    def find_channel(self, name: str) -> str:
        self._asked()
        return self.made.get(name, "")

    def invite(self, channel: str, account: str) -> Sent:
        return self._changed(Sent(outcome="done", channel=channel), lambda: self.inside[channel].add(account))

    def open_dm(self, account: str) -> str:
        self._asked()
        return f"D-{account}"

    def about(self, channel: str) -> ChannelFacts:
        self._asked()
        return ChannelFacts(private=True, shared=channel in self.shared, archived=False, member=True)

    def account(self, account: str) -> AccountFacts:
        self._asked()
        return AccountFacts(outsider=account in self.guests, lang="")

    def members(self, group: str) -> tuple[str, ...]:
        self._asked()
        raise StoppedError(Sent(outcome="refused", why=f"no_such_subteam {group}"))


@dataclass
class Sheet:
    """A LedgerOut that takes each mark once, as Google does."""

    troubles: list[Trouble] = field(default_factory=list)
    jobs: dict[str, WriteJob] = field(default_factory=dict)
    ids: set[int] = field(default_factory=set)

    def write(self, job: WriteJob, *, already_tried: bool) -> Written:
        trouble = self.troubles.pop(0) if self.troubles else ""
        if trouble == "busy":
            raise WriteBusy("429", 30)
        if trouble == "short":
            raise WriteConflict("row_moves", tab="客户", key="C1")
        before = job.mark in self.jobs
        if trouble != "lost before" and not before:
            assert job.id not in self.ids
            self.jobs[job.mark] = job
            self.ids.add(job.id)
        if trouble.startswith("lost"):
            raise WriteUnknown("reset")
        return Written(places=(), before=before)
