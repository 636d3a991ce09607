"""The morning digest: planned once per audience and working day, rendered when it goes out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from approvals.channels import Channel
from flows.desk import Desk
from flows.digest_figures import departments_in, digest_of, overdue_book, totals_of_digest
from flows.outgoing import Attempt, Ended
from flows.posting import check_channel, ended, post_once, refuse
from flows.setting import setting_of
from scoring.calendar import is_working_day
from scoring.errors import MisuseError
from storage.record import Record, Writing
from texts.blocks import Message
from texts.cards import Setting
from texts.digest import Digest, digest_message
from texts.formats import plain_line
from texts.render import words

FINANCE = "finance"
ON_TIME = timedelta(minutes=10)
"""A digest that comes later than this says so."""
COMPARED = timedelta(days=21)
"""How far back the digest before may lie: the longest holidays and a week."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who reads a digest: `finance`, or a department."""

    name: str
    channel: Channel
    own: bool = True
    """False for a department that has no channel: finance reads it."""

    @property
    def job(self) -> str:
        """The name of its slots."""
        return f"digest/{self.name}"

    @property
    def department(self) -> str:
        """As the ledger writes it; "" = the whole book."""
        return "" if self.name == FINANCE else self.name


def plan_digests(desk: Desk) -> int:
    """Take every slot that is due today and enqueue its digest with it; how many. Any process may plan, one gets it."""
    record = desk.record
    if record is None or desk.latest.view is None or not is_working_day(desk.today()):
        return 0
    due = [(one, _lateness(desk, one.channel) > ON_TIME) for one in _due(desk, record)]
    if not due:
        return 0
    with record.begin() as writing:
        planned = [audience.name for audience, late in due if _enqueue(desk, writing, audience, late=late)]
    if planned:
        desk.nudge()
    return len(planned)


def send_digest(desk: Desk, record: Record, name: str) -> str:
    """Enqueue today's digest of an audience now, whatever the time; its item, or "" when it went out before."""
    audience = audience_called(desk, name)
    with record.begin() as writing:
        item = _enqueue(desk, writing, audience, late=False)
    desk.nudge()
    return item


def preview_digest(desk: Desk, name: str) -> Digest:
    """The digest of an audience as it would be now; MisuseError for a name that nobody has."""
    book = overdue_book(desk)
    audience = audience_called(desk, name)
    before = None if desk.record is None else _before(desk.record, audience.name, desk.on(), desk.clock())
    return digest_of(desk, book, audience.department, day=desk.on(), before=before, no_channel=not audience.own)


def shown_digest(desk: Desk, digest: Digest, lang: str) -> Message:
    """A digest in a language."""
    return digest_message(digest, lang, _setting(desk))


def how_sent(desk: Desk, item_id: str, name: str, lang: str) -> tuple[str, str]:
    """(state, sentence) of an enqueued digest: done, parked, waiting, or twice for one that was taken before."""
    say = words(lang)
    item = None if desk.record is None or not item_id else desk.record.item(item_id)
    if item is None:
        return "twice", say.say("digest", "not_sent_twice", name=plain_line(name, 40))
    if item.state == "done":
        return "done", say.say("digest", "sent", channel=str(item.result.get("channel", "")))
    if item.state == "parked":
        return "parked", say.say("digest", "parked", why=item.why)
    return "waiting", say.say("digest", "queued")


def audience_called(desk: Desk, name: str) -> Audience:
    """An audience by its name; MisuseError names those there are."""
    everybody = {audience.name: audience for audience in _audiences(desk, everywhere=True)}
    found = everybody.get(name)
    if found is None:
        raise MisuseError("digest_unknown", found=name[:40], known=", ".join(everybody) or "—")
    return found


# -- planning ------------------------------------------------------------------------------------------------------


def _audiences(desk: Desk, *, everywhere: bool) -> Iterator[Audience]:
    """Finance, each department with a channel, and `everywhere` those of the ledger without one."""
    channels = desk.channels
    finance = None if channels is None else channels.finance
    if finance is not None:
        yield Audience(FINANCE, finance)
    named = {} if channels is None else channels.departments
    for department, channel in named.items():
        yield Audience(department, channel)
    if everywhere and finance is not None:
        for department in departments_in(overdue_book(desk)):
            if department not in named:
                yield Audience(department, finance, own=False)


def _due(desk: Desk, record: Record) -> Iterator[Audience]:
    """Whose time has come and whose slot is free. The ledger is asked for its departments once a day, with finance."""
    today = desk.today()
    waiting = [one for one in _audiences(desk, everywhere=False) if _lateness(desk, one.channel) >= timedelta(0)]
    free = [one for one in waiting if not record.slots(one.job, today)]
    yield from free
    if any(one.name == FINANCE for one in free):
        yield from (one for one in _audiences(desk, everywhere=True) if not one.own)


def _enqueue(desk: Desk, writing: Writing, audience: Audience, *, late: bool) -> str:
    """Slot and item in one transaction; "" when somebody has the slot."""
    today = desk.today()
    if not writing.claim_slot(audience.job, today, late):
        return ""
    payload = {"audience": audience.name, "day": today.isoformat(), "late": late}
    return writing.enqueue("digest", f"{audience.job}/{today}", payload)


def _lateness(desk: Desk, channel: Channel) -> timedelta:
    """How long ago its time was; negative before it."""
    now = desk.local(desk.clock())
    due = time.fromisoformat(_time_of(desk, channel))
    return timedelta(0) if now is None else now - datetime.combine(now.date(), due, now.tzinfo)


def _time_of(desk: Desk, channel: Channel) -> str:
    return channel.digest_time or desk.policy.operating.digest_time


# -- delivering ----------------------------------------------------------------------------------------------------


def deliver_digest(attempt: Attempt) -> Ended:
    """Post the figures as they stand; an earlier attempt that arrived is brought up to them."""
    desk, payload = attempt.desk, attempt.payload
    name, day = str(payload["audience"]), date.fromisoformat(str(payload["day"]))
    audience = _reader(desk, name)
    if audience is None or desk.record is None:
        raise refuse("no_channel")
    if day < desk.today() and desk.record.slots(audience.job, day + timedelta(days=1)):
        return Ended(outcome="done", why="newer_one_sent")
    channel = audience.channel
    check_channel(attempt, channel.channel, public=channel.public)
    digest = digest_of(
        desk, overdue_book(desk), audience.department, day=day, before=_before(desk.record, name, day, desk.clock()),
        late_for=_time_of(desk, channel) if payload.get("late") else "", no_channel=not audience.own,
    )  # fmt: skip
    message = shown_digest(desk, digest, channel.lang)
    sent = post_once(attempt, channel.channel, message)
    if sent.why == "read_back":
        sent = attempt.ports.slack.update(sent.channel, sent.ts, message)
    return ended(sent, totals=totals_of_digest(digest)) if sent.outcome == "done" else ended(sent)


def _reader(desk: Desk, name: str) -> Audience | None:
    """Whose digest it is by now: channels.yaml may have changed since it was planned."""
    channels = desk.channels
    if channels is None or (channels.finance is None and name not in channels.departments):
        return None
    if name in channels.departments:
        return Audience(name, channels.departments[name])
    return None if channels.finance is None else Audience(name, channels.finance, own=name == FINANCE)


def _before(record: Record, name: str, day: date, now: datetime) -> Mapping[str, Any] | None:
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
