"""Away: the window in which a turn is given to somebody else, and the buttons that end it."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from slack_bolt import App

from approvals.delegation import Delegation
from flows import absence_form as flow
from flows.access import Reader
from flows.approval import refusal_said, too_late
from flows.desk import Desk
from flows.form import View
from flows.home import home_of
from handlers.errors import Guard
from handlers.form_state import state_of
from handlers.lookup import Word
from handlers.modals import open_modal
from handlers.request_values import event_of, value_of
from handlers.sending import reply
from scoring.errors import DeskError

Body = dict[str, Any]
WORDS = ("delegate", "委托", "代办")


class OnDelegation(BaseModel):
    """{"d": id, "v": 1}: what the button that ends one carries; nothing else is believed."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    d: Annotated[str, Field(pattern=r"^[0-9a-f]{24}$")]
    v: Annotated[int, Field(ge=1, le=1, strict=True)]


class Absence:
    """The listeners of delegations."""

    def __init__(self, desk: Desk, guard: Guard) -> None:
        """Nothing is shown yet."""
        self._desk, self._guard = desk, guard

    def words(self) -> Mapping[str, Word]:
        """First words of /credit that open the window."""

        def word(ack: Callable[..., Any], body: Body, client: Any) -> None:
            ack()
            self._open(client, body, str(body["user_id"]))

        return dict.fromkeys(WORDS, word)

    def register(self, app: App) -> None:
        """Put the listeners on the app."""
        app.action("absence.open")(self._pressed)
        app.action("absence.end")(self._end)
        app.view("absence.give")(self._sent)

    def _pressed(self, ack: Callable[..., Any], body: Body, client: Any) -> None:
        ack()
        self._open(client, body, str(body["user"]["id"]))

    def _open(self, client: Any, body: Body, account: str) -> None:
        """A window of its own; where the trigger is spent, a word says so."""

        def tell(message: Any) -> object:
            return reply(client, {**body, "user": {"id": account}}, message)

        def work(reader: Reader) -> None:
            try:
                view = flow.absence_of(self._desk, reader)
            except DeskError as problem:
                view = flow.refused_view(reader.lang, problem)
            if not open_modal(client, body, view):
                tell(too_late(reader.lang))

        self._guard.soon(account, tell, work)

    def _sent(self, ack: Callable[..., Any], body: Body, client: Any) -> None:
        """Recorded before it is acknowledged, so that errors stand at their questions."""
        account, state, event = str(body["user"]["id"]), state_of(body["view"]).fields, event_of(body)

        def work(reader: Reader) -> Mapping[str, Any]:
            done = flow.sent(self._desk, reader, state, event)
            if done.errors:
                return {"response_action": "errors", "errors": dict(done.errors)}
            self._guard.soon(account, None, lambda again: self._publish(again, client))
            return {"response_action": "update", "view": done.view}

        def refused(lang: str, problem: DeskError) -> Mapping[str, Any]:
            return {"response_action": "update", "view": flow.refused_view(lang, problem)}

        self._guard.submission(ack, account, work, refused, "to")

    def _end(self, ack: Callable[..., Any], body: Body, client: Any) -> None:
        """Recorded before it is acknowledged; then the list is shown as it is now, where it was clicked."""
        found, event, account = _carried(body), event_of(body), str(body["user"]["id"])

        def record(reader: Reader) -> Delegation | DeskError:
            try:
                return flow.ended(self._desk, reader, found, event)
            except DeskError as problem:
                return problem

        def show(reader: Reader, done: Delegation | DeskError) -> None:
            if isinstance(done, Delegation):
                self._show(client, body, flow.after_end(self._desk, reader, done))
                self._publish(reader, client)
            elif not self._show(client, body, flow.refused_view(reader.lang, done)):
                reply(client, body, refusal_said(self._desk, reader.lang, done))

        self._guard.decision(ack, account, lambda message: reply(client, body, message), record, show)

    def _show(self, client: Any, body: Body, view: View) -> bool:
        """In the window that was clicked in; False where it was no window."""
        if (body.get("view") or {}).get("type") != "modal":
            return False
        client.views_update(view_id=body["view"]["id"], view=view)
        return True

    def _publish(self, reader: Reader, client: Any) -> None:
        client.views_publish(user_id=reader.account, view=home_of(self._desk, reader))


def _carried(body: Body) -> str:
    """Which delegation a button is about; a value that is not ours names none."""
    value = value_of((body.get("actions") or [{}])[0])
    try:
        return OnDelegation.model_validate_json(value if isinstance(value, str) else "").d
    except ValidationError:
        return ""
