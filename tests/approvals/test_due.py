"""When the clock does what: reminders, the next post up, expiry, and a route that lost its people."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from approvals.advance import advance
from approvals.clock import deadlines
from approvals.due import due
from tests.approvals.company import NOON, TODAY, hand, moved, signed_up_to, staff, without
from tests.builders import policy

ZONE = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("now", "act"),
    [
        ("2026-11-24T15:59", None),
        ("2026-11-24T16:00", "remind"),
        ("2026-11-26T09:59", "remind"),
        ("2026-11-26T10:00", "escalate"),
        ("2026-12-08T17:59", "escalate"),
        ("2026-12-08T18:00", "expire"),
    ],
)
def test_a_step_that_opened_on_tuesday_noon(now: str, act: str | None) -> None:
    made = signed_up_to("sales_manager")
    made.request = moved(made.request, step_since=NOON)
    assert due(made.request, at(now), policy(), staff()) == act


def test_one_reminder_stands_for_all_that_were_missed() -> None:
    made = signed_up_to("sales_manager")
    late = made.request.step_since + timedelta(days=1, hours=3)
    assert due(made.request, late, policy(), staff()) == "remind"
    reminded = advance(made.request, "remind", None, now=late, today=TODAY, policy=policy(), people=staff())
    assert reminded.reminded == 2
    assert due(reminded, late, policy(), staff()) is None


def test_beside_the_ladder_reminders_end_and_it_expires() -> None:
    made = hand()
    found = deadlines(made.request, policy())
    made("", "remind", after=60 * 60 * 24)
    assert due(made.request, found.escalate_at, policy(), staff()) is None
    assert due(made.request, found.expire_at, policy(), staff()) == "expire"


def test_after_an_escalation_the_hours_begin_anew_until_nobody_is_higher() -> None:
    made = signed_up_to("dept_deputy_gm")
    climbed = []
    while due(made.request, made.request.step_since + timedelta(days=9), policy(), staff()) == "escalate":
        made.request = advance(
            made.request, "escalate", None, now=made.request.step_since + timedelta(days=9), today=TODAY, policy=policy(),
            people=staff(),
        )  # fmt: skip
        climbed.append(made.waits[-1])
    assert climbed == ["dept_gm", "responsible_vp"]


def test_a_returned_request_waits_for_the_applicant_and_expires() -> None:
    made = signed_up_to("sales_manager")
    made("wang", "return", reason="缺报表")
    found = deadlines(made.request, policy())
    assert due(made.request, found.escalate_at, policy(), staff()) is None
    assert due(made.request, found.expire_at, policy(), staff()) == "expire"


def test_nothing_is_due_once_it_is_over() -> None:
    made = signed_up_to("sales_manager")
    made("lin", "withdraw")
    assert due(made.request, datetime(2027, 6, 1, tzinfo=UTC), policy(), staff()) is None


def test_a_step_without_people_is_routed_anew_at_once_and_waits_where_nobody_is_left() -> None:
    made = signed_up_to("sales_manager")
    assert due(made.request, made.now, policy(), without(staff(), "wang")) == "reroute"
    assert due(made.request, made.now, policy(), without(staff(), "wang", "zhao", "chen", "liu")) is None
