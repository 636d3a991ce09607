"""The expert adjustment of a request: rated, routed and signed anew, by name, within its bounds, never over a cap."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from approvals.people import Person
from approvals.terms import Terms
from flows.adjust import Adjust, adjust
from flows.decide import Decided
from flows.ledger_entry import entry_of
from flows.request_texts import CardTexts, seat_of
from flows.request_view import sheet_of
from flows.roster import Roster
from flows.routing import record_of
from storage.record import Filed
from tests.flows.requests import Office, office
from texts.formats import LANGS
from texts.request_sheet import RequestSheet

WHY, UNTIL = "新控股股东实力强", date(2027, 2, 1)
LADDER = (("xu", "vouch"), ("wang", "recommend"), ("he", "approve"), ("ma", "approve"), ("zhao", "recommend"))


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


def moves(hall: Office, who: str, number: str, points: str = "3", **more: Any) -> Decided:
    given: dict[str, Any] = {
        "request_no": number, "version": hall.now(number).version, "event_key": f"j{hall.keys()}", "payload_hash": "h",
        "points": Decimal(points), "reason": WHY, "until": UNTIL,
    }  # fmt: skip
    return adjust(hall.desk, hall.reader(who), Adjust(**{**given, **more}))


def second_expert(hall: Office) -> None:
    """Another person of risk."""
    people = hall.desk.people
    qin = Person(id="qin", name="秦", roles=("risk",), slack=("U20QIN",))
    hall.desk = replace(hall.desk, roster=Roster(people.model_copy(update={"people": (*people.people, qin)})))


def done(found: Decided) -> None:
    assert found.refusal is None, found.refusal


def test_it_is_shown_by_name_on_every_card_and_in_the_ledger(hall: Office) -> None:
    number = hall.filed().request_no
    own = seen(hall, number, "xu").score
    assert own is not None
    done(moves(hall, "ma", number))
    sheet = seen(hall, number, "xu")
    assert (sheet.own_score, sheet.score) == (own, own + 3)
    for lang in LANGS:
        for who in ("xu", "ma", "applicant"):
            drawn = CardTexts().card(hall.desk, filed(hall, number), who, lang)
            assert drawn is not None
            assert WHY in str(drawn.message)
            assert "马丽" in str(drawn.message)
    for person, act in LADDER:
        hall.does(person, number, act)  # type: ignore[arg-type]
    hall.does("chen", number, "approve")
    for who in ("chen", "wang", "applicant"):
        drawn = CardTexts().card(hall.desk, filed(hall, number), who, "zh-CN")
        assert drawn is not None
        assert WHY in str(drawn.message)
    (entry,) = (
        row for row in entry_of(hall.desk, filed(hall, number), mark="m", mark_no=1).rows if row.tab == "decisions"
    )
    assert "马丽" in str(entry.values["reason"])
    assert WHY in str(entry.values["reason"])
    assert "+3" in str(entry.values["reason"])


def test_everybody_signs_anew_and_an_older_card_decides_nothing(hall: Office) -> None:
    number = hall.filed().request_no
    hall.does("xu", number, "vouch")
    hall.does("wang", number, "recommend")
    before = hall.now(number)
    done(moves(hall, "ma", number))
    after = hall.now(number)
    assert (after.round, after.at, after.version) == (2, (0,), before.version + 1)
    assert hall.refused("he", number, "approve", version=before.version).code == "request_moved"
    assert hall.refused("wang", number, "recommend").code == "not_your_turn"
    hall.does("xu", number, "vouch")
    hall.does("wang", number, "recommend")
    last = [one for one in record_of(hall.desk).audit_entries() if one.act == "adjust"]
    facts = json.loads(last[0].facts)
    assert (last[0].person, facts["points"], facts["until"]) == ("ma", "3", "2027-02-01")
    assert filed(hall, number).evidence["adjusted"]["counted"][0]["reason"] == WHY
    assert record_of(hall.desk).verify_audit() == []


def test_a_raised_score_is_an_override_one_post_higher_and_a_lowered_one_is_not(hall: Office) -> None:
    raised = hall.filed().request_no
    done(moves(hall, "ma", raised))
    assert "override" in hall.now(raised).reasons_higher
    assert "adjusted" in hall.now(raised).flags
    done(moves(hall, "ma", raised, "-3"))
    assert "override" not in hall.now(raised).reasons_higher
    assert (hall.now(raised).flags, hall.now(raised).round) == ((), 3)


def test_a_veto_caps_above_it(hall: Office) -> None:
    number = hall.filed().request_no
    assert hall.now(number).grade == "C"
    done(moves(hall, "ma", number, "5"))
    assert hall.now(number).grade == "C"
    assert hall.now(number).proposed.limit <= hall.desk.policy.grade("C").limit


@pytest.mark.parametrize(
    ("who", "given", "code"),
    [
        ("zhao", {}, "adjustment_role"), ("xu", {}, "adjustment_role"), ("smith", {}, "request_unknown"),
        ("ma", {"points": Decimal("5.1")}, "adjustment_points"), ("ma", {"points": Decimal(0)}, "adjustment_points"),
        ("ma", {"reason": " "}, "adjustment_reason"), ("ma", {"until": date(2028, 1, 1)}, "adjustment_until"),
        ("ma", {"until": date(2026, 11, 19)}, "adjustment_until"), ("ma", {"version": 99}, "request_unknown"),
    ],
)  # fmt: skip
def test_what_is_refused_leaves_nothing_but_that_it_was(hall: Office, who: str, given: Any, code: str) -> None:
    number = hall.filed().request_no
    before = filed(hall, number)
    found = moves(hall, who, number, **given)
    assert (found.done, found.refusal and found.refusal.code) == (False, code)
    assert filed(hall, number) == before
    assert list(record_of(hall.desk).audit_entries())[-1].act == ("file" if who == "smith" else "refused")


def test_nobody_adjusts_what_is_his_or_over_or_asks_for_no_line(hall: Office) -> None:
    second_expert(hall)
    own = hall.filed(sales_owner="马丽").request_no
    refusal = moves(hall, "ma", own).refusal
    assert refusal is not None
    assert refusal.code == "adjustment_party"
    hall.does("lin", own, "withdraw")
    over = moves(hall, "qin", own).refusal
    assert over is not None
    assert over.code == "request_over"
    prepay = hall.filed(payment_mode="prepay", asked_limit="", asked_days="").request_no
    none = moves(hall, "ma", prepay).refusal
    assert none is not None
    assert none.code == "adjustment_prepay"
    assert "adjust" not in seen(hall, prepay, "ma").buttons


def test_a_score_taken_down_to_d_can_only_be_sent_back_or_refused(hall: Office) -> None:
    weak = {"suits_amount": "900万", "enforcement": "settled", "enforcement_settled_on": "2026-01-01"}
    number = hall.filed(**weak).request_no
    assert seen(hall, number, "xu").score == 51
    done(moves(hall, "ma", number, "-5"))
    hall.does("xu", number, "vouch")
    assert hall.refused("wang", number, "recommend").code == "terms_empty"
    less = Terms(limit=Decimal(50_000), payment_days=30, currency="CNY")
    assert hall.refused("wang", number, "recommend", terms=less, reason=WHY).code == "no_line_for_grade"
    hall.does("wang", number, "reject", reason="评分不足")


def test_who_raised_the_score_does_not_co_sign_where_another_expert_can(hall: Office) -> None:
    second_expert(hall)
    number = hall.filed().request_no
    done(moves(hall, "ma", number))
    (risk,) = (step for step in hall.now(number).steps if step.role == "risk")
    assert risk.people == ("qin",)


def test_it_stays_over_a_new_round_and_ends_with_its_last_day(hall: Office) -> None:
    number = hall.filed().request_no
    own = seen(hall, number, "xu").score
    done(moves(hall, "ma", number, until=hall.desk.today() + timedelta(days=1)))
    hall.does("xu", number, "return", reason="缺报表")
    assert hall.submit(request_no=number, asked_limit="40万").refusal is None
    sheet = seen(hall, number, "xu")
    assert (sheet.own_score, [one.counts for one in sheet.moves]) == (own, [True])
    assert "override" in hall.now(number).reasons_higher


@pytest.mark.parametrize("who", ["ma", "xu", "wang", "applicant"])
def test_the_button_is_the_experts(hall: Office, who: str) -> None:
    number = hall.filed().request_no
    assert ("adjust" in seen(hall, number, who).buttons) == (who == "ma")
