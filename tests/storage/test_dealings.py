"""What was done about debts comes back from the record exactly as it went in, and ends once."""

from datetime import date
from decimal import Decimal

from approvals.dealings import Dealing
from storage.record import Record
from tests.storage.records import NOW

DISPUTE = Dealing(
    dealing_id="CL-2026-000002", customer_id="C1", kind="dispute", day=date(2026, 11, 20), person="lin", made_at=NOW,
    invoices=("I1",), amount=Decimal("12.30"), until=date(2026, 12, 5), owner="wang", reason="短装",
)  # fmt: skip
SENT = Dealing(
    dealing_id="CL-2026-000001", customer_id="C1", kind="sent", day=date(2026, 11, 19), person="lin", made_at=NOW,
    letter="demand", way="express", reference="SF1", invoices=("I1", "I2"),
)  # fmt: skip


def test_dealings_come_back_by_customer_in_order(record: Record) -> None:
    with record.begin() as writing:
        writing.keep_dealing(DISPUTE)
        writing.keep_dealing(SENT)
    assert record.dealings(["C1", "C9"]) == [SENT, DISPUTE]
    assert record.dealings(["C2"]) == record.dealings([]) == []
    assert record.dealing("CL-2026-000002") == DISPUTE
    assert record.dealing("CL-2026-000009") is None


def test_a_dispute_ends_once(record: Record) -> None:
    over = DISPUTE.ended("wang", date(2026, 11, 21))
    with record.begin() as writing:
        writing.keep_dealing(DISPUTE)
    for said in (True, False):
        with record.begin() as writing:
            assert writing.end_dealing(over) is said
    assert record.dealings(["C1"]) == [over]
