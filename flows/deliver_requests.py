"""What goes out about a request: its cards, replies in their threads, direct messages. Rendered as it stands now."""

from approvals.request import Request
from flows.outgoing import Attempt, Ended, Sent, StoppedError
from flows.posting import (
    account_of,
    channel_setting,
    check_channel,
    direct,
    ended,
    person_with,
    post_once,
    refuse,
)
from storage.record import Card, Filed
from texts.blocks import Message

GONE = frozenset({"message_not_found", "channel_not_found"})
"""Words with which Slack says that there is no such card any more."""
NOTHING = Ended(outcome="done", why="nothing_to_say")


def deliver_card(attempt: Attempt) -> Ended:
    """Make the card of an audience show the request as it stands: changed where it hangs, else posted."""
    filed, audience = filed_of(attempt), str(attempt.payload["audience"])
    card = card_of(attempt, audience)
    gone = None if card is None else _no_longer(attempt, card, filed.request)
    if gone is not None:
        return gone
    only_hung, number = bool(attempt.payload.get("hung")), filed.request.request_no
    if only_hung and (card is None or not card.ts):
        return NOTHING
    channel, lang = _place(attempt, filed.request, audience)
    drawn = attempt.ports.texts.card(attempt.desk, filed, audience, lang)
    if drawn is None:
        return NOTHING if card is None else removed(attempt, card)
    if card is not None and card.ts:
        attempt.in_time()
        sent = attempt.ports.slack.update(card.channel, card.ts, drawn.message)
        if sent.why not in GONE or only_hung:
            sent = Sent(outcome="done", channel=card.channel, ts=card.ts) if sent.why in GONE else sent
            return hung(number, audience, drawn.shape, sent, changed=True)
    return hung(number, audience, drawn.shape, post_once(attempt, channel, drawn.message), changed=False)


def deliver_thread(attempt: Attempt) -> Ended:
    """One reply in the thread of an audience's card; where there is no card (any more), a message of its own."""
    filed, audience = filed_of(attempt), str(attempt.payload["audience"])
    channel, lang = _place(attempt, filed.request, audience)
    message = attempt.ports.texts.thread(attempt.desk, filed, audience, lang, attempt.item.payload)
    if message is None:
        return NOTHING
    card = card_of(attempt, audience)
    if card is None and _coming(attempt, audience):
        raise StoppedError(Sent(outcome="busy", why="card_first"))
    hangs = card is not None and card.channel == channel and card.ts
    if card is not None and hangs:
        sent = post_once(attempt, channel, message, card.ts)
        if sent.why != "thread_not_found":
            return ended(sent, thread_ts=card.ts)
    return ended(post_once(attempt, channel, message))


def deliver_tell(attempt: Attempt) -> Ended:
    """A direct message to a person."""
    filed, person = filed_of(attempt), str(attempt.payload["person"])
    channel, lang = _place(attempt, filed.request, person)
    message: Message | None = attempt.ports.texts.tell(attempt.desk, filed, person, lang, attempt.item.payload)
    return NOTHING if message is None else ended(post_once(attempt, channel, message))


def filed_of(attempt: Attempt) -> Filed:
    """The request that an item is about; without it the item is parked."""
    record = attempt.desk.record
    found = None if record is None else record.request(str(attempt.payload["request_no"]))
    if found is None:
        raise refuse("request_unknown")
    return found


def card_of(attempt: Attempt, audience: str) -> Card | None:
    """Where the card of an audience hangs."""
    record = attempt.desk.record
    cards = [] if record is None else record.cards(str(attempt.payload["request_no"]))
    return next((card for card in cards if card.audience == audience), None)


def _coming(attempt: Attempt, audience: str) -> bool:
    """True while the card of an audience is still on its way."""
    record, number = attempt.desk.record, attempt.payload["request_no"]
    waits = [] if record is None else [item for item in record.unfinished() if item.state != "parked"]
    cards = (item.payload for item in waits if item.kind == "card")
    return any(one["request_no"] == number and one["audience"] == audience for one in cards)


def _place(attempt: Attempt, request: Request, audience: str) -> tuple[str, str]:
    """(channel, language), looked at just now."""
    kind, _, channel = audience.partition(":")
    if kind == "channel" and channel:
        setting = channel_setting(attempt.desk, channel)
        check_channel(attempt, channel, public=setting is not None and setting.public)
        return channel, attempt.desk.default_lang if setting is None else setting.lang
    return direct(attempt, account_of(attempt.desk, request, audience), person_with(attempt.desk, audience))


def _no_longer(attempt: Attempt, card: Card, request: Request) -> Ended | None:
    """A card of somebody who has no account or is an outsider by now is taken away; None for everybody else."""
    if card.audience.startswith("channel:"):
        return None
    account = account_of(attempt.desk, request, card.audience)
    if account and not attempt.ports.slack.account(account).outsider:
        return None
    return removed(attempt, card)


def removed(attempt: Attempt, card: Card) -> Ended:
    """Take a card away from somebody who may not have it any more."""
    if not card.ts:
        return NOTHING
    attempt.in_time()
    sent = attempt.ports.slack.delete(card.channel, card.ts)
    bare = Card(
        card_id=card.card_id, request_no=card.request_no, audience=card.audience, channel=card.channel, ts="",
        shape="closed",
    )  # fmt: skip
    return Ended(
        outcome=sent.outcome, why=sent.why or "removed", again_in=sent.retry_after,
        card=bare if sent.outcome == "done" else None,
    )  # fmt: skip


def hung(about: str, audience: str, shape: str, sent: Sent, *, changed: bool) -> Ended:
    """Where a card about a request or a case hangs is kept with the end of the item.

    Only a message of the item's own is looked for later.
    """
    if sent.outcome != "done":
        return Ended(outcome=sent.outcome, why=sent.why, again_in=sent.retry_after)
    card = Card(
        card_id=f"{about}/{audience}", request_no=about, audience=audience, channel=sent.channel, ts=sent.ts,
        shape=shape,
    )  # fmt: skip
    where = {"changed": sent.ts} if changed else {"channel": sent.channel, "ts": sent.ts}
    return Ended(outcome="done", why=sent.why, result=where, card=card)
