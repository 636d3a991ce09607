"""What a decision becomes in the sheet: the customer's line, the rows of the form, and the entry that says who and why."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from approvals.steps import Signature, Step
from approvals.terms import Terms
from flows.deliver_ledger import deliver_ledger
from flows.ledger_entry import decided_cells, entry_of
from flows.outgoing import Attempt, Ports
from flows.request_texts import CardTexts
from flows.routing import record_of, standing_of
from scoring.ledger import Customer
from sheets.write_job import RowWrite, WriteConflict, WriteJob
from sheets.write_job import Written as WrittenJob
from storage.record import Card, Filed
from tests.flows.requests import Office, office
from tests.flows.test_requests import up_to
from tests.sheets.writing import Sheet, served

LESS = Terms(limit=Decimal(500_000), payment_days=30, currency="CNY", deposit_pct=Decimal(30))
LINK = "https://example.slack.com/archives/D1/p1"


@pytest.fixture
def hall(tmp_path: Path) -> Office:
    return office(tmp_path)


@pytest.fixture
def sheet(tmp_path: Path) -> Iterator[Sheet]:
    with served(tmp_path) as found:
        yield found


def entry(hall: Office, number: str) -> WriteJob:
    filed = record_of(hall.desk).request(number)
    assert filed is not None
    return entry_of(hall.desk, filed, mark="m1", mark_no=1, link=LINK)


def of(job: WriteJob, tab: str) -> list[RowWrite]:
    return [row for row in job.rows if row.tab == tab]


def approved(hall: Office, **more: Any) -> str:
    number = up_to(hall)
    hall.does("chen", number, "approve", **more)
    return number


def test_an_approval_writes_the_line_the_form_and_the_entry(hall: Office) -> None:
    number = approved(hall)
    job = entry(hall, number)
    decided = hall.now(number).decided
    assert decided is not None
    (customer,) = of(job, "customers")
    assert (customer.mode, customer.values["name"]) == ("append", "苏州恒力新材有限公司")
    assert customer.values["credit_limit"] == decided.limit
    assert customer.values["status"] == "active"
    assert customer.values["payment_mode"] == "credit"
    assert customer.values["next_review_on"] == date(2027, 2, 20)
    assert {row.key["period_end"] for row in of(job, "financials")} == {date(2025, 12, 31), date(2024, 12, 31)}
    assert len(of(job, "checks")) == 1
    (told,) = of(job, "decisions")
    assert told.key == {"request_no": number}
    assert str(told.values["reason"]).endswith(LINK)
    names = {one.id: one.name for one in hall.desk.people.people}
    approvers = str(told.values["approvers"])
    assert [name in approvers for name in (names["wang"], names["he"], names["chen"], names["xu"])] == [True] * 3 + [
        False
    ]
    assert [word in approvers for word in ("王强 (推荐)", "何静 (会签)", "陈国华 (批准)")] == [True] * 3
    assert "每单定金 30%" in str(told.values["decided"])
    assert told.values["vouched_by"] == names["xu"]
    assert told.values["policy"] == hall.desk.policy.fingerprint


def test_nothing_that_people_keep_is_ever_written_over(hall: Office) -> None:
    job = entry(hall, approved(hall))
    assert [row.tab for row in job.rows if row.mode != "append"] == ["decisions"]
    assert [row.tab for row in job.rows if row.tab not in {"customers", "decisions"} and not row.optional] == []


def given_away(filed: Filed, there: str, **form: Any) -> Filed:
    """The same request with the id of a row that the ledger has."""
    request = replace(filed.request, customer_id=there)
    return replace(filed, request=request, form={**filed.form, **form})


def test_of_a_customer_who_has_a_row_only_decided_cells_are_written_and_held_to_what_was_filed(hall: Office) -> None:
    filed = record_of(hall.desk).request(approved(hall))
    assert filed is not None
    there = hall.desk.mirror.customer_ids()[0]
    row = hall.desk.mirror.account(there)
    assert row is not None
    for form in ({"customer_id": there}, {"name": row.customer.name, "uscc": ""}, {"uscc": row.customer.uscc}):
        known = given_away(filed, there, **form)
        (customer,) = of(entry_of(hall.desk, known, mark="m1", mark_no=1), "customers")
        assert customer.mode == "update"
        assert set(customer.values) <= Customer.DECISION
        answer = filed.evidence["answer"]
        assert customer.expected == {
            "credit_limit": answer["credit_limit"], "payment_days": answer["payment_days"], "status": answer["status"],
        }  # fmt: skip


def test_a_line_never_lands_in_the_row_of_another_company_that_has_got_the_number_meanwhile(hall: Office) -> None:
    filed = record_of(hall.desk).request(approved(hall))
    assert filed is not None
    taken = given_away(filed, hall.desk.mirror.customer_ids()[0])
    (customer,) = of(entry_of(hall.desk, taken, mark="m1", mark_no=1), "customers")
    assert customer.mode == "append"  # which the sheet refuses: the number stands there, with another name
    assert customer.values["name"] == filed.request.name
    assert standing_of(hall.desk, taken).account.invoices == ()


def test_payment_before_delivery_leaves_no_line_of_an_earlier_decision(hall: Office) -> None:
    filed = record_of(hall.desk).request(approved(hall))
    assert filed is not None
    prepaid = Terms(limit=Decimal(0), payment_days=0, currency="CNY", prepay=True)
    cells = decided_cells(hall.desk, replace(filed, request=replace(filed.request, decided=prepaid)))
    emptied = {"credit_limit", "limit_expires_on", "temp_limit", "temp_limit_expires_on"}
    assert {name for name, value in cells.items() if value is None} == emptied


def test_a_refusal_writes_its_entry_and_nothing_else(hall: Office) -> None:
    number = up_to(hall)
    hall.does("chen", number, "reject", reason="担保不足")
    job = entry(hall, number)
    assert [row.tab for row in job.rows] == ["decisions"]
    assert str(job.rows[0].values["reason"]).startswith("担保不足")
    assert job.rows[0].values["decided"] == ""


def test_the_reason_is_of_whoever_decided_also_where_a_co_signer_is_the_last_to_sign(hall: Office) -> None:
    filed = record_of(hall.desk).request(approved(hall, terms=LESS, reason="年采购翻倍"))
    assert filed is not None
    request = filed.request
    beside = Step(kind="cosign", role="legal", people=("sun",))
    last = Signature(act="approve", person="sun", account="U10SUN", at=hall.clock.now, step=len(request.steps))
    later = replace(request, steps=(*request.steps, beside), signatures=(*request.signatures, last))
    (told,) = of(entry_of(hall.desk, replace(filed, request=later), mark="m1", mark_no=1), "decisions")
    assert told.values["reason"] == "年采购翻倍"
    assert str(told.values["approvers"]).count("; ") == len([1 for one in later.signatures if one.act != "vouch"]) - 1


class Written:
    """A ledger that takes whatever comes."""

    def __init__(self) -> None:
        self.jobs: list[WriteJob] = []

    def write(self, job: WriteJob, *, already_tried: bool) -> WrittenJob:  # noqa: ARG002
        self.jobs.append(job)
        return WrittenJob(places=(), left_out=(), before=False)


@pytest.mark.parametrize(
    ("audiences", "linked"),
    [
        (("applicant", "chen", "channel:C1"), "channel:C1"),
        (("applicant", "chen"), "chen"),
        (("applicant",), "applicant"),
    ],
)
def test_the_row_links_to_the_card_that_most_can_open(hall: Office, audiences: tuple[str, ...], linked: str) -> None:
    number, record = approved(hall), record_of(hall.desk)
    with record.begin() as writing:
        for one in audiences:
            writing.keep_card(
                Card(card_id=f"{number}/{one}", request_no=number, audience=one, channel="C", ts=one, shape="closed")
            )
    hall.clock.forward(minutes=2)
    item = next(one for one in record.unfinished() if one.kind == "ledger")
    slack, ledger = Mock(permalink=lambda channel, ts: f"{channel}/{ts}"), Written()
    ports = Ports(slack=slack, texts=CardTexts(), ledger=ledger)
    assert deliver_ledger(Attempt(hall.desk, ports, item, ports.timer() + 60)).outcome == "done"
    (told,) = of(ledger.jobs[0], "decisions")
    assert told.values["reason"] == f"C/{linked}"


def test_a_last_good_day_is_written_and_has_to_have_its_column(hall: Office) -> None:
    terms = Terms(limit=Decimal(100_000), payment_days=30, currency="CNY", valid_until=date(2027, 1, 31))
    number = approved(hall, terms=terms, reason="先试三个月")
    (customer,) = of(entry(hall, number), "customers")
    assert customer.values["limit_expires_on"] == date(2027, 1, 31)
    assert {"credit_limit", "payment_days", "limit_expires_on", "status"}.isdisjoint(customer.optional_columns)
    assert "industry" in customer.optional_columns


def test_without_a_last_day_an_old_one_goes(hall: Office) -> None:
    number = approved(hall)
    filed = record_of(hall.desk).request(number)
    assert filed is not None
    assert decided_cells(hall.desk, filed)["limit_expires_on"] is None


def test_it_stands_in_the_sheet_and_what_had_no_place_is_told(hall: Office, sheet: Sheet) -> None:
    job = entry(hall, approved(hall))
    done = sheet.writer.write(job, already_tried=False)
    (customer,) = of(job, "customers")
    key = str(customer.key["customer_id"])
    limit = customer.values["credit_limit"]
    assert isinstance(limit, Decimal)
    assert sheet.row(key)[2] == limit / 10_000
    assert sheet.row(key)[5] == "正常"
    assert [row[:1] for row in sheet.shown()[3:8]] == [["C1"], ["C2"], ["C3"], [key], []]
    assert len([row for row in sheet.shown("Financials") if row[0] == key]) == 2
    (told,) = sheet.shown("审批记录")[1:]
    assert told[2] == key
    assert LINK in told[8]
    assert {(one.tab, one.why) for one in done.left_out} >= {("checks", "no_tab"), ("customers", "no_column")}
    assert sheet.google.unknown == []
    assert sheet.again().write(job, already_tried=True).before


def test_a_number_that_somebody_has_given_away_meanwhile_is_a_conflict(hall: Office, sheet: Sheet) -> None:
    job = entry(hall, approved(hall))
    sheet.tab().cells[5][0] = str(of(job, "customers")[0].key["customer_id"])
    with pytest.raises(WriteConflict) as met:
        sheet.writer.write(job, already_tried=False)
    assert met.value.code == "key_taken"
