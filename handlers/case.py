"""Cases: /credit case, the card's buttons, their modals."""

from collections.abc import Callable, Mapping
from typing import Any, get_args

from slack_bolt import App

from approvals.cases import CaseAct
from flows import case_forms, case_start, case_view
from flows.access import Reader
from flows.approval import Answer, too_late
from flows.cases import CasePlace
from flows.desk import Desk
from flows.form import View
from handlers.case_values import NewCase, OnCase, OpeningOf, parsed
from handlers.errors import Guard
from handlers.form_state import state_of
from handlers.lookup import Named, Word
from handlers.modals import first_input, in_modal, open_modal
from handlers.request_values import event_of, value_of
from handlers.sending import reply
from scoring.errors import DeskError

Body = dict[str, Any]
Show = Callable[[Reader], View]
WORDS = ("case", "事件")
_NOBODYS = CasePlace("—", 1)
"""What a value that is not ours is about: answered like any case that one may not see."""


class Cases:
    """The listeners of cases."""

    def __init__(self, desk: Desk, guard: Guard) -> None:
        """Nothing is listened for yet."""
        self._desk, self._guard = desk, guard

    # -- ways in ----------------------------------------------------------------------------------------------

    def words(self) -> Mapping[str, Word]:
        """`/credit case` alone lists what is open."""

        def listed(ack: Callable[..., Any], body: Body, _client: Any) -> object:
            return self._guard.answer(ack, str(body["user_id"]), self._list)

        return dict.fromkeys(WORDS, listed)

    def named(self) -> Mapping[str, Named]:
        """`/credit case NAME` opens one."""

        def opened(ack: Callable[..., Any], body: Body, client: Any, rest: str) -> None:
            ack()
            whose = {**body, "user": {"id": str(body["user_id"])}}

            def work(reader: Reader) -> None:
                start = case_start.start_case(self._desk, reader, rest)
                if start.view is not None and not open_modal(client, whose, start.view):
                    reply(client, whose, too_late(reader.lang))
                if start.message is not None:
                    reply(client, whose, start.message)

            self._guard.soon(str(body["user_id"]), teller(client, whose), work)

        return dict.fromkeys(WORDS, opened)

    def _list(self, reader: Reader) -> Any:
        try:
            return case_view.case_list(self._desk, reader)
        except DeskError as problem:
            return case_forms.refusal_said(reader.lang, problem)

    def register(self, app: App) -> None:
        """Put the listeners on the app."""
        app.action("case.new")(self._new)
        app.action("case.show")(self._showing(lambda reader, place: case_forms.case_shown(self._desk, reader, place)))
        app.action("case.tick")(self._tick)
        for act in set(get_args(CaseAct)) - {"tick"}:
            app.action(f"case.{act}")(self._showing(self._asks(act)))
            app.view(f"case.{act}")(self._sent(act))
        app.view("case.opening")(self._opening_sent)

    # -- buttons ----------------------------------------------------------------------------------------------

    def _new(self, ack: Callable[..., Any], body: Body, client: Any) -> None:
        ack()
        found = parsed(NewCase, value_of(body["actions"][0]))
        customer_id, alert_id = ("", "") if found is None else (found.c, found.a or "")
        source: Any = "alert" if alert_id else "button"

        def show(reader: Reader) -> View:
            return case_forms.new_case(self._desk, reader, customer_id, source, alert_id)

        self._guard.soon(account_of(body), teller(client, body), lambda reader: show_modal(client, body, reader, show))

    def _tick(self, ack: Callable[..., Any], body: Body, client: Any) -> None:
        """A step of the checklist: recorded at once; the card shows it."""
        found = parsed(OnCase, value_of(body["actions"][0]))
        place, step = (_NOBODYS, "") if found is None else (found.place, found.t)
        event = event_of(body)

        def record(reader: Reader) -> Any:
            return case_forms.ticked(self._desk, reader, place, step, event)

        def show(reader: Reader, refusal: Any) -> None:
            if refusal is not None:
                reply(client, body, refusal)
            elif in_modal(body):
                view = case_forms.case_shown(self._desk, reader, place)
                client.views_update(view_id=body["view"]["id"], view=view)

        self._guard.decision(ack, account_of(body), teller(client, body), record, show)

    def _asks(self, act: CaseAct) -> Callable[[Reader, CasePlace], View]:
        return lambda reader, place: case_forms.case_modal(self._desk, reader, place, act)

    def _showing(self, make: Callable[[Reader, CasePlace], View]) -> Callable[..., None]:
        def listener(ack: Callable[..., Any], body: Body, client: Any) -> None:
            ack()
            found = parsed(OnCase, value_of(body["actions"][0]))
            place = _NOBODYS if found is None else found.place

            def work(reader: Reader) -> None:
                show_modal(client, body, reader, lambda reader: make(reader, place))

            self._guard.soon(account_of(body), teller(client, body), work)

        return listener

    # -- modals -----------------------------------------------------------------------------------------------

    def _sent(self, act: CaseAct) -> Callable[..., None]:
        """Recorded before it is acknowledged, so that errors stand at their questions."""

        def listener(ack: Callable[..., Any], body: Body) -> None:
            view = body["view"]
            found = parsed(OnCase, view.get("private_metadata"))
            place = _NOBODYS if found is None else found.place
            fields, event = state_of(view).fields, event_of(body)

            def work(reader: Reader) -> Mapping[str, Any]:
                return as_ack(case_forms.act_sent(self._desk, reader, place, act, fields, event))

            self._guard.submission(ack, account_of(body), work, refused, first_input(view, "text"))

        return listener

    def _opening_sent(self, ack: Callable[..., Any], body: Body) -> None:
        view = body["view"]
        found = parsed(OpeningOf, view.get("private_metadata"))
        fields, event = state_of(view).fields, event_of(body)
        of = OpeningOf(c="—", f="command", s="") if found is None else found

        def work(reader: Reader) -> Mapping[str, Any]:
            return as_ack(case_forms.opening_sent(self._desk, reader, of.c, of.f, of.s, fields, event))

        self._guard.submission(ack, account_of(body), work, refused, first_input(view, "text"))


def refused(lang: str, problem: DeskError) -> Mapping[str, Any]:
    """A refusal in the modal's place."""
    return {"response_action": "update", "view": case_forms.refusal_view(lang, problem)}


def as_ack(answer: Answer) -> Mapping[str, Any]:
    """What a modal is acknowledged with."""
    if answer.errors:
        return {"response_action": "errors", "errors": dict(answer.errors)}
    return {"response_action": "update", "view": answer.view}


def show_modal(client: Any, body: Body, reader: Reader, make: Show) -> None:
    """The modal, or why not."""
    try:
        view = make(reader)
    except DeskError as problem:
        _say(client, body, reader, problem)
        return
    if not open_modal(client, body, view):
        reply(client, body, too_late(reader.lang))


def _say(client: Any, body: Body, reader: Reader, problem: DeskError) -> None:
    """Why not: on top of the modal, or beside the message."""
    if in_modal(body) and open_modal(client, body, case_forms.refusal_view(reader.lang, problem)):
        return
    reply(client, body, case_forms.refusal_said(reader.lang, problem))


def account_of(body: Body) -> str:
    """Who did it."""
    return str(body["user"]["id"])


def teller(client: Any, body: Body) -> Callable[[Any], object]:
    """Answers beside what was clicked."""
    return lambda message: reply(client, body, message)
