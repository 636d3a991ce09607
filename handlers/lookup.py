"""/credit, and the buttons of its answers."""

from collections.abc import Callable
from typing import Any

from slack_bolt import App
from slack_sdk.errors import SlackApiError

from flows.desk import Desk
from flows.home import remember
from flows.lookup import Outcome, details_of, look_up, share_of, show
from flows.recognise import recognise
from flows.replies import access_asked, as_modal, share_result, stale_button
from flows.watchers import watch
from handlers.errors import Guard
from handlers.later import Later
from handlers.readers import Readers

COMMAND = "/credit"
SHORTCUT = "credit_lookup"


def register(app: App, desk: Desk, readers: Readers, later: Later) -> None:
    """Put the listeners on the app; the command first, since each listener ahead of the right one costs time."""
    guard = Guard(readers, desk.default_lang)

    @app.command(COMMAND)
    def command(ack: Callable[..., Any], body: dict[str, Any]) -> None:
        with guard.answering(ack, body["user_id"]) as reader:
            outcome = look_up(desk, reader, str(body.get("text") or ""))
            ack(response_type="ephemeral", **outcome.message)
            _remember(desk, reader, outcome)

    @app.action("lookup.details")
    def details(ack: Callable[..., Any], body: dict[str, Any], client: Any) -> None:
        with guard.acting(ack, body) as (reader, value):
            later.do(lambda: _open(client, body, details_of(desk, reader, value.c or "")))

    @app.action("lookup.choose")
    def choose(ack: Callable[..., Any], body: dict[str, Any], respond: Any) -> None:
        with guard.acting(ack, body) as (reader, value):
            outcome = show(desk, reader, value.key or "")
            later.do(lambda: respond(replace_original=True, response_type="ephemeral", **outcome.message))
            _remember(desk, reader, outcome)

    @app.action("lookup.open")
    def open_answer(ack: Callable[..., Any], body: dict[str, Any], client: Any) -> None:
        with guard.acting(ack, body) as (reader, value):
            outcome = show(desk, reader, value.key or "")
            later.do(lambda: _open(client, body, as_modal(reader.lang, outcome.message)))

    @app.action("lookup.notify")
    def notify(ack: Callable[..., Any], body: dict[str, Any], client: Any, respond: Any) -> None:
        with guard.acting(ack, body) as (reader, value):
            message = watch(desk, reader, value.c or "")
            later.do(lambda: _say(client, respond, body, message))

    @app.action("lookup.share")
    def share(ack: Callable[..., Any], body: dict[str, Any], client: Any, respond: Any) -> None:
        with guard.acting(ack, body) as (reader, value):
            message = share_of(desk, reader, value.c or "")
            channel = (body.get("channel") or {}).get("id")
            if message is None or channel is None:
                later.do(lambda: _say(client, respond, body, stale_button(reader.lang)))
                return

            def post() -> None:
                posted = _posts(client, channel, message)
                _say(client, respond, body, share_result(reader.lang, posted=posted))

            later.do(post)

    @app.action("access.ask")
    def ask(ack: Callable[..., Any], body: dict[str, Any], client: Any, respond: Any) -> None:
        with guard.acting(ack, body) as (reader, value):
            message = access_asked(desk, reader, value.c or "")
            later.do(lambda: _say(client, respond, body, message))

    @app.shortcut(SHORTCUT)
    def shortcut(ack: Callable[..., Any], body: dict[str, Any], respond: Any) -> None:
        with guard.answering(ack, body["user"]["id"]) as reader:
            ack()
            outcome = recognise(desk, reader, str((body.get("message") or {}).get("text") or ""))
            later.do(lambda: respond(response_type="ephemeral", replace_original=False, **outcome.message))
            _remember(desk, reader, outcome)


def _remember(desk: Desk, reader: Any, outcome: Outcome) -> None:
    if outcome.answered is not None:
        remember(desk, reader, outcome.answered.answer["customer_id"])


def _open(client: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
    """Show a modal: on top of the open one, or as the first."""
    inside = (body.get("container") or {}).get("type") == "view" and (body.get("view") or {}).get("type") == "modal"
    method = client.views_push if inside else client.views_open
    method(trigger_id=body["trigger_id"], view=view)


def _say(client: Any, respond: Any, body: dict[str, Any], message: Any) -> None:
    """Beside the message that was clicked; in a direct message where there is none."""
    if body.get("response_url"):
        respond(replace_original=False, response_type="ephemeral", **message)
    else:
        client.chat_postMessage(channel=body["user"]["id"], unfurl_links=False, **message)


def _posts(client: Any, channel: str, message: Any) -> bool:
    try:
        client.chat_postMessage(channel=channel, unfurl_links=False, unfurl_media=False, **message)
    except SlackApiError:
        return False
    return True
