"""Delegation: to whom, for how long, never onward; and who is told no."""

from datetime import timedelta
from typing import Any

import pytest

from approvals.delegation import check_delegation, signs, turns_of
from approvals.errors import DelegationError
from tests.approvals.company import NOON, TODAY, delegation, person, staff
from tests.builders import policy


def days(number: int) -> Any:
    return TODAY + timedelta(days=number)


def check(giver: str, taker: str, *others: Any, **given: Any) -> None:
    check_delegation(
        delegation(giver, taker, **given), person(giver), person(taker), policy(), others, today=TODAY
    )  # fmt: skip


@pytest.mark.parametrize(
    ("giver", "taker"), [("zhao", "gao"), ("zhao", "chen"), ("wang", "liu"), ("he", "he2"), ("xu", "xu2")]
)
def test_to_the_same_or_a_higher_post_and_beside_the_ladder_to_the_same_role(giver: str, taker: str) -> None:
    people = staff("""  - {id: he2, name: 何二, roles: [finance], slack: [U80]}
  - {id: xu2, name: 徐二, roles: [customer_admin], slack: [U81]}
""")
    check_delegation(
        delegation(giver, taker), people.by_id[giver], people.by_id[taker], policy(), (), today=TODAY
    )  # fmt: skip


@pytest.mark.parametrize(
    ("giver", "taker", "given", "code"),
    [
        ("zhao", "zhao", {}, "delegation_self"),
        ("zhao", "wang", {}, "delegation_lower"),
        ("zhao", "he", {}, "delegation_lower"),
        ("he", "ma", {}, "delegation_lower"),
        ("lin", "wang", {}, "delegation_lower"),
        ("zhao", "gao", {"made_by": "gao"}, "delegation_not_yours"),
        ("zhao", "gao", {"ends_on": days(-1)}, "delegation_over"),
        ("zhao", "gao", {"starts_on": days(-9), "ends_on": days(-1)}, "delegation_over"),
        ("zhao", "gao", {"ends_on": days(30)}, "delegation_too_long"),
    ],
)
def test_what_is_refused(giver: str, taker: str, given: dict[str, Any], code: str) -> None:
    with pytest.raises(DelegationError) as refused:
        check(giver, taker, **given)
    assert refused.value.code == code


def test_thirty_days_both_ends_counted_are_the_most() -> None:
    check("zhao", "gao", ends_on=days(29))


@pytest.mark.parametrize(
    ("other", "code"),
    [
        (delegation("zhao", "chen"), "delegation_twice"),
        (delegation("gao", "chen"), "delegation_onward"),
        (delegation("gao", "zhao"), "delegation_onward"),
        (delegation("wang", "zhao"), "delegation_onward"),
    ],
)
def test_no_overlap_no_loop_and_nothing_onward(other: Any, code: str) -> None:
    with pytest.raises(DelegationError) as refused:
        check("zhao", "gao", other)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "other",
    [
        delegation("zhao", "chen", ended_at=NOON),
        delegation("zhao", "chen", starts_on=days(7), ends_on=days(9)),
        delegation("zhao", "chen", starts_on=days(-9), ends_on=days(-1)),
        delegation("zhao", "gao"),
    ],
)
def test_what_is_over_or_lies_apart_or_is_the_same_one_does_not_matter(other: Any) -> None:
    check("zhao", "gao", other)


def test_turns_are_ones_own_first_and_never_onward() -> None:
    given = [delegation("zhao", "gao"), delegation("gao", "chen"), delegation("wang", "gao", starts_on=days(1))]
    assert turns_of("gao", given, TODAY) == ("gao", "zhao")
    assert turns_of("chen", given, TODAY) == ("chen", "gao")


@pytest.mark.parametrize(
    ("maker", "taker", "code"),
    [("xu", "gao", ""), ("xu", "xu", "delegation_maker"), ("he", "gao", "delegation_not_yours"), ("zhao", "gao", "")],
)
def test_who_keeps_the_people_enters_it_for_somebody_ill_and_never_names_himself(
    maker: str, taker: str, code: str
) -> None:
    wanted = delegation("zhao", taker, made_by=maker)

    def check() -> None:
        check_delegation(wanted, person("zhao"), person(taker), policy(), (), today=TODAY, maker=person(maker))

    if not code:
        check()
        return
    with pytest.raises(DelegationError, match=code):
        check()


def test_it_does_not_begin_in_the_past() -> None:
    with pytest.raises(DelegationError, match="delegation_past"):
        check("zhao", "gao", starts_on=days(-1))


def test_who_signs_has_a_turn_to_give() -> None:
    assert [one.id for one in staff().people if not signs(one, policy())] == ["lin"]
