"""What goes out about a case, as it stands then: its cards, and its row in the ledger."""

from approvals.case_acts import knows_case
from approvals.cases import Case
from flows.case_entry import case_entry
from flows.case_view import case_sheet, channel_sheet
from flows.deliver_ledger import written_or_not
from flows.deliver_requests import GONE, NOTHING, hung, removed
from flows.outgoing import Attempt, Ended
from flows.posting import check_channel, direct, person_with, post_once, refuse
from storage.record import Card
from texts.blocks import Message
from texts.case_card import case_card


def deliver_case_card(attempt: Attempt) -> Ended:
    """Make a person's card show the case as it stands: changed where it hangs, else posted."""
    case, audience = case_in(attempt), str(attempt.payload["audience"])
    card = _card(attempt, case, audience)
    if audience.startswith("channel:"):
        return _in_channel(attempt, case, card, audience.removeprefix("channel:"))
    person = person_with(attempt.desk, audience)
    if person is None or not person.slack or not knows_case(case, person):
        return NOTHING if card is None else removed(attempt, card)
    channel, lang = direct(attempt, person.slack[0], person)
    return _shown(attempt, case, audience, card, channel, case_card(case_sheet(attempt.desk, case, person), lang))


def _in_channel(attempt: Attempt, case: Case, card: Card | None, channel: str) -> Ended:
    """The card in the incident channel, with every button: each click is checked."""
    check_channel(attempt, channel, public=False)
    message = case_card(channel_sheet(attempt.desk, case), attempt.desk.default_lang)
    return _shown(attempt, case, f"channel:{channel}", card, channel, message)


def _shown(attempt: Attempt, case: Case, audience: str, card: Card | None, channel: str, message: Message) -> Ended:
    shape = "closed" if case.state == "closed" else "open"
    if card is not None and card.ts:
        attempt.in_time()
        sent = attempt.ports.slack.update(card.channel, card.ts, message)
        if sent.why not in GONE:
            return hung(case.case_id, audience, shape, sent, changed=True)
    return hung(case.case_id, audience, shape, post_once(attempt, channel, message), changed=False)


def deliver_case_entry(attempt: Attempt) -> Ended:
    """Bring the row of `events` up to the case as it stands."""
    case = case_in(attempt)
    job = case_entry(attempt.desk, case, mark=attempt.item.id, mark_no=int(attempt.payload["mark_no"]))
    written = written_or_not(attempt, job)
    if isinstance(written, Ended):
        return written
    left_out = [f"{one.tab}.{one.column}".rstrip(".") for one in written.left_out]
    return Ended(outcome="done", result={"left_out": left_out, "before": written.before})


def case_in(attempt: Attempt) -> Case:
    """The case of an item; StoppedError when there is none."""
    record = attempt.desk.record
    found = None if record is None else record.case(str(attempt.payload["case_id"]))
    if found is None:
        raise refuse("case_unknown")
    return found


def _card(attempt: Attempt, case: Case, audience: str) -> Card | None:
    record = attempt.desk.record
    cards = [] if record is None else record.cards(case.case_id)
    return next((card for card in cards if card.audience == audience), None)
