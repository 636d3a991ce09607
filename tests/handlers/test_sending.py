"""What a person is told when Slack drops, refuses or mangles what the desk sends; and nothing is sent twice."""

from urllib.error import URLError

import pytest

from handlers.sending import outcome
from tests.handlers.slack import Bolt

ACME = '{"c":"C0001","v":1}'


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("not_in_channel", "请先把授信台加入频道"), ("is_archived", "请先把授信台加入频道"),
        ("ratelimited", "正忙"), (429, "正忙"), ("internal_error", "没有确认"), ("cut", "没有确认"),
        ("dropped", "没有确认"), (500, "没有确认"), (503, "没有确认"),
    ],
)  # fmt: skip
def test_sharing_is_done_refused_or_unknown_and_posted_once(app: Bolt, fault: int | str, said: str) -> None:
    app.slack.spoilt["chat.postMessage"] = fault
    app.click("U01LIN", "lookup.share", ACME, channel={"id": "C03EAST"})
    reply = app.slack.wait("reply")
    assert said in reply["text"]
    app.later.close()
    assert len(app.slack.named("chat.postMessage")) == len(app.slack.named("reply")) == 1


@pytest.mark.parametrize("fault", ["dropped", 500, 503])
def test_an_answer_that_may_have_arrived_is_not_repeated(app: Bolt, fault: int | str) -> None:
    app.slack.spoilt["reply"] = fault
    app.click("U01LIN", "lookup.notify", '{"c":"C0003","v":1}')
    app.click("U01LIN", "lookup.choose", ACME)
    app.slack.wait("reply", 2)
    app.later.close()
    assert len(app.slack.named("reply")) == 2
    assert app.slack.named("chat.postMessage") == []


@pytest.mark.parametrize("fault", [404, 403, 429])
def test_an_answer_that_was_not_taken_comes_as_a_direct_message(app: Bolt, fault: int) -> None:
    app.slack.spoilt["reply"] = fault
    app.click("U01LIN", "lookup.choose", ACME)
    answer = app.slack.wait("chat.postMessage")
    assert (answer["channel"], "艾克美" in answer["text"]) == ("U01LIN", True)
    app.later.close()
    assert len(app.slack.named("reply")) == 1


def test_an_answer_nobody_was_there_to_take_comes_as_a_direct_message(app: Bolt) -> None:
    app.click("U01LIN", "lookup.choose", ACME, response_url="http://127.0.0.1:9/reply")
    assert app.slack.wait("chat.postMessage")["channel"] == "U01LIN"


def test_a_direct_message_that_fails_too_is_given_up_in_peace(app: Bolt, caplog: pytest.LogCaptureFixture) -> None:
    app.slack.spoilt |= {"reply": 404, "chat.postMessage": "dropped"}
    app.click("U01LIN", "lookup.choose", ACME)
    app.slack.wait("chat.postMessage")
    app.later.close()
    assert len(app.slack.named("chat.postMessage")) == 1
    assert "艾克美" not in caplog.text


def test_only_a_connection_that_never_was_is_a_sure_no() -> None:
    assert outcome(URLError(ConnectionRefusedError())) == "refused"
    assert outcome(URLError(TimeoutError())) == outcome(ConnectionResetError()) == "unknown"


@pytest.mark.parametrize("fault", ["dropped", "cut", 500, "internal_error"])
@pytest.mark.parametrize(
    ("method", "event"),
    [
        ("chat.postMessage", {"type": "message", "channel_type": "im", "channel": "D1"}),
        ("chat.postEphemeral", {"type": "app_mention", "channel": "C03EAST"}),
    ],
)
def test_an_answer_in_chat_that_may_be_lost_says_so(
    app: Bolt, fault: int | str, method: str, event: dict[str, str]
) -> None:
    app.slack.spoilt[method] = fault
    app.event("E1", user="U01LIN", text="ACME", **event)
    assert app.slack.wait(method, 2)["text"] == "Slack 没有确认答复是否送达，如果没有看到，请再问一次。"
    app.later.close()
    assert len(app.slack.named(method)) == 2


@pytest.mark.parametrize("fault", ["ratelimited", "channel_not_found"])
def test_an_answer_in_chat_that_slack_did_not_take_is_not_followed_by_another(app: Bolt, fault: str) -> None:
    app.slack.spoilt["chat.postMessage"] = fault
    app.event("E1", type="message", channel_type="im", channel="D1", user="U01LIN", text="ACME")
    app.slack.wait("chat.postMessage")
    app.later.close()
    assert len(app.slack.named("chat.postMessage")) == 1
