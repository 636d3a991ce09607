"""What follows from a change of a request: which cards change, who is told, what the ledger gets. Written with it."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Protocol

from approvals.delegation import Delegation
from approvals.request import Request
from approvals.steps import Act, Signature
from approvals.transitions import SIGNING_ACTS
from flows.desk import Desk

TOLD: frozenset[Act] = frozenset({
    "vouch", "recommend", "approve", "return", "reject", "ask", "hand_on", "take_back", "escalate", "expire", "adjust",
    "reroute",
})  # fmt: skip
"""Acts that the applicant hears of in the thread of his card."""


class Outbox(Protocol):
    """The part of a transaction that keeps consequences."""

    def enqueue(
        self, kind: str, subject: str, payload: dict[str, object], *, not_before: datetime | None = None
    ) -> str:
        """Keep one thing to be delivered; its id."""

    def next_no(self, series: str) -> int:
        """The next number of a series."""

    def cancel(self, subject: str, kinds: Iterable[str]) -> int:
        """Drop what waits and nobody has claimed yet; how many."""


def outcomes(
    writing: Outbox,
    after: Request,
    *,
    delegations: Iterable[Delegation],
    today: date,
    undo_until: datetime | None = None,
    channel: str = "",
    unsaid: bool = False,
) -> None:
    """Enqueue what the newest signature brings about; with `undo_until` the last word goes out when it has passed.

    `delegations` are those since it was filed, ended ones too; `channel` is where the department's requests are
    decided in common, "" = nowhere. `unsaid` takes back a last word that the applicant has not heard of, and so hears
    nothing of that either.
    """
    number = after.request_no
    cards(writing, after, delegations, today, channel)
    last = _last(after)
    if last is not None and last.act in TOLD and not unsaid:
        late = undo_until if after.state in {"approved", "rejected"} else None
        writing.enqueue(
            "thread",
            f"told/{number}" if late is None else f"last/{number}",
            {"request_no": number, "audience": "applicant", "what": last.act, "signature": len(after.signatures) - 1},
            not_before=late,
        )
    if last is not None and last.act in SIGNING_ACTS and undo_until is not None:
        # what can be taken back is no longer so, and a last word is said; subjects of their own hold nothing else up
        for audience in (last.person, *(("applicant",) if after.state in {"approved", "rejected"} else ())):
            payload: dict[str, object] = {"request_no": number, "audience": audience}
            writing.enqueue("card", f"undo/{number}/{audience}", payload, not_before=undo_until)
    if after.state in {"approved", "rejected"}:
        place = {"request_no": number, "mark_no": writing.next_no("ledger_mark")}
        writing.enqueue("ledger", f"ledger/{number}", place, not_before=undo_until)


def decided_in(desk: Desk, request: Request) -> str:
    """The channel that channels.yaml names for a request's department; "" when it names none."""
    return "" if desk.channels is None else desk.channels.decided_in(request.department)


def delegations_since_filed(desk: Desk, request: Request) -> list[Delegation]:
    """Those that held, or were to hold, at some time since a request was filed."""
    filed = desk.local(request.filed_at) or request.filed_at
    return [] if desk.record is None else desk.record.delegations_since(filed.date())


def withdraw_outcomes(writing: Outbox, request_no: str) -> int:
    """Take back what waits for the 60 seconds to pass; how many ledger entries were still waiting."""
    writing.cancel(f"last/{request_no}", ("thread",))
    return writing.cancel(f"ledger/{request_no}", ("ledger",))


def cards(
    writing: Outbox, request: Request, delegations: Iterable[Delegation], today: date, channel: str, *,
    new: Collection[str] | None = None,
) -> None:  # fmt: skip
    """Make every card of a request show it as it stands; with `new`, only these may get one that they do not have."""
    given = tuple(delegations)
    asked = (*audiences(request, given, today), *((f"channel:{channel}",) if channel else ()))
    for audience in (*asked, *once_stood_in(request, given, today)):
        payload: dict[str, object] = {"request_no": request.request_no, "audience": audience}
        if audience not in (asked if new is None else new):
            payload["hung"] = True
        writing.enqueue("card", f"card/{request.request_no}/{audience}", payload)


def audiences(request: Request, delegations: Iterable[Delegation], today: date) -> tuple[str, ...]:
    """Everybody whose card shows this request: the applicant, whoever was or is asked, and who acts for whom it waits.

    Whoever was ever asked is in it, not only who has a card: one that is just being posted must change too.
    """
    asked = _asked(request)
    waits = {person for place in request.at for person in request.steps[place].people}
    asked |= {one.to_person for one in delegations if one.from_person in waits and one.holds(today)}
    return ("applicant", *sorted(asked - {request.applicant}))


def once_stood_in(request: Request, delegations: Iterable[Delegation], today: date) -> tuple[str, ...]:
    """Who may have a card from the days when he acted for somebody: it changes where it hangs, and is not posted."""
    asked, there = _asked(request), audiences(request, delegations, today)
    stood = {one.to_person for one in delegations if one.from_person in asked and one.starts_on <= today}
    return tuple(sorted(stood - {*there, request.applicant}))


def _asked(request: Request) -> set[str]:
    reached = max(request.at, default=len(request.steps) - 1)
    asked = {person for step in request.steps[: reached + 1] for person in step.people}
    asked |= {one.person for one in request.signatures if one.person and one.step >= 0}
    return asked | {one.to_person for one in request.signatures if one.to_person}


def _last(request: Request) -> Signature | None:
    return request.signatures[-1] if request.signatures else None
