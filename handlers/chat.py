"""Mentions and direct messages: the text is taken as what would follow /credit."""

import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from slack_bolt import App

from flows.access import Reader
from flows.desk import Desk
from flows.home import remember_answer
from flows.recognise import answer_line
from flows.replies import lost_reply
from handlers.errors import Guard
from handlers.sending import ended

_MENTION = re.compile(r"<@[A-Z0-9]+(\|[^>]*)?>")
_LINK = re.compile(r"<(?:https?|mailto|tel):[^|>]*\|([^>]*)>")
REMEMBERED = 10_000


class Once:
    """Event ids seen lately: Slack delivers an event again when it is not sure."""

    def __init__(self) -> None:
        """Nothing seen."""
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def first(self, event_id: str | None) -> bool:
        """True the first time an id comes."""
        if event_id is None:
            return True
        with self._lock:
            if event_id in self._seen:
                return False
            self._seen[event_id] = None
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
        return True


def typed(text: str) -> str:
    """What a person typed: without the mention, links as their label, entities as characters."""
    plain = _LINK.sub(r"\1", _MENTION.sub(" ", text))
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def register(app: App, desk: Desk, guard: Guard) -> None:
    """Listeners for app_mention and direct messages."""
    once = Once()

    @app.event("app_mention")
    def mention(body: dict[str, Any], event: dict[str, Any], client: Any) -> None:
        if event.get("bot_id") or not event.get("user") or not once.first(body.get("event_id")):
            return
        thread = {"thread_ts": event["thread_ts"]} if event.get("thread_ts") else {}

        def tell(message: Any) -> object:
            return client.chat_postEphemeral(channel=event["channel"], user=event["user"], **thread, **message)

        guard.soon(event["user"], tell, lambda reader: answer(reader, event, tell))

    @app.event("message")
    def direct(body: dict[str, Any], event: dict[str, Any], client: Any) -> None:
        if event.get("channel_type") != "im" or event.get("subtype") or event.get("bot_id") or not event.get("user"):
            return
        if not once.first(body.get("event_id")):
            return

        def tell(message: Any) -> object:
            return client.chat_postMessage(channel=event["channel"], unfurl_links=False, unfurl_media=False, **message)

        guard.soon(event["user"], tell, lambda reader: answer(reader, event, tell))

    def answer(reader: Reader, event: dict[str, Any], tell: Callable[[Any], object]) -> None:
        outcome = answer_line(desk, reader, typed(str(event.get("text") or "")))
        if ended(lambda: tell(outcome.message)) == "unknown":
            ended(lambda: tell(lost_reply(reader.lang)))
        remember_answer(desk, reader, outcome)
