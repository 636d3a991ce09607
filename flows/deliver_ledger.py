"""A decision into the ledger: written once, read back where its answer was lost, and taken for decided from then on."""

from datetime import timedelta

from approvals.turns import decided_by
from flows.confirm import coming_from_desk
from flows.desk import Desk
from flows.ledger_entry import entry_of
from flows.outgoing import Attempt, Ended, StoppedError
from flows.request_texts import APPLICANT, CHANNEL
from scoring.errors import DeskError
from sheets.write_job import WriteBusy, WriteConflict, WriteJob, WriteUnknown, Written
from storage.record import Filed
from texts.messages import error_sentence

MAX_WHY = 500
LINK_PATIENCE = timedelta(minutes=5)
"""So long a decision waits for Slack to tell where its card hangs; then it is written without."""


def deliver_ledger(attempt: Attempt) -> Ended:
    """Write the decided terms into the sheet. What a person has to look at is parked with the reason."""
    desk, writer = attempt.desk, attempt.ports.ledger
    record = desk.record
    filed = None if record is None else record.request(str(attempt.payload["request_no"]))
    if record is None or filed is None:
        return Ended(outcome="refused", why="request_unknown")
    if filed.request.state not in {"approved", "rejected"}:
        return Ended(outcome="done", why="taken_back")
    if writer is None:
        return Ended(outcome="refused", why="ledger_not_written_here")
    job = entry_of(
        desk, filed, mark=attempt.item.id, mark_no=int(attempt.payload["mark_no"]), link=_card_link(attempt, filed)
    )
    coming = coming_from_desk(desk, filed)
    if desk.baseline is not None:
        desk.baseline.expect(coming)  # a sync may see the cells before we know that they were written
    written = written_or_not(attempt, job)
    if isinstance(written, Ended):
        if desk.baseline is not None and written.outcome == "refused":
            desk.baseline.no_longer(coming)
        return written
    if desk.baseline is not None and coming:
        desk.baseline.keep(coming, ())  # decided from now on
    places = [{"tab": place.tab, "row": place.row, "link": place.link} for place in written.places]
    left_out = [f"{one.tab}.{one.column}".rstrip(".") for one in written.left_out]
    return Ended(outcome="done", result={"places": places, "left_out": left_out, "before": written.before})


def written_or_not(attempt: Attempt, job: WriteJob) -> Written | Ended:
    """One batch into the sheet; how the attempt ends where it was not written, or nobody knows."""
    desk, writer = attempt.desk, attempt.ports.ledger
    if writer is None:
        return Ended(outcome="refused", why="ledger_not_written_here")
    attempt.in_time()
    try:
        return writer.write(job, already_tried=attempt.again)
    except WriteConflict as conflict:
        return Ended(outcome="refused", why=_told(desk, conflict))
    except WriteUnknown as lost:
        return Ended(outcome="unknown", why=_told(desk, lost))
    except WriteBusy as busy:
        return Ended(outcome="busy", why=_told(desk, busy), again_in=busy.retry_after)


def _told(desk: Desk, problem: DeskError) -> str:
    """The code, and where and what to do in a sentence; what stands in the cells is not in it."""
    return f"{problem.code}: {error_sentence(desk.default_lang, problem)}"[:MAX_WHY]


def _card_link(attempt: Attempt, filed: Filed) -> str:
    """Where a card hangs, if Slack tells: in the channel that decides in common, else with whoever decided.

    A direct message opens for its reader alone.
    """
    record, said = attempt.desk.record, decided_by(filed.request)
    if record is None:
        return ""
    hang = [one for one in record.cards(filed.request.request_no) if one.ts]
    order = {said.person if said else "": 1, APPLICANT: 2}
    known = [(0 if one.audience.startswith(CHANNEL) else order.get(one.audience, 3), one) for one in hang]
    place, card = min(known, key=lambda one: one[0], default=(3, None))
    if card is None or place == 3:
        return ""
    try:
        return attempt.ports.slack.permalink(card.channel, card.ts)
    except StoppedError:
        if attempt.desk.clock() - (attempt.item.first_at or attempt.item.made_at) < LINK_PATIENCE:
            raise  # asked again in a moment: what is written without it stays without it
        return ""
