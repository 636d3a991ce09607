"""Giving a turn away through the real Bolt: the window, errors at its questions, ending it, in both languages."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from approvals.people import People, Person
from flows.desk import Desk, Latest
from flows.roster import Roster
from flows.routing import record_of
from sandbox.slack.people import PEOPLE
from storage.baseline import Baseline
from storage.record import open_record
from tests.flows.requests import NOON, Clock, Office
from tests.handlers.forms import FormHand
from tests.handlers.slack import USERS, Bolt, Slack, bolt
from tests.handlers.test_approval import click as click_card
from tests.handlers.test_approval import idle, state, up_to, value

DAYS = {"starts": "2026-11-20", "ends": "2026-11-24", "reason": "年假"}


@pytest.fixture
def hall(ledger: Desk, tmp_path: Path) -> Office:
    clock = Clock()
    record, view = open_record(tmp_path, "", "a key that is long enough", clock), ledger.latest.view
    assert view is not None
    latest, baseline = Latest(replace(view, synced_at=NOON)), Baseline(tmp_path / "baseline.db")
    roster = Roster(ledger.roster.file)
    desk = replace(ledger, roster=roster, record=record, clock=clock, latest=latest, baseline=baseline)
    return Office(desk, clock)


@pytest.fixture
def app(hall: Office, workspace: Slack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bolt]:
    for account, person in PEOPLE.items():
        user: Any = {**person.as_user(), "team_id": "T9" if person.stranger else "T1"}
        monkeypatch.setitem(USERS, account, user)
    with bolt(hall.desk, workspace) as running:
        yield running


def hand(app: Bolt, account: str, text: str = "委托") -> FormHand:
    return FormHand(app, account).open(text)


def end(app: Bolt, account: str, delegation: str, **more: Any) -> None:
    carried = json.dumps({"d": delegation, "v": 1})
    app.send({
        "type": "block_actions", "user": {"id": account}, "trigger_id": "t",
        "actions": [{"type": "button", "action_id": "absence.end", "block_id": "b", "value": carried, "action_ts": carried}],
        **more,
    })  # fmt: skip
    idle(app)


def given(hall: Office) -> list[tuple[str, str, str]]:
    found = record_of(hall.desk).delegations_since(hall.desk.today())
    return [(one.id, one.from_person, one.to_person) for one in found if one.ended_at is None]


def options(form: FormHand, block: str) -> list[str]:
    element = next(one["element"] for one in form.view["blocks"] if one.get("block_id") == block)
    return [one["value"] for one in element["options"]]


@pytest.mark.parametrize("text", ["delegate", "委托", "代办"])
def test_somebody_goes_away_and_the_other_signs_in_his_place(app: Bolt, hall: Office, text: str) -> None:
    number = up_to(hall, "ma")
    form = hand(app, "U04ZHAO", text)
    assert options(form, "to") == ["chen", "liu"]
    form.submit({"to": "liu", **DAYS})
    assert form.errors == {}
    assert "11月20日至11月24日 由 刘建军 代 赵敏 审批" in form.said
    idle(app)
    assert "absence.end" in json.dumps(app.slack.wait("views.publish")["view"])
    click_card(app, hall, "liu", number, "recommend", value(hall, number, "liu", "recommend"))
    assert state(hall, number)[1] == (5,)
    last = hall.now(number).signatures[-1]
    assert (last.person, last.for_person) == ("liu", "zhao")


def test_what_is_wrong_stands_at_its_question_in_words_and_the_corrected_window_is_taken(
    app: Bolt, hall: Office
) -> None:
    form = hand(app, "U04ZHAO").submit({"to": "chen", **DAYS, "ends": "2026-12-25"})
    assert form.errors == {"ends": "36 天超出政策允许的 30 天。"}
    form.submit({"starts": "2026-11-19", "ends": "2026-11-24"})
    assert form.errors == {"starts": "开始日 2026年11月19日 已过，请从今天或之后开始。"}
    form.submit({"starts": "2026-11-24", "ends": "2026-11-20"})
    assert list(form.errors) == ["ends"]
    form.submit({"starts": "2026-11-20", "ends": "2026-11-24"})
    assert form.errors == {}
    again = hand(app, "U04ZHAO").submit({"to": "liu", **DAYS})
    assert again.errors == {"starts": "赵敏在 2026年11月24日 之前已有委托，请先结束它。"}
    assert [(giver, taker) for _, giver, taker in given(hall)] == [("zhao", "chen")]


def test_who_is_ill_has_it_entered_by_the_customer_administrator(app: Bolt, hall: Office) -> None:
    form = hand(app, "U08XU")
    assert "xu" not in options(form, "to")
    assert options(form, "whose") == ["wang", "zhao", "chen", "liu", "he", "xu", "ma", "sun"]
    form.submit({"whose": "wang", "to": "zhao", **DAYS, "reason": ""})
    assert form.errors == {"reason": "请写明原因：这是您代别人登记的。"}
    form.submit({"whose": "wang", "to": "he", "reason": "急诊"})
    assert form.errors == {"to": "何静的职位较低或角色不同；请委托给同级或更高职位。"}
    form.submit({"whose": "wang", "to": "zhao"})
    assert form.errors == {}
    ((number, giver, taker),) = given(hall)
    assert (giver, taker) == ("wang", "zhao")
    found = record_of(hall.desk).delegation(number)
    assert found is not None
    assert found.made_by == "xu"


def test_both_may_end_it_and_a_stranger_to_it_may_not(app: Bolt, hall: Office) -> None:
    hand(app, "U04ZHAO").submit({"to": "chen", **DAYS})
    ((number, *_),) = given(hall)
    home = {"container": {"type": "view"}, "view": {"id": "V9", "type": "home"}}
    end(app, "U02WANG", number, **home)
    assert "没有您可以结束的这项委托" in app.slack.wait("chat.postMessage")["text"]
    assert len(given(hall)) == 1
    modal = {"container": {"type": "view"}, "view": {"id": "V8", "type": "modal"}}
    end(app, "U05CHEN", number, **modal)
    assert "陈国华 不再代 赵敏 审批" in json.dumps(app.slack.wait("views.update")["view"], ensure_ascii=False)
    assert given(hall) == []
    end(app, "U04ZHAO", number, **home)
    assert "已经结束" in app.slack.wait("chat.postMessage", 2)["text"]


@pytest.mark.parametrize("carried", ["", "{}", '{"d": "../x", "v": 1}', '{"d": "' + "0" * 24 + '", "v": 1}', "null"])
def test_forged_values_end_nothing(app: Bolt, hall: Office, carried: str) -> None:
    hand(app, "U04ZHAO").submit({"to": "chen", **DAYS})
    app.click("U04ZHAO", "absence.end", carried)
    idle(app)
    assert len(given(hall)) == 1


def test_forged_answers_are_refused_at_their_questions(app: Bolt, hall: Office) -> None:
    def send(account: str, **values: Any) -> dict[str, Any]:
        state = {name: {name: {"value": value}} for name, value in values.items()}
        view = {"id": "V1", "hash": "h", "callback_id": "absence.give", "type": "modal", "state": {"values": state}}
        return dict(json.loads(str(app.send({"type": "view_submission", "user": {"id": account}, "view": view}).body)))

    good = {"to": "chen", "starts": "2026-11-20", "ends": "2026-11-24"}
    assert list(send("U04ZHAO", **{**good, "ends": "tomorrow"})["errors"]) == ["ends"]
    assert list(send("U04ZHAO", **{**good, "to": "<!channel>"})["errors"]) == ["to"]
    assert list(send("U04ZHAO", **good, whose="chen")["errors"]) == ["to"]
    assert list(send("U01LIN", **good)["errors"]) == ["to"]
    assert list(send("U11GUEST", **good)["errors"]) == ["to"]
    assert given(hall) == []


@pytest.mark.parametrize(
    ("account", "said"), [("U01LIN", "只有审批人才有审批可以委托"), ("U03SMITH", "Only who signs")]
)
def test_who_signs_nothing_reads_why_there_is_nothing_to_give(app: Bolt, account: str, said: str) -> None:
    form = hand(app, account, "delegate")
    assert said in form.said
    assert "submit" not in form.view


def test_the_window_speaks_english_and_home_has_its_button_for_whoever_signs(app: Bolt, hall: Office) -> None:
    form = hand(app, "U09MA", "delegate")
    assert "Ask the administrator to name somebody" in form.said
    for account, there in (("U04ZHAO", True), ("U01LIN", False), ("U09MA", False)):
        count = len(app.slack.named("views.publish"))
        app.event(f"E{account}", type="app_home_opened", user=account, tab="home")
        shown = json.dumps(app.slack.wait("views.publish", count + 1)["view"])
        assert ("absence.open" in shown) == there
    other = Person(id="bo", name="Bo", roles=("risk",), slack=("U20NEW",), lang="en")
    people = hall.desk.people
    hall.desk.roster.now = People(people=(*people.people, other))
    form = hand(app, "U09MA", "delegate").submit({"to": "bo", **DAYS})
    assert "Bo signs for 马丽 from 20 Nov to 24 Nov. Both are told." in form.said


def test_a_direct_message_offers_the_button(app: Bolt) -> None:
    app.event("E1", type="message", channel_type="im", channel="D1", user="U04ZHAO", text="委托")
    assert "absence.open" in json.dumps(app.slack.wait("chat.postMessage"))
    app.click("U04ZHAO", "absence.open", "open")
    assert app.slack.wait("views.open")["view"]["callback_id"] == "absence.give"


def test_more_people_than_a_list_holds_stand_in_groups(app: Bolt, hall: Office) -> None:
    people = hall.desk.people
    many = tuple(
        Person(id=f"gm{n}", name=f"经理{n}", roles=("dept_gm",), departments=("华东",), slack=(f"U9{n}",)) for n in range(230)
    )  # fmt: skip
    hall.desk = replace(hall.desk, roster=Roster(People(people=(*people.people, *many))))
    with bolt(hall.desk, app.slack) as running:
        form = hand(running, "U04ZHAO").submit({"to": "gm229", **DAYS})
    assert form.errors == {}
    assert "经理229" in form.said
