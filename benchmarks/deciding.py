"""Recording a decision against one durable overwrite of 4 KiB: what the disk asks of anybody who keeps a promise."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path

from approvals.request import Request
from approvals.steps import Signature, Step
from approvals.terms import Terms
from benchmarks.measure import Figure, each_in_turn
from storage.record import Record, open_record

REQUESTS, WARM = 1400, 400
NOW = datetime(2026, 11, 24, 1, 40, tzinfo=UTC)
LINE = Terms(limit=Decimal("500000.00"), payment_days=45, currency="CNY", conditions=("open_account",))
ROUTE = (
    Step(kind="vouch", role="customer_admin", people=("p0",)),
    Step(kind="post", role="sales_manager", people=("p1",)),
    Step(kind="post", role="dept_deputy_gm", people=("p2",)),
    Step(kind="post", role="dept_gm", people=("p3",), decides=True),
)


def request(number: int) -> Request:
    """Three have signed, the fourth decides."""
    signed = tuple(
        Signature(act="recommend", person=f"p{place}", account=f"U{place}", at=NOW, step=place, reason="as proposed")
        for place in range(3)
    )
    return Request(
        request_no=f"CR-2026-{number:05d}", kind="open_account", state="pending", version=4, round=1,
        customer_id=f"C{number:06d}", name="艾克美贸易(上海)有限公司", department="华东", sales_owner="李雷", applicant="li",
        applicant_account="U06LI", asked=LINE, proposed=LINE, grade="B", amount_base=LINE.limit, steps=ROUTE, at=(3,),
        signatures=signed, filed_at=NOW, step_since=NOW,
    )  # fmt: skip


def decided(before: Request) -> Request:
    """As the last signature leaves it."""
    last = Signature(act="approve", person="p3", account="U3", at=NOW, step=3)
    return replace(
        before, version=5, state="approved", at=(), signatures=(*before.signatures, last), decided=LINE, decided_at=NOW
    )


def decide(record: Record, after: Request) -> None:
    """The event, the guarded save, the audit entry and six consequences, all on the disk when it returns."""
    number = after.request_no
    with record.begin() as writing:
        assert writing.first_time(f"Ev{number}", "0" * 64)
        assert not writing.was_taken(f"refused:{'0' * 16}:Ev{number}")  # as flows.decide asks
        assert writing.save(after, expected_version=4)
        writing.audit(number, "approve", "p3", {"version": 5, "state": "approved", "limit": "500000.00", "round": 1})
        for audience in ("applicant", "p1", "p2", "p3"):
            writing.enqueue("card", f"card/{number}/{audience}", {"request_no": number, "audience": audience})
        writing.enqueue("thread", f"told/{number}", {"request_no": number, "what": "approve", "signature": 3})
        writing.enqueue("ledger", f"ledger/{number}", {"request_no": number})


def main(home: Path, _: int) -> None:
    """One of each in turn, in the same folder."""
    record = open_record(home / "record", "", "", lambda: NOW)
    requests = [request(number) for number in range(REQUESTS)]
    for start in range(0, REQUESTS, 100):
        with record.begin() as writing:
            for one in requests[start : start + 100]:
                writing.file(one, {"form": "x" * 3000}, {"policy": "p1", "answer": "x" * 6000})
                writing.audit(one.request_no, "file", "li", {"version": 1})
    block = os.urandom(4096)
    place = os.open(home / "record" / "floor", os.O_RDWR | os.O_CREAT, 0o600)
    os.pwrite(place, block, 0)
    os.fsync(place)

    def overwrite() -> None:
        os.pwrite(place, block, 0)
        os.fdatasync(place)

    afters = [decided(one) for one in requests]
    for after in afters[:WARM]:  # the log has its full size when it is measured, as on any day but the first
        decide(record, after)
    calls: list[Callable[[], object]] = [partial(decide, record, after) for after in afters[WARM:]]
    ours, floor = each_in_turn(calls, [overwrite] * len(calls))
    Figure("recording a decision, all of it on the disk (p50)", ours / floor, 1.4, ours, floor).tell()
    record.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
