"""A request as its readers see it: figures of today, who may do what, what is on record, what goes together."""

from dataclasses import replace
from pathlib import Path

import pytest

from approvals.people import Person
from approvals.steps import Act
from flows.approval import Event, Place
from flows.decide import decide
from flows.queue import bulk_sent, queue_of, together_of
from flows.request_texts import seat_of
from flows.request_view import Seat, sheet_of
from flows.routing import record_of
from storage.record import Filed
from tests.flows.requests import Office, office
from texts.request_sheet import RequestSheet

LADDER: tuple[tuple[str, Act], ...] = (
    ("xu", "vouch"), ("wang", "recommend"), ("he", "approve"), ("ma", "approve"), ("zhao", "recommend"),
)  # fmt: skip
OTHER = {"name": "宁波远洋包装有限公司", "uscc": "913302006655443321"}


@pytest.fixture
def hall(tmp_path: Path) -> Office:
    return office(tmp_path)


def filed(hall: Office, number: str) -> Filed:
    found = record_of(hall.desk).request(number)
    assert found is not None
    return found


def seen(hall: Office, number: str, who: str) -> RequestSheet:
    seat = seat_of(hall.desk, hall.now(number), who)
    assert seat is not None
    return sheet_of(hall.desk, filed(hall, number), seat)


def climb(hall: Office, number: str) -> None:
    for person, act in LADDER:
        hall.does(person, number, act)


def test_after_is_the_proposal_used_in_full(hall: Office) -> None:
    sheet = seen(hall, hall.filed().request_no, "xu")
    assert (sheet.now.limit, sheet.now.exposure) == (None, 0)
    assert sheet.after.limit == sheet.after.exposure == sheet.proposed.limit
    assert sheet.after.utilisation == 100
    assert sheet.loss is not None
    assert sheet.loss.amount == sheet.proposed.limit * sheet.loss.pd_pct * sheet.loss.lgd_pct / 10_000


def test_a_new_customer_is_bad_news_only_after_everything_else(hall: Office) -> None:
    sheet = seen(hall, hall.filed(suits_amount="9000万", penalties="major").request_no, "xu")
    codes = [one.found["code"] for one in sheet.bad]
    assert codes[-1] == "V10"
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("who", "buttons"),
    [
        ("xu", ("vouch", "complete", "return", "file", "hand_on", "ask")), ("wang", ("file",)), ("lin", ("file",)),
        ("applicant", ("file", "withdraw")),
    ],
)  # fmt: skip
def test_buttons_are_those_of_whose_turn_it_is(hall: Office, who: str, buttons: tuple[str, ...]) -> None:
    assert seen(hall, hall.filed().request_no, who).buttons == buttons


def test_somebody_of_another_department_has_no_card(hall: Office) -> None:
    assert seat_of(hall.desk, hall.now(hall.filed().request_no), "smith") is None
    assert seat_of(hall.desk, hall.now("CR-2026-0001"), "nobody") is None


def test_a_signer_has_a_minute_and_then_only_the_file(hall: Office) -> None:
    number = hall.filed().request_no
    hall.does("xu", number, "vouch")
    assert seen(hall, number, "xu").buttons == ("file", "take_back")
    assert seen(hall, number, "xu").has_signed
    hall.clock.forward(seconds=60)
    assert seen(hall, number, "xu").buttons == ("file",)


def test_only_a_post_has_somebody_above_it(hall: Office) -> None:
    number = hall.filed().request_no
    assert seen(hall, number, "xu").hours_left is None
    hall.does("xu", number, "vouch")
    assert seen(hall, number, "wang").hours_left == 16
    hall.clock.forward(hours=5)  # noon to five in Shanghai
    assert seen(hall, number, "wang").hours_left == 11


def test_what_was_taken_back_does_not_stand_among_the_signatures(hall: Office) -> None:
    number = hall.filed().request_no
    hall.does("xu", number, "vouch")
    hall.does("xu", number, "take_back")
    sheet = seen(hall, number, "xu")
    assert sheet.signed == ()
    assert [one.act for one in sheet.earlier] == ["vouch"]


def test_gates_name_who_stands_for_them(hall: Office) -> None:
    number = hall.filed().request_no
    hall.does("xu", number, "vouch")
    gates = {one.name: (one.result, one.person) for one in seen(hall, number, "wang").gates}
    assert gates["first_screening"][1] == gates["background_check"][1] == "林晓梅"
    assert gates["credit_evaluation"] == ("passed", "徐蕾")
    assert gates["risk_decision"] == ("open", "")


def test_requests_like_it_are_those_of_its_grade_and_near_its_amount(hall: Office) -> None:
    before = hall.filed(**OTHER, asked_limit="70万").request_no
    climb(hall, before)
    hall.does("chen", before, "approve")
    sheet = seen(hall, hall.filed().request_no, "xu")
    assert sheet.alike is not None
    assert [(one.request_no, one.state, one.name) for one in sheet.alike.found] == [(before, "approved", OTHER["name"])]
    assert sheet.past == ()


def test_whose_a_like_request_was_is_told_only_to_who_sees_that_customer(hall: Office) -> None:
    before = hall.filed(**OTHER, asked_limit="70万").request_no
    climb(hall, before)
    hall.does("chen", before, "reject", reason="偿付能力不足")  # own words: they may name the customer
    stranger = Person(id="x", name="x", roles=("sales",), departments=("海外",))
    sheet = sheet_of(hall.desk, filed(hall, hall.filed().request_no), Seat(person=stranger))
    assert sheet.alike is not None
    assert [(one.name, one.reason) for one in sheet.alike.found] == [("", "")]
    own = seen(hall, sheet.request_no, "xu")
    assert own.alike is not None
    assert [(one.name, one.reason) for one in own.alike.found] == [(OTHER["name"], "偿付能力不足")]


def test_an_earlier_request_of_the_same_company_is_its_history(hall: Office) -> None:
    before = hall.filed().request_no
    hall.does("xu", before, "vouch")
    hall.does("wang", before, "reject", reason="业务需求不足")
    again = hall.submit()
    assert again.request is not None, again.refusal
    sheet = seen(hall, again.request.request_no, "xu")
    assert [(one.request_no, one.reason) for one in sheet.past] == [(before, "业务需求不足")]
    assert sheet.alike is not None


def test_what_changed_since_filing_is_compared_with_the_evidence(hall: Office) -> None:
    number = hall.filed().request_no
    assert seen(hall, number, "xu").changes == ()
    one = filed(hall, number)
    better = replace(one, evidence={**one.evidence, "answer": {**one.evidence["answer"], "grade": "B"}})
    seat = seat_of(hall.desk, one.request, "xu")
    assert seat is not None
    changed = sheet_of(hall.desk, better, seat).changes
    assert [(found["code"], found["facts"]) for found in changed] == [("grade_worse", {"was": "B", "now": "C"})]


def test_what_goes_together_is_small_as_proposed_and_ones_own_to_decide(hall: Office) -> None:
    small = hall.filed(asked_limit="15万").request_no
    large = hall.filed(**OTHER, asked_limit="70万").request_no
    for number in (small, large):
        while not (now := hall.now(number)).steps[now.at[0]].decides:
            step = now.steps[now.at[0]]
            act: Act = "vouch" if step.kind == "vouch" else "approve" if step.kind == "cosign" else "recommend"
            hall.does(step.people[0], number, act)
    decider = hall.now(small).steps[-1].people[0]
    person = hall.reader(decider).person
    waiting = [filed(hall, small), filed(hall, large)]
    sheets = [sheet_of(hall.desk, one, Seat(person=person)) for one in waiting]
    found = together_of(hall.desk, person, waiting, sheets)
    assert [one.request_no for one in found.fit] == [small]
    assert [(one.request_no, why) for one, why in found.out] in ([(large, "amount")], [(large, "not_deciding")])


def test_nothing_but_what_fits_is_approved_together(hall: Office) -> None:
    number = hall.filed().request_no
    climb(hall, number)
    chosen = [Place(number, hall.now(number).version), Place("CR-2026-0999", 1)]
    message = bulk_sent(hall.desk, hall.reader("chen"), chosen, Event("k", "h"), decide)
    assert hall.now(number).state == "pending"
    assert number in message["blocks"][0]["text"]["text"]


def test_the_queue_of_somebody_without_a_role_is_empty(hall: Office) -> None:
    hall.filed()
    assert "CR-" not in str(queue_of(hall.desk, replace(hall.reader("lin"), person=None)))
