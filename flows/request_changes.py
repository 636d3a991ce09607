"""What was changed in a form since it was first sent, and what is new against a refused one: for the cards."""

from datetime import datetime

from approvals.adjustment import adjustments_of
from approvals.prospect import Prospect
from approvals.turns import decided_by
from flows.completing import completions_of
from flows.desk import Desk
from flows.reopening import news_of
from flows.request_signed import Names, name_of, signatures_of
from storage.record import Filed
from texts.request_sheet import Completed, Refused, ScoreMove


def completed_of(desk: Desk, filed: Filed, names: Names) -> tuple[Completed, ...]:
    """Who changed what, oldest first; a round in which nothing was changed is left out."""
    return tuple(
        Completed(
            act=one.act, who=name_of(one.person, names), at=_local(desk, one.at), round=one.round, fields=one.fields
        )
        for one in completions_of(filed)
        if one.fields
    )  # fmt: skip


def refused_of(desk: Desk, filed: Filed, names: Names) -> Refused | None:
    """The refused request that this one asks for again, how it was refused, and what is new."""
    news = news_of(filed)
    if news is None or desk.record is None:
        return None
    number, fields, ledger = news
    before = desk.record.request(number)
    if before is None:
        return None
    last = decided_by(before.request) if before.request.state == "rejected" else None
    signed, _ = signatures_of(desk, before.request, names)
    return Refused(
        request_no=number, who=name_of(last.person, names) if last else "", reason=last.reason if last else "",
        at=_local(desk, last.at if last else before.request.filed_at), fields=fields, ledger=ledger, signed=signed,
    )  # fmt: skip


def moves_of(desk: Desk, filed: Filed, names: Names, prospect: Prospect) -> tuple[ScoreMove, ...]:
    """What experts decided about the score, the newest of each, in order; some may not count any more."""
    newest = {one.person: one for one in adjustments_of(filed.request)}
    counted = {one.person for one in prospect.adjusted.counted} if prospect.adjusted is not None else set()
    return tuple(
        ScoreMove(
            who=name_of(one.person, names), at=_local(desk, one.made_at), points=one.points, reason=one.reason,
            until=one.until, counts=filed.request.over or one.person in counted,
        )
        for one in sorted(newest.values(), key=lambda one: one.made_at)
    )  # fmt: skip


def _local(desk: Desk, at: datetime) -> datetime:
    return desk.local(at) or at
