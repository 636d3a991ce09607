"""App Home: published when opened; its search answers in a modal."""

from collections.abc import Callable
from typing import Any

from slack_bolt import App

from flows.desk import Desk
from flows.home import home_of, remember
from flows.lookup import look_up
from flows.replies import as_modal
from handlers.later import Later
from handlers.readers import Readers


def register(app: App, desk: Desk, readers: Readers, later: Later) -> None:
    """Listeners of the Home tab."""

    @app.event("app_home_opened")
    def opened(event: dict[str, Any], client: Any) -> None:
        if event.get("tab", "home") == "home":
            later.do(lambda: publish(event["user"], client))

    @app.action("home.search")
    def search(ack: Callable[..., Any], body: dict[str, Any], client: Any) -> None:
        ack()
        account, text = body["user"]["id"], str(body["actions"][0].get("value") or "")

        def answer() -> None:
            reader = readers.reader(account)
            outcome = look_up(desk, reader, text)
            client.views_open(trigger_id=body["trigger_id"], view=as_modal(reader.lang, outcome.message))
            if outcome.answered is not None:
                remember(desk, reader, outcome.answered.answer["customer_id"])
                publish(account, client)

        later.do(answer)

    def publish(account: str, client: Any) -> None:
        client.views_publish(user_id=account, view=home_of(desk, readers.reader(account)))
