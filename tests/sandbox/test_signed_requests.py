"""HTTP delivery: signed as Slack signs, to an address that has answered the challenge."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient

from tests.sandbox.slacks import EAST, LIN, Slack, running, silent
from tests.sandbox.test_views import OPTIONS, asking, modal, opened


class Quiet(WSGIRequestHandler):
    """No line per request."""

    def log_message(self, *_: object) -> None:
        """Silence."""


@contextmanager
def at_an_address(make: Any) -> Iterator[int]:
    """A WSGI server for an app that may be set later."""
    server = make_server("127.0.0.1", 0, make, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Door:
    """The app's door: an app once there is one; before, nobody answers the challenge."""

    app: App | None = None
    status = ""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if self.app is None or self.status:
            more = [("X-Slack-No-Retry", "1")] if self.status.startswith("403") else []
            start_response(self.status or "503 Away", more)
            return [b""]
        return SlackRequestHandler(self.app, path="/slack/events")(environ, start_response)


@pytest.fixture
def door(tmp_path: Path) -> Iterator[tuple[Slack, Door]]:
    """A workspace that delivers to a door."""
    door = Door()
    with at_an_address(door) as port, running(tmp_path, events_url=f"http://127.0.0.1:{port}/slack/events") as slack:
        yield slack, door


def probing(slack: Slack, secret: str | None = None) -> App:
    """An app behind the door that keeps what it hears."""
    app = App(client=WebClient(slack.client.token, base_url=slack.client.base_url), token=slack.client.token,
              signing_secret=secret or slack.workspace.secrets.signing_secret, process_before_response=True,
              logger=silent())  # fmt: skip

    @app.command("/probe")
    def command(ack: Any, body: dict[str, Any]) -> None:
        slack.keep("command", body)
        ack(body["text"])

    @app.event("app_mention")
    def mention(body: dict[str, Any], request: Any) -> None:
        slack.keep("mention", {**body, "headers": request.headers})

    @app.options("a")
    def options(ack: Any) -> None:
        ack(options=OPTIONS)

    @app.view("v")
    def view(ack: Any, body: dict[str, Any]) -> None:
        slack.keep("submit", body)
        ack(response_action="errors", errors={"i": "no"})

    return app


def command(slack: Slack) -> dict[str, Any]:
    return slack.hand.act("command", person=LIN, channel=EAST, command="/probe", text="hello & goodbye")


def mention(slack: Slack) -> None:
    slack.hand.act("say", person=LIN, channel=EAST, text="<@U00DESK> ACME 明川")


def test_commands_events_suggestions_and_submissions_arrive_over_http(door: tuple[Slack, Door]) -> None:
    slack, opened_door = door
    opened_door.app = probing(slack)
    assert slack.hand.verify()
    assert command(slack)["ok"]
    assert slack.last(LIN, EAST)["text"] == "hello &amp; goodbye"
    mention(slack)
    assert "明川" in slack.wait("mention")["event"]["text"]
    opened(slack, modal(asking("i", {"type": "external_select", "min_query_length": 0})))
    assert slack.hand.act("suggest", person=LIN, surface="modal", action_id="a", text="x")["result"] == OPTIONS
    slack.hand.act("submit", person=LIN, values={"i": {"a": "1"}})
    assert slack.hand.seen(LIN)["modals"][0]["errors"] == {"i": "no"}
    assert slack.hand.state()["connections"] == 0


def test_nothing_is_delivered_before_the_challenge_is_answered(door: tuple[Slack, Door]) -> None:
    slack, opened_door = door
    assert not slack.hand.verify()
    assert not command(slack)["ok"]
    opened_door.app = probing(slack)
    assert command(slack)["ok"]


def test_an_app_with_another_secret_refuses_everything(door: tuple[Slack, Door]) -> None:
    slack, opened_door = door
    opened_door.app = probing(slack, "another")
    assert not slack.hand.verify()
    assert "command" not in slack.told


def test_an_event_answered_with_an_error_comes_again_and_says_why(door: tuple[Slack, Door]) -> None:
    slack, opened_door = door
    opened_door.app = probing(slack)
    slack.hand.verify()
    opened_door.status = "500 Broken"
    mention(slack)
    slack.hand.wait(lambda: len(slack.hand.state()["deliveries"]) == 2, "the retry at once")
    opened_door.status = ""
    slack.forward(60)
    found = slack.wait("mention")
    assert found["headers"]["x-slack-retry-num"] == ["2"]
    assert found["headers"]["x-slack-retry-reason"] == ["http_error"]


def test_an_app_may_ask_not_to_be_tried_again(door: tuple[Slack, Door]) -> None:
    slack, opened_door = door
    opened_door.app = probing(slack)
    slack.hand.verify()
    opened_door.status = "403 No"
    mention(slack)
    slack.forward(3600)
    assert len(slack.hand.state()["deliveries"]) == 1
