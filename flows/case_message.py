"""A chat line becomes evidence: customer, day and amount are read from it, a person puts them right, it is recorded."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from approvals.case_acts import CaseChange
from approvals.cases import Case
from approvals.errors import CaseError
from flows.access import Reader
from flows.approval import Answer, Event
from flows.case_forms import Fields, evidence_in, kind_in, refused, severity_in, words_in
from flows.case_line import amount_in_line, day_in_line
from flows.case_start import named
from flows.case_view import case_sheet, cases_of
from flows.cases import CasePlace, Opening, act_on_case, case_of, open_case, owners_of, seen_customer
from flows.desk import Desk
from flows.form import View
from flows.lookup import MAX_TEXT, is_certain
from flows.routing import record_of
from scoring.errors import DeskError
from storage.search import Hit
from texts.case_message import NEW, LineSheet, message_modal
from texts.case_modals import card_modal


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A message that somebody points at."""

    text: str
    ts: str
    """Its time, as Slack writes it."""
    carried: str
    """What the modal carries: where it stands."""


def line_modal(desk: Desk, reader: Reader, line: Line) -> View:
    """The modal with what was read from the line."""
    record_of(desk)
    if reader.outsider or reader.person is None:
        raise CaseError("case_customer_unknown", customer_id="—")
    hits = [one for one in customers_in(desk, line.text) if one.customer_id]
    one = hits[0] if len(hits) == 1 else None
    posted = _posted(desk, line.ts)
    mine = [sheet.case for sheet in cases_of(desk, reader, customer_id=(one.customer_id or "") if one else "")]
    sheet = LineSheet(
        text=line.text, customer=one.name if one else "", said_on=min(day_in_line(line.text, posted), desk.today()),
        amount=amount_in_line(line.text), cases=mine, chosen=mine[0].case_id if one and mine else NEW,
        carried=line.carried,
    )  # fmt: skip
    return message_modal(sheet, reader.lang)


def customers_in(desk: Desk, text: str) -> tuple[Hit, ...]:
    """Who is named in a line: the one it consists of, else all whose names stand in it."""
    view = desk.latest.view
    if view is None:
        return ()
    line = text.strip()
    if 0 < len(line) <= MAX_TEXT:
        found = named(desk, line)
        if is_certain(found):
            return found.hits
    return view.search.mentioned(line)


def line_sent(desk: Desk, reader: Reader, link: str, author: str, fields: Fields, event: Event) -> Answer:
    """The modal was sent: the evidence in its case, which is shown in its place. `author` is a Slack account."""
    try:
        case = _recorded(desk, reader, link, author, fields, event)
    except DeskError as problem:
        return refused(reader.lang, problem, fields)
    return Answer(view=card_modal(case_sheet(desk, case, reader.person), reader.lang))


def _recorded(desk: Desk, reader: Reader, link: str, author: str, fields: Fields, event: Event) -> Case:
    known = desk.people.by_slack.get(author)
    evidence = evidence_in(desk, reader, fields, link=link, said_by=known.id if known is not None else "")
    customer = seen_customer(desk, reader, _whom(desk, words_in(fields, "customer")))
    into = str(fields.get("into") or NEW)
    if into != NEW:
        case = case_of(desk, reader, into)
        if case.customer_id != customer.customer_id:
            raise CaseError("case_other_customer", case_id=case.case_id)
        change = CaseChange(act="evidence", evidence=evidence)
        return act_on_case(desk, reader, CasePlace(case.case_id, case.version), change, event)
    owners = [one.id for one in owners_of(desk, customer)]
    opening = Opening(
        customer_id=customer.customer_id, kind=kind_in(fields), severity=severity_in(fields), what=evidence.text,
        occurred_on=evidence.said_on, owner=owners[0] if owners else "", drill=bool(fields.get("drill")),
        source="message", evidence=evidence,
    )  # fmt: skip
    return open_case(desk, reader, opening, event)


def _whom(desk: Desk, typed: str) -> str:
    """The one customer with this id or name; never one that is only like it."""
    found = named(desk, typed)
    exact = [one for one in found.hits if one.match in {"id", "uscc", "name", "alias"} and one.customer_id]
    if len(exact) != 1 or exact[0].customer_id is None:
        raise CaseError("case_whom", found=typed[:60])
    return exact[0].customer_id


def _posted(desk: Desk, ts: str) -> date:
    """The day of a message where the company is; today where its time cannot be read."""
    try:
        moment = desk.local(datetime.fromtimestamp(float(ts), UTC))
    except (ValueError, OverflowError, OSError):
        return desk.today()
    return desk.today() if moment is None else moment.date()
