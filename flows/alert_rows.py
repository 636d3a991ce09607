"""Warnings into the ledger's `alerts` tab: as they stand when written, one batch at most every few minutes."""

from datetime import timedelta
from typing import Any

from approvals.alerts import Alert
from flows.deliver_ledger import written_or_not
from flows.desk import Desk
from flows.ledger_entry import MARKS_FROM, ledger_lang
from flows.outgoing import Attempt, Ended
from sheets.write_job import RowWrite, WriteJob
from storage.record import Record
from texts.alerts import alert_facts, alert_status, alert_word

KIND = "alert_rows"
EVERY = timedelta(minutes=5)
_AT_ONCE = 200


def enqueue_alert_rows(desk: Desk, record: Record) -> None:
    """Whatever the tab does not show yet is to be written, not sooner than the tab may be written again.

    One item writes what has not been written by then, so while one waits there is no need of another; and a parked
    one waits for a person.
    """
    if not record.alerts_unwritten(1) or any(item.kind == KIND for item in record.unfinished()):
        return
    now = desk.clock()
    last = max((item.made_at for item in record.delivered(now - EVERY) if item.kind == KIND), default=None)
    due = now if last is None else max(now, last + EVERY)
    with record.begin() as writing:
        writing.enqueue(KIND, KIND, {"mark_no": writing.next_no("ledger_mark")}, not_before=due)
    desk.nudge()


def deliver_alert_rows(attempt: Attempt) -> Ended:
    """Bring rows of the tab up to what the record says; what is left over goes with the next look's item."""
    desk, record = attempt.desk, attempt.desk.record
    waiting = [] if record is None else record.alerts_unwritten(_AT_ONCE)
    if record is None or not waiting:
        return Ended(outcome="done", why="nothing_to_say")
    lang = ledger_lang(desk)
    rows = tuple(_row(desk, alert, lang) for alert in waiting)
    job = WriteJob(id=MARKS_FROM + int(attempt.payload["mark_no"]), mark=attempt.item.id, rows=rows)
    written = written_or_not(attempt, job)
    if isinstance(written, Ended):
        return written
    with record.begin() as writing:
        # an earlier try that had landed may have written other rows, or these as they were: they go once more
        for alert in () if written.before else waiting:
            writing.alert_written(alert)
    return Ended(outcome="done", result={"rows": len(rows)})


def _row(desk: Desk, alert: Alert, lang: str) -> RowWrite:
    owner = next((one.name for one in desk.people.people if one.id == alert.owner), alert.owner)
    values: dict[str, Any] = {
        "customer_id": alert.customer_id,
        "kind": alert_word(lang, "warning", alert.kind),
        "since": alert.since,
        "severity": alert_word(lang, "colour", alert.level),
        "facts": alert_facts(alert.kind, alert.level, alert.facts, lang, desk.on(), desk.policy.base_currency),
        "owner": owner,
        "status": alert_status(lang, alert.state, alert.reason, alert.closed_why),
    }
    return RowWrite(
        tab="alerts", key={"alert_id": alert.alert_id}, values=values, mode="upsert",
        optional_columns=frozenset(values),
    )  # fmt: skip
