"""Buttons inside the application form: back, to another step, aside, to a draft; each shows another view."""

from collections.abc import Callable
from typing import Any

from slack_bolt import App

from approvals.application_fields import CREDIT_STEPS
from flows import form, form_send, form_ways
from flows.access import Reader
from flows.desk import Desk
from flows.form import View
from handlers.errors import Guard
from handlers.form_keys import Keys
from handlers.form_state import FormState, Held, held, state_of
from handlers.sending import reply
from scoring.errors import DeskError

Show = Callable[[Reader], View]


def or_refusal(reader: Reader, show: Show) -> View:
    """What is to be shown, or why it is not."""
    try:
        return show(reader)
    except DeskError as problem:
        return form.refusal(reader.lang, problem)


class Moves:
    """The listeners of those buttons."""

    def __init__(self, desk: Desk, guard: Guard, keys: Keys) -> None:
        """`keys` keeps what is typed and what is pressed in order."""
        self._desk, self._guard, self._keys = desk, guard, keys

    def register(self, app: App) -> None:
        """Buttons inside the form: each puts another view in the place of the one it stands in."""
        desk = self._desk

        def back(reader: Reader, at: Held, state: FormState, _value: str) -> View:
            return form.moved(desk, reader, at.d, at.s, state.fields)

        def jump(reader: Reader, at: Held, state: FormState, value: str) -> View:
            to = next((one for one in CREDIT_STEPS if one == value), None)
            return form.moved(desk, reader, at.d, at.s, state.fields, to)

        def save(reader: Reader, at: Held, state: FormState, _value: str) -> View:
            return form.saved(desk, reader, at.d, at.s, state.fields)

        for name, move in (("back", back), ("jump", jump), ("save", save)):
            app.action(f"application.{name}")(self._inside(move))

        app.action("application.route")(self._route)

        def on(show: Callable[[Reader, str], View]) -> Callable[..., None]:
            def listener(ack: Callable[..., Any], body: dict[str, Any], client: Any) -> None:
                ack()
                value = str(body["actions"][0].get("value") or "")
                self._replace(client, body, lambda reader: show(reader, value))

            return listener

        app.action("application.continue")(on(lambda reader, value: form_ways.continued(desk, reader, value)))
        app.action("application.discard")(on(lambda reader, value: form_ways.discarded(desk, reader, value)))
        app.action("application.fresh")(on(lambda reader, _value: form_ways.fresh(desk, reader)))

    def _inside(self, move: Callable[[Reader, Held, FormState, str], View]) -> Callable[..., None]:
        def listener(ack: Callable[..., Any], body: dict[str, Any], client: Any) -> None:
            ack()
            action, view = body["actions"][0], body.get("view") or {}
            at, state = held(view), state_of(view)
            value = str((action.get("selected_option") or {}).get("value") or action.get("value") or "")
            if at is not None:
                place = at
                self._replace(client, body, lambda reader: move(reader, place, state, value))

        return listener

    def _route(self, ack: Callable[..., Any], body: dict[str, Any], client: Any) -> None:
        """On top of the form, which stays as it is."""
        ack()
        at = held(body.get("view") or {})

        def work(reader: Reader) -> object:
            if at is None:
                raise form.FormError("draft_gone")
            place = at
            view = or_refusal(reader, lambda reader: form_send.routed(self._desk, reader, place.d))
            return client.views_push(trigger_id=body["trigger_id"], view=view)

        self._guard.soon(str(body["user"]["id"]), lambda message: reply(client, body, message), work)

    def _replace(self, client: Any, body: dict[str, Any], show: Show) -> None:
        def work(reader: Reader) -> object:
            with self._keys.of(body):
                view = or_refusal(reader, show)
            return client.views_update(view_id=body["view"]["id"], view=view)

        self._guard.soon(str(body["user"]["id"]), lambda message: reply(client, body, message), work)
