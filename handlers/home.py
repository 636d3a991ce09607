"""App Home: published when opened; its search answers in a modal."""

from collections.abc import Callable
from typing import Any

from slack_bolt import App

from flows.access import Reader
from flows.desk import Desk
from flows.home import home_of, remember_answer
from flows.lookup import look_up
from flows.replies import as_modal
from handlers.errors import Guard


def register(app: App, desk: Desk, guard: Guard) -> None:
    """Listeners of the Home tab."""

    @app.event("app_home_opened")
    def opened(event: dict[str, Any], client: Any) -> None:
        if event.get("tab", "home") == "home":
            guard.soon(event["user"], None, lambda reader: publish(reader, client))

    @app.action("home.search")
    def search(ack: Callable[..., Any], body: dict[str, Any], client: Any) -> None:
        ack()
        text = str(body["actions"][0].get("value") or "")

        def tell(message: Any) -> object:
            return client.chat_postMessage(channel=body["user"]["id"], unfurl_links=False, **message)

        def answer(reader: Reader) -> None:
            outcome = look_up(desk, reader, text)
            client.views_open(trigger_id=body["trigger_id"], view=as_modal(reader.lang, outcome.message))
            if outcome.answered is not None:
                remember_answer(desk, reader, outcome)
                publish(reader, client)

        guard.soon(body["user"]["id"], tell, answer)

    def publish(reader: Reader, client: Any) -> None:
        client.views_publish(user_id=reader.account, view=home_of(desk, reader))
