"""Decision cards through the real Bolt: buttons, modals, the queue, deciding together, late and forged clicks."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any

import msgspec
import pytest

from approvals.steps import Act
from flows.desk import Desk, Latest
from flows.request_texts import CardTexts
from flows.routing import record_of
from sandbox.slack.inputs import elements
from sandbox.slack.people import PEOPLE
from storage.baseline import Baseline
from storage.record import open_record
from tests.flows.requests import NOON, Clock, Office
from tests.handlers.forms import FormHand
from tests.handlers.slack import USERS, Bolt, Slack, bolt

LADDER: tuple[tuple[str, Act], ...] = (
    ("xu", "vouch"), ("wang", "recommend"), ("he", "approve"), ("ma", "approve"), ("zhao", "recommend"),
)  # fmt: skip
CARD = {"container": {"type": "message", "message_ts": "1.5", "channel_id": "D1"}, "channel": {"id": "D1"}}


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


def up_to(hall: Office, last: str = "", **typed: Any) -> str:
    """A filed request, signed by everybody up to and including one of the ladder; its number."""
    number = hall.filed(**typed).request_no
    for person, act in LADDER if last else ():
        hall.does(person, number, act)
        if person == last:
            break
    return number


def card(hall: Office, number: str, audience: str, lang: str = "zh-CN") -> dict[str, Any]:
    filed = record_of(hall.desk).request(number)
    assert filed is not None
    drawn = CardTexts().card(hall.desk, filed, audience, lang)
    assert drawn is not None
    return dict(drawn.message)


def value(hall: Office, number: str, audience: str, action: str) -> str:
    """What a button of somebody's card carries; of the menu the entry that is named."""
    for _, element in elements(card(hall, number, audience)["blocks"]):
        if element["action_id"] == f"approval.{action}":
            return str(element["value"])
        for entry in element.get("options", ()):
            if json.loads(entry["value"]).get("a") == action:
                return str(entry["value"])
    raise AssertionError(f"{audience} has no {action}")


def click(app: Bolt, hall: Office, who: str, number: str, action: str, carried: str = "", **more: Any) -> None:
    """Somebody clicks on his card, waits until it is done, and the workers are idle."""
    account = hall.reader(who).account
    said = carried or value(hall, number, who, action)
    chosen = json.loads(said).get("a") if said.startswith("{") else None
    element = (
        {"action_id": "approval.more", "selected_option": {"value": said}}
        if chosen
        else {"action_id": f"approval.{action}", "value": said}
    )
    kind = "overflow" if chosen else "button"
    answer = app.send({
        "type": "block_actions", "user": {"id": account}, "trigger_id": "t", "response_url": f"{app.slack.url}reply",
        "actions": [{"type": kind, "block_id": "approval", "action_ts": str(hall.keys()), **element}], **CARD, **more,
    })  # fmt: skip
    assert answer.status == 200
    idle(app)


def idle(app: Bolt) -> None:
    """Everything that was to be done after an acknowledgement is done: every worker has come back, twice."""
    pool = app.later._pool
    for _ in range(2):
        meeting = Barrier(pool._max_workers + 1)
        for _ in range(pool._max_workers):
            pool.submit(meeting.wait)
        meeting.wait(20)


def modal(app: Bolt, hall: Office, who: str, number: str, action: str, **more: Any) -> FormHand:
    """The modal behind a button, on somebody's screen."""
    click(app, hall, who, number, action, **more)
    return FormHand(app, hall.reader(who).account).show(app.slack.wait("views.open")["view"])


def state(hall: Office, number: str) -> tuple[str, tuple[int, ...]]:
    now = hall.now(number)
    return now.state, now.at


def test_the_whole_ladder_is_climbed_by_buttons(app: Bolt, hall: Office) -> None:
    number = up_to(hall)
    for who, act in LADDER:
        click(app, hall, who, number, act)
    click(app, hall, "chen", number, "approve")
    done = hall.now(number)
    assert (done.state, done.decided) == ("approved", done.proposed)
    # nobody is told beside his card what the card itself shows
    assert app.slack.named("reply") == []
    assert app.slack.named("chat.postMessage") == []


def test_a_decision_is_taken_back_within_the_minute_and_not_later(app: Bolt, hall: Office) -> None:
    number = up_to(hall, "zhao")
    click(app, hall, "chen", number, "approve")
    again = value(hall, number, "chen", "take_back")
    click(app, hall, "chen", number, "take_back")
    assert state(hall, number) == ("pending", (5,))
    click(app, hall, "chen", number, "approve")
    assert "approval.take_back" in str(card(hall, number, "chen"))
    hall.clock.forward(seconds=61)
    assert "approval.take_back" not in str(card(hall, number, "chen"))
    click(app, hall, "chen", number, "take_back", again)
    assert app.slack.wait("reply")["text"]
    assert state(hall, number)[0] == "approved"


@pytest.mark.parametrize("person", ["lin", "smith", "wang", "he", "sun"])
def test_a_click_that_is_not_his_is_answered_in_words_and_changes_nothing(app: Bolt, hall: Office, person: str) -> None:
    number = up_to(hall, "zhao")
    click(app, hall, person, number, "approve", value(hall, number, "chen", "approve"))
    assert number in app.slack.wait("reply")["text"]
    assert state(hall, number) == ("pending", (5,))


@pytest.mark.parametrize("account", ["U11GUEST", "U12CONN", "U99NOBODY"])
def test_outsiders_learn_nothing_of_a_request(app: Bolt, hall: Office, account: str) -> None:
    number = up_to(hall)
    said = []
    for carried in (f'{{"r":"{number}","v":1}}', '{"r":"CR-2026-0999","v":1}'):
        for action in ("file", "open", "approve"):
            app.click(account, f"approval.{action}", carried)
            idle(app)
            said.append(app.slack.named("reply")[-1]["text"].replace(number, "N").replace("CR-2026-0999", "N"))
    assert len(set(said)) == 1
    assert app.slack.named("views.open") == []


@pytest.mark.parametrize("carried", ["", "{}", "x", '{"r":"CR-2026-0001","v":0}', '{"r":"CR-2026-0001"}', '{"r":"../x","v":1}', '{"r":"CR-2026-0001","v":99}', '{"r":"CR-2026-0001","v":1,"x":1}'])  # fmt: skip
@pytest.mark.parametrize("action", ["approve", "file", "reject", "more"])
def test_forged_values_are_answered_and_change_nothing(app: Bolt, hall: Office, carried: str, action: str) -> None:
    number = up_to(hall, "zhao")
    before = hall.now(number)
    assert app.click("U05CHEN", f"approval.{action}", carried).status == 200
    idle(app)
    assert app.slack.named("reply") or app.slack.named("views.open")
    assert hall.now(number) == before


def test_a_late_click_says_who_was_faster(app: Bolt, hall: Office) -> None:
    number = up_to(hall, "zhao")
    old = value(hall, number, "chen", "approve")
    hall.does("chen", number, "return", reason="缺合同")
    click(app, hall, "chen", number, "approve", old)
    assert "陈国华" in app.slack.wait("reply")["text"]
    assert state(hall, number)[0] == "returned"


def test_a_click_delivered_twice_counts_once(app: Bolt, hall: Office) -> None:
    number = up_to(hall, "zhao")
    carried = value(hall, number, "chen", "approve")
    body = {
        "type": "block_actions", "user": {"id": "U05CHEN"}, "trigger_id": "t", "response_url": f"{app.slack.url}reply", **CARD,
        "actions": [{"type": "button", "action_id": "approval.approve", "block_id": "approval", "action_ts": "7.7", "value": carried}],
    }  # fmt: skip
    app.send(body)
    idle(app)
    app.send(body)
    idle(app)
    assert len(hall.now(number).signatures) == 6


# -- modals ---------------------------------------------------------------------------------------------------


def test_other_values_are_read_repeated_ticked_and_decided(app: Bolt, hall: Office) -> None:
    number = up_to(hall, "zhao")
    hand = modal(app, hall, "chen", number, "other")
    hand.submit({"limit": "五十万", "days": "２０ 天"})
    assert "50.0 万 / 20 天" in hand.said
    tick = next(block["block_id"] for block in hand.view["blocks"] if block.get("block_id", "").startswith("terms."))
    answer = hand.submit({tick: ["yes"]})
    assert answer.errors == {}
    decided = hall.now(number).decided
    assert decided is not None
    assert (str(decided.limit), decided.payment_days, str(decided.deposit_pct)) == ("500000.00", 20, "30")


def test_a_tick_counts_for_what_was_ticked_alone(app: Bolt, hall: Office) -> None:
    number = up_to(hall, "zhao")
    hand = modal(app, hall, "chen", number, "other").submit({"limit": "50万", "days": "20"})
    tick = next(block["block_id"] for block in hand.view["blocks"] if block.get("block_id", "").startswith("terms."))
    hand.submit({tick: ["yes"], "limit": "40万"})
    assert "40.0 万 / 20 天" in hand.said
    assert state(hall, number) == ("pending", (5,))


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ({"limit": "1e9"}, "limit"), ({"limit": "-5"}, "limit"), ({"limit": "NaN"}, "limit"), ({"limit": "5-8万"}, "limit"),
        ({"limit": "9" * 40}, "limit"), ({"limit": "约50万"}, "limit"), ({"days": "0"}, "days"), ({"days": "9999"}, "days"),
        ({"days": "30.5"}, "days"), ({"deposit": "130"}, "deposit"), ({"guarantee": "=1+1"}, "guarantee"),
        ({"valid_until": "2026-01-01"}, "valid_until"), ({"limit": "70万"}, "reason"), ({}, "limit"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_stands_at_its_question(app: Bolt, hall: Office, typed: dict[str, str], at: str) -> None:
    number = up_to(hall, "zhao")
    hand = modal(app, hall, "chen", number, "other").submit(typed)
    assert list(hand.errors) == [at]
    assert hand.errors[at]
    assert state(hall, number) == ("pending", (5,))


def test_more_than_anybody_may_grant_is_refused_at_the_amount(app: Bolt, hall: Office) -> None:
    number = up_to(hall, "zhao")
    hand = modal(app, hall, "chen", number, "other").submit({"limit": "200万", "reason": "大客户"})
    tick = next(block["block_id"] for block in hand.view["blocks"] if block.get("block_id", "").startswith("terms."))
    hand.submit({tick: ["yes"]})
    assert list(hand.errors) == ["limit"]
    assert "100.0 万" in hand.errors["limit"] or "100 万" in hand.errors["limit"]
    hand.submit({"limit": "50万"})  # the view is the same, what stands in it is not: no replay
    tick = next(block["block_id"] for block in hand.view["blocks"] if block.get("block_id", "").startswith("terms."))
    assert hand.submit({tick: ["yes"]}).errors == {}
    assert hand.view == {}
    assert state(hall, number)[0] == "approved"


def test_a_sent_modal_delivered_twice_counts_once(app: Bolt, hall: Office) -> None:
    number = up_to(hall, "zhao")
    hand = modal(app, hall, "chen", number, "ask").fill({"question": "用在哪里？"})
    sent = hand.payload("view_submission")
    for _ in range(2):
        app.send(sent)
    assert [one.act for one in hall.now(number).signatures].count("ask") == 1


@pytest.mark.parametrize(("action", "ended"), [("return", "returned"), ("reject", "rejected")])
def test_sending_back_takes_a_ready_reason_or_own_words(app: Bolt, hall: Office, action: str, ended: str) -> None:
    number = up_to(hall, "xu")
    hand = modal(app, hall, "wang", number, action)
    hand.submit({"ready": "own_words"})
    assert list(hand.errors) == ["words"]
    hand.submit({"ready": "own_words", "words": "  "})
    assert list(hand.errors) == ["words"]
    hand.submit({"ready": f"{action}_{'contract' if action == 'return' else 'need'}", "words": "见附注"})
    now = hall.now(number)
    assert now.state == ended
    assert now.signatures[-1].reason.endswith("见附注")


def test_a_turn_is_handed_on_to_whom_it_may_go(app: Bolt, hall: Office) -> None:
    number = up_to(hall, "zhao")
    hand = modal(app, hall, "chen", number, "hand_on")
    offered = [
        one["value"]
        for block in hand.view["blocks"]
        if block.get("block_id") == "to"
        for one in block["element"]["options"]
    ]
    assert offered == ["liu"]
    hand.submit({"to": "liu"})
    assert hall.now(number).steps[5].people == ("liu",)


def test_a_question_goes_to_the_applicant_and_moves_nothing(app: Bolt, hall: Office) -> None:
    number = up_to(hall, "zhao")
    modal(app, hall, "chen", number, "ask").submit({"question": "合同几时签？"})
    asked = hall.now(number).signatures[-1]
    assert (asked.act, asked.to_person, asked.reason) == ("ask", "lin", "合同几时签？")
    assert state(hall, number) == ("pending", (5,))


def test_conditions_come_with_the_proposal(app: Bolt, hall: Office) -> None:
    number = up_to(hall, "zhao")
    hand = modal(app, hall, "chen", number, "conditions")
    hand.submit({"guarantee": "股东连带担保", "valid_until": "2027-05-31"})
    tick = next(block["block_id"] for block in hand.view["blocks"] if block.get("block_id", "").startswith("terms."))
    hand.submit({tick: ["yes"]})
    decided = hall.now(number).decided
    assert decided is not None
    assert (decided.guarantee, str(decided.valid_until)) == ("股东连带担保", "2027-05-31")


def test_who_may_not_decide_passes_it_up(app: Bolt, hall: Office) -> None:
    number = up_to(hall, "zhao")
    hand = modal(app, hall, "chen", number, "recommend_up").submit({"reason": "请主管副总裁定"})
    assert hand.errors == {}
    now = hall.now(number)
    assert (now.signatures[-1].act, now.steps[now.at[0]].role) == ("recommend", "responsible_vp")


def test_passing_up_another_amount_keeps_what_the_proposal_calls_for(app: Bolt, hall: Office) -> None:
    number = up_to(hall, "zhao")
    hand = modal(app, hall, "chen", number, "recommend_up").submit({"limit": "50万"})
    tick = next(block["block_id"] for block in hand.view["blocks"] if block.get("block_id", "").startswith("terms."))
    assert hand.submit({tick: ["yes"]}).errors == {}
    terms = hall.now(number).signatures[-1].terms
    assert terms is not None
    assert (str(terms.limit), str(terms.deposit_pct)) == ("500000.00", "30")


def test_a_forged_modal_of_somebody_else_is_refused(app: Bolt, hall: Office) -> None:
    number = up_to(hall, "zhao")
    hand = modal(app, hall, "chen", number, "reject")
    FormHand(app, "U03SMITH", view=hand.view, typed=dict(hand.typed)).submit({"ready": "reject_need"})
    other = FormHand(app, "U02WANG", view=hand.view, typed=dict(hand.typed)).submit({"ready": "reject_need"})
    assert number in other.said
    assert state(hall, number) == ("pending", (5,))


def test_the_file_shows_everything_to_its_readers_and_nothing_to_others(app: Bolt, hall: Office) -> None:
    number = up_to(hall, "zhao")
    assert "宁波化工" in modal(app, hall, "chen", number, "file").said
    click(app, hall, "smith", number, "file", f'{{"r":"{number}","v":1}}')
    assert len(app.slack.named("views.open")) == 1
    assert "宁波化工" not in str(app.slack.wait("reply"))


def test_where_the_trigger_is_spent_a_word_says_that_nothing_was_recorded(app: Bolt, hall: Office) -> None:
    number = up_to(hall, "zhao")
    app.slack.spoilt["views.open"] = "expired_trigger_id"
    click(app, hall, "chen", number, "reject")
    assert "再点一次" in app.slack.wait("reply")["text"]


# -- worse since filing ---------------------------------------------------------------------------------------


def got_worse(hall: Office, number: str) -> None:
    """At filing the customer was a grade better than today."""
    filed = record_of(hall.desk).request(number)
    assert filed is not None
    evidence = {**filed.evidence, "answer": {**filed.evidence["answer"], "grade": "B"}}
    with record_of(hall.desk).begin() as writing:
        body = msgspec.json.encode(evidence).decode()
        writing.cursor.execute("update evidence set evidence = ? where request_no = ?", (body, number))


def test_worse_facts_are_shown_and_ticked_before_the_decision(app: Bolt, hall: Office) -> None:
    number = up_to(hall, "zhao")
    got_worse(hall, number)
    assert "B → C" in str(card(hall, number, "chen"))
    hand = modal(app, hall, "chen", number, "approve")
    assert "B → C" in hand.said
    assert state(hall, number) == ("pending", (5,))
    tick = next(block["block_id"] for block in hand.view["blocks"] if block.get("block_id", "").startswith("worse."))
    hand.submit({tick: ["yes"]})
    assert hall.now(number).signatures[-1].confirmed == ("grade_worse",)
    assert state(hall, number)[0] == "approved"


# -- lists ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["queue", "待办"])
def test_the_queue_lists_what_waits_and_opens_it(app: Bolt, hall: Office, word: str) -> None:
    number = up_to(hall, "zhao")
    listed = app.command("U05CHEN", word)
    assert listed["response_type"] == "ephemeral"
    assert number in str(listed)
    assert number not in str(app.command("U01LIN", word))
    app.click("U05CHEN", "approval.open", f'{{"r":"{number}","v":6}}', **CARD)
    view = app.slack.wait("views.open")["view"]
    assert "approval.approve" in str(view)
    assert "table" not in [block["type"] for block in view["blocks"]]


def test_what_somebody_filed_is_his_list(app: Bolt, hall: Office) -> None:
    number = up_to(hall)
    assert number in str(app.command("U01LIN", "mine"))
    assert number not in str(app.command("U05CHEN", "我的"))


def test_a_decision_in_a_modal_shows_the_closed_card_in_its_place(app: Bolt, hall: Office) -> None:
    number = up_to(hall, "zhao")
    inside: dict[str, Any] = {"container": {"type": "view"}, "view": {"type": "modal", "id": "V7"}, "response_url": ""}
    click(app, hall, "chen", number, "approve", **inside)
    shown = app.slack.wait("views.update")
    assert shown["view_id"] == "V7"
    assert "✅" in str(shown["view"])


def test_small_ones_are_approved_together_and_the_rest_is_named(app: Bolt, hall: Office) -> None:
    number = hall.filed(asked_limit="15万", asked_days="30").request_no
    other = hall.filed(name="宁波远洋包装有限公司", uscc="913302006655443321", asked_limit="60万").request_no
    for one in (number, other):
        while (now := hall.now(one)).state == "pending" and not now.steps[now.at[0]].decides:
            step = now.steps[now.at[0]]
            act: Act = "vouch" if step.kind == "vouch" else "approve" if step.kind == "cosign" else "recommend"
            hall.does(step.people[0], one, act)
    decider = hall.now(number).steps[-1].people[0]
    hand = FormHand(app, hall.reader(decider).account)
    app.click(hand.person, "approval.bulk", "{}")
    hand.show(app.slack.wait("views.open")["view"])
    assert number in hand.said
    hand.submit()
    assert hall.now(number).state == "approved"
    assert hall.now(other).state == "pending"
    assert "已批准 1 份" in hand.said


def test_home_has_what_waits_above_the_search(app: Bolt, hall: Office) -> None:
    number = up_to(hall, "zhao")
    app.event("E1", type="app_home_opened", user="U05CHEN", tab="home")
    blocks = app.slack.wait("views.publish")["view"]["blocks"]
    places = [place for place, block in enumerate(blocks) if number in str(block)]
    search = next(place for place, block in enumerate(blocks) if block.get("block_id") == "home.search")
    assert places
    assert max(places) < search


# -- the applicant --------------------------------------------------------------------------------------------


def test_the_applicant_withdraws_resubmits_and_asks_again(app: Bolt, hall: Office) -> None:
    number = up_to(hall, "xu")
    hall.does("wang", number, "return", reason="缺合同")
    account = hall.reader("lin").account
    app.click(account, "approval.resubmit", f'{{"r":"{number}","v":3}}', **CARD)
    assert "application." in app.slack.wait("views.open")["view"]["callback_id"]
    app.click(account, "approval.withdraw", f'{{"r":"{number}","v":{hall.now(number).version}}}', **CARD)
    idle(app)
    assert state(hall, number)[0] == "withdrawn"


def test_every_step_reaches_the_applicant_in_words(hall: Office) -> None:
    number = up_to(hall, "zhao")
    filed = record_of(hall.desk).request(number)
    assert filed is not None
    for index in range(len(filed.request.signatures)):
        told = CardTexts().thread(hall.desk, filed, "applicant", "en", {"what": "x", "signature": index})
        assert told is not None
        assert "Next:" in told["blocks"][0]["text"]["text"]
    assert CardTexts().thread(hall.desk, filed, "applicant", "en", {"what": "x", "signature": 99}) is None


def test_the_applicant_hears_the_last_word_once_it_cannot_be_taken_back(app: Bolt, hall: Office) -> None:
    number = up_to(hall, "zhao")
    click(app, hall, "chen", number, "approve")
    assert "⏳" in str(card(hall, number, "applicant"))
    assert "✅" in str(card(hall, number, "wang"))
    hall.clock.forward(seconds=60)
    assert "✅" in str(card(hall, number, "applicant"))
    waiting = [
        (item.kind, item.payload["audience"])
        for item in record_of(hall.desk).unfinished()
        if item.subject.startswith("undo/")
    ]
    assert ("card", "applicant") in waiting
    assert ("card", "chen") in waiting
