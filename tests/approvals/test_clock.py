"""Working hours and deadlines: weekends, holidays, make-up workdays, years not published yet."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.clock import add_working_hours, deadlines, end_of_working_day, working_hours_between
from scoring.calendar import is_working_day
from tests.builders import policy
from tests.flows.office import request

ZONE = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-24T09:41", 4, "2026-11-24T13:41"),  # a Tuesday
        ("2026-11-24T16:00", 4, "2026-11-25T11:00"),
        ("2026-11-24T09:00", 9, "2026-11-24T18:00"),  # an end is an end, not the next morning
        ("2026-11-24T07:00", 1, "2026-11-24T10:00"),
        ("2026-11-24T23:00", 1, "2026-11-25T10:00"),
        ("2026-11-27T17:00", 2, "2026-11-30T10:00"),  # over a weekend
        ("2026-09-30T17:00", 2, "2026-10-08T10:00"),  # over the National Day week
        ("2026-10-09T17:00", 2, "2026-10-10T10:00"),  # Saturday 10 October 2026 is a make-up workday
    ],
)
def test_working_hours_pass_on_working_days_only(start: str, hours: int, end: str) -> None:
    assert add_working_hours(at(start), timedelta(hours=hours), policy()) == at(end)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)).map(lambda one: one.replace(tzinfo=UTC))  # noqa: DTZ001


@given(MOMENTS, st.integers(1, 60_000))
def test_what_is_added_is_what_lies_between(start: datetime, minutes: int) -> None:
    end = add_working_hours(start, timedelta(minutes=minutes), policy())
    assert working_hours_between(start, end, policy()) == timedelta(minutes=minutes)
    assert is_working_day(end.astimezone(ZONE).date())
    assert working_hours_between(end, start, policy()) == timedelta()


def test_a_request_is_reminded_of_escalated_and_expires() -> None:
    found = deadlines(request(1, at("2026-11-24T09:41"), step_since=at("2026-11-24T15:00")), policy())
    assert found.remind_at == (at("2026-11-25T10:00"), at("2026-11-25T14:00"))
    assert found.escalate_at == at("2026-11-26T13:00")
    assert found.expire_at == at("2026-12-08T18:00")
    assert not found.provisional


def test_a_year_whose_calendar_is_not_published_is_marked() -> None:
    assert deadlines(request(1, at("2028-12-20T10:00")), policy()).provisional


def test_the_last_day_counts_from_the_day_after() -> None:
    assert end_of_working_day(at("2026-11-28T10:00"), 1, policy()) == at("2026-11-30T18:00")
