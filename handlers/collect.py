"""Buttons of dunning cards."""

import re
from collections.abc import Callable
from typing import Any

from slack_bolt import App

from flows.access import Reader
from flows.desk import Desk
from flows.home import remember_customer
from flows.letters import letter_named, make_letter
from flows.lookup import collected
from flows.replies import letter_sent
from handlers.errors import Guard
from handlers.sending import reply
from handlers.uploads import hand_over
from handlers.values import Carried

_LETTER = re.compile(r"^collect\.letter\.[a-z_]+$")


def register(app: App, desk: Desk, guard: Guard) -> None:
    """Put the listeners on the app."""

    @app.action("collect.choose")
    def choose(ack: Callable[..., Any], body: dict[str, Any], client: Any) -> None:
        def work(reader: Reader, value: Carried) -> None:
            reply(client, body, collected(desk, reader, value.key or "").message, instead=True)
            remember_customer(desk, reader, (value.key or "")[2:])

        guard.click(ack, body, _teller(client, body), work)

    @app.action(_LETTER)
    def letter(ack: Callable[..., Any], body: dict[str, Any], client: Any) -> None:
        def work(reader: Reader, value: Carried) -> None:
            kind = letter_named(str(body["actions"][0]["action_id"]).rpartition(".")[2])
            made = make_letter(desk, reader, value.c or "", kind)
            if not made.files:
                reply(client, body, made.message)
                return
            how = hand_over(client, reader.account, made.files, made.message["text"])
            reply(client, body, letter_sent(reader.lang, how))

        guard.click(ack, body, _teller(client, body), work)


def _teller(client: Any, body: dict[str, Any]) -> Callable[[Any], object]:
    return lambda message: reply(client, body, message)
