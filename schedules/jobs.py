"""The list of jobs: name, how often, what it does. Each run leaves when and what in the mirror."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from flows.announce import note_trouble, tell_finance
from flows.cards import fill_cards
from flows.desk import Desk
from flows.ran import note_run
from flows.sync import sync_or_keep
from flows.watchers import Post, tell_watchers

_log = logging.getLogger("creditdesk.jobs")


@dataclass(frozen=True, slots=True)
class Job:
    """One job: `run` says in a few words what it did."""

    name: str
    seconds: int
    run: Callable[[], str]


def jobs(desk: Desk, post: Post) -> tuple[Job, ...]:
    """What the clock wakes."""

    def sync_and_tell() -> str:
        done = sync_or_keep(desk)
        note_trouble(desk)
        # finance first: a trouble that keeps answers from being made is told all the same
        told = tell_finance(desk, post) + tell_watchers(desk, post)
        filled = fill_all(desk)
        if desk.watches is not None:
            desk.watches.flush()
        return f"{done}; answers {filled}; told {told}"

    return (Job("sync", desk.policy.operating.sync_seconds, sync_and_tell),)


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
