"""Short replies to clicks, and answers as modals: the wings reach the words through here."""

from typing import Any

from flows.access import Reader
from flows.answers import answer_of
from flows.desk import Desk
from texts.blocks import Message
from texts.messages import broken, modal, sentence, stale


def share_result(lang: str, channel: str, *, posted: bool) -> Message:
    """Whether the verdict reached the channel or, where there is none, the conversation."""
    where = "_talk" if channel.startswith("D") else ""
    return sentence(lang, f"share_{'done' if posted else 'failed'}{where}")


def as_modal(lang: str, message: Message) -> dict[str, Any]:
    """A message as a modal."""
    return modal(lang, message)


def broken_reply(lang: str, reference: str) -> Message:
    """Something unexpected."""
    return broken(lang, reference)


def access_asked(desk: Desk, reader: Reader, customer_id: str) -> Message:
    """Whom to ask for a customer of another department."""
    view = desk.latest.view
    answered = None if view is None else answer_of(desk, view, customer_id)
    if reader.outsider or answered is None:
        return sentence(reader.lang, "nothing") if reader.outsider else stale(reader.lang, f"c:{customer_id}")
    return sentence(reader.lang, "asked_to_view", owner=str(answered.details["sales_owner"] or "—")[:40])
