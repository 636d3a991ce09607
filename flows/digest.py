"""The morning digest: planned once per audience and working day, sent now by command, looked at beforehand."""

from collections.abc import Iterator
from datetime import timedelta

from flows.deliver_digest import before_that
from flows.desk import Desk
from flows.digest_audience import FINANCE, Audience, audience_called, audiences, lateness
from flows.digest_figures import digest_of, overdue_book
from scoring.calendar import is_working_day
from storage.record import Record, Writing
from texts.digest import Digest
from texts.formats import plain_line
from texts.render import words

ON_TIME = timedelta(minutes=10)
"""A digest that comes later than this says so."""


def plan_digests(desk: Desk) -> int:
    """Take every slot that is due today and enqueue its digest with it; how many. Any process may plan, one gets it."""
    record = desk.record
    if record is None or desk.latest.view is None or not is_working_day(desk.today()):
        return 0
    due = [(one, lateness(desk, one.channel) > ON_TIME) for one in _due(desk, record)]
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
    before = None if desk.record is None else before_that(desk.record, audience.name, desk.on(), desk.clock())
    return digest_of(desk, book, audience.department, day=desk.on(), before=before, no_channel=not audience.own)


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


def _due(desk: Desk, record: Record) -> Iterator[Audience]:
    """Whose time has come and whose slot is free. The ledger is asked for its departments once a day, with finance."""
    today = desk.today()
    waiting = [one for one in audiences(desk, everywhere=False) if lateness(desk, one.channel) >= timedelta(0)]
    free = [one for one in waiting if not record.slots(one.job, today)]
    yield from free
    if any(one.name == FINANCE for one in free):
        yield from (one for one in audiences(desk, everywhere=True) if not one.own)


def _enqueue(desk: Desk, writing: Writing, audience: Audience, *, late: bool) -> str:
    """Slot and item in one transaction; "" when somebody has the slot."""
    today = desk.today()
    if not writing.claim_slot(audience.job, today, late):
        return ""
    payload = {"audience": audience.name, "day": today.isoformat(), "late": late}
    return writing.enqueue("digest", f"{audience.job}/{today}", payload)
