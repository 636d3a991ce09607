"""Slack as deliveries see it, through the real client into the sandbox."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient

from flows.outgoing import Mark, StoppedError
from handlers.outgoing import SlackDoor
from sandbox.faults import Fault
from sandbox.slack.state import Posted
from tests.sandbox.slacks import EAST, FINANCE, GENERAL, LIN, Slack, running

MESSAGE: Any = {"text": "x", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x"}}]}


@pytest.fixture
def slack(tmp_path: Path) -> Iterator[Slack]:
    with running(tmp_path) as found:
        yield found


@pytest.fixture
def door(slack: Slack) -> SlackDoor:
    client = WebClient(slack.client.token, base_url=slack.client.base_url, retry_handlers=[], timeout=2)
    return SlackDoor(client, slack.clock)


def fail(slack: Slack, method: str, kind: str, times: int = 1, **more: Any) -> None:
    slack.workspace.faults.plan(Fault(method=method, kind=kind, times=times, **more))


def test_a_read_back_pages_through_everything_and_takes_only_our_own(slack: Slack, door: SlackDoor) -> None:
    start = slack.clock()
    sent = [door.post(GENERAL, MESSAGE, f"k{number}") for number in range(3)]
    stranger = {"event_type": "credit_desk_out", "event_payload": {"k": "k1", "v": 1}}
    other = {"event_type": "something_else", "event_payload": {"k": "k1"}}
    slack.workspace.post(Posted(slack.workspace.ts(), GENERAL, LIN, "forged", metadata=stranger))
    slack.client.chat_postMessage(channel=GENERAL, text="other", metadata=other)
    for number in range(450):
        slack.workspace.post(Posted(slack.workspace.ts(), GENERAL, LIN, f"talk {number}"))
    calls = len(slack.workspace.calls)
    found = door.read_back(GENERAL, start)
    assert found.complete
    assert found.marks == tuple(Mark(f"k{number}", one.ts) for number, one in enumerate(sent))
    assert slack.workspace.calls[calls:].count("conversations.history") == 3
    assert door.read_back(GENERAL, slack.clock()).marks == ()


def test_a_thread_is_read_back_apart_and_where_it_is_gone_its_channel(slack: Slack, door: SlackDoor) -> None:
    parent = door.post(EAST, MESSAGE, "p")
    reply = door.post(EAST, MESSAGE, "r", parent.ts)
    assert door.read_back(EAST, 0).times("r") == ()
    assert door.read_back(EAST, 0, parent.ts).times("r") == (reply.ts,)
    door.delete(EAST, parent.ts)
    alone = door.post(EAST, MESSAGE, "r2")
    assert door.post(EAST, MESSAGE, "r3", parent.ts).why == "thread_not_found"
    assert door.read_back(EAST, 0, parent.ts).times("r2") == (alone.ts,)


def test_a_change_keeps_the_marker_and_deleting_twice_is_done(slack: Slack, door: SlackDoor) -> None:
    sent = door.post(EAST, MESSAGE, "k")
    assert door.update(EAST, sent.ts, {**MESSAGE, "text": "y"}).outcome == "done"
    assert door.read_back(EAST, 0).times("k") == (sent.ts,)
    assert [door.delete(EAST, sent.ts).outcome for _ in range(2)] == ["done", "done"]
    assert door.update(EAST, sent.ts, MESSAGE).why == "message_not_found"


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [("reset", "unknown"), ("lost", "unknown"), ("cut", "unknown"), ("truncated", "unknown"), ("html", "unknown"), ("503", "unknown"),
     ("403", "unknown"), ("stall", "unknown"), ("error:internal_error", "unknown"), ("error:fatal_error", "unknown"), ("429", "busy"),
     ("error:ratelimited", "busy"), ("error:token_revoked", "busy"), ("error:missing_scope", "busy"), ("error:is_archived", "refused"),
     ("error:msg_too_long", "refused")],
)  # fmt: skip
def test_each_fault_of_a_post_is_what_it_is(slack: Slack, door: SlackDoor, kind: str, outcome: str) -> None:
    fail(slack, "chat.postMessage", kind, seconds=4.0)
    sent = door.post(EAST, MESSAGE, "k")
    assert sent.outcome == outcome
    assert (sent.retry_after > 0) == (outcome == "busy")


def test_nobody_there_is_busy_and_asked_again_only_after_a_while(slack: Slack) -> None:
    moment = 0.0
    door = SlackDoor(WebClient("xoxb", base_url="http://127.0.0.1:9/", retry_handlers=[], timeout=1), lambda: moment)
    first, second = (door.post(EAST, MESSAGE, "k") for _ in range(2))
    assert (first.outcome, first.why, second.outcome) == ("busy", "URLError", "busy")
    moment = 2.0
    assert door.post(EAST, MESSAGE, "k").retry_after == pytest.approx(1.0)


def test_a_busy_answer_is_waited_for_where_it_came_from(slack: Slack, door: SlackDoor) -> None:
    fail(slack, "chat.postMessage", "429", retry_after=40)
    assert door.post(EAST, MESSAGE, "k").retry_after == 40.0
    assert door.post(FINANCE, MESSAGE, "k").outcome == "done"
    calls = len(slack.workspace.calls)
    slack.forward(30)
    waits = door.post(EAST, MESSAGE, "k")
    assert (waits.outcome, len(slack.workspace.calls)) == ("busy", calls)
    assert 9 < waits.retry_after <= 10
    slack.forward(11)
    assert door.post(EAST, MESSAGE, "k").outcome == "done"


def test_who_somebody_is_is_asked_again_after_ten_minutes(slack: Slack, door: SlackDoor) -> None:
    assert (door.account(LIN).outsider, door.account(LIN).lang) == (False, "zh-CN")
    assert [door.account(one).outsider for one in ("U11GUEST", "U12CONN")] == [True, True]
    assert door.open_dm(LIN) == door.open_dm(LIN) == slack.workspace.dm_of(LIN)
    assert [slack.workspace.calls.count(name) for name in ("users.info", "conversations.open", "auth.test")] == [
        3,
        1,
        1,
    ]
    slack.forward(601)
    door.account(LIN)
    assert slack.workspace.calls.count("users.info") == 4


def test_a_question_without_an_answer_stops_and_says_for_how_long(slack: Slack, door: SlackDoor) -> None:
    for kind, outcome in (
        ("503", "busy"),
        ("reset", "busy"),
        ("error:channel_not_found", "refused"),
        ("truncated", "busy"),
    ):
        fail(slack, "conversations.info", kind)
        with pytest.raises(StoppedError) as stopped:
            door.about(EAST)
        assert stopped.value.sent.outcome == outcome
    facts = door.about(EAST)
    assert (facts.private, facts.shared, facts.archived, facts.member) == (True, False, False, True)


def test_a_marker_that_slack_drops_is_noticed(
    slack: Slack, door: SlackDoor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def without(message: Posted) -> Posted:
        message.metadata = None
        return message

    monkeypatch.setattr(slack.workspace, "post", without)
    assert door.post(EAST, MESSAGE, "k1").outcome == "done"
    assert "dropped the marker of item k1" in caplog.text
