"""APScheduler wakes the jobs; it keeps nothing."""

from apscheduler.schedulers.background import BackgroundScheduler

from flows.desk import Desk
from flows.outgoing import SlackOut
from flows.watchers import Post
from schedules.jobs import jobs, run_job


def start(desk: Desk, post: Post, slack: SlackOut | None = None) -> BackgroundScheduler:
    """Begin to run the jobs, each never twice at once; late runs happen once."""
    scheduler = BackgroundScheduler(timezone=desk.policy.time_zone)
    for job in jobs(desk, post, slack):
        scheduler.add_job(
            run_job, "interval", args=(desk, job), seconds=job.seconds, id=job.name, max_instances=1, coalesce=True,
            misfire_grace_time=None,
        )  # fmt: skip
    scheduler.start()
    return scheduler
