"""Mentions, direct messages and App Home, through the real Bolt."""

import json

import pytest

from handlers.chat import Once, typed
from tests.handlers.slack import Bolt


def test_a_mention_is_answered_to_its_author_alone_in_his_thread(app: Bolt) -> None:
    app.event("E1", type="app_mention", user="U01LIN", channel="C03EAST", text="<@U0> ACME", thread_ts="1.0")
    answer = app.slack.wait("chat.postEphemeral")
    assert (answer["user"], answer["channel"], answer["thread_ts"]) == ("U01LIN", "C03EAST", "1.0")
    assert "艾克美" in answer["text"]


def test_a_mention_in_a_sentence_asks_where_it_is_not_certain(app: Bolt) -> None:
    app.event("E1", type="app_mention", user="U01LIN", channel="C03EAST", text="<@U0> 恒达今天能发货吗?")
    answer = app.slack.wait("chat.postEphemeral")
    assert answer["text"] == "没有叫“恒达”的客户，您要找的是不是："
    assert "C0013" in str(answer["blocks"])


def test_a_long_direct_message_is_searched_for_its_customer(app: Bolt) -> None:
    text = "昨天客户来电话说货要得急，" * 20 + "就是C0001那家，你看看"
    app.event("E1", type="message", channel_type="im", user="U01LIN", channel="D1", text=text)
    assert "艾克美" in app.slack.wait("chat.postMessage")["text"]


def test_an_event_delivered_twice_is_answered_once(app: Bolt) -> None:
    event = {"type": "message", "channel_type": "im", "user": "U01LIN", "channel": "D1", "text": "ACME"}
    for number in ("E1", "E1", "E2"):
        app.event(number, **event)
    app.slack.wait("chat.postMessage", 2)
    app.later.close()
    assert len(app.slack.named("chat.postMessage")) == 2


@pytest.mark.parametrize("more", [{"bot_id": "B7"}, {"subtype": "message_changed"}, {"channel_type": "channel"}])
def test_bots_edits_and_channels_are_left_alone(app: Bolt, more: dict[str, str]) -> None:
    event = {"type": "message", "channel_type": "im", "user": "U01LIN", "channel": "D1", "text": "ACME", **more}
    app.event("E1", **event)
    app.later.close()
    assert app.slack.named("chat.postMessage") == []


def test_home_lists_what_its_reader_looked_up(app: Bolt) -> None:
    app.command("U01LIN", "ACME")
    app.later._pool.submit(lambda: None).result()
    app.event("E1", type="app_home_opened", user="U01LIN", tab="home")
    assert "home.search" in json.dumps(app.slack.wait("views.publish"))


def test_the_search_of_home_answers_in_a_modal_and_refreshes_home(app: Bolt) -> None:
    app.click("U01LIN", "home.search", "ACME", response_url="", view={"type": "home"}, container={"type": "view"})
    assert "艾克美" in str(app.slack.wait("views.open")["view"])
    assert "艾克美" in str(app.slack.wait("views.publish")["view"])


def test_home_of_a_guest_lists_nothing(app: Bolt) -> None:
    app.event("E1", type="app_home_opened", user="U11GUEST", tab="home")
    view = app.slack.wait("views.publish")["view"]
    assert [block["text"]["text"] for block in view["blocks"]] == [
        "Credit Desk is for our own staff. Please ask your contact here."
    ]


def test_what_was_typed_loses_mentions_and_markup() -> None:
    assert typed("<@U0DESK> ACME &amp; Co") == "ACME & Co"
    assert typed("<@U0|desk> <https://acme.example|acme.example>") == "acme.example"


def test_ids_are_remembered_up_to_a_bound() -> None:
    once = Once()
    assert once.first("E1")
    assert not once.first("E1")
    for number in range(10_000):
        once.first(f"F{number}")
    assert len(once._seen) == 10_000
