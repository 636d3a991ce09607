"""The application form through the real Bolt: every way in, every step, drafts, likenesses, forged payloads."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from approvals.people import People, Person
from flows.access import Reader
from flows.apply import Submitted
from flows.desk import Desk
from flows.roster import Roster
from scoring.errors import DeskError
from storage.files import Files
from storage.record import Draft, open_record
from tests.flows.requests import WHOLE, Clock
from tests.handlers.forms import FormHand
from tests.handlers.slack import USERS, Bolt, Slack, bolt

CHEN = {"id": "U05CHEN", "team_id": "T1", "locale": "zh-CN", "profile": {"display_name": "陈国华"}}


class Sent:
    """Stands where requests are filed: what came; every one is refused."""

    def __init__(self) -> None:
        self.came: list[tuple[str, str]] = []

    def __call__(self, _desk: Desk, _reader: Reader, draft_id: str, event_key: str) -> Submitted:
        self.came.append((draft_id, event_key))
        return Submitted(None, DeskError("grade_d"))


@pytest.fixture
def sent() -> Sent:
    return Sent()


@pytest.fixture
def desk(ledger: Desk, tmp_path: Path) -> Desk:
    record = open_record(tmp_path, "", "a key that is long enough", Clock())
    return replace(ledger, record=record, files=Files(tmp_path / "files"))


@pytest.fixture
def app(desk: Desk, workspace: Slack, sent: Sent, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bolt]:
    monkeypatch.setitem(USERS, "U05CHEN", CHEN)
    with bolt(desk, workspace, submit=sent) as running:
        yield running


@pytest.fixture
def lin(app: Bolt) -> FormHand:
    return FormHand(app, "U01LIN")


@pytest.fixture
def smith(app: Bolt) -> FormHand:
    return FormHand(app, "U03SMITH")


def drafts(desk: Desk, person: str = "lin") -> list[Draft]:
    assert desk.record is not None
    return desk.record.drafts(person)


def typed(desk: Desk, person: str = "lin") -> dict[str, Any]:
    return dict(drafts(desk, person)[0].form["typed"])


@pytest.mark.parametrize("word", ["new", "新客户", " NEW "])
def test_a_word_opens_the_first_step_with_ones_own_department(lin: FormHand, word: str) -> None:
    assert lin.open(word).step == "who"
    assert "第 1／10 步" in lin.said
    initial = {
        one["block_id"]: one["element"].get("initial_option") for one in lin.view["blocks"] if one["type"] == "input"
    }
    assert (initial["department"]["value"], initial["sales_owner"]["value"]) == ("华东", "林晓梅")


def test_the_same_form_speaks_english(smith: FormHand) -> None:
    smith.open()
    assert smith.view["title"]["text"] == "Open an account"
    assert "Step 1 of 10" in smith.said


@pytest.mark.parametrize(("body", "name"), [
    ({"type": "shortcut", "callback_id": "credit_new"}, ""),
    ({"type": "message_action", "callback_id": "credit_new_from_message", "message": {"text": "新客户:我们想给<上海>宁波博远化工有限公司开户,代码 91310000MA1FL4T23J"}}, "宁波博远化工有限公司"),
    ({"type": "message_action", "callback_id": "credit_new_from_message", "message": {"text": "please open Blue Ocean Trading Co., Ltd. today"}}, "Blue Ocean Trading Co., Ltd."),
    ({"type": "block_actions", "actions": [{"type": "button", "action_id": "application.open", "block_id": "h", "value": "new"}]}, ""),
])  # fmt: skip
def test_shortcuts_and_home_open_it_too(lin: FormHand, desk: Desk, body: dict[str, Any], name: str) -> None:
    lin.app.send({"user": {"id": "U01LIN"}, "trigger_id": "t", **body})
    lin.show(lin.app.slack.wait("views.open")["view"])
    assert lin.step == "who"
    assert typed(desk).get("name", "") == name


@pytest.mark.parametrize("person", ["U20NEW", "U11GUEST", "U12CONN", "U99NOBODY"])
def test_whoever_has_no_role_in_sales_gets_a_sentence(app: Bolt, desk: Desk, person: str) -> None:
    hand = FormHand(app, person).open()
    assert hand.step == "told"
    assert desk.record is not None
    assert "submit" not in hand.view


def test_a_desk_without_a_record_says_so(ledger: Desk, workspace: Slack) -> None:
    with bolt(ledger, workspace) as app:
        assert "审批记录" in FormHand(app, "U01LIN").open().said


def test_a_spent_trigger_is_told_in_words(lin: FormHand) -> None:
    lin.app.slack.spoilt["views.open"] = "expired_trigger_id"
    lin.app.send({"command": "/credit", "text": "new", "user_id": "U01LIN", "trigger_id": "t"})
    assert "内容没有丢" in lin.app.slack.wait("chat.postMessage")["text"]


def test_a_customer_who_is_called_so_is_looked_up_instead(lin: FormHand, desk: Desk) -> None:
    from flows.lookup import names_somebody

    assert names_somebody(desk, "C0001")
    assert not names_somebody(desk, "new")


@pytest.mark.parametrize("person", ["U01LIN", "U03SMITH"])
def test_the_whole_form_step_by_step_to_the_review(app: Bolt, sent: Sent, person: str) -> None:
    department = "华东" if person == "U01LIN" else "海外"
    hand = FormHand(app, person).open()
    seen = []
    while hand.step not in {"review", "told"}:
        seen.append(hand.step)
        hand.submit({**WHOLE, "department": department})
        assert hand.errors == {}
    assert seen == [
        "who", "company", "business", "plan", "finances", "finances_before", "outside", "references", "security", "files",
    ]  # fmt: skip
    assert ("规则建议" if person == "U01LIN" else "The rules suggest") in hand.said
    hand.submit({"reason": WHOLE["reason"]})
    assert list(hand.errors) == ["reason"]
    assert ("D" in hand.errors["reason"]) is True
    assert sent.came[0][1].startswith("view:V1:h")


def test_amounts_are_echoed_as_read(lin: FormHand) -> None:
    lin.open().submit(WHOLE)
    lin.press("jump", "plan").submit({**WHOLE, "asked_limit": "五百万", "planned_monthly_sales": "８０万"})
    assert "申请额度 5,000,000.00" in lin.said
    assert "预计月销售额（含税） 800,000.00" in lin.said


@pytest.mark.parametrize(("step", "change", "field"), [
    ("who", {"uscc": "91310000MA1FL4T23K"}, "uscc"), ("who", {"uscc": ""}, "uscc"), ("who", {"name": "=SUM(A1)"}, "name"),
    ("who", {"name": "\u202e公司abc"}, "name"), ("plan", {"asked_limit": "1e9"}, "asked_limit"), ("plan", {"asked_limit": "-5"}, "asked_limit"),
    ("plan", {"asked_limit": "NaN"}, "asked_limit"), ("plan", {"asked_limit": "50-80万"}, "asked_limit"),
    ("plan", {"asked_limit": "9" * 40}, "asked_limit"), ("plan", {"asked_limit": "600万"}, "asked_limit"),
    ("plan", {"asked_days": "0"}, "asked_days"), ("plan", {"asked_days": "9999"}, "asked_days"), ("plan", {"asked_days": "91"}, "asked_days"),
    ("business", {"parent_id": "nobody at all"}, "parent_id"), ("company", {"established_on": "2031-01-01"}, "established_on"),
])  # fmt: skip
def test_what_is_wrong_stands_at_its_field_and_is_kept_as_typed(
    lin: FormHand, desk: Desk, step: str, change: dict[str, Any], field: str
) -> None:
    lin.open()
    if step != "who":
        lin.submit(WHOLE).press("jump", step)
    lin.submit({**WHOLE, **change})
    assert list(lin.errors) == [field]
    assert lin.step == step
    assert typed(desk).get(field, "") == change[field]
    assert lin.submit({field: WHOLE.get(field, "")}).errors == {}


def test_statements_are_needed_above_the_policys_line_only(lin: FormHand) -> None:
    def finances(limit: str, days: str) -> list[str]:
        lin.press("jump", "plan").submit({**WHOLE, "asked_limit": limit, "asked_days": days})
        assert lin.step == "finances"
        return [one["block_id"] for one in lin.view["blocks"] if one["type"] == "input" and not one["optional"]]

    lin.open().submit(WHOLE)
    assert finances("50万", "45") == []
    assert "最多少 25 分" in lin.said
    assert "statement.1.revenue" in finances("50.01万", "45")
    assert "statement.1.revenue" in finances("50万", "46")


def test_skipped_statements_skip_the_period_before(lin: FormHand) -> None:
    lin.open().submit(WHOLE).press("jump", "plan").submit({**WHOLE, "asked_limit": "10万"}).submit()
    assert lin.step == "outside"


def test_prepay_takes_the_short_form(lin: FormHand) -> None:
    prepay = {**WHOLE, "payment_mode": "prepay"}
    lin.open().submit(prepay)
    assert "第 2／4 步" in lin.said
    assert lin.submit(prepay).step == "files"
    assert lin.submit().step == "review"
    assert "款到发货" in lin.said


def test_a_customer_stops_the_form_at_its_first_step(lin: FormHand, desk: Desk) -> None:
    account = desk.mirror.account("C0001")
    assert account is not None
    lin.open().submit({**WHOLE, "uscc": account.customer.uscc})
    assert "C0001" in lin.errors["uscc"]
    assert lin.step == "who"


def test_a_likeness_is_asked_about_and_remembered(lin: FormHand, desk: Desk) -> None:
    view = desk.latest.view
    assert view is not None
    name = view.search.find("C0001").hits[0].name
    near = name.replace("有限公司", "股份有限公司")
    lin.open().submit({**WHOLE, "name": near})
    assert (lin.errors, lin.step) == ({}, "who")
    asked = [one["block_id"] for one in lin.view["blocks"] if one["block_id"].startswith("clash.")]
    assert len(asked) == 1
    lin.submit({asked[0]: "different"})
    assert lin.step == "company"
    assert drafts(desk)[0].form["answers"] == {asked[0].removeprefix("clash."): "different"}


def test_the_blacklist_stops_before_anyone_types_more(lin: FormHand, desk: Desk) -> None:
    view = desk.latest.view
    assert view is not None
    entry = next(one for one in view.book.blacklist if one.name and one.removed_on is None)
    lin.open().submit({**WHOLE, "name": entry.name})
    assert "黑名单" in lin.errors["name"] or "已经是客户" in lin.errors["name"]


def test_what_is_typed_is_kept_before_it_is_acknowledged(lin: FormHand, desk: Desk) -> None:
    lin.open()
    assert lin.key("name", "苏州恒", "100.5").status == 200
    assert typed(desk)["name"] == "苏州恒"
    lin.key("name", "苏", "100.4")
    assert typed(desk)["name"] == "苏州恒"
    assert lin.app.slack.named("views.update") == []


def test_a_choice_draws_the_step_again_for_whoever_has_not_typed_on(lin: FormHand, desk: Desk) -> None:
    lin.open().fill(WHOLE)
    lin.key("entity_type", "limited", "101.0")
    redrawn = lin.app.slack.wait("views.update")
    assert redrawn["hash"].startswith("h")
    assert "分" in json.dumps(redrawn["view"], ensure_ascii=False)


def test_a_key_that_comes_after_the_step_was_left_changes_nothing(lin: FormHand, desk: Desk) -> None:
    late = FormHand(lin.app, "U01LIN").show(lin.open().view)
    lin.submit(WHOLE)
    late.key("name", "Something Else Ltd", "200.0")
    assert typed(desk)["name"] == WHOLE["name"]


def test_drafts_outlive_the_window_and_a_restart_and_are_offered(
    lin: FormHand, desk: Desk, workspace: Slack, tmp_path: Path
) -> None:
    lin.open().key("name", "苏州恒力", "1.0")
    again = replace(desk, record=open_record(tmp_path, "", "a key that is long enough", Clock()))
    with bolt(again, workspace) as other:
        hand = FormHand(other, "U01LIN").open()
        assert hand.step == "drafts"
        assert "苏州恒力" in hand.said
        hand.press("continue", drafts(desk)[0].id)
        assert hand.step == "who"
        assert any(
            one["element"].get("initial_value") == "苏州恒力" for one in hand.view["blocks"] if one["type"] == "input"
        )


def test_a_draft_is_discarded_and_a_new_one_begun(lin: FormHand, desk: Desk) -> None:
    lin.open().key("name", "甲公司", "1.0")
    lin.open().press("fresh", "new")
    assert lin.step == "who"
    lin.open().press("discard", drafts(desk)[-1].id)
    assert all(not one.form["typed"] for one in drafts(desk))


def test_going_back_and_putting_aside_keep_everything(lin: FormHand, desk: Desk) -> None:
    lin.open().submit(WHOLE).fill(WHOLE).press("back")
    assert lin.step == "who"
    assert typed(desk)["controller"] == WHOLE["controller"]
    lin.press("save")
    assert "草稿已存" in lin.said
    assert drafts(desk)[0].step == "who"


def test_somebody_elses_draft_is_refused_and_put_on_record(lin: FormHand, smith: FormHand, desk: Desk) -> None:
    lin.open().key("name", "甲公司", "1.0")
    smith.show(lin.view).submit({**WHOLE, "department": "华东"})
    assert smith.step == "told"
    assert "somebody else" in smith.said
    assert typed(desk) == {"name": "甲公司", "payment_mode": "credit", "department": "华东", "sales_owner": "林晓梅"}
    assert desk.record is not None
    assert [(one.act, one.person) for one in desk.record.audit_entries()][1:] == [("refused", "smith")]


@pytest.mark.parametrize(
    "metadata", ["", "{}", '{"d":"../x","s":"who","v":1}', '{"d":"' + "a" * 24 + '","s":"who","v":1}', '{"d":1}']
)
def test_a_forged_modal_gets_a_sentence(lin: FormHand, metadata: str) -> None:
    lin.open()
    lin.view["private_metadata"] = metadata
    lin.submit(WHOLE)
    assert lin.step == "told"


def test_the_review_goes_back_to_a_step_that_was_never_filled_in(lin: FormHand, sent: Sent) -> None:
    lin.open().submit(WHOLE).press("jump", "files").submit()
    assert lin.step == "review"
    lin.submit({"reason": "好"})
    assert lin.step == "company"
    assert "请填写" in lin.said
    assert sent.came == []


def test_knock_outs_are_shown_with_their_cure_before_sending(lin: FormHand) -> None:
    lin.open().submit(WHOLE)
    for step, change in (("company", {"controller": ""}), ("plan", {})):
        lin.press("jump", step).submit({**WHOLE, **change})
    lin.press("jump", "files").submit()
    assert "不能授信" in lin.said
    assert "V11" in lin.said
    assert "补救" in lin.said


def test_the_route_is_shown_or_why_there_is_none(lin: FormHand) -> None:
    lin.open()
    while lin.step != "review":
        lin.submit(WHOLE)
    lin.press("route", "review", at="views.push")
    assert "徐蕾" in lin.said
    assert "决定" in lin.said


def test_a_colleague_of_every_department_is_offered_all_of_them(desk: Desk, workspace: Slack, sent: Sent) -> None:
    persons = [
        Person.model_validate({**one.model_dump(), "departments": ()}) if one.id == "lin" else one
        for one in desk.people.people
    ]
    people = People(people=tuple(persons))
    with bolt(replace(desk, roster=Roster(people)), workspace, submit=sent) as app:
        said = FormHand(app, "U01LIN").open().said
        assert '"海外"' in said
        assert '"华东"' in said


def test_home_offers_the_form_and_counts_what_was_begun(lin: FormHand) -> None:
    lin.open().key("name", "苏州恒力", "1.0")
    lin.app.event("E1", type="app_home_opened", user="U01LIN", tab="home")
    home = json.dumps(lin.app.slack.wait("views.publish")["view"], ensure_ascii=False)
    assert "application.open" in home
    assert "1 份没填完" in home


def test_home_of_whoever_may_not_ask_for_a_line_offers_nothing(app: Bolt) -> None:
    app.event("E1", type="app_home_opened", user="U20NEW", tab="home")
    assert "application.open" not in json.dumps(app.slack.wait("views.publish")["view"])


def test_the_word_in_a_direct_message_brings_a_button(app: Bolt) -> None:
    app.event("E1", type="message", channel_type="im", user="U01LIN", channel="D1", text="新客户")
    assert "application.open" in json.dumps(app.slack.wait("chat.postMessage"))
