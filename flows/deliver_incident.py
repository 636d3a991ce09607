"""The incident channel of a red case: opened once, its team called, the card with the checklist in it."""

from dataclasses import replace

from approvals.cases import Case
from approvals.incident import team_of
from flows.approval import names_by_id
from flows.deliver_cases import case_in
from flows.outgoing import Attempt, Ended, Sent, StoppedError
from flows.posting import check_channel, person_with, post_once, refuse
from texts.case_modals import called_message

_TRIES = 3


def deliver_incident(attempt: Attempt) -> Ended:
    """Open the channel, or find the one that an earlier attempt opened; call the team; keep where it is."""
    case = case_in(attempt)
    if not case.channel and (case.severity != "red" or case.state == "closed"):
        return Ended(outcome="done", why="not_red")
    channel = case.channel or _opened(attempt, case)
    check_channel(attempt, channel, public=False)
    missing = [one for one in case.team if not _called(attempt, channel, one)]
    seats = [(seat, ids) for seat, ids in team_of(attempt.desk.people, case).items()]
    message = called_message(case, seats, names_by_id(attempt.desk), attempt.desk.default_lang)
    sent = post_once(attempt, channel, message)
    if sent.outcome != "done":
        return Ended(outcome=sent.outcome, why=sent.why, again_in=sent.retry_after)
    _keep(attempt, case, channel)
    return Ended(outcome="done", why=sent.why, result={"channel": channel, "ts": sent.ts, "not_called": missing})


def channel_name(case: Case) -> str:
    """The same for every attempt, so that what is taken is found; nobody's name and no figure is in it."""
    return f"{'drill' if case.drill else 'incident'}-{case.case_id.lower()}"


def _opened(attempt: Attempt, case: Case) -> str:
    attempt.in_time()
    name = channel_name(case)
    sent = attempt.ports.slack.create_channel(name)
    if sent.outcome == "done":
        return sent.channel
    if sent.why != "name_taken":
        raise StoppedError(sent)
    found = attempt.ports.slack.find_channel(name)
    if not found:
        raise refuse("name_taken")
    return found


def _called(attempt: Attempt, channel: str, person_id: str) -> bool:
    """Whether somebody is in the channel now; a guest or a stranger is never called into it."""
    person = person_with(attempt.desk, person_id)
    if person is None or not person.slack or attempt.ports.slack.account(person.slack[0]).outsider:
        return False
    attempt.in_time()
    sent: Sent = attempt.ports.slack.invite(channel, person.slack[0])
    if sent.outcome in {"busy", "unknown"}:
        raise StoppedError(sent)
    return sent.outcome == "done"


def _keep(attempt: Attempt, case: Case, channel: str) -> None:
    """The case says where it is handled from now on, and its card hangs there."""
    record = attempt.desk.record
    for _ in range(_TRIES):
        if record is None or case.channel == channel:
            return
        with record.begin() as writing:
            after = replace(case, channel=channel, version=case.version + 1)
            kept = writing.save_case(after, expected_version=case.version)
            if kept:
                writing.audit(case.case_id, "case_channel", "", {"channel": channel, "team": list(case.team)})
                for audience in (case.owner, case.opened_by, f"channel:{channel}"):
                    payload = {"case_id": case.case_id, "audience": audience}
                    writing.enqueue("case_card", f"card/{case.case_id}/{audience}", payload)
        if kept:
            attempt.desk.nudge()
            return
        case = case_in(attempt)
    raise StoppedError(Sent(outcome="unknown", why="case_moves"))
