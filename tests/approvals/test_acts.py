"""What each act does to a request, who is told no and why, and the table it all follows."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, get_args

import pytest

from approvals.adjustment import Adjustment
from approvals.advance import ActError, advance
from approvals.people import People
from approvals.request import State
from approvals.steps import Act
from approvals.terms import Terms
from approvals.transitions import TRANSITIONS
from approvals.turns import Actor, decided_by
from tests.approvals.company import (
    NOON,
    PREPAY,
    TODAY,
    Hand,
    delegation,
    filed,
    hand,
    person,
    roles_of,
    rules,
    signed_up_to,
    staff,
    terms,
    without,
)

DEPUTY, GM, VP = "dept_deputy_gm", "dept_gm", "responsible_vp"


def refused(made: Hand, who: str, act: Act, **given: Any) -> ActError:
    """The refusal of an act, which leaves the request as it was."""
    before = made.request
    with pytest.raises(ActError) as found:
        made(who, act, **given)
    assert made.request is before
    return found.value


def in_state(state: State) -> Hand:
    """A request in each state, by the shortest way."""
    made = signed_up_to(DEPUTY)
    ways: dict[State, tuple[str, Act]] = {
        "approved": ("zhao", "approve"), "rejected": ("zhao", "reject"), "returned": ("zhao", "return"),
        "withdrawn": ("lin", "withdraw"), "expired": ("", "expire"),
    }  # fmt: skip
    if state != "pending":
        made(*ways[state], reason="缺报表")
    assert made.request.state == state
    return made


def attempt(made: Hand, act: Act) -> State:
    """An act by whoever it belongs to, with all that it asks for."""
    who = {"withdraw": "lin", "resubmit": "lin", "remind": "", "escalate": "", "expire": "", "reroute": ""}.get(
        act, "zhao"
    )
    given: dict[str, Any] = {"reason": "因为"}
    if act == "resubmit":
        given["steps"] = filed().steps
    if act == "hand_on":
        given["to_person"] = "chen"
        made.people = staff("  - {id: zhu, name: 朱, roles: [dept_gm], departments: [华东], slack: [U50]}\n")
    if act == "vouch":
        made = hand()
        who = "xu"
    if act == "reroute":
        made.people = without(staff(), "zhao")
    if act == "adjust":
        who = "ma"
        given["adjustment"] = Adjustment(
            customer_id="C1", points=Decimal(3), person="ma", reason="因为", made_at=NOON, until=TODAY
        )  # fmt: skip
    if act == "take_back":
        who = made.request.signatures[-1].person or "zhao"
    return made(who, act, after=5, **given).state


@pytest.mark.parametrize("state", get_args(State))
@pytest.mark.parametrize("act", [one for one in get_args(Act) if one != "vouch"])
def test_every_transition_is_the_tables_and_no_other(state: State, act: Act) -> None:
    made = in_state(state)
    if (state, act) in TRANSITIONS:
        assert attempt(made, act) in TRANSITIONS[state, act]
    else:
        with pytest.raises(ActError) as found:
            attempt(made, act)
        code = "request_returned" if state == "returned" else "request_over" if made.request.over else "act_unknown"
        assert found.value.code == code
        assert found.value.facts["state"] == state


@pytest.mark.parametrize("act", ["remind", "escalate", "expire", "reroute"])
def test_nobody_does_what_the_clock_does(act: Act) -> None:
    made = hand()
    assert [refused(made, who, act).code for who in ("lin", "xu", "chen")] == ["act_unknown"] * 3


@pytest.mark.parametrize("way", [(state, act) for (state, act) in TRANSITIONS if len(TRANSITIONS[state, act]) > 1])
def test_an_approval_passes_a_cosigner_or_decides(way: tuple[State, Act]) -> None:
    assert way == ("pending", "approve")
    made = signed_up_to("finance")
    assert made("he", "approve").state == "pending"
    assert made("zhao", "approve").state == "approved"


def test_from_filing_to_the_decision() -> None:
    made = hand(grade="C", want=terms(900_000))
    assert made.waits == ["customer_admin"]
    made("xu", "vouch")
    assert made.waits == ["sales_manager"]
    made("wang", "recommend", terms=terms(800_000))
    assert made.waits == ["finance", "risk"]
    since = made.request.step_since
    made("ma", "approve")
    assert (made.waits, made.request.step_since) == (["finance"], since)
    made("he", "approve")
    made("zhao", "recommend")
    done = made("chen", "approve", terms=terms(700_000))
    assert (done.state, done.at, done.decided, done.decided_at) == ("approved", (), terms(700_000), made.now)
    assert done.version == 1 + len(done.signatures)
    found = decided_by(done)
    assert found is not None
    assert found.person == "chen"


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("lin", "own_request"), ("zhao", "not_your_turn"), ("he", "not_your_turn"), ("gao", "not_your_turn"),
        ("xu", "already_signed"),
    ],
)  # fmt: skip
def test_who_may_not_sign_now(who: str, code: str) -> None:
    made = signed_up_to("sales_manager")
    assert refused(made, who, "recommend").code == code


def test_whose_turn_it_is_stands_in_the_refusal() -> None:
    assert refused(signed_up_to("sales_manager"), "zhao", "recommend").facts["waits"] == "王强"


def test_the_sales_owner_signs_nothing_even_where_a_route_lists_him() -> None:
    made = hand()
    made.request = replace(made.request, sales_owner="徐蕾")
    assert refused(made, "xu", "vouch").code == "sales_owner"


def test_two_accounts_are_one_person() -> None:
    made = signed_up_to("sales_manager")
    made("wang", "recommend")
    request = replace(
        made.request, steps=tuple(replace(one, people=(*one.people, "wang")) for one in made.request.steps)
    )
    with pytest.raises(ActError) as found:
        advance(
            request, "approve", Actor(person=person("wang"), account="U2B"), now=made.now, today=TODAY,
            policy=made.policy, people=made.people,
        )  # fmt: skip
    assert found.value.code == "already_signed"


def test_a_role_that_was_lost_signs_no_more() -> None:
    made = signed_up_to("sales_manager")
    demoted = [one if one.id != "wang" else one.model_copy(update={"roles": ("sales",)}) for one in staff().people]
    made.people = People.model_validate({"people": [one.model_dump() for one in demoted]})
    assert refused(made, "wang", "recommend").code == "role_lost"


def test_the_customer_administrator_vouches_and_does_not_decide() -> None:
    made = hand()
    for act in ("approve", "recommend", "reject"):
        assert refused(made, "xu", act, reason="x").code == "vouch_only"
    assert made("xu", "return", reason="缺营业执照").state == "returned"


def test_vouching_is_for_the_first_step_alone() -> None:
    assert refused(signed_up_to("sales_manager"), "wang", "vouch").code == "vouched_already"


def test_a_lower_post_may_recommend_and_not_approve() -> None:
    found = refused(signed_up_to("sales_manager"), "wang", "approve")
    assert (found.code, found.facts["post"]) == ("beyond_authority", DEPUTY)


def test_not_even_less_than_his_own_authority_where_a_higher_post_is_asked() -> None:
    made = signed_up_to(DEPUTY, want=terms(2_000_000))
    found = refused(made, "zhao", "approve", terms=terms(500_000))
    assert (found.code, found.facts["post"]) == ("beyond_authority", GM)


@pytest.mark.parametrize("act", ["return", "reject"])
def test_sending_back_needs_a_reason(act: Act) -> None:
    made = signed_up_to("sales_manager")
    assert refused(made, "wang", act, reason="  ").code == "reason_missing"
    assert made("wang", act, reason="报表过期").state in {"returned", "rejected"}


def test_a_resubmission_begins_a_new_round_and_voids_what_was_signed() -> None:
    made = signed_up_to(DEPUTY)
    made("zhao", "return", reason="缺报表")
    again = made("lin", "resubmit", steps=filed().steps)
    assert (again.state, again.round, again.round_from, made.waits) == ("pending", 2, 4, ["customer_admin"])
    made.all(("xu", "vouch"), ("wang", "recommend"), ("he", "approve"))
    assert made("zhao", "approve").state == "approved"


def test_only_the_applicant_withdraws() -> None:
    made = signed_up_to("sales_manager")
    assert refused(made, "wang", "withdraw").code == "not_the_applicant"
    assert made("lin", "withdraw").state == "withdrawn"


def test_a_late_click_hears_who_was_faster() -> None:
    made = in_state("approved")
    found = refused(made, "zhao", "reject", reason="x")
    assert (found.code, found.facts["person"], found.facts["state"]) == ("request_over", "赵敏", "approved")


class TestTakingBack:
    @pytest.mark.parametrize("act", ["approve", "reject", "return", "recommend"])
    def test_within_a_minute_it_is_as_if_it_had_not_been(self, act: Act) -> None:
        made = signed_up_to(DEPUTY)
        before = made.request
        made("zhao", act, reason="因为")
        after = made("zhao", "take_back", after=59)
        assert (after.state, after.at, after.steps) == (before.state, before.at, before.steps)
        assert (after.decided, after.decided_at) == (None, None)
        assert made("zhao", "approve").state == "approved"

    @pytest.mark.parametrize(("seconds", "code"), [(60, "undo_too_late"), (61, "undo_too_late")])
    def test_after_it_is_too_late(self, seconds: float, code: str) -> None:
        made = in_state("approved")
        assert refused(made, "zhao", "take_back", after=seconds).code == code

    def test_not_when_the_next_has_signed(self) -> None:
        made = signed_up_to("sales_manager")
        made("wang", "recommend")
        made("he", "approve", after=5)
        assert refused(made, "wang", "take_back", after=5).code == "next_has_signed"

    def test_only_ones_own(self) -> None:
        made = in_state("approved")
        assert refused(made, "chen", "take_back", after=5).code == "nothing_to_take_back"

    def test_twice_in_a_row_is_nothing(self) -> None:
        made = signed_up_to(DEPUTY)
        made("zhao", "approve")
        made("zhao", "take_back", after=5)
        assert refused(made, "zhao", "take_back", after=5).code in {"nothing_to_take_back", "next_has_signed"}

    def test_a_question_in_between_does_not_stand_in_the_way(self) -> None:
        made = signed_up_to("sales_manager")
        made("wang", "recommend")
        made("he", "ask", after=5, reason="何时到期？")
        assert made("wang", "take_back", after=5).at == (1,)


class TestTerms:
    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"limit": Decimal(-1)}, "terms_negative"),
            ({"limit": Decimal("NaN")}, "terms_negative"),
            ({"limit": Decimal("Infinity")}, "terms_negative"),
            ({"payment_days": -5}, "terms_negative"),
            ({"deposit_pct": Decimal(-1)}, "terms_negative"),
            ({"deposit_pct": Decimal(101)}, "terms_deposit"),
            ({"limit": Decimal(0)}, "terms_empty"),
            ({"payment_days": 0}, "terms_empty"),
            ({"currency": "USD"}, "terms_other_kind"),
            ({"prepay": True}, "terms_other_kind"),
            ({"valid_until": TODAY - timedelta(days=1)}, "terms_past"),
            ({"limit": Decimal(500_001)}, "above_proposal_needs_reason"),
            ({"payment_days": 31}, "above_proposal_needs_reason"),
        ],
    )
    def test_what_is_no_decision_at_all(self, given: dict[str, Any], code: str) -> None:
        assert refused(signed_up_to(DEPUTY), "zhao", "approve", terms=replace(terms(), **given)).code == code

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"limit": Decimal("3000000.01")}, "above_grade_limit"),
            ({"limit": Decimal(2_900_000), "temp_limit": Decimal(100_001)}, "above_grade_limit"),
            ({"payment_days": 61}, "above_grade_days"),
            ({"temp_limit": Decimal(100_001), "temp_until": TODAY}, "terms_temporary"),
            ({"temp_limit": Decimal(1), "temp_until": None}, "terms_temporary"),
            ({"temp_limit": Decimal(1), "temp_until": TODAY + timedelta(days=31)}, "terms_temporary"),
            ({"temp_limit": Decimal(1), "temp_until": TODAY - timedelta(days=1)}, "terms_temporary"),
        ],
    )
    def test_no_signature_goes_above_the_grade_or_the_policy(self, given: dict[str, Any], code: str) -> None:
        made = signed_up_to(VP, asks={"own_base": Decimal(3_000_000), "payment_days": 90, "grade": "A"})
        assert refused(made, "liu", "approve", terms=replace(terms(), **given), reason="战略客户").code == code

    def test_nor_above_what_a_veto_leaves(self) -> None:
        made = signed_up_to(DEPUTY)
        made.request = replace(made.request, cap_base=Decimal(400_000))
        found = refused(made, "zhao", "approve")
        assert (found.code, found.facts["bound"]) == ("above_grade_limit", Decimal(400_000))

    @pytest.mark.parametrize("grade", ["D", None])
    def test_a_grade_that_fell_since_filing_gets_no_line(self, grade: Any) -> None:
        made = signed_up_to(DEPUTY)
        made.request = replace(made.request, grade=grade)
        assert refused(made, "zhao", "approve").code == "no_line_for_grade"
        assert made("zhao", "reject", reason="评级下降").state == "rejected"

    def test_a_line_in_another_currency_is_measured_in_base_currency(self) -> None:
        made = signed_up_to(DEPUTY, want=terms(60_000, currency="USD"))
        made.request = replace(made.request, to_base=Decimal("7.1"), amount_base=Decimal(426_000))
        found = refused(made, "zhao", "approve", terms=terms(422_536, currency="USD"), reason="战略客户")
        assert (found.code, found.facts["amount"]) == ("above_grade_limit", Decimal("3000005.60"))

    def test_less_than_proposed_is_decided_by_whose_turn_it_is(self) -> None:
        assert signed_up_to(DEPUTY)("zhao", "approve", terms=terms(100_000, 15)).decided == terms(100_000, 15)

    def test_above_the_proposal_is_one_post_higher_and_wants_risk(self) -> None:
        made = signed_up_to(DEPUTY, want=terms(900_000), proposed=terms(500_000))
        found = refused(made, "zhao", "approve", terms=terms(600_000), reason="战略客户")
        assert (found.code, found.facts["post"]) == ("beyond_authority", GM)
        made("zhao", "recommend", terms=terms(600_000), reason="战略客户")
        assert made.waits == ["risk"]
        made("ma", "approve", terms=terms(600_000), reason="同意")
        assert made.waits == [GM]
        done = made("chen", "approve", terms=terms(600_000), reason="战略客户")
        assert (done.state, done.decided) == ("approved", terms(600_000))

    def test_at_the_highest_post_it_stays_and_risk_signs_after(self) -> None:
        made = signed_up_to(VP, grade="A", want=terms(5_000_000, 90), proposed=terms(4_000_000, 90))
        after = made("liu", "approve", terms=terms(4_500_000, 90), reason="战略客户")
        assert (after.state, made.waits) == ("pending", ["risk"])
        done = made("ma", "approve")
        assert (done.state, done.decided) == ("approved", terms(4_500_000, 90))
        found = decided_by(done)
        assert found is not None
        assert found.person == "liu"

    def test_who_cosigns_after_the_decision_agrees_to_what_was_decided(self) -> None:
        """Found by the state machine: less was agreed to, and the larger line stood."""
        made = signed_up_to(VP, grade="A", want=terms(5_000_000, 90), proposed=terms(4_000_000, 90))
        made("liu", "approve", terms=terms(4_500_000, 90), reason="战略客户")
        found = refused(made, "ma", "approve", terms=terms(4_000_000, 60))
        assert (found.code, found.facts["amount"], found.facts["days"]) == ("terms_decided", Decimal(4_500_000), 90)
        assert made("ma", "approve", terms=terms(4_500_000, 90)).decided == terms(4_500_000, 90)

    @pytest.mark.parametrize(
        ("proposed", "given"),
        [
            (terms(deposit_pct=Decimal(30)), terms()),
            (terms(guarantee="母公司担保"), terms()),
            (terms(valid_until=TODAY), terms()),
            (terms(valid_until=TODAY), terms(valid_until=TODAY + timedelta(days=1))),
        ],
    )
    def test_easier_conditions_are_above_the_proposal_too(self, proposed: Terms, given: Terms) -> None:
        made = signed_up_to(DEPUTY, proposed=proposed)
        assert refused(made, "zhao", "approve", terms=given).code == "above_proposal_needs_reason"

    def test_a_guarantee_may_stand_for_the_deposit(self) -> None:
        made = signed_up_to(DEPUTY, proposed=terms(deposit_pct=Decimal(30)))
        assert made("zhao", "approve", terms=terms(guarantee="母公司担保")).state == "approved"

    def test_nothing_is_decided_above_what_a_cosigner_agreed_to(self) -> None:
        made = signed_up_to("finance")
        made("he", "approve", terms=terms(300_000))
        found = refused(made, "zhao", "approve")
        assert (found.code, found.facts["person"], found.facts["amount"]) == (
            "above_cosigned",
            "何静",
            Decimal(300_000),
        )
        assert made("zhao", "approve", terms=terms(300_000)).state == "approved"

    def test_an_account_without_a_line_is_the_sales_managers(self) -> None:
        made = signed_up_to("sales_manager", want=PREPAY, grade="D")
        assert refused(made, "wang", "approve", terms=replace(PREPAY, limit=Decimal(9))).code == "terms_prepay_line"
        done = made("wang", "approve")
        assert (done.state, done.decided) == ("approved", PREPAY)


class TestSeveralAtOneStep:
    def people(self) -> People:
        return staff("""  - {id: qian, name: 钱, roles: [dept_deputy_gm], departments: [华东], slack: [U60]}
  - {id: feng, name: 冯, roles: [dept_deputy_gm], departments: [华东], slack: [U61]}
""")

    def at_the_deputies(self, mode: str) -> Hand:
        return signed_up_to(DEPUTY, people=self.people(), rules=rules(modes={DEPUTY: mode}))

    @pytest.mark.parametrize(("mode", "needed"), [("any", 1), ("majority", 2), ("all", 3)])
    def test_as_many_sign_as_the_policy_says(self, mode: str, needed: int) -> None:
        made = self.at_the_deputies(mode)
        for number, who in enumerate(("zhao", "qian", "feng")[:needed], 1):
            assert made(who, "approve").state == ("approved" if number == needed else "pending")

    def test_they_decide_the_same_terms(self) -> None:
        made = self.at_the_deputies("all")
        made("zhao", "approve", terms=terms(400_000))
        found = refused(made, "qian", "approve")
        assert (found.code, found.facts["person"], found.facts["amount"]) == ("terms_differ", "赵敏", Decimal(400_000))

    def test_one_rejection_ends_it(self) -> None:
        made = self.at_the_deputies("all")
        made("zhao", "approve")
        assert made("qian", "reject", reason="风险过高").state == "rejected"

    def test_a_turn_that_was_used_is_not_handed_on(self) -> None:
        """Found by the state machine: who had signed chose another to sign in a colleague's place."""
        made = self.at_the_deputies("all")
        made("qian", "approve")
        assert refused(made, "qian", "hand_on", to_person="chen").code == "already_signed"

    def test_nobody_signs_twice_among_several(self) -> None:
        made = self.at_the_deputies("all")
        made("zhao", "approve")
        assert refused(made, "zhao", "approve").code == "already_signed"


class TestRecommendingUpward:
    def test_the_next_post_decides_and_taking_it_back_undoes_that(self) -> None:
        made = signed_up_to(DEPUTY)
        steps = made.request.steps
        made("zhao", "recommend", reason="金额偏大")
        assert (made.waits, roles_of(made.request.steps)[-1]) == ([GM], GM)
        assert made("zhao", "take_back", after=5).steps == steps
        made("zhao", "recommend")
        assert made("chen", "approve").state == "approved"

    def test_above_the_highest_post_there_is_nobody(self) -> None:
        made = signed_up_to(VP, grade="A", want=terms(5_000_000))
        assert refused(made, "liu", "recommend").code == "nobody_above"


class TestHandingOn:
    def test_to_a_person_of_the_same_or_a_higher_post(self) -> None:
        people = staff("  - {id: zhu, name: 朱, roles: [dept_gm], departments: [华东], slack: [U50]}\n")
        made = signed_up_to(DEPUTY, people=people)
        assert made("zhao", "hand_on", to_person="zhu", reason="休假").step_since == made.now
        assert refused(made, "zhao", "approve").code == "not_your_turn"
        assert made("zhu", "approve").state == "approved"

    @pytest.mark.parametrize(
        ("to", "code"),
        [
            ("wang", "hand_on_signed"), ("he", "hand_on_signed"), ("lin", "hand_on_nobody"), ("nobody", "hand_on_nobody"),
            ("zhao", "hand_on_nobody"), ("gao", "hand_on_lower"), ("sun", "hand_on_lower"),
        ],
    )  # fmt: skip
    def test_to_nobody_else(self, to: str, code: str) -> None:
        assert refused(signed_up_to(DEPUTY), "zhao", "hand_on", to_person=to).code == code

    def test_not_to_the_only_one_who_signs_later(self) -> None:
        made = signed_up_to(DEPUTY, want=terms(2_000_000))
        found = refused(made, "zhao", "hand_on", to_person="chen")
        assert (found.code, found.facts["role"]) == ("needed_later", GM)

    def test_not_back_to_who_handed_it_on(self) -> None:
        people = staff("  - {id: qian, name: 钱, roles: [dept_deputy_gm], departments: [华东], slack: [U60]}\n")
        made = signed_up_to("sales_manager", people=people)
        made.all(("wang", "recommend"), ("he", "approve"))
        made.request = replace(
            made.request,
            steps=tuple(replace(one, people=("zhao",)) if one.role == DEPUTY else one for one in made.request.steps),
        )
        made("zhao", "hand_on", to_person="qian")
        assert refused(made, "qian", "hand_on", to_person="zhao").code == "hand_on_nobody"


class TestDelegation:
    def test_recorded_as_x_for_y(self) -> None:
        made = signed_up_to(DEPUTY)
        made.delegations = [delegation("zhao", "gao")]
        last = made("gao", "approve").signatures[-1]
        assert (last.person, last.for_person, made.request.state) == ("gao", "zhao", "approved")

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ([delegation("zhao", "lin")], "own_request"),
            ([delegation("zhao", "wang")], "already_signed"),
            ([delegation("zhao", "sun")], "role_lost"),
            ([delegation("zhao", "gao", ended_at=NOON)], "not_your_turn"),
            ([delegation("zhao", "gao", ends_on=TODAY - timedelta(days=1))], "not_your_turn"),
            ([delegation("zhao", "gao", starts_on=TODAY + timedelta(days=1))], "not_your_turn"),
            ([delegation("zhao", "chen"), delegation("chen", "gao")], "not_your_turn"),
        ],
    )
    def test_never_past_the_rules(self, given: list[Any], code: str) -> None:
        made = signed_up_to(DEPUTY)
        made.delegations = given
        who = given[-1].to_person
        assert refused(made, who, "approve").code == code

    def test_the_post_lent_is_the_post_that_counts(self) -> None:
        made = signed_up_to(DEPUTY, want=terms(900_000), proposed=terms(500_000))
        made.delegations = [delegation("zhao", "chen")]
        found = refused(made, "chen", "approve", terms=terms(600_000), reason="战略客户")
        assert (found.code, found.facts["post"]) == ("beyond_authority", GM)

    def test_not_by_the_only_one_who_signs_later(self) -> None:
        made = signed_up_to(DEPUTY, want=terms(2_000_000))
        made.delegations = [delegation("zhao", "chen")]
        assert refused(made, "chen", "recommend").code == "needed_later"

    def test_who_has_a_turn_by_delegation_hands_it_to_nobody(self) -> None:
        people = staff("  - {id: qian, name: 钱, roles: [dept_deputy_gm], departments: [华东], slack: [U60]}\n")
        made = signed_up_to("sales_manager", people=people)
        made.all(("wang", "recommend"), ("he", "approve"))
        made.delegations = [delegation("zhao", "gao")]
        assert refused(made, "gao", "hand_on", to_person="chen").code == "hand_on_onward"

    def test_whose_turn_was_used_signs_nowhere_else(self) -> None:
        both = staff("  - {id: wu, name: 吴, roles: [dept_deputy_gm, risk], departments: [华东], slack: [U20]}\n")
        made = signed_up_to("risk", people=both, grade="C", want=terms(900_000))
        made.delegations = [delegation("wu", "ma")]
        made("wu", "approve")
        assert refused(made, "wu", "recommend").code == "already_signed"

    def test_nobody_signs_for_somebody_who_has_signed(self) -> None:
        both = staff("  - {id: wu, name: 吴, roles: [dept_deputy_gm, risk], departments: [华东], slack: [U20]}\n")
        made = signed_up_to("risk", people=both, grade="C", want=terms(900_000))
        made.all(("he", "approve"), ("wu", "approve"))
        made.request = replace(
            made.request,
            steps=tuple(replace(one, people=("wu",)) if one.role == DEPUTY else one for one in made.request.steps),
        )
        made.delegations = [delegation("wu", "gao")]
        assert refused(made, "gao", "recommend").code == "not_your_turn"


class TestAsking:
    def test_moves_nothing_and_uses_no_turn(self) -> None:
        made = signed_up_to("sales_manager")
        before = made.request
        after = made("wang", "ask", reason="年采购量？", to_person="lin")
        assert (after.state, after.at, after.step_since, after.version) == ("pending", before.at, before.step_since, 3)
        assert made("wang", "recommend").at == (2,)

    def test_anybody_on_the_way_may_ask_and_nobody_else(self) -> None:
        made = signed_up_to("sales_manager")
        made("zhao", "ask")
        assert refused(made, "gao", "ask").code == "not_on_the_way"
        assert refused(made, "lin", "ask").code == "own_request"


class TestTheClock:
    def test_reminders_count_until_the_next_step(self) -> None:
        made = signed_up_to("sales_manager")
        assert [made("", "remind").reminded, made("", "remind").reminded] == [1, 2]
        assert made("wang", "recommend").reminded == 0

    def test_escalation_opens_what_comes_next_beside_the_silent_post(self) -> None:
        made = signed_up_to("sales_manager")
        after = made("", "escalate")
        assert (made.waits, after.escalated) == (["sales_manager", "finance"], True)
        made("he", "approve")
        assert made.waits == ["sales_manager", DEPUTY]
        assert made("zhao", "approve").state == "approved"

    def test_the_silent_post_may_still_sign_and_cosigners_are_still_needed(self) -> None:
        made = signed_up_to("sales_manager")
        made("", "escalate")
        made("wang", "recommend")
        assert made.waits == ["finance"]
        assert made.request.escalated is False

    def test_a_silent_deciding_post_shares_the_decision_with_the_next_one_up(self) -> None:
        made = signed_up_to(DEPUTY)
        made("", "escalate")
        assert made.waits == [DEPUTY, GM]
        other = replace(made.request)
        assert made("zhao", "approve").state == "approved"
        made.request = other
        assert made("chen", "approve").state == "approved"

    def test_once_it_is_decided_only_cosigners_are_waited_for(self) -> None:
        made = signed_up_to(GM, grade="A", want=terms(3_000_000, 60), proposed=terms(2_000_000, 60))
        made("", "escalate")
        made("liu", "approve", terms=terms(2_500_000, 60), reason="战略客户")
        assert made.waits == ["risk"]
        assert made("ma", "approve").decided == terms(2_500_000, 60)

    def test_beside_the_ladder_and_at_its_top_nobody_is_higher(self) -> None:
        for made in (hand(), signed_up_to("finance"), signed_up_to(VP, grade="A", want=terms(5_000_000))):
            assert refused(made, "", "escalate").code == "nobody_above"

    def test_it_never_runs_backwards(self) -> None:
        made = signed_up_to("sales_manager")
        after = made("wang", "recommend", after=-3600)
        assert after.signatures[-1].at == after.signatures[-2].at


class TestRoutingAnew:
    def test_nothing_changes_while_everybody_is_there(self) -> None:
        assert refused(signed_up_to("sales_manager"), "", "reroute").code == "route_stands"

    def test_who_holds_the_role_now_takes_the_step(self) -> None:
        made = signed_up_to("sales_manager")
        made.people = without(
            staff("  - {id: bai, name: 白, roles: [sales_manager], departments: [华东], slack: [U70]}\n"), "wang"
        )
        made("", "reroute")
        assert made.request.steps[1].people == ("bai",)
        assert made("bai", "recommend").at == (2,)

    def test_a_post_that_nobody_holds_any_more_passes_upward(self) -> None:
        made = signed_up_to("sales_manager")
        made.people = without(staff(), "wang", "zhao")
        made("", "reroute")
        assert "finance" in made.waits
        made("he", "approve")
        assert made.request.steps[-1].passed_up == ("sales_manager", DEPUTY)
        assert made("chen", "approve").state == "approved"

    @pytest.mark.parametrize(("gone", "role"), [("he", "finance"), ("xu", "customer_admin")])
    def test_nobody_left_is_said(self, gone: str, role: str) -> None:
        made = hand()
        made.people = without(staff(), gone)
        found = refused(made, "", "reroute")
        assert (found.code, found.facts["role"]) == ("nobody_left", role)
