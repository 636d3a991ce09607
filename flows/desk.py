"""The desk: everything a flow needs, built once by bot/wiring and handed in as the first argument."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from approvals.channels import Channels
from approvals.people import People
from flows.roster import Roster
from scoring.findings import Finding
from scoring.ledger import Book
from scoring.policy import Policy
from sheets.reading import Reading
from storage.baseline import Baseline
from storage.files import Files
from storage.mirror import Mirror
from storage.record import Record
from storage.search import Search
from storage.watches import Watches


class LedgerSource(Protocol):
    """Where the ledger comes from: Google, a folder or a workbook."""

    def fetch(self) -> Reading:
        """One look at all tabs."""

    def version(self) -> str | None:
        """A word that changes whenever the ledger does, or None where it cannot be told without fetching."""


@dataclass(frozen=True, slots=True)
class View:
    """What one sync made of the ledger beyond its rows; replaced as a whole."""

    book: Book
    search: Search
    stamp: str
    on: date
    synced_at: datetime | None
    held: tuple[Finding, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    problem: str | None = None
    """Why the last sync failed, as an error code; None when it went well."""
    taken: str = ""
    """Which taking-in of the ledger this was made from; another process may have changed the copy since."""
    names: str = ""
    """Stands for everybody's names: while it is the same the index over them is."""
    group_stamps: Mapping[str, str] = field(default_factory=dict)
    """Customer id -> what his group's figures are, for members of groups."""
    receivables_minor: int | None = None
    """The whole book's receivables in minor units; None where a rate is missing."""

    def stamp_for(self, customer_id: str) -> str:
        """What a customer's card was made from, apart from his own rows and the total."""
        return self.stamp + self.group_stamps.get(customer_id, "")


class Latest:
    """Holds the newest view; one assignment swaps it for all threads."""

    __slots__ = ("view",)

    def __init__(self, view: View | None = None) -> None:
        """Start with a view, or with none before the first sync."""
        self.view = view


def _nobody() -> None:
    """Nothing delivers in this process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Stores, rules, people and the clock."""

    mirror: Mirror
    policy: Policy
    roster: Roster
    source: LedgerSource
    clock: Callable[[], datetime]
    latest: Latest
    baseline: Baseline | None = None
    """None with --ledger: then every value counts as decided."""
    watches: Watches | None = None
    channels: Channels | None = None
    record: Record | None = None
    """None with --ledger: then nothing can be asked for or decided."""
    files: Files | None = None
    """Attachments of requests; there wherever the record is."""
    nudge: Callable[[], None] = _nobody
    """Wakes what delivers the outbox, once something is committed."""
    day: date | None = None
    """--on; None = the real day."""
    default_lang: str = "zh-CN"

    @property
    def people(self) -> People:
        """Everybody with the roles that he holds now."""
        return self.roster.now

    def today(self) -> date:
        """The real day in the company's time zone."""
        return self.clock().astimezone(ZoneInfo(self.policy.time_zone)).date()

    def on(self) -> date:
        """The day the figures are for."""
        return self.day or self.today()

    def local(self, moment: datetime | None) -> datetime | None:
        """A moment in the company's time zone."""
        return None if moment is None else moment.astimezone(ZoneInfo(self.policy.time_zone))
