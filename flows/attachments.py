"""Files of a request, sent to who may see it: into his direct messages, through the outbox, on record."""

from approvals.application import Attachment, from_json
from approvals.attachments import safe_name
from flows.access import Reader
from flows.decide import may_know
from flows.deliver_requests import card_of, filed_of
from flows.desk import Desk
from flows.outgoing import Attempt, Ended
from flows.posting import direct, ended, found_before, refuse
from flows.routing import record_of
from scoring.errors import DeskError
from storage.record import Filed
from texts.request_file import attachment_message


def fetch(desk: Desk, reader: Reader, request_no: str, sha256: str, event_key: str) -> Attachment:
    """Have a file sent to whoever asks for it; DeskError when it is not his to see, or is not there.

    One click sends it once; who clicks again gets it again.
    """
    record, person = record_of(desk), reader.person
    filed = record.request(request_no)
    if filed is None or person is None or reader.outsider or not may_know(filed.request, person):
        raise DeskError("request_unknown", request_no=request_no)
    found = attachment_of(filed, sha256)
    if found is None:
        raise DeskError("attachment_gone", request_no=request_no)
    if desk.files is None or desk.files.read(sha256) is None:
        raise DeskError("attachment_lost", name=found.name)
    payload: dict[str, object] = {
        "request_no": request_no, "person": person.id, "account": reader.account, "sha256": sha256,
    }  # fmt: skip
    with record.begin() as writing:
        if not writing.first_time(event_key, sha256):
            raise DeskError("click_again")
        writing.audit(request_no, "file_asked", person.id, {"sha256": sha256, "account": reader.account})
        writing.enqueue("file", f"file/{request_no}/{person.id}", payload)
    desk.nudge()
    return found


def deliver_file(attempt: Attempt) -> Ended:
    """Show the file in the thread of the person's card; without one (any more) as a message of its own."""
    filed, desk = filed_of(attempt), attempt.desk
    account, person_id = str(attempt.payload["account"]), str(attempt.payload["person"])
    person, found = desk.people.by_slack.get(account), attachment_of(filed, str(attempt.payload["sha256"]))
    if person is None or person.id != person_id or not may_know(filed.request, person):
        raise refuse("not_his_to_see")
    content = desk.files.read(found.sha256) if desk.files is not None and found is not None else None
    if found is None or content is None:
        raise refuse("file_gone")
    channel, lang = direct(attempt, account, person)
    thread = _thread(attempt, channel, person_id, mine=person_id == filed.request.applicant)
    if attempt.again and (there := found_before(attempt, channel, thread)):
        return Ended(outcome="done", why="read_back", result={"channel": channel, "ts": there, "thread_ts": thread})
    message = attachment_message(filed.request.name, filed.request.request_no, found, lang)
    slack, name = attempt.ports.slack, safe_name(found)
    attempt.in_time()
    sent = slack.upload(channel, thread, name, content, attempt.item.id, message=message, in_time=attempt.in_time)
    if thread and sent.why == "thread_not_found":
        sent = slack.upload(channel, "", name, content, attempt.item.id, message=message, in_time=attempt.in_time)
    return ended(sent)


def attachment_of(filed: Filed, sha256: str) -> Attachment | None:
    """The file of a request's form with this digest."""
    return next((one for one in from_json(filed.form).attachments if one.sha256 == sha256), None)


def _thread(attempt: Attempt, channel: str, person_id: str, *, mine: bool) -> str:
    card = card_of(attempt, "applicant" if mine else person_id)
    return card.ts if card is not None and card.channel == channel else ""
