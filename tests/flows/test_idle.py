"""Owners without action: at, below and above three working days; the longest first."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from approvals.dealings import Dealing
from flows.desk import Desk
from flows.digest_figures import Late
from flows.idle import idle_owners
from storage.record import open_record
from tests.flows.small import ON, Open

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)


@pytest.fixture
def desk(ledger: Open, tmp_path: Path) -> Desk:
    return replace(ledger(), record=open_record(tmp_path, "", "a key that is long enough", lambda: NOW))


def late(days: int, customer: str = "A") -> Late:
    return Late(customer, customer, 100, days, "华东", "林晓梅")


def did(desk: Desk, day: int) -> None:
    assert desk.record is not None
    with desk.record.begin() as writing:
        writing.keep_dealing(
            Dealing(
                dealing_id=f"CL-2026-{day:06d}", customer_id="A", kind="promise", day=ON.replace(day=day), person="lin",
                made_at=NOW,
            )
        )  # fmt: skip


@pytest.mark.parametrize(("days", "idle"), [(0, []), (3, []), (4, [3]), (5, [4])])
def test_three_working_days_since_it_became_overdue(desk: Desk, days: int, idle: list[int]) -> None:
    """20 November is a Friday: what became overdue on the Tuesday lies for three."""
    assert [one.days for one in idle_owners(desk, [late(days)])] == idle


@pytest.mark.parametrize(("day", "idle"), [(16, [4]), (17, [3]), (18, [])])
def test_whatever_is_recorded_begins_the_wait_anew(desk: Desk, day: int, idle: list[int]) -> None:
    did(desk, day)
    assert [one.days for one in idle_owners(desk, [late(50)])] == idle


def test_the_longest_stands_first_and_without_a_record_nobody_is_named(desk: Desk) -> None:
    found = idle_owners(desk, [late(40, "B"), late(50, "C"), late(1)])
    assert [one.late.customer_id for one in found] == ["C", "B"]
    assert idle_owners(replace(desk, record=None), [late(50)]) == []
