"""What the clock does with open requests, over a real record: once each, in working hours, told to whom it concerns."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from approvals.delegation import Delegation
from approvals.people import People
from approvals.request import Request
from approvals.steps import Step
from flows.desk import Desk
from flows.notes import made_note
from flows.remind import act_due, keep_deadlines, waiting_for
from flows.roster import Roster
from storage.record import Record
from tests.flows.office import request
from tests.paper import Paper, desk_of

ZONE = ZoneInfo("Asia/Shanghai")
VOUCH = Step(kind="vouch", role="customer_admin", people=("xu",))
WANG = Step(kind="post", role="sales_manager", people=("wang",))
ZHAO = Step(kind="post", role="dept_deputy_gm", people=("zhao",), decides=True)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


class Waiting:
    """One request, and a clock moved by hand."""

    def __init__(self, home: Path) -> None:
        self.now, self.nudges = at("2026-11-24T09:00"), 0
        self.record = Record(f"sqlite:///{home / 'record.db'}", b"k" * 32, lambda: self.now)
        self.desk: Desk = replace(desk_of(Paper(), home, lambda: self.now), record=self.record, nudge=self._nudged)

    def _nudged(self) -> None:
        self.nudges += 1

    def file(self, *steps: Step, **more: Any) -> Request:
        made = request(1, self.now, steps=steps or (WANG, ZHAO), **more)
        with self.record.begin() as writing:
            writing.file(made, {}, {"policy": "p"})
        return made

    def at(self, text: str) -> dict[str, int]:
        """Look at a moment; what was done."""
        self.now = at(text)
        return dict(keep_deadlines(self.desk))

    @property
    def request(self) -> Request:
        found = self.record.request("CR-2026-0001")
        assert found is not None
        return found.request

    def sent(self, kind: str) -> list[dict[str, Any]]:
        """What waits to go out, and is taken away by looking."""
        found = []
        while (item := self.record.claim("a", 60)) is not None:
            self.record.finish(item, "a", outcome="done")
            found.append((item.kind, dict(item.payload)))
        return [payload for one, payload in found if one == kind]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Waiting]:
    opened = Waiting(tmp_path)
    yield opened
    opened.record.close()


def test_whoever_is_waited_for_is_reminded_after_four_and_eight_working_hours(desk: Waiting) -> None:
    desk.file()
    assert desk.at("2026-11-24T12:59") == {}
    assert desk.at("2026-11-24T13:00") == {"remind": 1}
    assert [(one["audience"], one["what"], one["signature"]) for one in desk.sent("thread")] == [("wang", "remind", 0)]
    assert [desk.at(f"2026-11-24T{time}") for time in ("13:01", "14:30", "16:59")] == [{}] * 3
    assert desk.at("2026-11-24T17:00") == {"remind": 1}
    assert (desk.request.reminded, desk.request.state, desk.nudges) == (2, "pending", 2)
    assert desk.at("2026-11-25T11:00") == {}
    acts = [entry.act for entry in desk.record.audit_entries()]
    assert acts.count("remind") == 2


def test_the_next_post_up_may_decide_too_once_nobody_has_answered(desk: Waiting) -> None:
    desk.file()
    desk.at("2026-11-24T13:00"), desk.at("2026-11-24T17:00")
    desk.sent("thread")
    assert desk.at("2026-11-25T15:59") == {}
    assert desk.at("2026-11-25T16:00") == {"escalate": 1}
    now = desk.request
    assert {person for place in now.at for person in now.steps[place].people} == {"wang", "zhao"}
    assert waiting_for(now, (), desk.desk.today()) == ("zhao",)
    assert desk.at("2026-11-25T16:01") == {}
    assert desk.at("2026-11-26T11:00") == {"remind": 1}
    assert {one["audience"] for one in desk.sent("thread") if one["what"] == "remind"} == {"zhao"}


def test_it_expires_at_the_end_of_the_tenth_working_day_and_the_applicant_hears_of_it(desk: Waiting) -> None:
    desk.file(VOUCH, WANG)
    assert desk.at("2026-12-08T17:59") == {"remind": 1}
    assert desk.at("2026-12-08T18:00") == {"expire": 1}
    assert (desk.request.state, desk.request.at) == ("expired", ())
    assert ("applicant", "expire") in {(one["audience"], one["what"]) for one in desk.sent("thread")}
    assert desk.at("2026-12-30T10:00") == {}


def test_a_returned_request_expires_too_and_nobody_is_reminded(desk: Waiting) -> None:
    desk.file(state="returned", at=())
    assert desk.at("2026-12-08T17:59") == {}
    assert desk.at("2026-12-08T18:00") == {"expire": 1}


def test_a_desk_that_was_down_reminds_once_and_not_at_night(desk: Waiting) -> None:
    desk.file(VOUCH, WANG)
    assert desk.at("2026-11-26T02:00") == {}
    assert desk.at("2026-11-28T11:00") == {}  # a Saturday
    assert desk.at("2026-11-30T09:00") == {"remind": 1}
    assert desk.at("2026-11-30T09:01") == {}
    assert desk.at("2026-11-30T12:00") == {}


def test_beside_the_ladder_nobody_is_higher_so_nothing_is_recorded(desk: Waiting) -> None:
    filed = desk.file(VOUCH, WANG)
    desk.at("2026-11-24T13:00"), desk.at("2026-11-24T17:00")
    assert desk.at("2026-11-25T16:30") == {}
    assert desk.request.version == filed.version + 2


def test_a_stand_in_is_reminded_with_whom_he_stands_in_for(desk: Waiting) -> None:
    filed = desk.file()
    day = date(2026, 11, 24)
    stand_in = Delegation(
        id="d", from_person="wang", to_person="zhao", starts_on=day, ends_on=day, reason="", made_by="wang", made_at=desk.now
    )  # fmt: skip
    assert waiting_for(filed, (stand_in,), day) == ("wang", "zhao")
    assert waiting_for(filed, (stand_in,), day + timedelta(days=1)) == ("wang",)
    with desk.record.begin() as writing:
        writing.delegate(stand_in)
    assert desk.at("2026-11-24T13:00") == {"remind": 1}
    assert [one["audience"] for one in desk.sent("thread")] == ["wang", "zhao"]


def test_a_route_whose_people_have_left_is_made_anew_at_once(desk: Waiting) -> None:
    desk.file()
    left = tuple(person for person in desk.desk.people.people if person.id != "wang")
    desk.desk = replace(desk.desk, roster=Roster(People(people=left)))
    assert desk.at("2026-11-24T22:00") == {"reroute": 1}
    assert {person for place in desk.request.at for person in desk.request.steps[place].people} == {"zhao", "wang"}
    assert desk.at("2026-11-24T22:01") == {}


def test_two_desks_do_it_once(desk: Waiting, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.file()
    filed = desk.record.requests(states=("pending",))
    assert desk.at("2026-11-24T13:00") == {"remind": 1}
    monkeypatch.setattr(desk.record, "requests", lambda **_: filed)  # the other one read before
    assert desk.at("2026-11-24T13:00") == {}
    assert [one["audience"] for one in desk.sent("thread")] == ["wang"]


def test_with_nothing_open_nothing_happens(desk: Waiting) -> None:
    assert desk.at("2026-11-24T13:00") == {}
    over = desk.file(state="approved", at=())
    assert desk.at("2026-12-24T13:00") == {}
    assert act_due(desk.desk, over) is None
    assert desk.nudges == 0


def test_where_nobody_is_left_the_administrators_are_told_once_what_to_do(desk: Waiting) -> None:
    desk.file(VOUCH, WANG)
    left = tuple(person for person in desk.desk.people.people if person.id != "xu")
    roster = desk.desk.roster
    desk.desk = replace(desk.desk, roster=Roster(People(people=left)))
    assert desk.at("2026-11-24T09:01") == {"alert": 1}
    assert [desk.at("2026-11-24T09:02"), desk.at("2026-11-25T08:00")] == [{}, {}]
    told = desk.sent("note")
    assert told == [{"person": "sun", "what": "stuck", "request_no": "CR-2026-0001"}]
    said = {lang: str(made_note(desk.desk, told[0], lang)) for lang in ("en", "zh-CN")}
    assert "customer administrator for department 华东" in said["en"]
    assert "people.yaml" in said["en"]
    assert "客户管理员签字" in said["zh-CN"]
    assert "12月8日" in said["zh-CN"]
    assert [entry.act for entry in desk.record.audit_entries()].count("stuck") == 1
    desk.desk = replace(desk.desk, roster=roster)
    assert made_note(desk.desk, told[0], "en") is None
    assert desk.at("2026-12-08T18:00") == {"expire": 1}
