"""The words that deliveries carry, made from the record at the moment of sending."""

from approvals.people import Person
from approvals.request import Request
from approvals.turns import decided_by
from flows.decide import known_to
from flows.desk import Desk
from flows.outgoing import Drawn, Facts
from flows.request_signed import signed_as
from flows.request_view import Seat, sheet_of
from storage.record import Filed
from texts.blocks import Message
from texts.request_card import request_card
from texts.request_mine import applicant_card, told_message

APPLICANT, CHANNEL = "applicant", "channel:"


class CardTexts:
    """What `flows.outgoing.RequestTexts` asks for."""

    def card(self, desk: Desk, filed: Filed, audience: str, lang: str) -> Drawn | None:
        """The card of an audience; None for somebody who may not know of the request (any more)."""
        request = filed.request
        seat = seat_of(desk, request, audience)
        if seat is None:
            return None
        sheet = sheet_of(desk, filed, seat)
        message = applicant_card(sheet, lang) if seat.applicant else request_card(sheet, lang)
        return Drawn(message, "closed" if request.over else "open")

    def thread(self, desk: Desk, filed: Filed, audience: str, lang: str, payload: Facts) -> Message | None:
        """One step of the way, as a reply under the card; None when it was taken back meanwhile."""
        seat = seat_of(desk, filed.request, audience)
        return None if seat is None else _told(desk, filed, seat, lang, payload)

    def tell(self, desk: Desk, filed: Filed, person: str, lang: str, payload: Facts) -> Message | None:
        """The same as a direct message."""
        seat = seat_of(desk, filed.request, person)
        return None if seat is None else _told(desk, filed, seat, lang, payload, alone=True)


def _told(desk: Desk, filed: Filed, seat: Seat, lang: str, payload: Facts, *, alone: bool = False) -> Message | None:
    request, index = filed.request, int(payload["signature"])
    if not 0 <= index < len(request.signatures):
        return None
    sheet, signature = sheet_of(desk, filed, seat, brief=True), request.signatures[index]
    if request.state == "approved" and index == len(request.signatures) - 1:
        signature = decided_by(request) or signature  # a co-signer may be the last one that it waited for
    return told_message(sheet, signed_as(desk, request, signature), lang, alone=alone)


def seat_of(desk: Desk, request: Request, audience: str) -> Seat | None:
    """Whose card an audience's is; None where there is nobody who may know of the request."""
    if audience == APPLICANT:
        mine = _person(desk, request.applicant)
        return None if mine is None else Seat(person=mine, applicant=True)
    if audience.startswith(CHANNEL):
        return Seat(person=None)
    person = _person(desk, audience)
    return None if person is None or not known_to(desk, request, person) else Seat(person=person)


def _person(desk: Desk, person_id: str) -> Person | None:
    return next((one for one in desk.people.people if one.id == person_id), None)
