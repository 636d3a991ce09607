"""/credit, and the buttons of its answers."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from slack_bolt import App, BoltResponse
from slack_sdk.errors import SlackApiError

from flows.access import Reader
from flows.desk import Desk
from flows.home import remember_answer, remember_customer
from flows.lookup import Outcome, details_of, look_up, look_up_ready, names_somebody, share_of, show
from flows.recognise import recognise
from flows.replies import access_asked, as_modal, share_result
from flows.watchers import watch
from handlers.errors import Guard
from handlers.later import Later
from handlers.modals import in_modal, show_view
from handlers.sending import post, reply
from handlers.values import Carried

COMMAND = "/credit"
SHORTCUT = "credit_lookup"
NO_WORDS: Mapping[str, "Word"] = MappingProxyType({})
NO_NAMES: Mapping[str, "Named"] = MappingProxyType({})


Word = Callable[[Callable[..., Any], dict[str, Any], Any], object]
"""A first word that opens something instead of looking somebody up: (ack, body, client)."""
Named = Callable[[Callable[..., Any], dict[str, Any], Any, str], object]
"""The same with a name behind it: (ack, body, client, what stands behind the word)."""


def register(
    app: App,
    desk: Desk,
    guard: Guard,
    later: Later,
    words: Mapping[str, Word] = NO_WORDS,
    named: Mapping[str, Named] = NO_NAMES,
) -> None:
    """Put the listeners on the app; the command first, since each listener ahead of the right one costs time."""

    @app.command(COMMAND)
    def command(ack: Callable[..., Any], body: dict[str, Any], client: Any) -> BoltResponse | None:
        text = str(body.get("text") or "")
        word = words.get(text.strip().lstrip("/").casefold())
        if word is not None and not names_somebody(desk, text):
            word(ack, body, client)
            return None

        first, _, rest = text.strip().lstrip("/").partition(" ")
        about = named.get(first.casefold()) if rest.strip() else None
        if about is not None and not names_somebody(desk, text):
            about(ack, body, client, rest.strip())
            return None

        def answer(reader: Reader) -> Any:
            ready = look_up_ready(desk, reader, text)
            if ready is not None:
                remember_customer(desk, reader, ready.customer_id)
                return ready.body
            outcome = look_up(desk, reader, text)
            later.do(lambda: remember_answer(desk, reader, outcome))
            return outcome.message

        return guard.answer(ack, body["user_id"], answer)

    _showing(app, desk, guard)
    _asking(app, desk, guard)


def _showing(app: App, desk: Desk, guard: Guard) -> None:
    """Buttons that show more of a customer."""

    @app.action("lookup.details")
    def details(ack: Callable[..., Any], body: dict[str, Any], client: Any) -> None:
        def work(reader: Reader, value: Carried) -> None:
            show_view(client, body, details_of(desk, reader, value.c or ""))

        guard.click(ack, body, _teller(guard, client, body), work)

    @app.action("lookup.choose")
    def choose(ack: Callable[..., Any], body: dict[str, Any], client: Any) -> None:
        def work(reader: Reader, value: Carried) -> None:
            outcome = show(desk, reader, value.key or "")
            if in_modal(body):
                show_view(client, body, as_modal(reader.lang, outcome.message))
            else:
                reply(client, body, outcome.message, instead=True)
            remember_answer(desk, reader, outcome)

        guard.click(ack, body, _teller(guard, client, body), work)

    @app.action("lookup.open")
    def open_answer(ack: Callable[..., Any], body: dict[str, Any], client: Any) -> None:
        def work(reader: Reader, value: Carried) -> None:
            show_view(client, body, as_modal(reader.lang, show(desk, reader, value.key or "").message))

        guard.click(ack, body, _teller(guard, client, body), work)


def _asking(app: App, desk: Desk, guard: Guard) -> None:
    """Buttons that want something done, and the shortcut on a message."""

    @app.action("lookup.notify")
    def notify(ack: Callable[..., Any], body: dict[str, Any], client: Any) -> None:
        tell = _teller(guard, client, body)
        guard.click(ack, body, tell, lambda reader, value: tell(watch(desk, reader, value.c or "")))

    @app.action("lookup.share")
    def share(ack: Callable[..., Any], body: dict[str, Any], client: Any) -> None:
        tell = _teller(guard, client, body)

        def work(reader: Reader, value: Carried) -> None:
            outcome = show(desk, reader, value.key or "")
            message = share_of(reader, outcome)
            channel = str((body.get("channel") or {}).get("id") or "")
            if message is None:
                tell(outcome.message)
            else:
                tell(share_result(reader.lang, channel, post(client, channel, message) if channel else "refused"))

        guard.click(ack, body, tell, work)

    @app.action("access.ask")
    def ask(ack: Callable[..., Any], body: dict[str, Any], client: Any) -> None:
        tell = _teller(guard, client, body)

        def to_person(person: str, message: Any) -> bool:
            return post(client, person, message) == "done"

        guard.click(ack, body, tell, lambda reader, value: tell(access_asked(desk, reader, value.c or "", to_person)))

    @app.shortcut(SHORTCUT)
    def shortcut(ack: Callable[..., Any], body: dict[str, Any], client: Any) -> None:
        ack()
        tell = _teller(guard, client, body)

        def work(reader: Reader) -> None:
            outcome: Outcome = recognise(desk, reader, str((body.get("message") or {}).get("text") or ""))
            tell(outcome.message)
            remember_answer(desk, reader, outcome)

        guard.soon(body["user"]["id"], tell, work)


def _teller(guard: Guard, client: Any, body: dict[str, Any]) -> Callable[[Any], object]:
    """Answers beside the message that was clicked, or on top of the modal; in a direct message where there is none."""

    def tell(message: Any) -> object:
        if in_modal(body) and not body.get("response_url"):
            try:
                return show_view(client, body, as_modal(guard.lang_of(str(body["user"]["id"])), message))
            except SlackApiError:
                pass  # the trigger is spent, or three modals are open already
        return reply(client, body, message)

    return tell
