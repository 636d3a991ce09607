"""What finance is told of its sheet: a tab held back, a tab well again, the baseline of the first sync."""

import orjson

from flows.desk import Desk
from flows.watchers import Post
from texts.messages import baseline_message, held_message

_TOLD = "told:held"


def tell_finance(desk: Desk, post: Post) -> int:
    """Post what is new since the last time, once each; how many messages went out."""
    view, channel = desk.latest.view, desk.channels.finance if desk.channels is not None else None
    if view is None or channel is None or desk.baseline is None:
        return 0
    sent = 0
    held = sorted(f"{finding.facts['tab']}:{finding.code}" for finding in view.held)
    told: list[str] = orjson.loads(desk.mirror.meta(_TOLD) or "[]")
    if held != told:
        message = held_message(channel.lang, [finding.as_json() for finding in view.held])
        if post(channel.channel, message):
            desk.mirror.remember(_TOLD, orjson.dumps(held).decode())
            sent += 1
    count = desk.baseline.count_to_tell()
    if count is not None and post(channel.channel, baseline_message(channel.lang, count)):
        desk.baseline.told()
        sent += 1
    return sent
