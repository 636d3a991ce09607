"""Who holds what: departments, branches, Slack groups; two accounts are one person."""

import pytest

from approvals.people import People, parse_people
from scoring.errors import PolicyError
from tests.approvals.company import STAFF, staff

GROUPS = """groups:
  - {group: S01GM, role: dept_gm, departments: [海外]}
  - {group: S02RISK, role: risk}
  - {group: S03BRANCH, role: sales_manager, departments: [华东], branch: 成都}
"""


def with_groups(**members: list[tuple[str, str]]) -> People:
    return parse_people(STAFF + GROUPS).with_members(members)


def test_a_group_gives_its_role_for_its_own_departments_only() -> None:
    wang = with_groups(S01GM=[("U2", "王强")]).by_id["wang"]
    assert wang.holds("dept_gm", "海外")
    assert not wang.holds("dept_gm", "华东")
    assert wang.holds("sales_manager", "华东")
    assert not wang.holds("sales_manager", "海外")


def test_either_account_of_a_person_is_that_person() -> None:
    people = with_groups(S02RISK=[("U2B", "别名"), ("U2", "王强")])
    assert [one.role for one in people.by_id["wang"].held] == ["sales_manager", "risk"]
    assert people.by_slack["U2"] is people.by_slack["U2B"]


def test_an_account_that_the_file_does_not_know_becomes_a_person() -> None:
    people = with_groups(S02RISK=[("U77", "新人")], S01GM=[("U77", "新人")])
    new = people.by_slack["U77"]
    assert (new.id, new.name, new.roles) == ("U77", "新人", ())
    assert new.holds("risk", "华东")
    assert new.holds("dept_gm", "海外")


def test_a_group_that_slack_did_not_tell_about_gives_nothing() -> None:
    assert with_groups().people == staff().people


def test_a_branch_holds_for_that_branch() -> None:
    zhou = with_groups(S03BRANCH=[("U90", "周")]).by_slack["U90"]
    assert zhou.holds("sales_manager", "华东", ("成都",))
    assert not zhou.holds("sales_manager", "华东")


def test_what_a_group_shows_is_its_departments() -> None:
    people = with_groups(S01GM=[("U77", "新人")])
    assert people.by_slack["U77"].sees("海外")
    assert not people.by_slack["U77"].sees("华东")
    assert people.by_id["ma"].sees("华东")


def test_a_copy_with_other_roles_keeps_no_old_answer() -> None:
    wang = staff().by_id["wang"]
    assert wang.holds("sales_manager", "华东")
    assert not wang.model_copy(update={"roles": ("sales",)}).holds("sales_manager", "华东")


@pytest.mark.parametrize(
    ("cell", "ids"),
    [
        ("王强", {"wang"}),
        ("王强、赵敏", {"wang", "zhao"}),
        ("ｗａｎｇ", {"wang"}),
        ("U2B", {"wang"}),
        ("", set()),
        (" / ", set()),
        ("王", set()),
        ("王强强", set()),
    ],
)
def test_whom_a_ledger_cell_names(cell: str, ids: set[str]) -> None:
    assert staff().meant_by(cell) == ids


def test_of_two_with_one_name_both_are_meant() -> None:
    people = staff("  - {id: wang2, name: 王强, roles: [risk], slack: [U91]}\n")
    assert people.meant_by("王强") == {"wang", "wang2"}


def test_a_group_that_is_no_group_is_refused() -> None:
    with pytest.raises(PolicyError) as refused:
        parse_people(STAFF + "groups:\n  - {group: nobody, role: risk}\n")
    assert (refused.value.code, refused.value.facts["key"]) == ("policy_pattern", "groups.0.group")
