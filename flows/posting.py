"""Posting once: where a message may go, the read-back before a repeat, the deadline before each send."""

from datetime import timedelta

from approvals.channels import Channel
from approvals.people import Person
from approvals.request import Request
from flows.desk import Desk
from flows.outgoing import Attempt, Ended, Sent, StoppedError
from texts.blocks import Message

CLOCKS_MAY_DIFFER = timedelta(minutes=5)
LONGEST_DOUBT = timedelta(days=1)
"""A workspace may forget what is older: after that a person has to look."""


def refuse(why: str) -> StoppedError:
    """A plain no: the item is parked with this reason."""
    return StoppedError(Sent(outcome="refused", why=why))


def post_once(attempt: Attempt, channel: str, message: Message, thread_ts: str = "") -> Sent:
    """Post unless an earlier attempt has; the channel and time of the one message."""
    if attempt.again:
        there = found_before(attempt, channel, thread_ts)
        if there:
            return Sent(outcome="done", channel=channel, ts=there, why="read_back")
    attempt.in_time()
    return attempt.ports.slack.post(channel, message, attempt.item.id, thread_ts)


def found_before(attempt: Attempt, channel: str, thread_ts: str = "") -> str:
    """The time of the message that an earlier attempt left, or "" when there surely is none."""
    item = attempt.item
    first = item.first_at or item.made_at
    found = attempt.ports.slack.read_back(channel, (first - CLOCKS_MAY_DIFFER).timestamp(), thread_ts)
    times = found.times(item.id)
    if times:
        return times[0]
    if attempt.desk.clock() - first > LONGEST_DOUBT:
        raise refuse("in_doubt_for_a_day")
    if not found.complete:
        raise StoppedError(Sent(outcome="busy", why="read_back_incomplete"))
    return ""


def ended(sent: Sent, **result: object) -> Ended:
    """The end of an item that one call decided."""
    where = {"channel": sent.channel, "ts": sent.ts} if sent.outcome == "done" else {}
    return Ended(outcome=sent.outcome, why=sent.why, again_in=sent.retry_after, result={**where, **result})


# -- where it may go -----------------------------------------------------------------------------------------------


def check_channel(attempt: Attempt, channel: str, *, public: bool) -> None:
    """Looked at just before each message: a channel may have been shared, archived or opened since the last one."""
    facts = attempt.ports.slack.about(channel)
    for wrong, why in (
        (facts.shared, "channel_shared"),
        (facts.archived, "channel_archived"),
        (not facts.member, "channel_not_joined"),
        (not facts.private and not public, "channel_public"),
    ):
        if wrong:
            raise refuse(why)


def channel_setting(desk: Desk, channel: str) -> Channel | None:
    """What channels.yaml says of a channel, or None where it does not name it."""
    return None if desk.channels is None else desk.channels.by_id.get(channel)


def person_with(desk: Desk, person_id: str) -> Person | None:
    """Somebody of people.yaml by his id."""
    return next((person for person in desk.people.people if person.id == person_id), None)


def account_of(desk: Desk, request: Request, audience: str) -> str:
    """The Slack account of an audience that is a person; "" where there is none."""
    if audience == "applicant" or audience == request.applicant:
        return request.applicant_account
    person = person_with(desk, audience)
    return person.slack[0] if person is not None and person.slack else ""


def direct(attempt: Attempt, account: str, person: Person | None = None) -> tuple[str, str]:
    """(channel, language) of the direct messages of an account that may get something."""
    if not account:
        raise refuse("no_account")
    facts = attempt.ports.slack.account(account)
    if facts.outsider:
        raise refuse("outsider")
    known = person or attempt.desk.people.by_slack.get(account)
    lang = facts.lang or (known.lang if known else None) or attempt.desk.default_lang
    return attempt.ports.slack.open_dm(account), lang
