"""Warnings followed over time: after each sync whoever changed, once a day everybody (POLICY.md 7)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count

from approvals.alerts import Alert, Followed, follow
from approvals.snapshots import Snapshot, happened, renewed, snapshot_of
from flows.accounts import account_of
from flows.alert_rows import enqueue_alert_rows
from flows.desk import Desk, View
from scoring.assess import assess
from scoring.findings import Finding
from storage.record import Record, Writing

SLOT = "watch"
_AT_ONCE = 200
"""Customers to a transaction: nobody who decides waits long for it."""


@dataclass
class Watched:
    """What a look came to."""

    customers: int = 0
    opened: int = 0
    worse: int = 0
    better: int = 0
    gone: int = 0

    def told(self) -> str:
        """In a few words, for the list of jobs."""
        return (
            f"looked at {self.customers}: {self.opened} new, {self.worse} worse, {self.better} better, {self.gone} gone"
        )


@dataclass(frozen=True, slots=True)
class _Seen:
    """One customer as he is now."""

    snapshot: Snapshot
    before: Snapshot | None
    found: tuple[Finding, ...] = field(default_factory=tuple)


def watch_ledger(desk: Desk, most: int = 20_000) -> Watched:
    """Look at whoever has changed since the last look, and on a new day at everybody; at most so many at a time.

    While receivables cannot be read nobody is looked at: a warning must not end because a tab is missing.
    """
    done, record, view = Watched(), desk.record, desk.latest.view
    if record is None or view is None or not view.book.invoices_readable:
        return done
    _begin_day(desk, record)
    while done.customers < most:
        waiting = desk.mirror.unwatched(min(_AT_ONCE, most - done.customers))
        if not waiting:
            break
        taken = view.taken
        _look(desk, record, view, [customer for _, customer in waiting], done)
        desk.mirror.watched((owner for owner, _ in waiting), taken)
        done.customers += len(waiting)
        if desk.latest.view is None or desk.latest.view.taken != taken:
            break  # what has changed since is looked at with the new view
    enqueue_alert_rows(desk, record)
    return done


def open_alerts(desk: Desk) -> list[Alert]:
    """Every warning that is not closed, the worst and oldest first."""
    found = [] if desk.record is None else desk.record.alerts()
    heat = {"red": 0, "orange": 1, "yellow": 2}
    return sorted(found, key=lambda one: (heat[one.level], one.since, one.alert_id))


def _begin_day(desk: Desk, record: Record) -> None:
    """Once a day everybody is looked at, and warnings of customers who have left the ledger end."""
    today = desk.today()
    if record.slots(SLOT, today):
        return
    desk.mirror.watch_everybody()
    there = frozenset(desk.mirror.customer_ids())
    with record.begin() as writing:
        writing.claim_slot(SLOT, today, False)
        for alert in record.alerts():
            if alert.customer_id not in there:
                writing.keep_alert(alert.ended("cleared", today))


def _look(desk: Desk, record: Record, view: View, customers: Iterable[str], done: Watched) -> None:
    wanted = list(dict.fromkeys(customers))
    before = record.snapshots(wanted)
    seen = [one for customer in wanted if (one := _seen(desk, view, customer, before.get(customer))) is not None]
    known = _known(desk, record, [one.snapshot.customer_id for one in seen])
    changed = [(one, _followed(desk, one, known)) for one in seen]
    changed = [(one, followed) for one, followed in changed if followed.changed or one.snapshot != one.before]
    if not changed:
        return  # most looks change nothing, and then no transaction is begun
    with record.begin() as writing:
        for one, followed in changed:
            if one.snapshot != one.before:
                writing.keep_snapshot(one.snapshot)
            _keep(desk, writing, followed, done)


def _seen(desk: Desk, view: View, customer_id: str, before: Snapshot | None) -> _Seen | None:
    """The customer's signals; None where his figures are not to be used: they would leave something out."""
    account = account_of(desk, customer_id)
    if account is None:
        return None
    assessment = assess(account, view.book, desk.policy, on=desk.on(), today=desk.today())
    if not assessment.usable:
        return None
    now = snapshot_of(account, assessment.rating, desk.on())
    if before is None:
        return _Seen(now, None, tuple(assessment.warnings))
    changed = tuple(happened(before, now, account, desk.policy))
    return _Seen(renewed(before, now), before, (*assessment.warnings, *changed))


def _known(desk: Desk, record: Record, customers: list[str]) -> Mapping[str, list[Alert]]:
    since = desk.on() - timedelta(days=desk.policy.warnings.yellows_to_orange_days)
    found: dict[str, list[Alert]] = {}
    for alert in record.alerts(customers, closed_since=since):
        found.setdefault(alert.customer_id, []).append(alert)
    return found


def _followed(desk: Desk, one: _Seen, known: Mapping[str, list[Alert]]) -> Followed:
    """New warnings go by a number of this look; they get their own when they are written."""
    customer_id, numbers = one.snapshot.customer_id, count(1)
    return follow(
        known.get(customer_id, []), one.found, customer_id=customer_id, on=desk.on(), policy=desk.policy,
        new_id=lambda: f"new-{next(numbers):06d}",
    )  # fmt: skip


def _keep(desk: Desk, writing: Writing, followed: Followed, done: Watched) -> None:
    year = desk.on().year
    for alert in followed.opened:
        number = writing.next_no(f"alert/{year}")
        done.opened += writing.keep_alert(replace(alert, alert_id=f"AL-{year}-{number:06d}"))
    # one that a person has just taken keeps what he did; the next look follows it on
    done.worse += sum(writing.keep_alert(alert) for alert in followed.worse)
    done.better += sum(writing.keep_alert(alert) for alert in followed.better)
    done.gone += sum(writing.keep_alert(alert) for alert in followed.gone)
    for alert in followed.kept:
        writing.keep_alert(alert)
