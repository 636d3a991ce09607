"""China's working days: weekends, public holidays and the make-up workdays that move them."""

from datetime import date, timedelta
from functools import lru_cache

from holidays import HolidayBase, country_holidays

_ONE = timedelta(days=1)


@lru_cache(maxsize=1)
def _china() -> HolidayBase:
    return country_holidays("CN")


@lru_cache(maxsize=4096)
def is_working_day(day: date) -> bool:
    """True on working days, make-up Saturdays and Sundays included."""
    return bool(_china().is_working_day(day))


def provisional(year: int) -> bool:
    """True for a year whose make-up workdays are not known (the State Council publishes them each November)."""
    calendar = _china()
    _ = date(year, 1, 1) in calendar
    return not any(day.year == year for day in calendar.weekend_workdays)


@lru_cache(maxsize=4096)
def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`; 0 when end is not later. Counts to 400 days at most."""
    days = min((end - start).days, 400)
    return sum(1 for step in range(1, days + 1) if is_working_day(start + step * _ONE))


def next_working_day(day: date) -> date:
    """The day itself when it is a working day, else the next one."""
    while not is_working_day(day):
        day += _ONE
    return day
