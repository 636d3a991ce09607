"""Buttons of dunning cards, and the modals behind them."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import App

from flows.access import Reader
from flows.approval import too_late
from flows.dealings import ASKED, Asked, opened, recorded, settled
from flows.desk import Desk
from flows.home import remember_customer
from flows.letters import letter_named, send_letter
from flows.lookup import collected
from flows.replies import as_modal, known_reply
from handlers.errors import Guard
from handlers.form_state import state_of
from handlers.modals import first_input, in_modal, open_modal
from handlers.request_values import event_of
from handlers.sending import reply
from handlers.values import Carried, carried
from scoring.errors import DeskError

Body = dict[str, Any]
_LETTER = re.compile(r"^collect\.letter\.[a-z_]+$")
_SHOW = re.compile(r"^collect\.show\.[0-9]$")
_SETTLE = re.compile(r"^collect\.settle\.[0-9]$")


class Collect:
    """The listeners of collection."""

    def __init__(self, desk: Desk, guard: Guard) -> None:
        """Nothing is listened to yet."""
        self._desk, self._guard = desk, guard

    def register(self, app: App) -> None:
        """Put the listeners on the app."""
        app.action("collect.choose")(self._choose)
        app.action(_SHOW)(self._choose)
        app.action(_LETTER)(self._letter)
        app.action(_SETTLE)(self._settle)
        for asked in ASKED:
            app.action(f"collect.open.{asked}")(self._opening(asked))
            app.view(f"collect.{asked}")(self._sent(asked))

    def _choose(self, ack: Callable[..., Any], body: Body, client: Any) -> None:
        def work(reader: Reader, value: Carried) -> None:
            reply(client, body, collected(self._desk, reader, value.key or "").message, instead=True)
            remember_customer(self._desk, reader, (value.key or "")[2:])

        self._click(ack, body, client, work)

    def _letter(self, ack: Callable[..., Any], body: Body, client: Any) -> None:
        """The letter's files, into the direct messages of whoever clicked."""
        event = event_of(body)

        def work(reader: Reader, value: Carried) -> None:
            kind = letter_named(str(body["actions"][0]["action_id"]).rpartition(".")[2])
            reply(client, body, send_letter(self._desk, reader, value.c or "", kind, event))

        self._click(ack, body, client, work)

    def _opening(self, asked: Asked) -> Callable[..., None]:
        """A button that opens a modal."""

        def listener(ack: Callable[..., Any], body: Body, client: Any) -> None:
            def work(reader: Reader, value: Carried) -> None:
                view = opened(self._desk, reader, value.c or "", asked)
                if not open_modal(client, body, view):
                    reply(client, body, too_late(reader.lang))

            self._click(ack, body, client, work)

        return listener

    def _settle(self, ack: Callable[..., Any], body: Body, client: Any) -> None:
        """A dispute is over; the card as it is then."""
        event = event_of(body)

        def work(reader: Reader, value: Carried) -> None:
            customer_id = settled(self._desk, reader, value.c or "", event)
            message = collected(self._desk, reader, f"c:{customer_id}").message
            if in_modal(body):
                client.views_update(view_id=body["view"]["id"], view=as_modal(reader.lang, message))
            else:
                reply(client, body, message, instead=True)

        self._click(ack, body, client, work)

    def _sent(self, asked: Asked) -> Callable[..., None]:
        """A modal that was sent: recorded before it is acknowledged, so that errors stand at their questions."""

        def listener(ack: Callable[..., Any], body: Body) -> None:
            view = body["view"]
            found, state, event = carried(view.get("private_metadata")), state_of(view).fields, event_of(body)

            def work(reader: Reader) -> Mapping[str, Any]:
                customer_id = (found.c if found else None) or ""
                answer = recorded(self._desk, reader, customer_id, asked, state, event)
                if answer.errors:
                    return {"response_action": "errors", "errors": dict(answer.errors)}
                return {"response_action": "update", "view": answer.view}

            self._guard.submission(ack, str(body["user"]["id"]), work, _refused, first_input(view, "note"))

        return listener

    def _click(
        self, ack: Callable[..., Any], body: Body, client: Any, work: Callable[[Reader, Carried], object]
    ) -> None:
        """Acknowledged at once; what the desk can explain is said in its own sentence."""

        def tell(message: Any) -> object:
            return reply(client, body, message)

        def explained(reader: Reader, value: Carried) -> None:
            try:
                work(reader, value)
            except DeskError as problem:
                tell(known_reply(reader.lang, problem))

        self._guard.click(ack, body, tell, explained)


def _refused(lang: str, problem: DeskError) -> Mapping[str, Any]:
    return {"response_action": "update", "view": as_modal(lang, known_reply(lang, problem))}
