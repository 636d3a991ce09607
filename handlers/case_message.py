"""The shortcut in a message's menu that keeps it as evidence in a case."""

from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import App

from flows.access import Reader
from flows.case_message import Line, line_modal, line_sent
from flows.desk import Desk
from handlers.case import Body, account_of, as_ack, refused, show_modal, teller
from handlers.case_values import LineAt, parsed
from handlers.chat import typed
from handlers.errors import Guard
from handlers.form_state import state_of
from handlers.modals import first_input
from handlers.request_values import event_of
from handlers.sending import AWAY

SHORTCUT, MODAL = "credit_case_from_message", "case.message"


def register(app: App, desk: Desk, guard: Guard) -> None:
    """Put the listeners on the app."""

    @app.shortcut(SHORTCUT)
    def shortcut(ack: Callable[..., Any], body: Body, client: Any) -> None:
        ack()
        message = body.get("message") or {}
        text, ts = typed(str(message.get("text") or "")), str(message.get("ts") or "")

        def work(reader: Reader) -> None:
            at = LineAt.model_construct(l=_link(client, body, ts), u=str(message.get("user") or ""))
            line = Line(text=text, ts=ts, carried=at.model_dump_json())
            show_modal(client, body, reader, lambda reader: line_modal(desk, reader, line))

        guard.soon(account_of(body), teller(client, body), work)

    @app.view(MODAL)
    def sent(ack: Callable[..., Any], body: Body) -> None:
        view = body["view"]
        at = parsed(LineAt, view.get("private_metadata")) or LineAt(l="", u="")
        fields, event = state_of(view).fields, event_of(body)

        def work(reader: Reader) -> Mapping[str, Any]:
            return as_ack(line_sent(desk, reader, at.l, at.u, fields, event))

        guard.submission(ack, account_of(body), work, refused, first_input(view, "text"))


def _link(client: Any, body: Body, ts: str) -> str:
    """What opens the message; "" where Slack does not tell in time."""
    channel = str((body.get("channel") or {}).get("id") or "")
    try:
        return str(client.chat_getPermalink(channel=channel, message_ts=ts)["permalink"])
    except (*AWAY, KeyError):
        return ""
