"""The driver's side: a mistake of a test is told, never a 500; time moves; lost answers are really lost."""

import http.client
import urllib.error
from typing import Any

import pytest
import requests
from slack_sdk.errors import SlackApiError

from tests.sandbox.slacks import GENERAL, LIN, Slack


def post(slack: Slack, path: str, **given: Any) -> requests.Response:
    return requests.post(f"{slack.hand.url}/sandbox/{path}", json=given, timeout=5)


@pytest.mark.parametrize(("path", "given", "code"), [
    ("act/dance", {}, 404),
    ("act/command", {"person": LIN}, 400),
    ("act/command", {"person": "U0", "channel": GENERAL, "command": "/x", "text": ""}, 400),
    ("act/say", {"person": LIN, "channel": GENERAL, "text": "x", "colour": "red"}, 400),
    ("act/click", {"person": LIN, "channel": GENERAL, "ts": "1", "action_id": "a"}, 400),
    ("act/submit", {"person": LIN}, 400),
    ("faults", {"method": "*", "kind": "boom"}, 400),
    ("faults", {"method": "*", "kind": "429", "times": 0}, 400),
    ("faults", {"method": "*"}, 400),
    ("faults", {"method": "*", "kind": "500", "sometimes": True}, 400),
    ("faults", {"method": "*", "kind": "500", "side": "north"}, 400),
    ("ledger", {"rename": "nope", "to": "x"}, 400),
    ("ledger", {"tab": "客户"}, 400),
])  # fmt: skip
def test_a_drivers_mistake_is_told(slack: Slack, path: str, given: dict[str, Any], code: int) -> None:
    answer = post(slack, path, **given)
    assert (answer.status_code, answer.json()["ok"]) == (code, False)


def test_a_body_that_is_no_object_is_a_400(slack: Slack) -> None:
    for body in ("{", "[]"):
        assert requests.post(f"{slack.hand.url}/sandbox/act/say", body, timeout=5).status_code == 400
    assert requests.get(f"{slack.hand.url}/sandbox/seen/U0", timeout=5).status_code == 404


def test_calls_that_google_does_not_play_stand_beside_those_of_slack(slack: Slack) -> None:
    requests.get(f"{slack.hand.url}/google/v4/nothing", timeout=5)
    assert slack.hand.state()["unknown"] == ["google: GET v4/nothing"]


def test_time_moves_for_everybody(slack: Slack) -> None:
    before = slack.hand.state()["time"]
    slack.forward(1000)
    assert slack.hand.state()["time"] - before >= 1000


@pytest.mark.parametrize(("kind", "raised"), [
    ("reset", (ConnectionResetError, http.client.RemoteDisconnected, urllib.error.URLError)),
    ("cut", (http.client.IncompleteRead,)),
    ("lost", (SlackApiError,)),
    ("truncated", (SlackApiError,)),
])  # fmt: skip
def test_a_lost_answer_leaves_the_message_and_the_app_does_not_know(slack: Slack, kind: str, raised: Any) -> None:
    slack.hand.fault(method="chat.postMessage", kind=kind)
    with pytest.raises(raised):
        slack.post("once")
    assert [one["text"] for one in slack.hand.messages(LIN, GENERAL)] == ["once"]
    assert slack.hand.state()["faults"] == [f"chat.postMessage:{kind}"]
    assert slack.post("again")


@pytest.mark.parametrize("kind", ["429", "500", "503", "html", "error:token_revoked"])
def test_a_refused_call_leaves_nothing(slack: Slack, kind: str) -> None:
    slack.hand.fault(method="chat.postMessage", kind=kind, retry_after=7)
    with pytest.raises(SlackApiError) as caught:
        slack.post("never")
    if kind == "429":
        assert caught.value.response.headers["retry-after"] == "7"
    if kind == "error:token_revoked":
        assert caught.value.response["error"] == "token_revoked"
    assert slack.hand.messages(LIN, GENERAL) == []


def test_a_reset_may_also_come_before_the_call_took_effect(slack: Slack) -> None:
    slack.hand.fault(method="chat.postMessage", kind="reset", applies=False)
    with pytest.raises(OSError):  # noqa: PT011  (urllib wraps it in one of several)
        slack.post("never")
    assert slack.hand.messages(LIN, GENERAL) == []


def test_a_stall_ends_by_the_callers_own_timeout_or_when_faults_are_cleared(slack: Slack) -> None:
    slack.hand.fault(method="chat.postMessage", kind="stall")
    slack.client.timeout = 0.2  # type: ignore[assignment]
    with pytest.raises((TimeoutError, urllib.error.URLError)):
        slack.post("never")
    slack.hand.fault(clear=True)
    assert slack.hand.messages(LIN, GENERAL) == []


def test_an_error_code_is_answered_in_slacks_words_for_every_method(slack: Slack) -> None:
    slack.hand.fault(method="*", kind="error:account_inactive", times=2)
    assert slack.refused("auth.test") == "account_inactive"
    assert slack.refused("users.info", user=LIN) == "account_inactive"
    assert slack.refused("auth.test") == ""
