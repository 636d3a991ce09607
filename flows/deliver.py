"""Delivering the outbox: claim one item, carry it out, keep how it ended. Nothing lost, nothing twice."""

import logging
from collections.abc import Callable, Mapping
from typing import Final

from flows.alert_rows import deliver_alert_rows
from flows.attachments import deliver_file
from flows.deliver_cases import deliver_case_card, deliver_case_entry
from flows.deliver_digest import deliver_digest
from flows.deliver_incident import deliver_incident
from flows.deliver_ledger import deliver_ledger
from flows.deliver_requests import deliver_card, deliver_tell, deliver_thread
from flows.desk import Desk
from flows.notes import deliver_note
from flows.outgoing import Attempt, Ended, Ports, StoppedError
from storage.record import Item, Record

LEASE_SECONDS = 60.0
SENDS_WITHIN = 0.4
"""Of the lease: sending begins within it and takes no longer, so it is over before anybody else claims the item."""
SLOWEST_AGAIN = 300.0
Handler = Callable[[Attempt], Ended]
HANDLERS: Final[dict[str, Handler]] = {
    "card": deliver_card, "thread": deliver_thread, "tell": deliver_tell, "ledger": deliver_ledger,
    "digest": deliver_digest, "note": deliver_note, "alert_rows": deliver_alert_rows, "file": deliver_file,
    "case_card": deliver_case_card, "case_entry": deliver_case_entry, "case_channel": deliver_incident,
}  # fmt: skip
_log = logging.getLogger("creditdesk.outbox")


def deliver_next(desk: Desk, ports: Ports, owner: str, handlers: Mapping[str, Handler] = HANDLERS) -> bool:
    """Deliver the next item that is due; False when there is none."""
    record = desk.record
    item = None if record is None else record.claim(owner, LEASE_SECONDS)
    if record is None or item is None:
        return False
    attempt = Attempt(desk, ports, item, ports.timer() + LEASE_SECONDS * SENDS_WITHIN)
    end = _carried_out(attempt, handlers)
    if not _keep(desk, record, item, owner, end):
        _log.warning("item %s: somebody else has claimed it since", item.id)
    return True


def _carried_out(attempt: Attempt, handlers: Mapping[str, Handler]) -> Ended:
    """The end of an attempt, whatever happens in it. A fault of ours may have struck after sending: unknown."""
    item = attempt.item
    handler = handlers.get(item.kind)
    if handler is None:
        return Ended(outcome="refused", why="kind_unknown")
    try:
        return handler(attempt)
    except StoppedError as stopped:
        return Ended(outcome=stopped.sent.outcome, why=stopped.sent.why, again_in=stopped.sent.retry_after)
    except Exception as problem:  # noqa: BLE001  (one item that trips the desk must not stop the others)
        _log.error("item %s of kind %s: %s", item.id, item.kind, type(problem).__name__)
        return Ended(outcome="unknown", why=type(problem).__name__)


def _keep(desk: Desk, record: Record, item: Item, owner: str, end: Ended) -> bool:
    with record.begin() as writing:
        kept = writing.finish(
            item, owner, outcome=end.outcome, result=end.result, why=end.why,
            again_in=end.again_in or _patience(desk, item, end),
        )  # fmt: skip
        if kept and end.card is not None:
            writing.keep_card(end.card)
    if end.outcome == "refused":
        _log.error("item %s of kind %s parked: %s", item.id, item.kind, end.why)
    return kept


def _patience(desk: Desk, item: Item, end: Ended) -> float:
    """Busy without a word how long: the longer it has waited, the longer it waits. 0 = as the record has it."""
    if end.outcome != "busy" or item.first_at is None:
        return 0.0
    return min(SLOWEST_AGAIN, max(1.0, (desk.clock() - item.first_at).total_seconds() / 4))
