"""The product in HTTP mode: signed requests in, answers out, nothing over Socket Mode."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from sandbox.__main__ import free_port
from sandbox.client import Hand, all_text
from tests.e2e.desks import bot, sandbox

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("http")]
LIN, EAST = "U01LIN", "C03EAST"


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hand]:
    """A desk behind its own port, a workspace that delivers to it."""
    home, port = tmp_path_factory.mktemp("http"), free_port()
    address = f"http://127.0.0.1:{port}/slack/events"
    more = {"CREDITDESK_TRANSPORT": "http", "CREDITDESK_HTTP_PORT": str(port), "SLACK_APP_TOKEN": ""}
    with sandbox(home, "--events-url", address) as where, bot(where, home, **more):
        hand = Hand(where["url"])
        hand.wait(hand.verify, "the desk to answer the challenge", 60)
        yield hand


def test_a_command_a_click_and_a_mention_are_answered_over_http(signed: Hand) -> None:
    card = signed.credit(LIN, EAST, "ACME")
    assert "可以发货" in card["text"]
    signed.act("click", person=LIN, channel=EAST, ts=card["ts"], action_id="lookup.details")
    modal = signed.wait(lambda: signed.seen(LIN)["modals"], "the details")[-1]["view"]
    assert "账龄" in all_text(modal)
    signed.act("close", person=LIN)
    signed.act("say", person=LIN, channel=EAST, text="<@U00DESK> C0013")
    signed.wait(lambda: [one for one in signed.messages(LIN, EAST) if "恒达" in one["text"]], "the mention's answer")
    state = signed.state()
    assert (state["connections"], state["counts"].get("apps.connections.open", 0), state["unknown"]) == (0, 0, [])


def test_an_event_delivered_twice_is_answered_once(signed: Hand) -> None:
    direct = signed.seen(LIN)["dm"]
    signed.fault(duplicate=True)
    signed.act("say", person=LIN, channel=direct, text="C0016")

    def answers() -> list[Any]:
        return [one for one in signed.messages(LIN, direct) if one["author"] == "U00DESK"]

    signed.wait(answers, "the answer")
    signed.act("say", person=LIN, channel=direct, text="ACME")
    signed.wait(lambda: len(answers()) == 2 and answers(), "one answer each")


def test_a_request_signed_with_another_secret_is_refused(signed: Hand) -> None:
    address = signed.state()["events_url"]
    body = json.dumps({"type": "url_verification", "challenge": "x"})
    headers = {"Content-Type": "application/json", "X-Slack-Request-Timestamp": "1", "X-Slack-Signature": "v0=00"}
    assert requests.post(address, body, headers=headers, timeout=5).status_code == 401
