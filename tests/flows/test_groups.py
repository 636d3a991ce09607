"""Roles by Slack user group: read from the workspace, kept while it does not tell, and never lost in silence."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.people import People, parse_people
from flows.access import reader_of, sight
from flows.groups import refresh_groups, restore_groups
from flows.outgoing import AccountFacts, Sent, StoppedError
from flows.roster import Roster
from sandbox.slack.people import PEOPLE
from tests.flows.office import Office, office

GROUPED = """
people:
  - {id: lin, name: 林晓梅, roles: [sales], departments: [华东], slack: [U01LIN]}
  - {id: sun, name: 孙律, roles: [administrator], slack: [U10SUN], lang: zh-CN}
  - {id: he, name: 何静, roles: [finance], slack: [U07HE]}
groups:
  - {group: S01EAST, role: sales_manager, departments: [华东]}
  - {group: S03RISK, role: risk}
"""


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as opened:
        opened.desk = replace(opened.desk, roster=Roster(parse_people(GROUPED)))
        yield opened


def refreshed(hall: Office) -> str:
    return refresh_groups(hall.desk, hall.door)


def members(hall: Office, group: str, *accounts: str) -> None:
    hall.slack.workspace.usergroups[group].people = accounts


def noted(hall: Office) -> list[str]:
    """What the administrator was told."""
    hall.run()
    return [str(one.blocks) for one in hall.posted(hall.dm("U10SUN"))]


def test_who_is_in_a_group_has_its_role_for_its_departments(hall: Office) -> None:
    assert hall.desk.people.by_slack.get("U02WANG") is None
    assert refreshed(hall) == "groups 2 of 2"
    wang = hall.desk.people.by_slack["U02WANG"]
    assert (wang.id, wang.name) == ("U02WANG", PEOPLE["U02WANG"].name)
    assert wang.holds("sales_manager", "华东")
    assert not wang.holds("sales_manager", "华南")
    assert hall.desk.people.by_id["sun"].holds("risk", "华南")
    assert hall.desk.people.by_id["lin"].holds("sales_manager", "华东")
    reader = reader_of(hall.desk.people, "U02WANG", name="", lang="zh-CN", outsider=False)
    assert (sight(reader, "华东", ""), sight(reader, "华南", "")) == ("full", "grade_only")


def test_who_leaves_a_group_loses_the_role_and_both_stand_in_the_audit(hall: Office) -> None:
    refreshed(hall)
    members(hall, "S03RISK", "U09MA")
    refreshed(hall)
    assert not hall.desk.people.by_id["sun"].holds("risk", "华东")
    assert hall.desk.people.by_slack["U09MA"].holds("risk", "华东")
    refreshed(hall)
    entries = [orjson.loads(one.facts) for one in hall.record.audit_entries() if one.act == "members"]
    assert [(one["group"], one["came"], one["went"]) for one in entries[1:]] == [
        ("S03RISK", ["U09MA", "U10SUN"], []), ("S03RISK", [], ["U10SUN"])
    ]  # fmt: skip


def test_guests_strangers_and_the_gone_get_no_role(hall: Office) -> None:
    members(hall, "S01EAST", "U11GUEST", "U12CONN", "U02WANG")
    refreshed(hall)
    assert {"U11GUEST", "U12CONN"}.isdisjoint(hall.desk.people.by_slack)
    assert "U02WANG" in hall.desk.people.by_slack


@pytest.mark.parametrize(
    ("wrong", "why", "mend"),
    [
        ({"disabled": True}, "no_such_subteam", "停用"),
        ({"plan": "free"}, "plan_upgrade_required", "付费版"),
    ],
)
def test_a_group_that_cannot_be_read_keeps_its_members_and_the_administrator_hears_of_it_once_a_day(
    hall: Office, wrong: dict[str, Any], why: str, mend: str
) -> None:
    refreshed(hall)
    workspace = hall.slack.workspace
    if "plan" in wrong:
        workspace.plan = "free"
    else:
        workspace.usergroups["S01EAST"].disabled = True
    for _ in range(3):
        refreshed(hall)
    assert hall.desk.people.by_slack["U02WANG"].holds("sales_manager", "华东")
    said = [one for one in noted(hall) if "S01EAST" in one]
    assert len(said) == 1
    assert why in said[0]
    assert mend in said[0]
    assert "11月23日" in said[0]
    hall.slack.forward(86_400)
    refreshed(hall)
    assert len([one for one in noted(hall) if "S01EAST" in one]) == 2


def test_a_passing_trouble_is_told_after_an_hour_and_not_before(hall: Office) -> None:
    refreshed(hall)
    hall.fail("usergroups.users.list", "503", times=100)
    refreshed(hall)
    assert noted(hall) == []
    hall.slack.forward(3600)
    refreshed(hall)
    assert len(noted(hall)) == 2
    assert hall.desk.people.by_slack["U09MA"].holds("risk", "华东")


def test_an_empty_group_is_told(hall: Office) -> None:
    members(hall, "S03RISK")
    refreshed(hall)
    assert not hall.desk.people.by_id["sun"].holds("risk", "华东")
    (said,) = noted(hall)
    assert "里没有人" in said
    assert "S03RISK" in said


def test_a_desk_that_starts_while_slack_is_away_goes_on_with_whom_it_knew(hall: Office) -> None:
    refreshed(hall)
    again = replace(hall.desk, roster=Roster(hall.desk.roster.file))
    assert again.people.by_slack.get("U02WANG") is None
    restore_groups(again)
    assert again.people == hall.desk.people
    fewer = parse_people(GROUPED.replace("  - {group: S01EAST, role: sales_manager, departments: [华东]}\n", ""))
    other = replace(hall.desk, roster=Roster(fewer))
    restore_groups(other)
    assert other.people.by_slack.get("U02WANG") is None


class Told:
    """A Slack that names these members, or fails."""

    def __init__(self, groups: dict[str, list[str] | None]) -> None:
        self.groups = groups

    def members(self, group: str) -> tuple[str, ...]:
        found = self.groups[group]
        if found is None:
            raise StoppedError(Sent(outcome="busy", why="TimeoutError"))
        return tuple(found)

    def account(self, account: str) -> AccountFacts:
        return AccountFacts(outsider=False, lang="", name=account)


accounts = st.lists(st.sampled_from(["U01LIN", "U02WANG", "U07HE", "U09MA"]), unique=True)
answers = st.lists(
    st.fixed_dictionaries({"S01EAST": st.none() | accounts, "S03RISK": st.none() | accounts}), max_size=6
)


@given(answers)
def test_roles_are_those_of_the_last_answer_of_each_group(told: list[dict[str, list[str] | None]]) -> None:
    roster = Roster(parse_people(GROUPED))
    desk: Any = Desklike(roster)
    last: dict[str, list[str]] = {}
    for one in told:
        refresh_groups(desk, Told(one))  # type: ignore[arg-type]
        last |= {group: found for group, found in one.items() if found is not None}
        by_slack = roster.now.by_slack
        for account in ("U01LIN", "U02WANG", "U07HE", "U09MA"):
            held = {grant.role for grant in by_slack[account].held} if account in by_slack else set()
            assert ("sales_manager" in held) == (account in last.get("S01EAST", []))
            assert ("risk" in held) == (account in last.get("S03RISK", []))


class Desklike:
    """What the roles by group need of a desk that records nothing."""

    record = None

    def __init__(self, roster: Roster) -> None:
        self.roster, self.mirror = roster, self

    def clock(self) -> datetime:
        return datetime(2026, 11, 23, tzinfo=UTC)

    @property
    def people(self) -> People:
        return self.roster.now

    def remember(self, *_: str) -> None:
        """Nowhere."""
