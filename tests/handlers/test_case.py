"""Cases through the real Bolt: the word, the modals, the card's buttons, late and forged clicks."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from approvals.cases import Case
from flows.case_view import case_sheet
from flows.desk import Desk, Latest
from flows.routing import record_of
from sandbox.slack.inputs import elements
from sandbox.slack.people import PEOPLE
from scoring.ledger import Customer
from storage.baseline import Baseline
from storage.record import open_record
from tests.flows.requests import NOON, Clock, Office
from tests.handlers.forms import FormHand
from tests.handlers.slack import USERS, Bolt, Slack, bolt
from texts.case_card import case_card

LIN, WANG, SMITH, MA, GUEST = "U01LIN", "U02WANG", "U03SMITH", "U09MA", "U11GUEST"
WHAT = {"kind": "credit", "severity": "orange", "what": "老板失联，仓库搬空"}


@pytest.fixture
def hall(ledger: Desk, tmp_path: Path) -> Office:
    clock = Clock()
    record, view = open_record(tmp_path, "", "a key that is long enough", clock), ledger.latest.view
    assert view is not None
    latest, baseline = Latest(replace(view, synced_at=NOON)), Baseline(tmp_path / "baseline.db")
    return Office(replace(ledger, record=record, clock=clock, latest=latest, baseline=baseline), clock)


@pytest.fixture
def app(hall: Office, workspace: Slack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bolt]:
    for account, person in PEOPLE.items():
        user: Any = {**person.as_user(), "team_id": "T9" if person.stranger else "T1"}
        monkeypatch.setitem(USERS, account, user)
    with bolt(hall.desk, workspace) as running:
        yield running


def east(hall: Office) -> str:
    """A customer of 华东 whom Lin looks after."""
    with hall.desk.mirror.at_once():
        rows = hall.desk.mirror.tab_rows("customers")
    return next(row.customer_id for row in rows if isinstance(row, Customer) and row.sales_owner == "林晓梅")


def opened(app: Bolt, hall: Office, who: str = LIN, **typed: Any) -> Case:
    hand = FormHand(app, who).open(f"case {east(hall)}")
    hand.submit({**WHAT, **typed})
    assert hand.errors == {}
    (case,) = record_of(hall.desk).cases()
    return case


def value(hall: Office, case: Case, who: str, act: str) -> str:
    """What a button of somebody's card carries."""
    sheet = case_sheet(hall.desk, case, hall.reader(who).person)
    for _, element in elements(case_card(sheet, "zh-CN")["blocks"]):
        if element["action_id"] == f"case.{act}":
            return str(element["value"])
    raise AssertionError(f"{who} has no {act}")


def pressed(app: Bolt, hall: Office, case: Case, who: str, act: str) -> FormHand:
    """Somebody presses a button; the modal that comes."""
    hand = FormHand(app, hall.reader(who).account, shown=100 * (hall.keys() + 1))  # a view of its own
    count = len(app.slack.named("views.open"))
    app.click(hand.person, f"case.{act}", value(hall, case, who, act))
    return hand.show(app.slack.wait("views.open", count + 1)["view"])


def now(hall: Office, case: Case) -> Case:
    found = record_of(hall.desk).case(case.case_id)
    assert found is not None
    return found


@pytest.mark.parametrize("word", ["case", "事件", "/CASE"])
def test_the_word_opens_the_form_of_the_customer(app: Bolt, hall: Office, word: str) -> None:
    hand = FormHand(app, LIN).open(f"{word} {east(hall)}")
    assert hand.view["callback_id"] == "case.opening"
    assert east(hall) in hand.said
    owners = next(e for b, e in elements(hand.view["blocks"]) if b["block_id"] == "owner")
    assert owners["initial_option"]["value"] == "lin"
    assert "smith" not in str(owners["options"])


def test_a_case_is_opened_handled_and_closed_with_cause_and_lesson(app: Bolt, hall: Office) -> None:
    case = opened(app, hall)
    assert (case.state, case.owner, case.severity, case.case_id) == ("open", "lin", "orange", "EV-2026-0001")
    hand = pressed(app, hall, case, "lin", "measure").submit({"text": "上门拜访"})
    assert "上门拜访" in hand.said
    hand = pressed(app, hall, now(hall, case), "wang", "effect").submit({"text": "找到人"})
    assert now(hall, case).measures[0].effect_by == "wang"
    hand = pressed(app, hall, now(hall, case), "lin", "evidence")
    hand.submit({"text": "欠货款", "amount": "50w", "said_on": "2026-11-19"})
    assert str(now(hall, case).evidence[0].amount) == "500000"
    hand = pressed(app, hall, now(hall, case), "lin", "close").submit({"cause": "过度扩张", "lesson": "看现金流"})
    assert "过度扩张" in hand.said
    assert now(hall, case).state == "closed"
    assert [entry.act for entry in record_of(hall.desk).audit_entries()][1:] == [
        "case_open", "case_measure", "case_effect", "case_evidence", "case_close",
    ]  # fmt: skip
    assert record_of(hall.desk).verify_audit() == []
    assert "失联" not in "".join(entry.facts for entry in record_of(hall.desk).audit_entries())


def test_a_day_to_come_and_an_amount_nobody_reads_stand_at_their_questions(app: Bolt, hall: Office) -> None:
    hand = FormHand(app, LIN).open(f"case {east(hall)}").submit({**WHAT, "occurred_on": "2026-11-21"})
    assert list(hand.errors) == ["occurred_on"]
    assert record_of(hall.desk).cases() == []
    case = opened(app, hall)
    hand = pressed(app, hall, case, "lin", "evidence").submit({"text": "欠", "amount": "约五十万"})
    assert list(hand.errors) == ["amount"]
    hand.submit({"text": "  ", "amount": ""})
    assert list(hand.errors) == ["text"]
    assert now(hall, case).evidence == ()


def test_blanks_are_not_words(app: Bolt, hall: Office) -> None:
    hand = FormHand(app, LIN).open(f"case {east(hall)}").submit({**WHAT, "what": " \n "})
    assert list(hand.errors) == ["what"]


def test_who_does_not_see_the_customer_opens_nothing(app: Bolt, hall: Office) -> None:
    for account in (SMITH, GUEST, "U99NOBODY"):
        app.send({"command": "/credit", "text": f"case {east(hall)}", "user_id": account, "trigger_id": "t"})
    said = [app.slack.wait("chat.postMessage", count + 1) for count in range(3)]
    assert "林晓梅" not in str(said)
    assert app.slack.named("views.open") == []


def test_a_case_of_others_does_not_exist(app: Bolt, hall: Office) -> None:
    case = opened(app, hall)
    for carried in (value(hall, case, "lin", "measure"), '{"e":"EV-2026-0999","v":1}', "{}", '{"e":"../x","v":1}'):
        count = len(app.slack.named("reply"))
        app.click(SMITH, "case.measure", carried)
        assert "EV" in app.slack.wait("reply", count + 1)["text"] or carried in {"{}", '{"e":"../x","v":1}'}
    assert len(app.slack.named("views.open")) == 1
    assert case.case_id not in json.dumps(app.command(SMITH, "case"))
    assert case.case_id in json.dumps(app.command(WANG, "case"))


def test_what_rests_on_what_was_seen_asks_again_and_what_only_adds_does_not(app: Bolt, hall: Office) -> None:
    case = opened(app, hall)
    late, adds = pressed(app, hall, case, "lin", "change"), pressed(app, hall, case, "lin", "measure")
    pressed(app, hall, case, "wang", "measure").submit({"text": "停供"})
    late.submit({"severity": "red"})
    assert now(hall, case).severity == "orange"
    adds.submit({"text": "对账"})
    assert [one.text for one in now(hall, case).measures] == ["停供", "对账"]


def test_a_modal_delivered_twice_counts_once(app: Bolt, hall: Office) -> None:
    hand = FormHand(app, LIN).open(f"case {east(hall)}").fill(WHAT)
    sent = hand.payload("view_submission")
    app.send(sent)
    app.send(sent)
    assert len(record_of(hall.desk).cases()) == 1


def test_a_second_case_of_a_customer_shows_the_first(app: Bolt, hall: Office) -> None:
    case = opened(app, hall)
    hand = FormHand(app, WANG).open(f"事件 {east(hall)}")
    assert case.case_id in hand.said
    count = len(app.slack.named("views.push"))
    app.click(
        WANG, "case.show", value(hall, case, "wang", "measure"), container={"type": "view"}, view={"type": "modal"}
    )
    assert case.case_id in str(app.slack.wait("views.push", count + 1)["view"])


def test_an_exercise_says_so_everywhere(app: Bolt, hall: Office) -> None:
    case = opened(app, hall, drill=["yes"])
    assert case.drill
    card = case_card(case_sheet(hall.desk, case, hall.reader("lin").person), "en")
    assert "[EXERCISE]" in card["text"]
    assert "[EXERCISE]" in card["blocks"][0]["text"]["text"]


def test_a_chat_line_gets_a_button_that_opens_the_form(app: Bolt, hall: Office) -> None:
    app.event("E7", type="message", channel_type="im", channel="D1", user=LIN, text=f"case {east(hall)}")
    blocks = app.slack.wait("chat.postMessage")["blocks"]
    blocks = json.loads(blocks) if isinstance(blocks, str) else blocks
    carried = next(str(e["value"]) for _, e in elements(blocks) if e["action_id"] == "case.new")
    app.click(LIN, "case.new", carried)
    assert app.slack.wait("views.open")["view"]["callback_id"] == "case.opening"


def test_a_step_of_the_checklist_is_ticked_once_and_by_name(app: Bolt, hall: Office) -> None:
    case = opened(app, hall, severity="red")
    assert [one.by for one in case.checklist] == [""] * 7
    carried = json.dumps({"e": case.case_id, "v": case.version, "t": "money"})
    where = {"container": {"type": "message", "message_ts": "1.5"}, "channel": {"id": "C1"}}
    app.click("U07HE", "case.tick", carried, **where)
    assert next(one.by for one in now(hall, case).checklist if one.code == "money") == "he"
    app.click(LIN, "case.tick", carried, **where)
    assert case.case_id in app.slack.wait("reply")["text"]
    assert next(one.by for one in now(hall, case).checklist if one.code == "money") == "he"
    for forged in ('{"e":"EV-2026-0001","v":1,"t":"../x"}', '{"e":"EV-2026-0001","v":1,"t":"nothing"}', ""):
        count = len(app.slack.named("reply"))
        app.click(LIN, "case.tick", forged, **where)
        app.slack.wait("reply", count + 1)
    assert sum(1 for one in now(hall, case).checklist if one.by) == 1


def test_a_tick_in_a_modal_shows_there(app: Bolt, hall: Office) -> None:
    case = opened(app, hall, severity="red")
    carried = json.dumps({"e": case.case_id, "v": case.version, "t": "facts"})
    app.click(LIN, "case.tick", carried, container={"type": "view"}, view={"type": "modal", "id": "V7"})
    shown = app.slack.wait("views.update")
    assert "✅" in str(shown["view"])


def test_the_details_of_a_customer_offer_to_open_a_case(app: Bolt, hall: Office) -> None:
    app.click(LIN, "lookup.details", json.dumps({"c": east(hall), "v": 1}))
    view = app.slack.wait("views.open")["view"]
    carried = next(str(e["value"]) for _, e in elements(view["blocks"]) if e["action_id"] == "case.new")
    app.click(LIN, "case.new", carried, container={"type": "view"}, view={"type": "modal", "id": "V1"})
    form = app.slack.wait("views.push")["view"]
    assert json.loads(form["private_metadata"])["f"] == "button"


def test_what_was_refused_at_a_field_is_taken_once_it_is_put_right(app: Bolt, hall: Office) -> None:
    case = opened(app, hall)
    hand = pressed(app, hall, case, "lin", "change").submit({"severity": "orange"})
    assert list(hand.errors) == ["severity"]
    hand.submit({"severity": "red"})
    assert now(hall, case).severity == "red"
    refused = [one for one in record_of(hall.desk).audit_entries() if one.act == "refused"]
    assert len(refused) == 1
