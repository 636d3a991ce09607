"""What the record keeps, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from approvals.delegation import Delegation
from approvals.request import Request

__all__ = ["AuditEntry", "Brief", "Card", "Delegation", "Draft", "Facts", "Filed", "Item", "JobRun", "Outcome", "Slot"]
Facts = Mapping[str, Any]
Outcome = Literal["done", "refused", "unknown", "busy"]
ItemState = Literal["waiting", "claimed", "done", "parked", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A request with the evidence of its newest round."""

    request: Request
    form: Facts
    """The application as it was sent."""
    evidence: Facts
    """The facts it was rated on, as the JSON answer at that moment."""
    filed_policy: str
    """Fingerprint of the policy it was rated by."""


@dataclass(frozen=True, slots=True)
class Brief:
    """A request among many, without its form and evidence."""

    request: Request
    uscc: str
    """Of its newest form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A form that somebody has not sent yet."""

    id: str
    person: str
    account: str
    kind: str
    form: Facts
    step: str
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Where one card of a request hangs."""

    card_id: str
    request_no: str
    audience: str
    """A person's id, `channel:<id>` or `applicant`."""
    channel: str
    ts: str
    shape: str
    """What it shows: `open` or `closed`."""
    thread_ts: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One consequence on its way out."""

    id: str
    """32 hexadecimal digits; goes out as the marker."""
    kind: str
    subject: str
    seq: int
    """Rises with every item; those of one subject are delivered in this order."""
    payload: Facts
    state: ItemState
    attempts: int
    """Claims so far, those that ended in "busy" left out."""
    unknown: bool
    """True when an earlier attempt may have arrived: read back before anything else."""
    not_before: datetime
    made_at: datetime
    first_at: datetime | None
    """When it was first claimed: a read-back looks from here on."""
    lease_until: datetime | None
    result: Facts = field(default_factory=dict)
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One planned run that somebody has taken: there is one per job and day."""

    job: str
    day: date
    late: bool
    claimed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRun:
    """One run of a job, finished or not."""

    id: str
    job: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str
    """`running`, `done` or an error code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One link of the chain."""

    seq: int
    at: datetime
    request_no: str
    act: str
    person: str
    facts: str
    """JSON exactly as it was hashed."""
    before: str
    """The digest of the entry before it; "" for the first."""
    digest: str
    mac: str
    """The digest's code: only who has the key can make it."""
