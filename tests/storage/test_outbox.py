"""Deliveries: in order per subject, one owner at a time, nothing forgotten and nothing passed over."""

from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from storage.record import Item, Outcome, Record
from storage.record.outbox import MOST_ATTEMPTS
from tests.storage.records import KEY, NOW, Clock, claimed, enqueued

LATER = NOW + timedelta(days=36_500)
"""Later than the clock of any database."""


def test_items_of_a_subject_go_out_one_after_the_other_and_subjects_do_not_wait_for_each_other(record: Record) -> None:
    first, second, other = enqueued(record, "CR-1", "CR-1", "CR-2")
    one, two = claimed(record), claimed(record, "two")
    assert [one.id, two.id] == [first, other]
    assert record.claim("three", 60) is None
    assert record.finish(one, "one", outcome="done", result={"ts": "1.2"})
    assert claimed(record).id == second
    done = record.item(first)
    assert done is not None
    assert (done.state, done.result, done.lease_until) == ("done", {"ts": "1.2"}, None)


def test_an_item_waits_for_its_time_and_holds_back_what_comes_after_it(record: Record) -> None:
    with record.begin() as writing:
        late = writing.enqueue("thread", "CR-1", {}, not_before=LATER)
        writing.enqueue("card", "CR-1", {})
        free = writing.enqueue("card", "CR-2", {})
    assert claimed(record).id == free
    assert record.claim("one", 60) is None
    assert record.unfinished()[0].id == late


def test_what_is_due_goes_out_when_its_time_has_come(sqlite: Record, clock: Clock) -> None:
    with sqlite.begin() as writing:
        late = writing.enqueue("thread", "CR-1", {}, not_before=NOW + timedelta(seconds=60))
    clock.move(59.9)
    assert sqlite.claim("one", 60) is None
    clock.move(0.2)
    assert claimed(sqlite).id == late


def test_a_lease_that_ran_out_gives_the_item_to_another_one_as_unknown(record: Record) -> None:
    enqueued(record, "CR-1")
    first = claimed(record, "one", lease=0)
    again = claimed(record, "two")
    assert (first.id, first.attempts, first.unknown) == (again.id, 1, False)
    assert (again.attempts, again.unknown, again.first_at) == (2, True, first.first_at)
    assert not record.finish(first, "one", outcome="done")
    assert record.finish(again, "two", outcome="done")
    assert not record.finish(again, "two", outcome="done")


def test_who_is_late_but_not_replaced_may_still_say_what_came_of_it(sqlite: Record, clock: Clock) -> None:
    (item,) = enqueued(sqlite, "CR-1")
    late = claimed(sqlite, lease=10)
    clock.move(3600)
    assert sqlite.finish(late, "one", outcome="done")
    found = sqlite.item(item)
    assert found is not None
    assert found.state == "done"


def test_an_hour_of_busy_parks_nothing_and_keeps_the_order(sqlite: Record, clock: Clock) -> None:
    first, second = enqueued(sqlite, "CR-1", "CR-1")
    for _ in range(60):
        item = claimed(sqlite)
        assert (item.id, item.attempts, item.unknown) == (first, 1, False)
        assert sqlite.finish(item, "one", outcome="busy", again_in=60)
        assert sqlite.claim("one", 60) is None
        clock.move(60)
    assert sqlite.finish(claimed(sqlite), "one", outcome="done")
    assert claimed(sqlite).id == second


def test_an_unknown_outcome_is_tried_again_later_and_later_and_then_parked(sqlite: Record, clock: Clock) -> None:
    (first,) = enqueued(sqlite, "CR-1")
    waits = []
    while (item := sqlite.claim("one", 60)) is not None:
        assert item.unknown is (item.attempts > 1)
        assert sqlite.finish(item, "one", outcome="unknown", why="timeout")
        found = sqlite.item(first)
        assert found is not None
        waits.append((found.not_before - clock()).total_seconds())
        clock.move(waits[-1])
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]
    (parked,) = sqlite.parked()
    assert (parked.id, parked.why, parked.unknown, parked.attempts) == (first, "timeout", True, MOST_ATTEMPTS)
    assert sqlite.backlog() == (0, 1, None)
    assert sqlite.retry(first)
    assert not sqlite.retry(first)
    assert (claimed(sqlite).attempts, claimed_unknown(sqlite, first)) == (1, True)


def claimed_unknown(record: Record, item_id: str) -> bool:
    found = record.item(item_id)
    assert found is not None
    return found.unknown


def test_a_desk_that_dies_on_an_item_again_and_again_does_not_block_its_subject(record: Record) -> None:
    first, second = enqueued(record, "CR-1", "CR-1")
    for _ in range(MOST_ATTEMPTS):
        assert claimed(record, lease=0).id == first
    assert claimed(record).id == second
    (parked,) = record.parked()
    assert (parked.id, parked.why, parked.unknown) == (first, "claims_ran_out", True)


def test_a_refused_item_is_parked_and_stops_its_subject_only_for_the_ledger(record: Record) -> None:
    for kind, goes_on in (("card", True), ("ledger", False)):
        first, second = enqueued(record, kind, kind, kind=kind)
        assert record.finish(claimed(record), "one", outcome="refused", why="channel_not_found")
        assert [(one.id, one.why) for one in record.parked()][-1] == (first, "channel_not_found")
        following = record.claim("one", 60)
        assert (following is not None and following.id == second) is goes_on


def test_only_what_cannot_have_gone_out_is_taken_back(record: Record) -> None:
    _, second, other, kind = *enqueued(record, "CR-1", "CR-1", "CR-2"), enqueued(record, "CR-1", kind="ledger")[0]
    claimed(record)
    with record.begin() as writing:
        assert writing.cancel("CR-1", ("card", "thread")) == 1
        fresh = writing.enqueue("card", "CR-3", {})
        assert writing.cancel("CR-3", ("card",)) == 1
    assert {one.id for one in record.unfinished()} & {second, other, kind, fresh} == {other, kind}
    found = record.item(second)
    assert found is not None
    assert found.state == "cancelled"


def test_what_may_have_arrived_is_not_taken_back(sqlite: Record) -> None:
    enqueued(sqlite, "CR-1")
    assert sqlite.finish(claimed(sqlite), "one", outcome="unknown", again_in=60)
    with sqlite.begin() as writing:
        assert writing.cancel("CR-1", ("card",)) == 0


def test_the_reconciler_sees_what_was_delivered_and_sends_a_lost_one_again(record: Record) -> None:
    first, second = enqueued(record, "CR-1", "CR-2")
    for _ in range(2):
        assert record.finish(claimed(record), "one", outcome="done", result={"ts": "1"})
    assert [one.id for one in record.delivered(NOW)] == [first, second]
    assert record.delivered(LATER) == []
    assert record.redo(first)
    assert not record.redo(first)
    again = claimed(record)
    assert (again.id, again.attempts, again.payload, again.result) == (first, 1, {"place": 0}, {})


def half_finished(record: Record, item: Item) -> None:
    with record.begin() as writing:
        assert writing.finish(item, "one", outcome="done")
        assert 1 / 0


def test_a_delivery_is_finished_together_with_what_it_brought_or_not_at_all(record: Record) -> None:
    (first,) = enqueued(record, "CR-1")
    item = claimed(record)
    with pytest.raises(ZeroDivisionError):
        half_finished(record, item)
    assert [one.id for one in record.unfinished()] == [first]
    with record.begin() as writing:
        assert writing.finish(item, "one", outcome="done")
        writing.audit("", "posted", "", {"item": first})
    assert record.unfinished() == []


class Deliveries(RuleBasedStateMachine):
    """Any order of enqueuing, claiming, finishing, dying and waiting keeps the order per subject."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.clock = Clock()
        self.record = Record(f"sqlite:///{Path(self.folder.name) / 'record.db'}", KEY, self.clock)
        with self.record.begin() as writing:
            self.raw = writing.cursor
        self.raw.execute("pragma synchronous=off")
        self.made: dict[str, list[str]] = defaultdict(list)
        self.held: list[Item] = []

    @rule(subject=st.sampled_from(["a", "b", "ledger"]), count=st.integers(1, 3))
    def enqueue(self, subject: str, count: int) -> None:
        kind = "ledger" if subject == "ledger" else "card"
        self.made[subject] += enqueued(self.record, *[subject] * count, kind=kind)

    @rule(lease=st.sampled_from([1, 1000]))
    def claim(self, lease: float) -> None:
        before = {one.id: one for one in self.record.unfinished()}
        item = self.record.claim("one", lease)
        if item is None:
            return
        subject = self.made[item.subject]
        for earlier in subject[: subject.index(item.id)]:
            state = before[earlier].state if earlier in before else "over"
            assert state in ({"over"} if item.kind == "ledger" else {"over", "parked"}) or self.gave_up(before, earlier)
        assert item.unknown or before[item.id].state != "claimed"
        self.held.append(item)

    def gave_up(self, before: dict[str, Item], earlier: str) -> bool:
        """The claim itself parks what ran out of claims, which holds nothing back but the ledger."""
        was = before[earlier]
        return was.state == "claimed" and was.attempts >= MOST_ATTEMPTS and was.kind != "ledger"

    @precondition(lambda self: self.held)
    @rule(place=st.integers(0, 9), outcome=st.sampled_from(["done", "refused", "unknown", "busy"]))
    def finish(self, place: int, outcome: Outcome) -> None:
        item = self.held.pop(place % len(self.held))
        now = self.record.item(item.id)
        assert now is not None
        mine = now.state == "claimed" and now.attempts == item.attempts
        assert self.record.finish(item, "one", outcome=outcome) is mine

    @rule(seconds=st.sampled_from([0.5, 2, 500]))
    def wait(self, seconds: float) -> None:
        self.clock.move(seconds)

    @rule()
    def retry_all(self) -> None:
        for one in self.record.parked():
            assert self.record.retry(one.id)

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        known = [one for ids in self.made.values() for one in ids]
        found = [self.record.item(one) for one in known]
        assert None not in found
        on_their_way = [one.id for one in self.record.unfinished()]
        assert len(set(on_their_way)) == len(on_their_way)
        assert [one for one in self.made["a"] if one in on_their_way] == [
            one for one in on_their_way if one in self.made["a"]
        ]

    def teardown(self) -> None:
        self.record.close()
        self.folder.cleanup()


Deliveries.TestCase.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
TestDeliveries = Deliveries.TestCase
