"""The list of jobs: name, how often, what it does. Each run leaves when and what in the mirror."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from flows.absence import keep_absences
from flows.announce import note_trouble, tell_finance
from flows.cards import fill_cards
from flows.desk import Desk
from flows.digest import plan_digests
from flows.groups import REFRESH_SECONDS, refresh_groups
from flows.outgoing import SlackOut
from flows.ran import note_run, tidy
from flows.reconcile import Reconciler
from flows.remind import keep_deadlines
from flows.sync import sync_or_keep
from flows.watch import watch_ledger
from flows.watchers import Post, tell_watchers

_log = logging.getLogger("creditdesk.jobs")


@dataclass(frozen=True, slots=True)
class Job:
    """One job: `run` says in a few words what it did."""

    name: str
    seconds: int
    run: Callable[[], str]


def jobs(desk: Desk, post: Post, slack: SlackOut | None = None) -> tuple[Job, ...]:
    """What the clock wakes: the sync, and with a record and a Slack what rests on them."""

    def sync_and_tell() -> str:
        done = sync_or_keep(desk)
        note_trouble(desk)
        # finance first: a trouble that keeps answers from being made is told all the same
        told = tell_finance(desk, post) + tell_watchers(desk, post)
        filled = fill_all(desk)
        if desk.watches is not None:
            desk.watches.flush()
        return f"{done}; answers {filled}; told {told}"

    sync = Job("sync", desk.policy.operating.sync_seconds, sync_and_tell)
    return (sync,) if desk.record is None or slack is None else (sync, *_recorded(desk, slack))


def _recorded(desk: Desk, slack: SlackOut) -> tuple[Job, ...]:
    """Jobs that look whether something is due; what is done once is a row in the record, not a memory of the clock."""
    reconciler = Reconciler()
    return (
        Job("digests", 20, lambda: f"planned {plan_digests(desk)}"),
        Job("deadlines", 60, lambda: ", ".join(f"{act} {count}" for act, count in keep_deadlines(desk).items()) or "-"),
        Job("absences", 60, lambda: ", ".join(f"{mark} {count}" for mark, count in keep_absences(desk).items()) or "-"),
        Job("groups", REFRESH_SECONDS, lambda: refresh_groups(desk, slack)),
        Job("watch", 30, lambda: watch_ledger(desk).told()),
        Job("reconcile", 180, lambda: str(reconciler.round(desk, slack))),
        Job("tidy", 6 * 3600, lambda: tidy(desk)),
    )


def fill_all(desk: Desk, budget_seconds: float = 20.0) -> int:
    """Make answers ahead of the questions, for as long as the budget lasts."""
    until = time.monotonic() + budget_seconds
    filled = last = 0
    while time.monotonic() < until:
        before = last
        made, last = fill_cards(desk, before)
        filled += made
        if last == before:
            break
    return filled


def run_job(desk: Desk, job: Job) -> None:
    """Run a job and keep when it ran and what it did; a failure is logged by its kind. Never raises."""
    try:
        did = job.run()
    except Exception as problem:  # noqa: BLE001  (a job that fails must not stop the clock)
        did = f"failed: {type(problem).__name__}"
        _log.error("job %s %s", job.name, did)
    try:
        note_run(desk, job.name, did)
    except Exception as problem:  # noqa: BLE001  (nor one whose run cannot be kept)
        _log.error("job %s not noted: %s", job.name, type(problem).__name__)
