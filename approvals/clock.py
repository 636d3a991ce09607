"""Working hours by China's calendar, and the deadlines of a request that are counted in them (POLICY 10)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from approvals.request import Request
from scoring.calendar import is_working_day, provisional
from scoring.policy import Policy

_DAY = timedelta(days=1)
_FARTHEST = 4000
"""Days looked ahead: more than any deadline that a policy can set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """When the clock does something about the steps that are open now."""

    remind_at: tuple[datetime, ...]
    escalate_at: datetime
    """From here on the next post up may decide too."""
    expire_at: datetime
    provisional: bool
    """True when a day between rests on a year whose make-up workdays are not published yet."""


def deadlines(request: Request, policy: Policy) -> Deadlines:
    """Counted from when the open steps became so."""
    since, rule = request.step_since, policy.workflow
    expires = end_of_working_day(since, rule.expire_after_days, policy)
    return Deadlines(
        remind_at=tuple(add_working_hours(since, timedelta(hours=one), policy) for one in rule.remind_after_hours),
        escalate_at=add_working_hours(since, timedelta(hours=rule.escalate_after_hours), policy),
        expire_at=expires,
        provisional=any(provisional(year) for year in range(since.year, expires.year + 1)),
    )


def reminders_over(found: Deadlines, now: datetime) -> int:
    """How many of a step's reminders lie behind."""
    return sum(now >= moment for moment in found.remind_at)


def add_working_hours(start: datetime, hours: timedelta, policy: Policy) -> datetime:
    """The moment by which `hours` of working time have passed since `start`; an end is an end, not the next morning."""
    left = hours
    for opens, closes in _spans(start, policy):
        span = closes - max(opens, start)
        if left <= span:
            return max(opens, start) + left
        left -= span
    raise OverflowError("a deadline beyond all calendars")


def working_hours_between(start: datetime, end: datetime, policy: Policy) -> timedelta:
    """The working time from `start` to `end`; 0 when `end` is not later."""
    total = timedelta()
    if end <= start:
        return total
    for opens, closes in _spans(start, policy):
        if opens >= end:
            break
        total += min(closes, end) - max(opens, start)
    return total


def end_of_working_day(start: datetime, days: int, policy: Policy) -> datetime:
    """When the `days`-th working day after the day of `start` closes."""
    zone = ZoneInfo(policy.time_zone)
    day = start.astimezone(zone).date()
    for _ in range(days):
        day = _next(day)
    return _span(day, policy, zone)[1]


def _next(day: date) -> date:
    day += _DAY
    while not is_working_day(day):
        day += _DAY
    return day


def _spans(start: datetime, policy: Policy) -> Iterator[tuple[datetime, datetime]]:
    """Working spans that end after `start`, in order; moments in UTC, so that a clock change counts as it is."""
    zone = ZoneInfo(policy.time_zone)
    day = start.astimezone(zone).date()
    for step in range(_FARTHEST):
        here = day + step * _DAY
        if is_working_day(here):
            opens, closes = _span(here, policy, zone)
            if closes > start:
                yield opens, closes


def _span(day: date, policy: Policy, zone: ZoneInfo) -> tuple[datetime, datetime]:
    opens, closes = (
        datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)
        for clock in policy.workflow.working_hours
    )
    return opens, closes
