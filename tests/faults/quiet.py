"""What must hold of a company once nothing moves any more: I3 to I6."""

from collections import Counter

from approvals.request import Request
from flows.routing import record_of
from tests.faults.company import Company

NOT_ACTS = {"refused", "double_deleted", "delivered_again"}


def check_quiet(company: Company) -> None:
    """I3 to I6 once nothing moves any more."""
    record = record_of(company.office.desk)
    left = record.unfinished()
    assert all(item.state == "parked" and item.why for item in left), left
    parked = {(item.kind, item.payload.get("request_no")) for item in left}
    assert record.verify_audit() == []
    entries = [one for one in record.audit_entries() if one.request_no and one.act not in NOT_ACTS]
    for request in company.requests():
        acts = [(one.person, one.act) for one in request.signatures]
        mine = [(one.person, one.act) for one in entries if one.request_no == request.request_no]
        assert mine == [(request.applicant, "file"), *acts]
        check_effect(company, request, parked=("ledger", request.request_no) in parked)
    check_messages(company)


def check_effect(company: Company, request: Request, *, parked: bool) -> None:
    """The sheet has a decision once if there is one, and nothing of it otherwise."""
    jobs = [
        job
        for job in company.sheet.jobs.values()
        if any(row.key.get("request_no") == request.request_no for row in job.rows)
    ]
    if request.state not in {"approved", "rejected"}:
        assert jobs == []
        return
    assert len(jobs) <= 1
    assert jobs or parked
    for job in jobs:
        lines = [row for row in job.rows if row.tab == "customers"]
        if request.state == "rejected":
            assert lines == []
            continue
        (line,) = lines
        assert line.key == {"customer_id": request.customer_id}
        assert request.decided is not None
        limit = None if request.decided.prepay else request.decided.limit
        assert line.values["credit_limit"] == limit


def check_messages(company: Company) -> None:
    """Each marker once; one card for each audience, without buttons that decide once it is over; one digest a slot."""
    record = record_of(company.office.desk)
    shown = [(channel, one) for channel, messages in company.slack.places.items() for one in messages]
    assert [marker for marker, count in Counter(one.marker for _, one in shown).items() if count > 1] == []
    over = {one.request_no for one in company.requests() if one.over}
    parked = {(item.payload.get("request_no"), item.payload.get("audience")) for item in record.parked()}
    for number in over:
        for card in record.cards(number):
            if (number, card.audience) in parked:
                continue
            hanging = [one for _, one in shown if one.ts == card.ts]
            assert len(hanging) == (1 if card.ts else 0)
            assert all(one.actions <= {"approval.file", "approval.reopen"} for one in hanging)
    slots: Counter[tuple[str, str]] = Counter()
    for _, one in shown:
        item = record.item(one.marker)
        if item is not None and item.kind == "digest":
            slots[item.payload["audience"], item.payload["day"]] += 1
    assert all(count == 1 for count in slots.values()), slots
