"""Warnings over time: when they open, rise, sleep and close."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.alerts import Alert, Followed, follow
from scoring.findings import Finding, Source
from tests.builders import DAY, policy

COLOURS = ("yellow", "orange", "red")
NUMBERS = count(1)


def signal(kind: str, colour: str = "yellow", key: str = "C1", **facts: Any) -> Finding:
    return Finding(kind, colour, facts, Source("contracts", key, 3))  # type: ignore[arg-type]


def look(known: Sequence[Alert], *found: Finding, after: int = 0) -> Followed:
    """A look so many days after D."""
    return follow(
        known, found, customer_id="C1", on=DAY + timedelta(days=after), policy=policy(),
        new_id=lambda: f"AL-{next(NUMBERS):05d}",
    )  # fmt: skip


def stands(known: Sequence[Alert], done: Followed) -> list[Alert]:
    """What is known after a look."""
    return list({one.alert_id: one for one in (*known, *done.changed)}.values())


def test_a_signal_opens_one_warning_and_the_same_look_again_tells_nothing() -> None:
    first = look([], signal("utilisation", have=91.0))
    (alert,) = first.opened
    assert (alert.kind, alert.level, alert.since, alert.facts) == ("utilisation", "yellow", DAY, {"have": 91.0})
    assert look([alert], signal("utilisation", have=91.0), after=1) == Followed()
    (kept,) = look([alert], signal("utilisation", have=92.0), after=1).kept
    assert (kept.changed_on, kept.version) == (DAY, 2)


def test_worse_better_and_gone_are_told_apart() -> None:
    known = list(look([], signal("utilisation")).opened)
    worse = look(known, signal("utilisation", "red"), after=1)
    assert [one.level for one in worse.worse] == ["red"]
    known = stands(known, worse)
    better = look(known, signal("utilisation", "yellow"), after=2)
    assert [one.level for one in better.better] == ["yellow"]
    known = stands(known, better)
    (gone,) = look(known, after=3).gone
    assert (gone.state, gone.closed_why, gone.closed_on) == ("closed", "cleared", DAY + timedelta(days=3))
    (again,) = look([gone], signal("utilisation"), after=4).opened
    assert again.alert_id != gone.alert_id


@pytest.mark.parametrize(("apart", "level"), [(0, "orange"), (29, "orange"), (30, "yellow")])
def test_two_yellows_within_thirty_days_make_one_orange(apart: int, level: str) -> None:
    known = list(look([], signal("utilisation")).opened)
    found = look(known, signal("utilisation"), signal("returns_and_disputes"), after=apart)
    (second,) = found.opened if apart else (max(stands(known, found), key=lambda one: one.alert_id),)
    assert second.level == level
    assert second.colour == "yellow"
    assert second.escalated == ("two_yellows" if level == "orange" else "")
    third = look(
        stands(known, found), signal("utilisation"), signal("returns_and_disputes"), signal("roll"), after=apart
    )
    assert [one.level for one in third.opened] == ["yellow" if level == "orange" else "orange"]


def test_a_yellow_that_has_gone_within_the_thirty_days_is_one_of_the_two() -> None:
    known = list(look([], signal("utilisation")).opened)
    known = stands(known, look(known, after=5))
    (second,) = look(known, signal("roll"), after=20).opened
    assert second.level == "orange"


@pytest.mark.parametrize(("days", "level"), [(14, "orange"), (15, "red")])
def test_orange_that_stays_open_turns_red(days: int, level: str) -> None:
    known = list(look([], signal("oldest_overdue", "orange")).opened)
    found = look(known, signal("oldest_overdue", "orange"), after=days)
    (alert,) = stands(known, found)
    assert alert.level == level
    if level == "red":
        assert found.worse
        assert alert.escalated == "orange_too_long"
        calmer = look([alert], signal("oldest_overdue", "yellow"), after=days + 1)
        assert [one.level for one in calmer.kept] == ["red"]  # what has risen stays up until it closes


def test_one_that_sleeps_wakes_on_its_day_or_when_it_gets_worse() -> None:
    (alert,) = look([], signal("utilisation")).opened
    asleep = replace(alert, state="snoozed", snoozed_until=DAY + timedelta(days=7), reason="客户已答应周五付款")
    assert look([asleep], signal("utilisation"), after=6) == Followed()
    (woken,) = look([asleep], signal("utilisation"), after=7).worse
    assert (woken.state, woken.reason) == ("open", "")
    (worse,) = look([asleep], signal("utilisation", "orange"), after=1).worse
    assert worse.state == "open"


def test_another_contract_is_another_warning_and_what_happened_once_is_settled_by_a_person() -> None:
    known = list(look([], signal("contract_expiring", key="K1")).opened)
    found = look(known, signal("contract_expiring", key="K1"), signal("contract_expiring", key="K2"), after=1)
    assert [one.key for one in found.opened] == ["K2"]
    (changed,) = look([], signal("bank_account_changed", key="new")).opened
    assert look([changed], after=40) == Followed()


@given(st.lists(st.sets(st.tuples(st.sampled_from(("a", "b", "c")), st.sampled_from(COLOURS))), max_size=40))
def test_no_history_loses_a_signal_or_tells_it_twice(history: list[set[tuple[str, str]]]) -> None:
    known: list[Alert] = []
    for day, found in enumerate(history):
        signals = {kind: signal(kind, colour) for kind, colour in sorted(found)}
        before = {one.alert_id: one for one in known}
        done = look(known, *signals.values(), after=day)
        known = stands(known, done)
        living = [one for one in known if one.state != "closed"]
        assert sorted(one.kind for one in living) == sorted(signals)
        heat = COLOURS.index
        assert all(heat(one.level) >= heat(one.colour) for one in living)
        told = [one.alert_id for one in done.changed]
        assert len(told) == len(set(told))
        assert all(one.version == before[one.alert_id].version + 1 for one in done.changed if one.alert_id in before)
        assert look(known, *signals.values(), after=day).changed == ()
        today = date.fromordinal(DAY.toordinal() + day)
        assert all((today - one.orange_since).days < 15 for one in living if one.level == "orange" and one.orange_since)
