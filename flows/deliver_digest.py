"""A digest on its way out: the figures as they stand, compared with the digest before."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from flows.desk import Desk
from flows.digest_audience import reader_of, time_of
from flows.digest_figures import digest_of, overdue_book, totals_of_digest
from flows.outgoing import Attempt, Ended
from flows.posting import check_channel, ended, post_once, refuse
from flows.setting import setting_of
from storage.record import Record
from texts.blocks import Message
from texts.cards import Setting
from texts.digest import Digest, digest_message

COMPARED = timedelta(days=21)
"""How far back the digest before may lie: the longest holidays and a week."""


def deliver_digest(attempt: Attempt) -> Ended:
    """Post the figures as they stand; an earlier attempt that arrived is brought up to them."""
    desk, payload = attempt.desk, attempt.payload
    name, day = str(payload["audience"]), date.fromisoformat(str(payload["day"]))
    audience = reader_of(desk, name)
    if audience is None or desk.record is None:
        raise refuse("no_channel")
    if day < desk.today() and desk.record.slots(audience.job, day + timedelta(days=1)):
        return Ended(outcome="done", why="newer_one_sent")
    channel = audience.channel
    check_channel(attempt, channel.channel, public=channel.public)
    digest = digest_of(
        desk, overdue_book(desk), audience.department, day=day,
        before=before_that(desk.record, name, day, desk.clock()),
        late_for=time_of(desk, channel) if payload.get("late") else "", no_channel=not audience.own,
    )  # fmt: skip
    message = shown_digest(desk, digest, channel.lang)
    sent = post_once(attempt, channel.channel, message)
    if sent.why == "read_back":
        sent = attempt.ports.slack.update(sent.channel, sent.ts, message)
    return ended(sent, totals=totals_of_digest(digest)) if sent.outcome == "done" else ended(sent)


def shown_digest(desk: Desk, digest: Digest, lang: str) -> Message:
    """A digest in a language."""
    return digest_message(digest, lang, _setting(desk))


def before_that(record: Record, name: str, day: date, now: datetime) -> Mapping[str, Any] | None:
    """The totals of the newest digest of an audience before a day."""
    found = [
        item.result["totals"]
        for item in record.delivered(now - COMPARED)
        if item.kind == "digest" and item.payload["audience"] == name and item.result.get("totals")
    ]
    earlier = [totals for totals in found if totals["day"] < day.isoformat()]
    return max(earlier, key=lambda totals: str(totals["day"]), default=None)


def _setting(desk: Desk) -> Setting:
    view = desk.latest.view
    return Setting(today=desk.today().isoformat()) if view is None else setting_of(desk, view)
