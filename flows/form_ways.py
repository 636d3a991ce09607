"""Ways into the application form: what was begun before, a new draft, a request that came back."""

from approvals.application_draft import Filled
from flows.access import Reader
from flows.desk import Desk
from flows.drafts import begin, discard, draft_of, filled_in, from_request, mine, step_of
from flows.form import View
from flows.form_sheet import shown
from storage.record import Draft
from texts.application_lists import drafts_view, told_view
from texts.application_sheet import DraftLine


def opened(desk: Desk, reader: Reader, *, name: str = "", uscc: str = "") -> View:
    """The form: first what was begun before, unless a name says that it is about somebody new."""
    drafts = [] if name else mine(desk, reader)
    return _list_of(desk, reader, drafts) if drafts else fresh(desk, reader, name=name, uscc=uscc)


def fresh(desk: Desk, reader: Reader, *, name: str = "", uscc: str = "") -> View:
    """The first step of a new draft."""
    typed = {key: text for key, text in (("name", name), ("uscc", uscc)) if text}
    return shown(desk, reader, begin(desk, reader, Filled(typed=typed)), "who")


def continued(desk: Desk, reader: Reader, draft_id: str) -> View:
    """A draft where it was left."""
    draft = draft_of(desk, reader, draft_id)
    return shown(desk, reader, draft, step_of(draft))


def resumed(desk: Desk, reader: Reader, request_no: str) -> View:
    """The form of one's own request that came back or was rejected."""
    draft = from_request(desk, reader, request_no)
    return shown(desk, reader, draft, step_of(draft))


def discarded(desk: Desk, reader: Reader, draft_id: str) -> View:
    """The list without one of its drafts."""
    discard(desk, reader, draft_id)
    drafts = mine(desk, reader)
    return _list_of(desk, reader, drafts) if drafts else told_view(reader.lang, "discarded")


def _list_of(desk: Desk, reader: Reader, drafts: list[Draft]) -> View:
    lines = [
        DraftLine(
            draft_id=draft.id,
            name=str(filled_in(draft).typed.get("name", "")),
            step=step_of(draft),
            changed_at=desk.local(draft.changed_at) or draft.changed_at,
        )
        for draft in drafts
    ]
    return drafts_view(reader.lang, lines)
