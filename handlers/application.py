"""The application form of a new customer: ways in, steps, drafts, files, submission."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import App
from slack_sdk.errors import SlackApiError

from approvals.application_fields import CREDIT_STEPS, fields_of
from flows import form, form_files, form_send, form_ways
from flows.access import Reader
from flows.company_in import company_in
from flows.desk import Desk
from flows.form import Submit, Turn, View
from handlers.downloads import Batch, Downloads, Found
from handlers.errors import Guard
from handlers.form_keys import Keys
from handlers.form_moves import Moves, Show, or_refusal
from handlers.form_state import FormState, Held, held, state_of
from handlers.lookup import Word
from handlers.modals import open_modal
from handlers.sending import refusal, reply
from scoring.errors import DeskError

WORDS = ("new", "新客户")
SHORTCUT, MESSAGE_SHORTCUT = "credit_new", "credit_new_from_message"
_STEP = re.compile(rf"^application\.({'|'.join(CREDIT_STEPS)})$")
_TYPED = re.compile(rf"^{re.escape(form.TYPED_ACTION)}")
_WAIT = 1.8
"""Seconds that an acknowledgement waits for files; Slack waits three."""
_DRAWN = frozenset({"static_select", "radio_buttons", "checkboxes", "datepicker"})
"""Questions after whose answer the step is drawn again: the score moves. While somebody writes it stays as it is."""


class Application:
    """The listeners of the form."""

    def __init__(self, desk: Desk, guard: Guard, downloads: Downloads, submit: Submit | None) -> None:
        """`submit` files the request of a draft; without it drafts are kept and nothing is sent."""
        self._desk, self._guard, self._downloads, self._submit = desk, guard, downloads, submit
        self._keys = Keys()

    def words(self) -> Mapping[str, Word]:
        """First words of /credit that open the form."""

        def word(ack: Callable[..., Any], body: dict[str, Any], client: Any) -> None:
            ack()
            self._open(client, body, str(body["user_id"]), lambda reader: form_ways.opened(self._desk, reader))

        return dict.fromkeys(WORDS, word)

    def register(self, app: App) -> None:
        """Put the listeners on the app."""
        app.action(_TYPED)(self._typing)
        app.view(_STEP)(self._submitted)
        app.shortcut(SHORTCUT)(self._shortcut)
        app.shortcut(MESSAGE_SHORTCUT)(self._shortcut)
        app.action("application.open")(self._home)
        Moves(self._desk, self._guard, self._keys).register(app)

    # -- ways in ----------------------------------------------------------------------------------------------

    def _shortcut(self, ack: Callable[..., Any], body: dict[str, Any], client: Any) -> None:
        ack()
        name, uscc = company_in(str((body.get("message") or {}).get("text") or ""))
        account = str(body["user"]["id"])
        self._open(client, body, account, lambda reader: form_ways.opened(self._desk, reader, name=name, uscc=uscc))

    def _home(self, ack: Callable[..., Any], body: dict[str, Any], client: Any) -> None:
        ack()
        self._open(client, body, str(body["user"]["id"]), lambda reader: form_ways.opened(self._desk, reader))

    def _open(self, client: Any, body: dict[str, Any], account: str, show: Show) -> None:
        """A modal of its own; where the trigger is spent, a word that nothing is lost."""

        def work(reader: Reader) -> None:
            if not open_modal(client, body, or_refusal(reader, show)):
                tell(form.told_message(reader.lang, "trigger_gone"))

        def tell(message: Any) -> object:
            return reply(client, {**body, "user": {"id": account}}, message)

        self._guard.soon(account, tell, work)

    # -- filling in -------------------------------------------------------------------------------------------

    def _typing(self, ack: Callable[..., Any], body: dict[str, Any], client: Any) -> None:
        """Kept before it is acknowledged: a window that is closed now loses nothing."""
        view, action = body.get("view") or {}, body["actions"][0]
        at, drawn = held(view), action.get("type") in _DRAWN
        if at is None:
            ack()
            return
        place, state = at, state_of(view)

        def work(reader: Reader) -> Mapping[str, Any]:
            with self._keys.of(body) as newest:
                if not newest(str(action.get("action_ts") or "")):
                    return {}
                now = form.typed(self._desk, reader, place.d, place.s, state.fields, state.answers, redraw=drawn)
            if now is not None:
                self._guard.soon(reader.account, None, lambda _reader: _redraw(client, view, now))
            return {}

        # what is wrong with a draft is said when its step is submitted
        self._guard.submission(ack, str(body["user"]["id"]), work, lambda _lang, _problem: {}, "")

    def _submitted(self, ack: Callable[..., Any], body: dict[str, Any], client: Any) -> None:
        view = body["view"]
        at = held(view)
        account = str(body["user"]["id"])
        state = state_of(view)

        def work(reader: Reader) -> Mapping[str, Any]:
            if at is None:
                raise form.FormError("draft_gone")
            with self._keys.of(body):
                if at.s == "files":
                    return self._files(reader, at, state, client, body)
                turn = form.submitted(self._desk, reader, at.d, at.s, state.fields, state.answers)
                if at.s == "review" and turn.view is not None:
                    key = f"view:{view['id']}:{view.get('hash', '')}"
                    turn = form_send.sent(self._desk, reader, at.d, key, self._submit)
            return _as_answer(turn)

        def refused(lang: str, problem: DeskError) -> Mapping[str, Any]:
            if isinstance(problem, form.FormError) or at is None:
                return {"response_action": "update", "view": form.refusal(lang, problem)}
            return {"response_action": "errors", "errors": form.refused_at(lang, at.s, problem)}

        block = fields_of(at.s)[0].name if at is not None else "name"
        self._guard.submission(ack, account, work, refused, block)

    # -- files ------------------------------------------------------------------------------------------------

    def _files(
        self, reader: Reader, at: Held, state: FormState, client: Any, body: dict[str, Any]
    ) -> Mapping[str, Any]:
        """Looked at before the acknowledgement where they come in time; else the form waits in view of its owner."""
        waiting = form_files.fetching(self._desk, reader, at.d)
        batch = self._downloads.start(state.uploads)
        found = batch.within(_WAIT)
        if found is not None:
            return _as_answer(form_files.files_taken(self._desk, reader, at.d, found))
        view = body["view"]

        def tell(message: Any) -> object:
            return reply(client, body, message)

        self._guard.soon(reader.account, tell, lambda reader: self._late(reader, at, batch, client, view))
        return {"response_action": "update", "view": waiting}

    def _late(self, reader: Reader, at: Held, batch: Batch, client: Any, view: Mapping[str, Any]) -> None:
        def show(reader: Reader) -> View:
            found: Found | None = batch.within(None)
            turn = form_files.files_taken(self._desk, reader, at.d, found or {})
            return turn.view or form_files.files_refused(self._desk, reader, at.d, turn.errors)

        client.views_update(view_id=view["id"], view=or_refusal(reader, show))


def _as_answer(turn: Turn) -> Mapping[str, Any]:
    if turn.errors:
        return {"response_action": "errors", "errors": dict(turn.errors)}
    return {"response_action": "update", "view": turn.view}


def _redraw(client: Any, view: Mapping[str, Any], now: View) -> None:
    """Only while nobody has changed it since: what is older than the screen is not shown."""
    try:
        client.views_update(view_id=view["id"], hash=view.get("hash"), view=now)
    except SlackApiError as problem:
        if refusal(problem) not in {"hash_conflict", "not_found"}:
            raise
