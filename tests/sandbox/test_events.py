"""What reaches the app, through the real Bolt over Socket Mode: once, again when unanswered, and to whom."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import requests
from slack_bolt import App
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from sandbox.slack.acts import escaped
from sandbox.slack.limits import LIMIT
from sandbox.slack.manifest import Manifest
from tests.sandbox.slacks import ACK, EAST, FINANCE, GENERAL, LIN, WANG, Slack, app_for, connected, running

BOT = "U00DESK"


@pytest.fixture
def app(slack: Slack) -> Iterator[App]:
    """An app that keeps what it hears; a command of "silent" is not acknowledged."""
    app = app_for(slack)

    @app.command("/probe")
    def command(ack: Any, body: dict[str, Any]) -> None:
        slack.keep("command", body)
        if body["text"] != "silent":
            ack(body["text"]) if body["text"] else ack()

    @app.event("message")
    def message(body: dict[str, Any]) -> None:
        slack.keep("message", body)

    @app.event("app_mention")
    def mention(body: dict[str, Any]) -> None:
        slack.keep("mention", body)

    @app.shortcut("look")
    def shortcut(ack: Any, body: dict[str, Any]) -> None:
        ack()
        slack.keep("shortcut", body)

    @app.action("go")
    def action(ack: Any, body: dict[str, Any], respond: Any) -> None:
        ack()
        slack.keep("action", body)

    with connected(slack, app):
        yield app


def say(slack: Slack, text: str, channel: str = GENERAL, person: str = LIN, **more: Any) -> Any:
    return slack.hand.act("say", person=person, channel=channel, text=text, **more)["result"]


def command(slack: Slack, text: str, **changed: Any) -> dict[str, Any]:
    return slack.hand.act(
        "command", **{"person": LIN, "channel": GENERAL, "command": "/probe", "text": text, **changed}
    )


def test_a_command_is_answered_to_one_person_by_default(slack: Slack, app: App) -> None:
    ts = command(slack, "hello")["result"]
    assert (slack.last()["ts"], slack.last()["text"], slack.last()["ephemeral"]) == (ts, "hello", True)
    assert slack.hand.messages(WANG, GENERAL) == []
    assert slack.told["command"][0]["is_enterprise_install"] == "false"


def test_a_command_that_nobody_acknowledges_is_lost_and_the_person_told(slack: Slack, app: App) -> None:
    began = time.monotonic()
    assert not command(slack, "silent")["ok"]
    assert time.monotonic() - began >= ACK
    assert "operation_timeout" in slack.last()["text"]
    assert len(slack.told["command"]) == 1


def test_a_command_that_no_app_has_is_answered_at_once(tmp_path: Path) -> None:
    manifest = Manifest(commands=frozenset({"/credit"}))
    with running(tmp_path, manifest) as slack:
        assert not command(slack, "x", command="/nope")["ok"]
        assert slack.last()["text"].startswith("`/nope` is not a valid command.")


def test_a_command_needs_a_member(slack: Slack, app: App) -> None:
    assert command(slack, "x", channel=FINANCE)["error"] == "not in this channel"


@pytest.mark.parametrize(("typed", "sent"), [
    ("a<b>&c", "a&lt;b&gt;&amp;c"),
    ("<!channel>", "&lt;!channel&gt;"),
    (f"<@{BOT}> ACME", f"<@{BOT}> ACME"),
    ("<@U0NOBODY>", "&lt;@U0NOBODY&gt;"),
    (f"<#{GENERAL}|all>", f"<#{GENERAL}>"),
])  # fmt: skip
def test_typed_text_is_escaped_and_only_real_references_stay(typed: str, sent: str) -> None:
    assert escaped(typed) == sent


def test_commands_and_events_carry_escaped_text(slack: Slack, app: App) -> None:
    command(slack, "a<b>&c")
    assert slack.told["command"][0]["text"] == "a&lt;b&gt;&amp;c"
    say(slack, f"<@{BOT}> R&D")
    assert slack.wait("mention")["event"]["text"] == f"<@{BOT}> R&amp;D"


def test_a_mention_in_a_thread_carries_the_thread(slack: Slack, app: App) -> None:
    parent = say(slack, "question", EAST)
    say(slack, f"<@{BOT}> ACME", EAST, thread_ts=parent)
    event = slack.wait("mention")["event"]
    assert (event["thread_ts"], event["channel"]) == (parent, EAST)
    assert slack.last(LIN, EAST)["thread_ts"] == parent


def test_the_bots_own_posts_and_changes_are_events_that_bolt_leaves_out(slack: Slack, app: App) -> None:
    direct = slack.hand.seen(LIN)["dm"]
    ts = slack.post("mine", direct)
    slack.client.chat_update(channel=direct, ts=ts, text="changed")
    say(slack, "yours", direct)
    assert slack.wait("message")["event"]["text"] == "yours"
    assert len(slack.told["message"]) == 1
    sent = slack.hand.wait(
        lambda: len(slack.hand.state()["deliveries"]) == 3 and slack.hand.state(), "three deliveries"
    )
    assert [(one["type"], one["acknowledged"]) for one in sent["deliveries"]] == [("message", True)] * 3


def test_an_envelope_shows_what_was_changed(slack: Slack) -> None:
    direct = slack.hand.seen(LIN)["dm"]
    with connect(ticket(slack)) as line:
        line.recv()

        def taken() -> dict[str, Any]:
            envelope: dict[str, Any] = json.loads(line.recv(timeout=10))
            line.send(json.dumps({"envelope_id": envelope["envelope_id"]}))
            found: dict[str, Any] = envelope["payload"]["event"]
            return found

        ts = slack.post("mine", direct)
        assert taken()["text"] == "mine"
        slack.client.chat_update(channel=direct, ts=ts, text="changed")
        event = taken()
    assert (event["subtype"], event["channel_type"]) == ("message_changed", "im")
    assert (event["message"]["ts"], event["message"]["text"]) == (ts, "changed")


def test_an_event_nobody_heard_comes_again_with_the_same_id(slack: Slack) -> None:
    say(slack, f"<@{BOT}> early")

    def tries() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = slack.hand.state()["deliveries"]
        return found

    slack.hand.wait(lambda: len(tries()) == 2, "the retry at once")
    assert [one["attempt"] for one in tries()] == [0, 1]
    slack.forward(30)
    assert len(tries()) == 2
    app = app_for(slack)

    @app.event("app_mention")
    def mention(body: dict[str, Any], request: Any) -> None:
        slack.keep("mention", {**body, "headers": request.headers})

    with connected(slack, app):
        slack.forward(31)
        found = slack.wait("mention")
    assert found["headers"]["x-slack-retry-num"] == ["2"]
    assert found["headers"]["x-slack-retry-reason"] == ["connection_failed"]
    assert {one["event_id"] for one in tries()} == {found["event_id"]}


def test_retries_end_after_the_third(slack: Slack) -> None:
    say(slack, f"<@{BOT}> unheard")

    def count() -> int:
        return len(slack.hand.state()["deliveries"])

    for seconds, wanted in ((0, 2), (60, 3), (240, 4), (3600, 4)):
        slack.forward(seconds)
        slack.hand.wait(lambda wanted=wanted: count() == wanted, f"{wanted} deliveries")  # type: ignore[misc]
    assert [one["reason"] for one in slack.hand.state()["deliveries"]] == ["", *["connection_failed"] * 3]


def test_a_duplicate_has_the_same_event_id(slack: Slack, app: App) -> None:
    slack.hand.fault(duplicate=True)
    say(slack, f"<@{BOT}> twice")
    assert slack.wait("mention", 2)["event_id"] == slack.wait("mention")["event_id"]


def test_a_shortcut_reaches_only_messages_that_the_person_sees(slack: Slack, app: App) -> None:
    given = {"person": WANG, "callback_id": "look"}
    secret = slack.client.chat_postEphemeral(channel=GENERAL, user=LIN, text="secret")["message_ts"]
    assert not slack.hand.act("message_shortcut", channel=GENERAL, ts=secret, **given)["ok"]
    finance = slack.post("figures", FINANCE)
    assert not slack.hand.act("message_shortcut", channel=FINANCE, ts=finance, **given)["ok"]
    assert "shortcut" not in slack.told
    said = say(slack, "can ACME ship?")
    assert slack.hand.act("message_shortcut", channel=GENERAL, ts=said, **given)["ok"]
    assert slack.told["shortcut"][0]["message"]["text"] == "can ACME ship?"


BUTTON = [
    {
        "type": "actions",
        "elements": [{"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "x"}, "value": "1"}],
    }
]


def test_a_response_url_serves_five_times_within_half_an_hour(slack: Slack, app: App) -> None:
    def post(address: str, **given: Any) -> tuple[int, str]:
        answer = requests.post(address, json=given, timeout=5)
        return answer.status_code, answer.text

    command(slack, "")
    address = slack.told["command"][0]["response_url"]
    assert [post(address, text=str(at))[0] for at in range(6)] == [200] * 5 + [404]
    command(slack, "")
    late = slack.told["command"][1]["response_url"]
    slack.forward(LIMIT["response_url_seconds"] + 1)
    assert post(late, text="late") == (404, "expired_url")
    command(slack, "")
    fresh = slack.told["command"][2]["response_url"]
    assert requests.post(fresh, b"{", timeout=5).status_code == 400
    assert post(fresh, text="x", blocks=[{"type": "nope"}]) == (400, "invalid_blocks")
    assert post(fresh) == (400, "no_text")
    assert post(fresh, text="x" * 50_000) == (200, "ok")
    assert len(slack.last()["text"]) == LIMIT["message_text"]


def test_an_ephemeral_changes_only_through_a_click_on_it(slack: Slack, app: App) -> None:
    ts = slack.client.chat_postEphemeral(channel=GENERAL, user=LIN, text="old", blocks=BUTTON)["message_ts"]
    click = {"channel": GENERAL, "ts": ts, "action_id": "go"}
    assert not slack.hand.act("click", person=WANG, **click)["ok"]
    assert slack.hand.act("click", person=LIN, **click)["ok"]
    body = slack.wait("action")
    assert (body["actions"][0]["value"], body["container"]["is_ephemeral"], "message" in body) == ("1", True, False)
    requests.post(body["response_url"], json={"text": "new", "replace_original": True}, timeout=5)
    assert slack.last()["text"] == "new"
    requests.post(body["response_url"], json={"delete_original": True}, timeout=5)
    assert slack.hand.messages(LIN, GENERAL) == []
    gone = requests.post(body["response_url"], json={"text": "ghost", "replace_original": True}, timeout=5)
    assert gone.status_code == 404


def ticket(slack: Slack) -> str:
    return str(slack.client.apps_connections_open(app_token=slack.workspace.secrets.app_token)["url"])


def test_a_socket_address_serves_once(slack: Slack) -> None:
    address = ticket(slack)
    with connect(address) as line:
        assert '"hello"' in str(line.recv())
        for stale in (address, address.split("?")[0]):
            with pytest.raises(InvalidStatus):
                connect(stale)


def test_the_eleventh_connection_is_turned_away(slack: Slack) -> None:
    with ExitStack() as lines:
        for count in range(1, LIMIT["socket_connections"] + 1):
            line = lines.enter_context(connect(ticket(slack)))
            assert f'"num_connections":{count},' in str(line.recv())
        with connect(ticket(slack)) as extra:
            assert "too_many_websockets" in str(extra.recv())


def test_a_dropped_connection_says_nothing_and_a_refreshed_one_does(slack: Slack) -> None:
    with connect(ticket(slack)) as line:
        line.recv()
        slack.hand.fault(disconnect=True)
        assert "refresh_requested" in str(line.recv())
    with connect(ticket(slack)) as line:
        line.recv()
        slack.hand.fault(drop=True)
        with pytest.raises((ConnectionClosed, ConnectionResetError)):
            line.recv(timeout=5)
        assert slack.hand.state()["connections"] == 0


def test_bolt_comes_back_after_a_dropped_connection(slack: Slack, app: App) -> None:
    slack.hand.fault(disconnect=True)
    slack.hand.wait(lambda: slack.hand.state()["counts"]["apps.connections.open"] == 2, "a second address")
    slack.hand.wait(lambda: slack.hand.state()["connections"], "a connection")
    assert slack.hand.wait(lambda: command(slack, "back")["ok"], "an answer")


def test_secrets_of_a_home_outlive_a_restart(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        before = first.workspace.secrets
        key = first.world.where()["service_account_file"]
        private = Path(key).read_text(encoding="utf-8").split("PRIVATE KEY")[1]
    with running(tmp_path) as second:
        assert second.workspace.secrets == before
        assert (
            Path(second.world.where()["service_account_file"]).read_text(encoding="utf-8").split("PRIVATE KEY")[1]
            == private
        )
