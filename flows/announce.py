"""What finance is told: a tab held back, a tab well again, the baseline of the first sync, deliveries given up."""

import logging

import orjson

from approvals.channels import Channel
from flows.desk import Desk, View
from flows.setting import age_minutes, setting_of
from flows.watchers import Post
from texts.messages import baseline_message, held_message, parked_message, trouble_message

_TOLD = "told:held"
_SEEN, _TROUBLE, _PARKED = "seen:problem", "told:problem", "told:parked"
_PASSING = frozenset({"sheet_unreachable", "sheet_answer", "copy_locked", "copy_gone"})
"""Troubles that mostly mend themselves: finance hears of them once the copy is amber."""
_log = logging.getLogger("creditdesk.ledger")


def note_trouble(desk: Desk) -> None:
    """A line in the log when the ledger cannot be read, and one when it can again."""
    view = desk.latest.view
    if view is None or (view.problem or "") == desk.mirror.recalled(_SEEN):
        return
    desk.mirror.remember(_SEEN, view.problem or "")
    if view.problem:
        _log.warning("ledger not read: %s; answering from the last good copy", view.problem)
    else:
        _log.info("ledger read again")


def _tell_trouble(desk: Desk, view: View, channel: Channel, post: Post) -> int:
    """Once when the ledger cannot be read, once when it can again."""
    told = desk.mirror.recalled(_TROUBLE)
    now = view.problem or ""
    passing = now in _PASSING and age_minutes(desk, view) < desk.policy.operating.amber_minutes
    if bool(now) == bool(told) or passing:
        return 0
    if not post(channel.channel, trouble_message(channel.lang, view.problem, setting_of(desk, view))):
        return 0
    desk.mirror.remember(_TROUBLE, now)
    return 1


def tell_finance(desk: Desk, post: Post) -> int:
    """Post what is new since the last time, once each; how many messages went out."""
    view, channel = desk.latest.view, desk.channels.finance if desk.channels is not None else None
    if view is None or channel is None or desk.baseline is None:
        return 0
    sent = _tell_trouble(desk, view, channel, post)
    held = sorted(f"{finding.facts['tab']}:{finding.code}" for finding in view.held)
    told: list[str] = orjson.loads(desk.mirror.recalled(_TOLD) or "[]")
    if held != told:
        message = held_message(channel.lang, [finding.as_json() for finding in view.held])
        if post(channel.channel, message):
            desk.mirror.remember(_TOLD, orjson.dumps(held).decode())
            sent += 1
    count = desk.baseline.count_to_tell()
    if count is not None and post(channel.channel, baseline_message(channel.lang, count)):
        desk.baseline.told()
        sent += 1
    return sent + _tell_parked(desk, channel, post)


def _tell_parked(desk: Desk, channel: Channel, post: Post) -> int:
    """Once for each delivery that was given up; what has been sorted out is forgotten."""
    parked = [] if desk.record is None else sorted(item.id for item in desk.record.parked())
    told: list[str] = orjson.loads(desk.mirror.recalled(_PARKED) or "[]")
    if parked == told:
        return 0
    new = len(set(parked) - set(told))
    if new and not post(channel.channel, parked_message(channel.lang, new)):
        return 0
    desk.mirror.remember(_PARKED, orjson.dumps(parked).decode())
    return 1 if new else 0
