"""Ways into a case: whose it is found out first, then the modal, or a button where none can be opened at once."""

from dataclasses import dataclass

import orjson

from approvals.cases import Source
from approvals.errors import CaseError
from flows.access import Reader
from flows.case_view import cases_of
from flows.cases import owners_of, seen_customer
from flows.desk import Desk
from flows.form import View
from flows.lookup import found_inside, is_certain
from flows.routing import record_of
from scoring.errors import DeskError
from storage.search import Found
from texts.blocks import Message
from texts.case_modals import OpeningSheet, case_refused, opening_modal, sentence_of
from texts.case_modals import start_case as start_case_message
from texts.case_sheet import new_case_value


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A modal, or a message in its place."""

    view: View | None = None
    message: Message | None = None


def start_case(desk: Desk, reader: Reader, query: str) -> Start:
    """`/credit case NAME`: the modal where the name fits one customer, else the question which."""
    try:
        record_of(desk)
        found = named(desk, query)
        if found.kind == "one" and found.hits and found.hits[0].customer_id:
            return Start(view=opening_of(desk, reader, found.hits[0].customer_id))
        return Start(message=_asked(reader, query, found))
    except DeskError as problem:
        return Start(message=case_refused(reader.lang, problem))


def named(desk: Desk, query: str) -> Found:
    """Who is called so."""
    view = desk.latest.view
    if view is None:
        raise DeskError("no_record")
    found = view.search.find(query)
    if is_certain(found):
        return found
    inside = found_inside(view, query)[1]
    return inside if is_certain(inside) else Found("nearest" if found.kind == "nearest" else "choices", found.hits)


def _asked(reader: Reader, query: str, found: Found) -> Message:
    if reader.outsider:
        return sentence_of(reader.lang, "nothing")
    known = [(one.name, one.customer_id, new_case_value(one.customer_id)) for one in found.hits if one.customer_id]
    return start_case_message(reader.lang, query, known)


def opening_of(
    desk: Desk, reader: Reader, customer_id: str, *, source: Source = "command", source_id: str = ""
) -> View:
    """The modal that opens a case of a customer; CaseError where he is not the reader's to see."""
    if reader.outsider or reader.person is None:
        raise CaseError("case_customer_unknown", customer_id=customer_id)
    customer = seen_customer(desk, reader, customer_id)
    owners = owners_of(desk, customer)
    sheet = OpeningSheet(
        customer_id=customer.customer_id, name=customer.name,
        owners=[(one.name, one.id) for one in owners], owner=owners[0].id if owners else "",
        today=desk.today(), open_ones=cases_of(desk, reader, customer_id=customer_id),
        carried=opening_value(customer_id, source, source_id),
    )  # fmt: skip
    return opening_modal(sheet, reader.lang)


def opening_value(customer_id: str, source: Source, source_id: str = "") -> str:
    """What the opening modal carries."""
    return orjson.dumps({"c": customer_id, "f": source, "s": source_id}).decode()
