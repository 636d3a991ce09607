"""/credit and the buttons of its answers, through the real Bolt."""

import json
from typing import Any

import pytest

from flows.desk import Desk
from tests.handlers.slack import Bolt

INSIDE: dict[str, Any] = {"container": {"type": "view"}, "view": {"type": "modal"}, "response_url": ""}
ACME = '{"c":"C0001","v":1}'


def said(message: dict[str, Any]) -> str:
    return json.dumps(message, ensure_ascii=False)


def test_the_answer_is_in_the_acknowledgement_and_only_for_the_reader(app: Bolt) -> None:
    answer = app.command("U01LIN", "ACME")
    assert answer["response_type"] == "ephemeral"
    assert "艾克美贸易(上海)有限公司" in answer["text"]
    assert "可以发货" in answer["text"]


def test_each_reader_gets_his_own_language(app: Bolt) -> None:
    assert "Clear to ship" in app.command("U03SMITH", "Pacific")["text"]


def test_another_department_sees_the_grade_and_no_figures(app: Bolt) -> None:
    answer = said(app.command("U03SMITH", "ACME"))
    assert "access.ask" in answer
    assert "lookup.details" not in answer
    assert "¥" not in answer


def test_a_colleague_without_a_role_sees_the_grade_only(app: Bolt) -> None:
    assert "access.ask" in said(app.command("U20NEW", "ACME"))


@pytest.mark.parametrize("outsider", ["U11GUEST", "U12CONN", "U99NOBODY"])
@pytest.mark.parametrize("text", ["ACME", "C0001", "help", "", "no such customer"])
def test_guests_and_strangers_learn_nothing_whatever_they_type(app: Bolt, outsider: str, text: str) -> None:
    answers = {said(app.command(outsider, text)), said(app.command(outsider, "zzzz"))}
    assert len(answers) == 1
    assert "ACME" not in answers.pop()


@pytest.mark.parametrize("text", ["", "help", "帮助", " HELP "])
def test_help_helps(app: Bolt, text: str) -> None:
    assert "/credit ACME" in said(app.command("U03SMITH", text))


HOSTILE = (
    "<!channel>", '=IMPORTXML("http://x","//a")', "'; drop table rows; --", '"NEAR(a b)" OR *', "\x00\x07\x1b[31m",
    "A" * 3000, "\u202eACME\u202c", "<@U01LIN> & <https://x|y>", "%s%n{0}", "\ud800",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_answered_and_not_interpreted(app: Bolt, text: str) -> None:
    answer = said(app.command("U01LIN", text))
    assert "<!channel>" not in answer
    assert "<@U01LIN>" not in answer
    assert "<https://x|y>" not in answer


def test_a_typo_asks_and_a_click_answers_in_its_place(app: Bolt) -> None:
    answer = app.command("U01LIN", "恒达")
    choices = [block["accessory"]["value"] for block in answer["blocks"] if "accessory" in block]
    assert len(choices) >= 2
    app.click("U01LIN", "lookup.choose", choices[0])
    reply = app.slack.wait("reply")
    assert reply["replace_original"] is True
    assert "恒达" in said(reply)


def test_a_choice_inside_a_modal_opens_another_modal(app: Bolt) -> None:
    app.click("U01LIN", "lookup.choose", ACME, **INSIDE)
    assert "艾克美" in said(app.slack.wait("views.push"))


def test_details_open_as_a_modal(app: Bolt) -> None:
    app.click("U01LIN", "lookup.details", ACME)
    assert "C0001" in said(app.slack.wait("views.open"))


def test_a_forged_details_button_shows_another_department_no_figures(app: Bolt) -> None:
    app.click("U03SMITH", "lookup.details", ACME)
    view = said(app.slack.wait("views.open"))
    assert "access.ask" in view
    assert "¥" not in view


@pytest.mark.parametrize("value", ["", "{}", "zzz", '{"c":"C0001","v":2}', '{"c":"nobody","v":1}', '{"k":"x:1","v":1}'])
def test_a_button_that_is_not_ours_or_out_of_date_is_answered(app: Bolt, value: str) -> None:
    assert app.click("U03SMITH", "lookup.open", value).status == 200
    assert "out of date" in said(app.slack.wait("views.open"))


def test_sharing_posts_the_verdict_without_figures(app: Bolt) -> None:
    app.click("U01LIN", "lookup.share", ACME, channel={"id": "C03EAST"})
    post = app.slack.wait("chat.postMessage")
    assert post["channel"] == "C03EAST"
    assert "林晓梅" in said(post)
    assert "万" not in said(post)
    app.slack.wait("reply")


@pytest.mark.parametrize(("channel", "said_so"), [("C03EAST", "已分享到本频道"), ("D7", "已发在本对话里")])
def test_sharing_says_where_it_was_posted(app: Bolt, channel: str, said_so: str) -> None:
    app.click("U01LIN", "lookup.share", ACME, channel={"id": channel})
    assert said_so in app.slack.wait("reply")["text"]


@pytest.mark.parametrize("text", ["ACME发货吗", "客户艾克美贸易今天能发货吗", "can I ship to ACME?", "/credit C0001"])
def test_a_question_around_a_name_is_understood(app: Bolt, text: str) -> None:
    assert app.command("U01LIN", text)["text"].startswith("艾克美贸易(上海)有限公司：")


def test_an_order_is_answered_with_the_form_that_works_today(app: Bolt) -> None:
    for text in ("ACME 50000", "check ACME 5万", "ACME 50000 30"):
        answer = app.command("U01LIN", text)
        assert answer["text"] == "暂不支持订单检查，请用 `/credit ACME` 查看可用额度。"
        assert [block["accessory"]["value"] for block in answer["blocks"] if "accessory" in block] == [
            '{"k":"c:C0001","v":1}'
        ]


@pytest.mark.parametrize("text", ["overdue", "逾期"])
def test_a_word_that_comes_later_says_what_works_today(app: Bolt, text: str) -> None:
    assert app.command("U01LIN", text)["text"] == "这个功能尚未开放，目前可用：`/credit 客户名称`。"


def test_who_is_not_certain_is_asked_about_by_the_form_that_names_him(app: Bolt) -> None:
    answer = app.command("U01LIN", "艾克没贸易")
    assert "您要找的是不是" in answer["text"]
    assert "`/credit C0001`" in said(answer)


def test_an_answer_in_a_modal_offers_no_sharing(app: Bolt) -> None:
    app.click("U01LIN", "lookup.open", ACME, container={"type": "view"}, view={"type": "home"}, response_url="")
    view = said(app.slack.wait("views.open"))
    assert "lookup.details" in view
    assert "lookup.share" not in view


def test_waiting_from_a_modal_is_answered_on_top_of_it(app: Bolt, desk: Desk) -> None:
    app.click("U01LIN", "lookup.notify", '{"c":"C0003","v":1}', **INSIDE)
    assert "私信通知您一次" in said(app.slack.wait("views.push"))
    assert desk.watches is not None
    assert len(desk.watches.all()) == 1


def test_a_button_out_of_date_names_the_customer_it_was_for(app: Bolt) -> None:
    app.click("U01LIN", "lookup.choose", '{"k":"b:/鸿运贸易","v":1}')
    assert "`/credit 鸿运贸易`" in app.slack.wait("reply")["text"]
    app.click("U01LIN", "lookup.choose", "not ours")
    assert "`/credit 客户名称`" in app.slack.wait("reply", 2)["text"]


def test_nobody_shares_what_he_may_not_see(app: Bolt) -> None:
    app.click("U03SMITH", "lookup.share", ACME, channel={"id": "C03EAST"})
    app.slack.wait("reply")
    assert app.slack.named("chat.postMessage") == []


def test_asking_to_view_reaches_the_sales_owner_once_a_day(app: Bolt) -> None:
    app.click("U03SMITH", "access.ask", ACME)
    assert app.slack.wait("reply")["text"] == (
        "林晓梅 looks after this customer; please ask directly. I have sent a message that you would like to know."
    )
    post = app.slack.wait("chat.postMessage")
    assert post["channel"] == "U01LIN"
    assert post["text"] == "Anna Smith 想了解 艾克美贸易(上海)有限公司（C0001）的授信情况，请直接答复。"
    assert "<@U03SMITH>" in said(post)
    app.click("U03SMITH", "access.ask", ACME)
    assert "already" in app.slack.wait("reply", 2)["text"]
    assert len(app.slack.named("chat.postMessage")) == 1


def test_a_guest_who_asks_to_view_reaches_nobody(app: Bolt) -> None:
    app.click("U11GUEST", "access.ask", ACME)
    assert "our own staff" in app.slack.wait("reply")["text"]
    assert app.slack.named("chat.postMessage") == []


def test_waiting_is_kept_once(app: Bolt, desk: Desk) -> None:
    for count in (1, 2):
        app.click("U01LIN", "lookup.notify", '{"c":"C0003","v":1}')
        app.slack.wait("reply", count)
    assert desk.watches is not None
    assert [(one.person, one.customer_id) for one in desk.watches.all()] == [("U01LIN", "C0003")]


def test_nobody_waits_for_what_he_may_not_see(app: Bolt, desk: Desk) -> None:
    app.click("U03SMITH", "lookup.notify", '{"c":"C0003","v":1}')
    app.slack.wait("reply")
    assert desk.watches is not None
    assert desk.watches.all() == []


@pytest.mark.parametrize("text", ["请问艾克美贸易(上海)有限公司今天能发货吗?", "客户艾克美贸易今天能发货吗"])
def test_the_shortcut_finds_the_customer_in_a_message(app: Bolt, text: str) -> None:
    app.send({
        "type": "message_action", "callback_id": "credit_lookup", "user": {"id": "U01LIN"}, "trigger_id": "t",
        "message": {"text": text}, "response_url": f"{app.slack.url}reply",
    })  # fmt: skip
    reply = app.slack.wait("reply")
    assert reply["replace_original"] is False
    assert "C0001" in said(reply)
