"""The record: what must not be lost. Requests, evidence, audit, outbox, drafts, cards, delegations, job slots."""

from storage.record.errors import RecordError
from storage.record.kinds import AuditEntry, Brief, Card, Delegation, Draft, Filed, Item, JobRun, Outcome, Slot
from storage.record.opening import open_record
from storage.record.record import Record
from storage.record.writing import Writing

__all__ = [
    "AuditEntry", "Brief", "Card", "Delegation", "Draft", "Filed", "Item", "JobRun", "Outcome", "Record", "RecordError",
    "Slot", "Writing", "open_record",
]  # fmt: skip
