"""Decision cards: their buttons and modals, the queue, what somebody filed, deciding several at once."""

from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import App

from flows import approval as flow
from flows.access import Reader
from flows.approval import Asking, Decide, Place, Plain, Shown
from flows.desk import Desk
from flows.form import View
from flows.home import home_of
from flows.queue import bulk_of, bulk_sent, mine_of, queue_of
from handlers.errors import Guard
from handlers.form_state import state_of
from handlers.lookup import Word
from handlers.modals import first_input, in_modal, open_modal
from handlers.request_values import OnRequest, event_of, on_request, value_of
from handlers.sending import reply
from scoring.errors import DeskError

Tell = Callable[[Any], object]
Show = Callable[[Reader, Place], View]
Body = dict[str, Any]
QUEUE, MINE = ("queue", "待办"), ("mine", "我的")
_NOBODYS = Place("—", 1)
"""What a value that is not ours is about: answered like any request that one may not see."""
_PLAIN: tuple[Plain, ...] = ("approve", "vouch", "recommend", "take_back", "withdraw")
_OPENS: tuple[Asking, ...] = ("return", "reject")


class Approval:
    """The listeners of requests."""

    def __init__(self, desk: Desk, guard: Guard, decide: Decide) -> None:
        """`decide` records what a click does, or says why not."""
        self._desk, self._guard, self._decide = desk, guard, decide

    def words(self) -> Mapping[str, Word]:
        """First words of /credit that list requests."""

        def listing(make: Callable[[Desk, Reader], Any]) -> Word:
            def word(ack: Callable[..., Any], body: Body, _client: Any) -> object:
                return self._guard.answer(ack, str(body["user_id"]), lambda reader: self._listed(reader, make))

            return word

        return {**dict.fromkeys(QUEUE, listing(queue_of)), **dict.fromkeys(MINE, listing(mine_of))}

    def _listed(self, reader: Reader, make: Callable[[Desk, Reader], Any]) -> Any:
        try:
            return make(self._desk, reader)
        except DeskError as problem:
            return flow.refusal_said(self._desk, reader.lang, problem)

    def register(self, app: App) -> None:
        """Put the listeners on the app."""
        desk = self._desk
        for act in _PLAIN:
            app.action(f"approval.{act}")(self._pressing(act))
        for kind in _OPENS:
            app.action(f"approval.{kind}")(self._showing(self._opens(kind)))
        app.action("approval.more")(self._more)
        app.action("approval.fetch")(self._fetch)
        shows: dict[str, Show] = {
            "file": lambda reader, place: flow.file_of(desk, reader, place),
            "open": lambda reader, place: flow.card_of(desk, reader, place),
            "confirm_worse": lambda reader, place: flow.confirming(desk, reader, place),
            "complete": lambda reader, place: flow.form_again(desk, reader, place),
            "resubmit": lambda reader, place: flow.form_again(desk, reader, place),
            "reopen": lambda reader, place: flow.form_again(desk, reader, place),
            "bulk": lambda reader, _place: bulk_of(desk, reader),
        }
        for name, show in shows.items():
            app.action(f"approval.{name}")(self._showing(show))
        for kind in flow.ASKS:
            app.view(f"approval.{kind}")(self._sent(kind))
        app.view("approval.bulk")(self._bulk_sent)

    # -- buttons ----------------------------------------------------------------------------------------------

    def _pressing(self, act: Plain) -> Callable[..., None]:
        """A button that acts at once; the card itself shows what came of it."""

        def listener(ack: Callable[..., Any], body: Body, client: Any) -> None:
            place, event = _place_of(body), event_of(body)

            def record(reader: Reader) -> Shown:
                try:
                    return flow.pressed(self._desk, reader, place, act, event, self._decide)
                except DeskError as problem:
                    return Shown(message=flow.refusal_said(self._desk, reader.lang, problem))

            def show(reader: Reader, shown: Shown) -> None:
                self._after(client, body, reader, place, shown)

            self._guard.decision(ack, _account(body), _teller(client, body), record, show)

        return listener

    def _after(self, client: Any, body: Body, reader: Reader, place: Place, shown: Shown) -> None:
        """A modal where one is to be shown; in a modal its new state; else a word beside the message."""
        if shown.view is not None and open_modal(client, body, shown.view):
            return
        if shown.done and in_modal(body):
            view = flow.card_of(self._desk, reader, place)
            client.views_update(view_id=body["view"]["id"], view=view)
        elif shown.message is not None and not (shown.done and _on_card(body)):
            self._say(client, body, reader, shown.message)

    def _say(self, client: Any, body: Body, reader: Reader, message: Any) -> object:
        if in_modal(body) and open_modal(client, body, flow.message_view(reader.lang, message)):
            return None
        return reply(client, body, message)

    def _showing(self, show: Show) -> Callable[..., None]:
        """A button that opens a modal; where the trigger is spent, a word says so."""

        def listener(ack: Callable[..., Any], body: Body, client: Any) -> None:
            ack()
            place = _place_of(body)

            def work(reader: Reader) -> None:
                self._show(client, body, reader, place, show)

            self._guard.soon(_account(body), _teller(client, body), work)

        return listener

    def _show(self, client: Any, body: Body, reader: Reader, place: Place, show: Show) -> None:
        try:
            view = show(reader, place)
        except DeskError as problem:
            self._say(client, body, reader, flow.refusal_said(self._desk, reader.lang, problem))
            return
        if not open_modal(client, body, view):
            reply(client, body, flow.too_late(reader.lang))

    def _opens(self, kind: Asking) -> Show:
        return lambda reader, place: flow.opened(self._desk, reader, place, kind)

    def _more(self, ack: Callable[..., Any], body: Body, client: Any) -> None:
        """An entry of the menu: which one stands in its value."""
        ack()
        found = _carried(body)
        place = _NOBODYS if found is None or found.a is None else found.place
        kind: Asking = "ask" if found is None or found.a is None else found.a

        def work(reader: Reader) -> None:
            self._show(client, body, reader, place, self._opens(kind))

        self._guard.soon(_account(body), _teller(client, body), work)

    def _fetch(self, ack: Callable[..., Any], body: Body, client: Any) -> None:
        """A file of the request: recorded with the acknowledgement, and sent a moment later."""
        found, event = _carried(body), event_of(body)

        def record(reader: Reader) -> Shown:
            place, digest = (_NOBODYS, "") if found is None else (found.place, found.f or "")
            try:
                return Shown(message=flow.fetched(self._desk, reader, place, digest, event), done=True)
            except DeskError as problem:
                return Shown(message=flow.refusal_said(self._desk, reader.lang, problem))

        def show(reader: Reader, shown: Shown) -> None:
            self._say(client, body, reader, shown.message)

        self._guard.decision(ack, _account(body), _teller(client, body), record, show)

    # -- modals -----------------------------------------------------------------------------------------------

    def _sent(self, kind: Asking) -> Callable[..., None]:
        """A modal that was sent: decided before it is acknowledged, so that errors stand at their questions."""

        def listener(ack: Callable[..., Any], body: Body) -> None:
            view = body["view"]
            found = on_request(view.get("private_metadata"))
            place = _NOBODYS if found is None else found.place
            state, event = state_of(view).fields, event_of(body)

            def work(reader: Reader) -> Mapping[str, Any]:
                answer = flow.submitted(self._desk, reader, place, kind, state, event, self._decide)
                return _as_ack(answer)

            self._guard.submission(ack, _account(body), work, self._refused, first_input(view, "reason"))

        return listener

    def _bulk_sent(self, ack: Callable[..., Any], body: Body, client: Any) -> None:
        fields = state_of(body["view"]).fields.values()
        ticked = (on_request(one) for values in fields if isinstance(values, tuple) for one in values)
        chosen = [found.place for found in ticked if found is not None]
        account = _account(body)

        def work(reader: Reader) -> Mapping[str, Any]:
            message = bulk_sent(self._desk, reader, chosen, event_of(body), self._decide)
            self._guard.soon(account, None, lambda again: _publish(self._desk, again, client))
            return {"response_action": "update", "view": flow.message_view(reader.lang, message)}

        self._guard.submission(ack, account, work, self._refused, first_input(body["view"], "reason"))

    def _refused(self, lang: str, problem: DeskError) -> Mapping[str, Any]:
        return {"response_action": "update", "view": flow.refusal_view(self._desk, lang, problem)}


def _as_ack(answer: flow.Answer) -> Mapping[str, Any]:
    if answer.errors:
        return {"response_action": "errors", "errors": dict(answer.errors)}
    if answer.view is not None:
        return {"response_action": "update", "view": answer.view}
    return {"response_action": "clear"}


def _publish(desk: Desk, reader: Reader, client: Any) -> None:
    client.views_publish(user_id=reader.account, view=home_of(desk, reader))


def _account(body: Body) -> str:
    return str(body["user"]["id"])


def _carried(body: Body) -> OnRequest | None:
    return on_request(value_of((body.get("actions") or [{}])[0]))


def _place_of(body: Body) -> Place:
    found = _carried(body)
    return _NOBODYS if found is None else found.place


def _on_card(body: Body) -> bool:
    """On a message that everybody who sees it keeps: it changes by itself."""
    container = body.get("container") or {}
    return container.get("type") == "message" and not container.get("is_ephemeral")


def _teller(client: Any, body: Body) -> Tell:
    return lambda message: reply(client, body, message)
