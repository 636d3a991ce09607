"""What is recorded comes back as it was, or nothing of it was recorded."""

import stat
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.delegation import Delegation
from approvals.request import Request
from approvals.steps import Signature, Step
from approvals.terms import Terms
from storage.record import Card, Draft, Filed, Record, RecordError, open_record
from storage.record.moments import body_of
from tests.storage.records import NOW, SERVER, Clock, decided, filed, request


def test_a_request_comes_back_as_it_was_filed(record: Record) -> None:
    with record.begin() as writing:
        writing.file(request(), {"name": "甲公司", "limit": Decimal("500000.00")}, {"policy": "p1", "score": 84.25})
    found = record.request("CR-2026-0001")
    assert found is not None
    assert found.request == request()
    assert (found.form, found.evidence) == (
        {"name": "甲公司", "limit": "500000.00"},
        {"policy": "p1", "score": 84.25},
    )
    assert found.filed_policy == "p1"
    assert record.request("CR-2026-0002") is None


TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
MONEY = st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**15), max_value=10**15)
MOMENTS = st.datetimes(timezones=st.just(UTC), min_value=datetime(1980, 1, 1), max_value=datetime(2080, 1, 1))  # noqa: DTZ001
TERMS = st.builds(
    Terms, limit=MONEY, payment_days=st.integers(0, 365), currency=TEXT, temp_limit=st.none() | MONEY,
    temp_until=st.none() | st.dates(), deposit_pct=MONEY, guarantee=TEXT, valid_until=st.none() | st.dates(),
    conditions=st.lists(TEXT, max_size=2).map(tuple),
)  # fmt: skip
PEOPLE = st.lists(TEXT, min_size=1, max_size=3).map(tuple)
REQUESTS = st.builds(
    replace, st.just(request()), name=TEXT, asked=TERMS, proposed=TERMS, decided=st.none() | TERMS, filed_at=MOMENTS,
    step_since=MOMENTS, decided_at=st.none() | MOMENTS, amount_base=MONEY, grade=st.sampled_from(["A", "D", None]),
    at=st.lists(st.integers(0, 9), max_size=3).map(tuple), flags=PEOPLE,
    steps=st.lists(st.builds(Step, people=PEOPLE), max_size=3).map(tuple),
    signatures=st.lists(st.builds(Signature, at=MOMENTS, terms=st.none() | TERMS, reason=TEXT), max_size=3).map(tuple),
)  # fmt: skip


@given(REQUESTS)
def test_no_digit_moment_or_word_of_a_request_is_lost_on_its_way_through_the_record(one: Request) -> None:
    assert msgspec.json.decode(body_of(one), type=Request) == one


def test_a_save_counts_only_on_the_version_it_was_made_from(record: Record) -> None:
    filed(record, request())
    with record.begin() as writing:
        assert writing.save(decided(request()), expected_version=1)
    with record.begin() as writing:
        assert not writing.save(decided(request(), "wang"), expected_version=1)
        assert not writing.save(decided(request(7)), expected_version=1)
    found = record.request("CR-2026-0001")
    assert found is not None
    assert found.request == decided(request())


def test_a_new_round_brings_evidence_of_its_own_and_a_new_customer_id_is_found(record: Record) -> None:
    filed(record, request())
    again = replace(request(), version=2, round=2, customer_id="C9")
    with record.begin() as writing:
        assert writing.save(again, expected_version=1, form={"name": "乙"}, evidence={"policy": "p2"})
    found = record.request("CR-2026-0001")
    assert found is not None
    assert (found.request, found.form, found.filed_policy) == (again, {"name": "乙"}, "p2")
    assert [one.request.customer_id for one in record.requests(customer_id="C9")] == ["C9"]
    assert record.requests(customer_id="C1") == []


def half_way(record: Record) -> None:
    with record.begin() as writing:
        assert (writing.next_no("CR-2026"), writing.next_no("CR-2026")) == (1, 2)
        assert writing.first_time("Ev1", "h")
        writing.file(request(), {}, {})
        writing.audit("CR-2026-0001", "file", "li", {})
        writing.enqueue("card", "CR-2026-0001", {})
        assert 1 / 0


def test_an_error_in_the_transaction_leaves_nothing_and_gives_its_number_out_again(record: Record) -> None:
    with pytest.raises(ZeroDivisionError):
        half_way(record)
    with record.begin() as writing:
        assert writing.next_no("CR-2026") == 1
        assert writing.next_no("CR-2027") == 1
        assert writing.first_time("Ev1", "h")
    assert record.request("CR-2026-0001") is None
    assert record.unfinished() == []
    assert [entry.act for entry in record.audit_entries()] == ["open"]


def test_an_event_counts_once_whatever_it_carries(record: Record) -> None:
    with record.begin() as writing:
        assert writing.first_time("Ev1", "one")
        assert not writing.first_time("Ev1", "two")
    with record.begin() as writing:
        assert not writing.first_time("Ev1", "one")
        assert writing.first_time("Ev2", "one")


def names(found: list[Filed]) -> list[str]:
    return [one.request.request_no[-1] for one in found]


def test_requests_are_listed_by_what_is_asked_oldest_first(record: Record) -> None:
    later = NOW + timedelta(days=2)
    filed(
        record,
        request(3, filed_at=later, applicant="han"),
        request(1),
        decided(request(2, customer_id="C2")),
        request(4, state="returned"),
    )
    assert names(record.requests()) == ["1", "2", "4", "3"]
    assert names(record.requests(states=["pending", "returned"])) == ["1", "4", "3"]
    assert names(record.requests(states=["approved"])) == ["2"]
    assert names(record.requests(states=["pending", "approved"], since=later)) == ["3"]
    assert names(record.requests(applicant="li", customer_id="C1")) == ["1", "4"]


def draft(number: str, at: datetime, person: str = "li") -> Draft:
    return Draft(
        id=number, person=person, account="U1", kind="open_account", form={"name": "甲"}, step="who", changed_at=at
    )


def test_drafts_live_thirty_days_after_the_last_change(record: Record, clock: Clock) -> None:
    with record.begin() as writing:
        for number, days in (("a", 0), ("b", 1), ("c", 0)):
            writing.keep_draft(draft(number, NOW + timedelta(days=days)))
        writing.keep_draft(draft("x", NOW, "han"))
        writing.keep_draft(replace(draft("c", NOW + timedelta(days=2)), step="plan"))
    clock.move(3 * 86_400)
    assert [one.id for one in record.drafts("li")] == ["c", "b", "a"]
    assert record.draft("c") == replace(draft("c", NOW + timedelta(days=2)), step="plan")
    clock.move(27.5 * 86_400)
    assert [one.id for one in record.drafts("li")] == ["c", "b"]
    assert record.draft("a") is None
    with record.begin() as writing:
        writing.drop_draft("c")
    assert [one.id for one in record.drafts("li")] == ["b"]


def test_a_card_is_kept_where_it_hangs_now(record: Record) -> None:
    card = Card(card_id="k1", request_no="CR-2026-0001", audience="wang", channel="D1", ts="", shape="open")
    hung = replace(card, ts="1.2", thread_ts="1.0", shape="closed")
    with record.begin() as writing:
        writing.keep_card(card)
        writing.keep_card(replace(card, card_id="k2", request_no="CR-2026-0002"))
        writing.keep_card(hung)
    assert record.cards("CR-2026-0001") == [hung]


def test_a_delegation_holds_on_its_days_until_it_is_ended(record: Record) -> None:
    given_ = Delegation(
        id="d1", from_person="zhao", to_person="wang", starts_on=date(2026, 11, 24), ends_on=date(2026, 11, 26),
        reason="leave", made_by="zhao", made_at=NOW,
    )  # fmt: skip
    with record.begin() as writing:
        writing.delegate(given_)
    held = [bool(record.delegations(date(2026, 11, day))) for day in (23, 24, 26, 27)]
    assert held == [False, True, True, False]
    with record.begin() as writing:
        assert writing.end_delegation("d1", "zhao")
        assert not writing.end_delegation("d1", "zhao")
    assert record.delegations(date(2026, 11, 24)) == []
    assert record.all_delegations("wang") == [replace(given_, ended_at=NOW, ended_by="zhao")]


def test_a_slot_is_taken_once_and_runs_are_remembered(record: Record, clock: Clock) -> None:
    day = date(2026, 11, 24)
    with record.begin() as writing:
        assert writing.claim_slot("digest/finance", day, late=False)
        assert not writing.claim_slot("digest/finance", day, late=True)
        assert writing.claim_slot("digest/finance", day + timedelta(days=1), late=True)
        run = writing.start_run("sync")
    clock.move(5)
    with record.begin() as writing:
        writing.end_run(run, "done")
    slots = record.slots("digest/finance")
    assert [(one.day.day, one.late) for one in slots] == [(24, False), (25, True)]
    assert record.slots("digest/finance", since=day + timedelta(days=1)) == slots[1:]
    (found,) = record.job_runs("sync")
    assert (found.outcome, found.started_at, found.ended_at) == ("done", NOW, NOW + timedelta(seconds=5))


def test_tidying_forgets_what_is_only_kept_for_a_while(record: Record, clock: Clock) -> None:
    filed(record, request())
    with record.begin() as writing:
        writing.first_time("Ev1", "h")
        writing.keep_draft(draft("a", NOW))
        item = writing.enqueue("card", "s", {})
    claimed = record.claim("one", 60)
    assert claimed is not None
    assert record.finish(claimed, "one", outcome="done")
    clock.move(31 * 86_400)
    record.tidy()
    with record.begin() as writing:
        assert writing.first_time("Ev1", "h")
    assert record.item(item) is not None
    clock.move(60 * 86_400)
    record.tidy()
    assert record.item(item) is None
    assert record.request("CR-2026-0001") is not None
    assert record.verify_audit() == []


def test_a_transaction_inside_another_is_a_fault_of_ours_and_said_so(tmp_path: Path, clock: Clock) -> None:
    record = open_record(tmp_path, "", "", clock)
    with record.begin(), pytest.raises(RuntimeError), record.begin():
        pass
    with record.begin() as writing:
        assert writing.next_no("still works") == 1
    record.close()


def test_files_are_for_the_desk_alone(tmp_path: Path, clock: Clock) -> None:
    record = open_record(tmp_path / "home", "", "", clock)
    filed(record, request())
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "home").iterdir()}
    assert modes == dict.fromkeys(
        ["record.db", "record.db-wal", "record.db-shm", "audit.key", "audit.head"], 0o600
    )  # fmt: skip
    record.close()


@pytest.mark.parametrize("url", ["mysql://host/desk", "nonsense", "sqlite://", "sqlite:///:memory:"])
def test_an_address_that_is_no_record_is_refused_in_words(url: str, clock: Clock) -> None:
    with pytest.raises(RecordError) as refused:
        Record(url, b"k", clock)
    assert refused.value.code == "record_url"


def test_postgresql_has_the_same_tests() -> None:
    if not SERVER:
        pytest.skip("no PostgreSQL server in CREDITDESK_TEST_DATABASE: the record is tested on SQLite alone")
