"""What is done about a debt, recorded from the buttons of a dunning card."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal, get_args

from approvals.application_parse import Raw
from approvals.dealings import WAYS, Dealing, DealingError, Way, checked, invoices_of
from approvals.dunning import Letter
from approvals.people import Person
from flows.access import Reader, sight
from flows.approval import Answer, Event
from flows.collect import standing_of
from flows.desk import Desk
from flows.letters import ALL
from flows.lookup import collected
from flows.routing import record_of
from scoring.errors import DeskError
from scoring.money import AmountError, parse_amount
from texts.dealing_modals import ACKNOWLEDGED, dealing_modal
from texts.messages import error_sentence, modal
from texts.standing import Standing

Asked = Literal["sent", "promise", "dispute"]
ASKED: tuple[Asked, ...] = get_args(Asked)
View = dict[str, Any]


def opened(desk: Desk, reader: Reader, customer_id: str, asked: Asked) -> View:
    """The modal behind a button; DeskError for whoever may not record anything here."""
    standing, _ = _allowed(desk, reader, customer_id)
    return dealing_modal(standing, asked, reader.lang, _owners(desk, standing))


def recorded(
    desk: Desk, reader: Reader, customer_id: str, asked: Asked, state: Mapping[str, Raw], event: Event
) -> Answer:
    """A modal that was sent: recorded with its audit entry in one transaction, once; then the card as it is now."""
    standing, person = _allowed(desk, reader, customer_id)
    try:
        read = _read(desk, standing, person, asked, state)
        owners = [number for _, number in _owners(desk, standing)]
        dealing = checked(read, standing.dunning, desk.policy, desk.today(), owners)
    except DealingError as wrong:
        return Answer(errors={str(wrong.facts["field"]): error_sentence(reader.lang, wrong)})
    with record_of(desk).begin() as writing:
        if writing.first_time(event.key, event.digest):
            number = writing.next_no(f"CL-{dealing.made_at:%Y}")
            kept = replace(dealing, dealing_id=f"CL-{dealing.made_at:%Y}-{number:06d}")
            writing.keep_dealing(kept)
            writing.audit(kept.dealing_id, f"collect_{kept.kind}", person.id, _facts(kept))
    return Answer(view=modal(reader.lang, collected(desk, reader, f"c:{customer_id}").message))


def settled(desk: Desk, reader: Reader, dealing_id: str, event: Event) -> str:
    """A dispute is over: whose it was. DeskError when it had ended, or is not the reader's to end."""
    record = record_of(desk)
    dealing = record.dealing(dealing_id)
    if dealing is None:
        raise DeskError("dealing_over", no=dealing_id[:40])
    _, person = _allowed(desk, reader, dealing.customer_id)
    over = dealing.ended(person.id, desk.today())
    with record.begin() as writing:
        if writing.first_time(event.key, event.digest):
            if not writing.end_dealing(over):
                raise DeskError("dealing_over", no=dealing_id[:40])
            writing.audit(dealing_id, "collect_settled", person.id, {"customer_id": dealing.customer_id})
    return dealing.customer_id


def _allowed(desk: Desk, reader: Reader, customer_id: str) -> tuple[Standing, Person]:
    """The customer as he stands today, for a person of people.yaml who sees him in full."""
    record_of(desk)
    view, person = desk.latest.view, reader.person
    standing = None if view is None else standing_of(desk, view, customer_id)
    if person is None or standing is None or sight(reader, standing.department, standing.sales_owner) != "full":
        raise DeskError("dealing_not_yours")
    return standing, person


def _owners(desk: Desk, standing: Standing) -> list[tuple[str, str]]:
    """(name, id) of whoever may settle a dispute: the salesperson first, then all who see the customer."""
    own = desk.people.meant_by(standing.sales_owner)
    may = [one for one in desk.people.people if one.sees(standing.department) or one.id in own]
    return [(one.name, one.id) for one in sorted(may, key=lambda one: one.id not in own)]


def _read(desk: Desk, standing: Standing, person: Person, asked: Asked, state: Mapping[str, Raw]) -> Dealing:
    """What was filled in. DealingError at the question that cannot be read."""
    today, what = desk.today(), _text(state, "letter")
    day = today if asked == "promise" else _day(state, "day") or today
    letter = next((one for one in ALL if one == what), None)
    if asked == "sent" and letter is None and what != ACKNOWLEDGED:
        raise DealingError("dealing_nothing_due", field="letter")
    invoice = _text(state, "invoice")
    about = invoices_of(standing.dunning, letter or "", day) if asked == "sent" else (invoice,) if invoice else ()
    return Dealing(
        dealing_id="",
        customer_id=standing.customer_id,
        kind="acknowledged" if asked == "sent" and letter is None else asked,
        day=day,
        person=person.id,
        made_at=desk.clock(),
        letter=_kept(letter) if asked == "sent" else "",
        way=_way(state) if asked == "sent" else "",
        reference=_text(state, "reference")[:200],
        invoices=about,
        amount=_amount(state),
        until=_day(state, "until"),
        owner=_text(state, "owner"),
        reason=_text(state, "reason")[:600],
    )


def _kept(letter: Letter | None) -> Letter | Literal[""]:
    return "" if letter is None else letter


def _way(state: Mapping[str, Raw]) -> Way:
    return next((one for one in WAYS if one == _text(state, "way")), "other")


def _text(state: Mapping[str, Raw], name: str) -> str:
    found = state.get(name)
    return found.strip() if isinstance(found, str) else ""


def _day(state: Mapping[str, Raw], name: str) -> date | None:
    text = _text(state, name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DealingError("date_wrong", field=name, found=text[:40]) from None


def _amount(state: Mapping[str, Raw]) -> Decimal | None:
    text = _text(state, "amount")
    if not text:
        return None
    try:
        return parse_amount(text, chat=True, allow_negative=False)
    except AmountError:
        raise DealingError("dealing_unread", field="amount", found=text[:40]) from None


def _facts(dealing: Dealing) -> dict[str, Any]:
    """For the audit chain: codes, ids, days and amounts; nobody's words."""
    return {
        "customer_id": dealing.customer_id, "day": dealing.day.isoformat(), "letter": dealing.letter,
        "way": dealing.way, "invoices": list(dealing.invoices), "owner": dealing.owner,
        "amount": None if dealing.amount is None else f"{dealing.amount:f}",
        "until": None if dealing.until is None else dealing.until.isoformat(),
    }  # fmt: skip
