"""The customer administrator completes and vouches; a refusal is asked for again when something is new."""

import json
from pathlib import Path
from typing import Any

import pytest

from approvals.application_fields import CREDIT_STEPS
from flows.apply import Submitted
from flows.completing import completions_of
from flows.drafts import FormError, filled_in, from_request, kept
from flows.request_texts import CardTexts, seat_of
from flows.request_view import sheet_of
from flows.routing import record_of
from flows.submit import submit
from storage.record import Filed
from tests.flows.requests import WHOLE, Office, office
from tests.texts.situations import SETTING
from texts.formats import LANGS
from texts.render import words
from texts.request_file import request_file
from texts.request_sheet import RequestSheet

CHANGED: dict[str, Any] = {"paid_in_capital": "8000万", "registered_capital": "9000万", "pending_suits_amount": "2万"}


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


def again(hall: Office, person: str, number: str, **typed: Any) -> Submitted:
    """The form of a request, opened by somebody, some fields otherwise, sent."""
    reader = hall.reader(person)
    draft = from_request(hall.desk, reader, number)
    for step in CREDIT_STEPS:
        state = {**filled_in(draft).typed, **typed}
        draft = kept(hall.desk, draft, step=step, state=state)
    return submit(hall.desk, reader, draft.id, f"a{hall.keys()}")


def done(sent: Submitted) -> None:
    assert sent.refusal is None, sent.refusal


def code(sent: Submitted) -> str:
    assert sent.refusal is not None
    return sent.refusal.code


@pytest.mark.parametrize("lang", LANGS)
def test_the_administrator_completes_and_vouches_and_every_card_says_what_he_changed(hall: Office, lang: str) -> None:
    number = hall.filed().request_no
    hall.clock.forward(minutes=5)
    done(again(hall, "xu", number, **CHANGED))
    request = hall.now(number)
    assert (request.round, request.at, request.signatures[-1].act) == (2, (1,), "vouch")
    (made,) = completions_of(filed(hall, number))
    assert (made.person, made.act, made.at) == ("xu", "vouch", hall.clock.now)
    assert [(one.field, one.was, one.now) for one in made.fields] == [
        ("registered_capital", "60000000", "90000000"), ("paid_in_capital", "50000000", "80000000"),
        ("pending_suits_amount", "0", "20000"),
    ]  # fmt: skip
    assert [one.source for one in made.fields] == ["form", "form", WHOLE["source"]]
    for audience in ("wang", "xu", "applicant"):
        drawn = CardTexts().card(hall.desk, filed(hall, number), audience, lang)
        assert drawn is not None
        assert "徐蕾" in str(drawn.message)
        assert ("8,000 万" if lang == "zh-CN" else "80,000,000") in str(drawn.message) or audience == "xu"
    whole = str(request_file(seen(hall, number, "wang"), lang, SETTING))
    assert WHOLE["source"] in whole


def test_what_was_asked_for_stays_the_applicants(hall: Office) -> None:
    number = hall.filed().request_no
    before = hall.now(number)
    for typed in ({"asked_limit": "50万"}, {"asked_days": "20"}, {"reason": "换个理由"}, {"payment_mode": "prepay"}):
        assert code(again(hall, "xu", number, **typed)) == "completion_asked"
    assert hall.now(number) == before
    done(again(hall, "xu", number, asked_limit=WHOLE["asked_limit"], asked_days=WHOLE["asked_days"],
               reason=WHOLE["reason"], payment_mode="credit", **CHANGED))  # fmt: skip


def test_only_the_administrator_in_his_turn_and_the_applicant_when_it_came_back(hall: Office) -> None:
    number = hall.filed().request_no
    for person, refusal in (("lin", "form_closed"), ("wang", "form_closed"), ("smith", "draft_gone")):
        with pytest.raises(FormError) as closed:
            from_request(hall.desk, hall.reader(person), number)
        assert closed.value.code == refusal
    draft = from_request(hall.desk, hall.reader("xu"), number)
    hall.does("xu", number, "vouch")
    assert code(submit(hall.desk, hall.reader("xu"), draft.id, "late")) == "already_signed"
    assert hall.now(number).round == 1
    with pytest.raises(FormError):
        from_request(hall.desk, hall.reader("xu"), number)
    hall.does("wang", number, "return", reason="请补充担保")
    done(again(hall, "lin", number, asked_limit="40万"))
    assert [one.act for one in completions_of(filed(hall, number))] == ["resubmit"]


def test_a_form_opened_before_the_applicant_filed_again_undoes_nothing(hall: Office) -> None:
    number = hall.filed().request_no
    old = from_request(hall.desk, hall.reader("xu"), number)
    hall.does("xu", number, "return", reason="请更正注册资本")
    done(again(hall, "lin", number, registered_capital="7000万"))
    assert code(submit(hall.desk, hall.reader("xu"), old.id, "old")) == "draft_outdated"
    fresh = from_request(hall.desk, hall.reader("xu"), number)
    assert fresh.id != old.id
    assert fresh.form["typed"]["registered_capital"] == "70000000"
    done(again(hall, "xu", number, paid_in_capital="6000万"))
    acts = [(one.act, [field.field for field in one.fields]) for one in completions_of(filed(hall, number))]
    assert acts == [("resubmit", ["registered_capital"]), ("vouch", ["paid_in_capital"])]
    assert filed(hall, number).form["registered_capital"] == "70000000.00"


def test_the_audit_keeps_the_field_and_digests_and_no_words(hall: Office) -> None:
    number = hall.filed().request_no
    done(again(hall, "xu", number, **CHANGED))
    last = list(record_of(hall.desk).audit_entries())[-1]
    assert (last.act, last.person) == ("vouch", "xu")
    assert set(json.loads(last.facts)["fields"]) == set(CHANGED)
    assert "80000000" not in last.facts
    assert record_of(hall.desk).verify_audit() == []


def test_gates_name_who_answered_and_when(hall: Office) -> None:
    number = hall.filed().request_no
    hall.clock.forward(minutes=5)
    done(again(hall, "xu", number, **CHANGED))
    gates = {one.name: one for one in seen(hall, number, "wang").gates}
    assert (gates["background_check"].person, gates["background_check"].source) == ("徐蕾", WHOLE["source"])
    assert (gates["first_screening"].person, gates["credit_evaluation"].person) == ("徐蕾", "徐蕾")
    assert gates["risk_decision"].result == "open"
    assert all(one.at is not None for name, one in gates.items() if name != "risk_decision")


def refuse(hall: Office, **typed: Any) -> str:
    number = hall.filed(**typed).request_no
    hall.does("xu", number, "vouch")
    hall.does("wang", number, "reject", reason="偿付能力不足")
    hall.clock.forward(seconds=61)
    return number


def test_asking_again_needs_something_new(hall: Office) -> None:
    number = refuse(hall)
    assert code(again(hall, "lin", number)) == "nothing_new"
    assert code(again(hall, "lin", number, reason="请再考虑一次")) == "nothing_new"
    assert code(again(hall, "lin", number, asked_limit="90万")) == "nothing_new"
    assert code(hall.submit()) == "nothing_new"
    assert (
        code(again(hall, "lin", number, name="别的公司有限公司", uscc="913302006655443321")) == "reopen_other_customer"
    )


@pytest.mark.parametrize("lang", LANGS)
def test_asking_again_with_new_facts_is_a_new_request_that_says_what_is_new(hall: Office, lang: str) -> None:
    number = refuse(hall)
    sent = again(hall, "lin", number, paid_in_capital="8000万", registered_capital="9000万")
    done(sent)
    assert sent.request is not None
    new = sent.request.request_no
    assert (new, hall.now(number).state, hall.now(new).round) == ("CR-2026-0002", "rejected", 1)
    acts = [(one.request_no, one.act) for one in record_of(hall.desk).audit_entries()][-2:]
    assert acts == [(number, "reopen"), (new, "file")]
    drawn = CardTexts().card(hall.desk, filed(hall, new), "xu", lang)
    assert drawn is not None
    said = str(drawn.message)
    assert number in said
    assert "偿付能力不足" in said
    whole = str(request_file(seen(hall, new, "xu"), lang, SETTING))
    assert words(lang).say("request", "label_refused_way") in whole
    hall.does("xu", new, "vouch")


def test_asking_for_less_is_new_and_a_refusal_that_can_be_taken_back_is_not_yet_one(hall: Office) -> None:
    number = hall.filed().request_no
    hall.does("xu", number, "vouch")
    hall.does("wang", number, "reject", reason="偿付能力不足")
    with pytest.raises(FormError):
        from_request(hall.desk, hall.reader("lin"), number)
    hall.clock.forward(seconds=61)
    done(again(hall, "lin", number, asked_limit="30万"))
