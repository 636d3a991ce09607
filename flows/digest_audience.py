"""Who reads which digest, in which channel, and from when on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from approvals.channels import Channel
from flows.desk import Desk
from flows.digest_figures import departments_in, overdue_book
from scoring.errors import MisuseError

FINANCE = "finance"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who reads a digest: `finance`, or a department."""

    name: str
    channel: Channel
    own: bool = True
    """False for a department that has no channel: finance reads it."""

    @property
    def job(self) -> str:
        """The name of its slots."""
        return f"digest/{self.name}"

    @property
    def department(self) -> str:
        """As the ledger writes it; "" = the whole book."""
        return "" if self.name == FINANCE else self.name


def audience_called(desk: Desk, name: str) -> Audience:
    """An audience by its name; MisuseError names those there are."""
    everybody = {audience.name: audience for audience in audiences(desk, everywhere=True)}
    found = everybody.get(name)
    if found is None:
        raise MisuseError("digest_unknown", found=name[:40], known=", ".join(everybody) or "—")
    return found


def audiences(desk: Desk, *, everywhere: bool) -> Iterator[Audience]:
    """Finance, each department with a channel, and `everywhere` those of the ledger without one."""
    channels = desk.channels
    finance = None if channels is None else channels.finance
    if finance is not None:
        yield Audience(FINANCE, finance)
    named = {} if channels is None else channels.departments
    for department, channel in named.items():
        yield Audience(department, channel)
    if everywhere and finance is not None:
        for department in departments_in(overdue_book(desk)):
            if department not in named:
                yield Audience(department, finance, own=False)


def reader_of(desk: Desk, name: str) -> Audience | None:
    """Whose digest it is by now: channels.yaml may have changed since it was planned."""
    channels = desk.channels
    if channels is None or (channels.finance is None and name not in channels.departments):
        return None
    if name in channels.departments:
        return Audience(name, channels.departments[name])
    return None if channels.finance is None else Audience(name, channels.finance, own=name == FINANCE)


def lateness(desk: Desk, channel: Channel) -> timedelta:
    """How long ago its time was; negative before it."""
    now = desk.local(desk.clock())
    due = time.fromisoformat(time_of(desk, channel))
    return timedelta(0) if now is None else now - datetime.combine(now.date(), due, now.tzinfo)


def time_of(desk: Desk, channel: Channel) -> str:
    """When a channel's digest comes, as "08:30"."""
    return channel.digest_time or desk.policy.operating.digest_time
