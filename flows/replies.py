"""Short replies to clicks, and answers as modals: the wings reach the words through here."""

from typing import Any, Literal

from flows.access import Reader
from flows.answers import answer_of
from flows.desk import Desk
from flows.watchers import Post
from scoring.errors import DeskError
from texts.blocks import Message
from texts.collection import letters_sentence
from texts.formats import harmless
from texts.messages import broken, explained, modal, sentence, stale, wants_to_view

Posted = Literal["done", "refused", "busy", "unknown"]
"""How a post ended. Refused and busy: it does not stand there. Unknown: it may."""
_SHARED = {"done": "share_done", "refused": "share_failed", "busy": "share_busy", "unknown": "share_perhaps"}


def share_result(lang: str, channel: str, posted: Posted) -> Message:
    """Whether the verdict reached the channel or, where there is none, the conversation."""
    where = "_talk" if channel.startswith("D") and posted in {"done", "refused"} else ""
    return sentence(lang, _SHARED[posted] + where)


def letter_sent(lang: str, posted: Posted) -> Message:
    """Whether a letter's files reached the direct messages."""
    return letters_sentence(lang, f"letter_{posted}")


def as_modal(lang: str, message: Message) -> dict[str, Any]:
    """A message as a modal."""
    return modal(lang, message)


def broken_reply(lang: str, reference: str) -> Message:
    """Something unexpected."""
    return broken(lang, reference)


def known_reply(lang: str, problem: DeskError) -> Message:
    """A ledger that cannot be used just now, in its own sentence."""
    return explained(lang, problem)


def lost_reply(lang: str) -> Message:
    """An answer was sent, and Slack did not say whether it arrived."""
    return sentence(lang, "answer_perhaps")


def access_asked(desk: Desk, reader: Reader, customer_id: str, post: Post) -> Message:
    """Whom to ask for a customer of another department; who looks after him hears of it once a day, without figures."""
    view = desk.latest.view
    answered = None if view is None else answer_of(desk, view, customer_id)
    if reader.outsider or answered is None:
        return sentence(reader.lang, "nothing") if reader.outsider else stale(reader.lang, f"c:{customer_id}")
    owner, name = str(answered.details["sales_owner"]), str(answered.answer["name"])
    if not owner:
        return sentence(reader.lang, "asked_nobody")
    told = _told(desk, reader, customer_id, name, owner, post)
    return sentence(reader.lang, "asked_to_view", owner=harmless(owner, 40), told=told)


def _told(desk: Desk, reader: Reader, customer_id: str, name: str, owner: str, post: Post) -> str:
    """Send the sales owner a word, if he is somebody whom Slack knows: "now", "before" or "" when he cannot be told."""
    person = next((one for one in desk.people.people if one.name == owner and one.slack), None)
    if person is None or desk.watches is None or reader.account in {"", *person.slack}:
        return ""
    if not desk.watches.ask(reader.account, customer_id, desk.today().isoformat()):
        return "before"
    message = wants_to_view(person.lang or desk.default_lang, reader.account, reader.name, name, customer_id)
    if post(person.slack[0], message):
        return "now"
    desk.watches.ask_again(reader.account, customer_id)
    return ""
