"""Every cell of the matrix with every reason for one post higher, co-signers, vacancies, and whom nobody asks."""

from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from approvals.authority import RouteError, reasons_higher, route
from approvals.people import People
from approvals.posts import authority_of
from tests.approvals.company import asked, person, roles_of, rules, staff, without
from tests.builders import policy

SM, DEPUTY, GM, VP = POSTS = ("sales_manager", "dept_deputy_gm", "dept_gm", "responsible_vp")
MATRIX = """
                <=30            31-45           46-60    61-90
    200000      sales_manager   dept_deputy_gm  dept_gm  responsible_vp
    1000000     dept_deputy_gm  dept_deputy_gm  dept_gm  responsible_vp
    3000000     dept_gm         dept_gm         dept_gm  responsible_vp
    5000000     responsible_vp  responsible_vp  responsible_vp  responsible_vp
"""
CELLS = [
    (Decimal(amount), days, post)
    for amount, *posts in (line.split() for line in MATRIX.strip().splitlines()[1:])
    for days, post in zip((30, 45, 60, 90), posts, strict=True)
]
REASONS = ("grade_c", "unrated", "override", "temporary", "release")


@pytest.mark.parametrize(("amount", "days", "post"), CELLS)
@pytest.mark.parametrize("reasons", [(), *((one,) for one in REASONS), REASONS])
def test_every_cell_with_every_reason(amount: Decimal, days: int, post: str, reasons: tuple[str, ...]) -> None:
    wanted = POSTS[min(POSTS.index(post) + bool(reasons), 3)]
    assert authority_of(policy(), amount, days, reasons) == wanted
    made = route(asked(own_base=amount, payment_days=days, grade="A", higher=reasons), policy(), staff())
    assert made.needed == wanted
    assert [step.role for step in made.steps if step.kind == "post"] == list(POSTS[: POSTS.index(wanted) + 1])
    assert [step.role for step in made.steps if step.decides] == [wanted]
    stays = bool(reasons) and post == VP
    assert ("risk" in roles_of(made.steps)) == stays


@pytest.mark.parametrize(("amount", "days", "post"), CELLS)
def test_bounds_are_inclusive_and_the_next_cent_or_day_is_the_next_cell(amount: Decimal, days: int, post: str) -> None:
    rows, columns = [200_000, 1_000_000, 3_000_000, 5_000_000], [30, 45, 60, 90]
    row, column = rows.index(int(amount)), columns.index(days)
    if row < 3:
        below = next(cell[2] for cell in CELLS if cell[0] == rows[row + 1] and cell[1] == days)
        assert authority_of(policy(), amount + Decimal("0.01"), days, ()) == below
    if column < 3:
        right = next(cell[2] for cell in CELLS if cell[0] == amount and cell[1] == columns[column + 1])
        assert authority_of(policy(), amount, days + 1, ()) == right


@pytest.mark.parametrize(
    ("grade", "override", "temporary", "wanted"),
    [
        ("A", False, False, ()),
        ("C", False, False, ("grade_c",)),
        (None, False, False, ("unrated",)),
        ("C", True, True, ("grade_c", "override", "temporary")),
    ],
)
def test_reasons_of_a_grade_and_of_terms(grade: Any, override: bool, temporary: bool, wanted: tuple[str, ...]) -> None:
    assert reasons_higher(policy(), grade=grade, override=override, temporary=temporary) == wanted


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"grade": "D"}, "grade_d"),
        ({"grade": None}, "unrated"),
        ({"uncleared": True}, "v11_uncleared"),
        ({"own_base": Decimal("5000000.01")}, "above_policy_amount"),
        ({"own_base": Decimal(4_000_000), "group_base": Decimal(1_000_001)}, "above_policy_amount"),
        ({"payment_days": 91}, "above_policy_days"),
        ({"payment_days": 0}, "nothing_asked"),
        ({"own_base": Decimal(0)}, "nothing_asked"),
        ({"own_base": Decimal("NaN")}, "nothing_asked"),
    ],
)
def test_what_nobody_is_asked_about(given: dict[str, Any], code: str) -> None:
    with pytest.raises(RouteError) as refused:
        route(asked(**given), policy(), staff())
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("given", "roles"),
    [
        ({}, ["customer_admin", SM, "finance", DEPUTY]),
        ({"is_raise": False}, ["customer_admin", SM, DEPUTY]),
        ({"is_raise": False, "overdue": True}, ["customer_admin", SM, "finance", DEPUTY]),
        ({"is_raise": False, "order_risk": Decimal(60)}, ["customer_admin", SM, DEPUTY]),
        ({"is_raise": False, "order_risk": Decimal(61)}, ["customer_admin", SM, "risk", DEPUTY]),
        ({"grade": "C", "higher": ("grade_c",)}, ["customer_admin", SM, "finance", "risk", DEPUTY, GM]),
        ({"override": True, "higher": ("override",)}, ["customer_admin", SM, "finance", "risk", DEPUTY, GM]),
        ({"sued": True}, ["customer_admin", SM, "finance", "legal", DEPUTY]),
        ({"security": True}, ["customer_admin", SM, "finance", "legal", DEPUTY]),
        ({"own_base": Decimal(200_000)}, ["customer_admin", "finance", SM]),
        ({"prepay": True, "grade": "D", "uncleared": True}, ["customer_admin", SM]),
        ({"prepay": True, "sued": True}, ["customer_admin", "legal", SM]),
        ({"own_base": Decimal(400_000), "group_base": Decimal(700_000)}, ["customer_admin", SM, "finance", DEPUTY, GM]),
    ],
)
def test_who_signs_in_which_order(given: dict[str, Any], roles: list[str]) -> None:
    made = route(asked(**given), policy(), staff())
    assert roles_of(made.steps) == roles
    assert [step.decides for step in made.steps] == [False] * (len(roles) - 1) + [True]


def test_direct_asks_the_needed_post_alone() -> None:
    made = route(asked(own_base=Decimal(2_000_000)), rules(route="direct"), staff())
    assert roles_of(made.steps) == ["customer_admin", "finance", GM]


@pytest.mark.parametrize(
    ("gone", "roles", "passed"),
    [
        (["wang"], ["customer_admin", "finance", DEPUTY], {DEPUTY: (SM,)}),
        (["zhao"], ["customer_admin", SM, "finance", GM], {GM: (DEPUTY,)}),
        (["wang", "zhao", "chen"], ["customer_admin", "finance", VP], {VP: (SM, DEPUTY, GM)}),
    ],
)
def test_a_vacant_post_passes_upward_and_is_named(
    gone: list[str], roles: list[str], passed: dict[str, tuple[str, ...]]
) -> None:
    made = route(asked(), policy(), without(staff(), *gone))
    assert roles_of(made.steps) == roles
    assert {step.role: step.passed_up for step in made.steps if step.passed_up} == passed


@pytest.mark.parametrize(
    ("gone", "role"), [(["liu", "chen", "zhao"], DEPUTY), (["xu"], "customer_admin"), (["he"], "finance")]
)
def test_nobody_left_is_said_with_the_role(gone: list[str], role: str) -> None:
    with pytest.raises(RouteError) as refused:
        route(asked(), policy(), without(staff(), *gone))
    assert (refused.value.code, refused.value.facts["role"]) == ("nobody_left", role)


def test_somebody_absent_counts_as_vacant() -> None:
    made = route(asked(), policy(), staff(), absent={"zhao"})
    assert made.needed == GM


@pytest.mark.parametrize(
    ("applicant", "roles"),
    [
        ("wang", ["customer_admin", "finance", DEPUTY]),
        ("zhao", ["customer_admin", "finance", GM]),
        ("gao", ["customer_admin", "finance", GM]),
        ("chen", ["customer_admin", "finance", VP]),
    ],
)
def test_the_applicants_own_post_and_lower_ones_are_skipped(applicant: str, roles: list[str]) -> None:
    made = route(asked(applicant=person(applicant)), policy(), staff())
    assert roles_of(made.steps) == roles
    assert all(not step.passed_up for step in made.steps)


def test_above_the_highest_post_nobody_is_left() -> None:
    with pytest.raises(RouteError) as refused:
        route(asked(applicant=person("liu")), policy(), staff())
    assert refused.value.code == "nobody_left"


@pytest.mark.parametrize("cell", ["王强", " 王 强 ", "wang", "U2", "林晓梅/王强", "李四、王强", "ＷＡＮＧ"])
def test_the_sales_owner_signs_nothing_however_the_ledger_writes_him(cell: str) -> None:
    made = route(asked(sales_owner=cell), policy(), staff())
    assert all("wang" not in step.people for step in made.steps)
    assert made.steps[-1].passed_up == (SM,)


def test_another_departments_people_are_not_asked() -> None:
    made = route(asked(department="华南", applicant=person("lin")), policy(), staff())
    assert [step.people for step in made.steps if step.kind == "post"] == [("gao",)]


def two_roles(roles: str, departments: str = "华东") -> People:
    return staff(f"  - {{id: wu, name: 吴, roles: [{roles}], departments: [{departments}], slack: [U20]}}\n")


def test_each_step_can_be_signed_by_a_different_person() -> None:
    alone = without(two_roles("finance, risk"), "he", "ma")
    with pytest.raises(RouteError) as refused:
        route(asked(grade="C", higher=("grade_c",)), policy(), alone)
    assert refused.value.code == "nobody_left"
    both = without(two_roles("customer_admin, finance"), "he")
    assert roles_of(route(asked(), policy(), both).steps) == ["customer_admin", SM, "finance", DEPUTY]


def test_a_post_whose_only_holder_must_sign_elsewhere_passes_upward() -> None:
    wu = without(two_roles("dept_deputy_gm, finance"), "zhao", "he")
    made = route(asked(), policy(), wu)
    assert roles_of(made.steps) == ["customer_admin", SM, "finance", GM]
    assert made.steps[-1].passed_up == (DEPUTY,)


def test_somebody_with_two_posts_signs_at_the_higher_one() -> None:
    made = route(asked(own_base=Decimal(2_000_000)), policy(), without(two_roles("dept_deputy_gm, dept_gm"), "chen"))
    assert {step.role: step.people for step in made.steps if step.kind == "post"} == {
        SM: ("wang",), DEPUTY: ("zhao",), GM: ("wu",),
    }  # fmt: skip


def test_how_many_of_a_role_sign_is_the_policys() -> None:
    made = route(asked(), rules(modes={"finance": "all", "dept_deputy_gm": "majority"}), staff())
    assert {step.role: step.mode for step in made.steps} == {
        "customer_admin": "any", SM: "any", "finance": "all", DEPUTY: "majority",
    }  # fmt: skip


BRANCH = {
    "成都": {
        "days": [30, 45],
        "matrix": [
            {"up_to": 100_000, "posts": ["sales_manager", "dept_deputy_gm"]},
            {"up_to": 300_000, "posts": ["dept_deputy_gm", "dept_deputy_gm"]},
        ],
    }
}
CHENGDU = """  - {id: bsm, name: 蜀一, roles: [sales_manager], departments: [华东], slack: [U31], branch: 成都}
  - {id: bdg, name: 蜀二, roles: [dept_deputy_gm], departments: [华东], slack: [U32], branch: 成都}
"""


@pytest.mark.parametrize(
    ("amount", "days", "posts"),
    [
        (100_000, 30, {SM: ("bsm",)}),
        (100_000, 31, {SM: ("bsm",), DEPUTY: ("bdg",)}),
        (300_000, 45, {SM: ("bsm",), DEPUTY: ("bdg",)}),
        (300_001, 30, {SM: ("bsm",), DEPUTY: ("bdg",), GM: ("chen",)}),
        (100_000, 61, {SM: ("bsm",), DEPUTY: ("bdg",), GM: ("chen",), VP: ("liu",)}),
    ],
)
def test_a_branch_decides_within_its_own_matrix_and_head_office_stands_above(
    amount: int, days: int, posts: dict[str, tuple[str, ...]]
) -> None:
    made = route(
        asked(own_base=Decimal(amount), payment_days=days, branch="成都", grade="A"),
        rules(branches=BRANCH),
        staff(CHENGDU),
    )
    assert {step.role: step.people for step in made.steps if step.kind == "post"} == posts


def test_a_branchs_people_sign_for_no_other_customer() -> None:
    made = route(asked(), policy(), staff(CHENGDU))
    assert {one for step in made.steps for one in step.people} & {"bsm", "bdg"} == set()
    own = route(asked(branch="成都"), policy(), staff(CHENGDU))
    assert [step.people for step in own.steps if step.kind == "post"] == [("wang", "bsm"), ("zhao", "bdg")]


@pytest.mark.parametrize(("grade", "days"), list(product("ABC", (30, 60, 90))))
def test_what_a_grade_can_get_at_most_is_what_the_matrix_is_asked_about(grade: Any, days: int) -> None:
    made = route(asked(grade=grade, own_base=Decimal(5_000_000), payment_days=days), policy(), staff())
    rule = policy().grade(grade)
    assert (made.amount_base, made.payment_days) == (rule.limit, min(days, rule.longest_days))
