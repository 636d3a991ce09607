"""Buttons of dunning cards."""

from collections.abc import Callable
from typing import Any

from slack_bolt import App

from flows.access import Reader
from flows.desk import Desk
from flows.home import remember_customer
from flows.lookup import collected
from handlers.errors import Guard
from handlers.sending import reply
from handlers.values import Carried


def register(app: App, desk: Desk, guard: Guard) -> None:
    """Put the listeners on the app."""

    @app.action("collect.choose")
    def choose(ack: Callable[..., Any], body: dict[str, Any], client: Any) -> None:
        def tell(message: Any) -> object:
            return reply(client, body, message)

        def work(reader: Reader, value: Carried) -> None:
            reply(client, body, collected(desk, reader, value.key or "").message, instead=True)
            remember_customer(desk, reader, (value.key or "")[2:])

        guard.click(ack, body, tell, work)
