"""Short replies to clicks, and answers as modals: the wings reach the words through here."""

from typing import Any, Literal

from flows.access import Reader
from flows.answers import answer_of
from flows.desk import Desk
from texts.blocks import Message
from texts.messages import broken, modal, sentence

Posted = Literal["done", "refused", "busy", "unknown"]
"""How a post ended. Refused and busy: it does not stand there. Unknown: it may."""
_SHARED = {"done": "share_done", "refused": "share_failed", "busy": "share_busy", "unknown": "share_perhaps"}


def share_result(lang: str, posted: Posted) -> Message:
    """Whether the verdict reached the channel."""
    return sentence(lang, _SHARED[posted])


def stale_button(lang: str) -> Message:
    """A button of an answer that no longer holds."""
    return sentence(lang, "stale_button", example="ACME")


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
        return sentence(reader.lang, "nothing") if reader.outsider else stale_button(reader.lang)
    return sentence(reader.lang, "asked_to_view", owner=str(answered.details["sales_owner"] or "—")[:40])
