"""Channels that an app makes: names are given once, who is in it already is a refusal, private ones are seen by members."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.sandbox.slacks import Slack, running


@pytest.fixture
def slack(tmp_path: Path) -> Iterator[Slack]:
    with running(tmp_path) as opened:
        yield opened


def refused(call: Any, **given: Any) -> str:
    with pytest.raises(SlackApiError) as problem:
        call(**given)
    return str(problem.value.response["error"])


def test_a_name_is_given_once_and_keeps_to_its_letters(slack: Slack) -> None:
    made: Any = slack.client.conversations_create(name="incident-1", is_private=True)["channel"]
    assert (made["name"], made["is_private"], made["creator"]) == ("incident-1", True, "U00DESK")
    assert refused(slack.client.conversations_create, name="incident-1", is_private=True) == "name_taken"
    assert refused(slack.client.conversations_create, name="Incident 1", is_private=True) == "invalid_name_specials"
    assert refused(slack.client.conversations_create, name="x" * 81, is_private=True) == "invalid_name_specials"


def test_people_are_added_once(slack: Slack) -> None:
    channel = str(slack.client.conversations_create(name="incident-1", is_private=True)["channel"]["id"])
    slack.client.conversations_invite(channel=channel, users="U01LIN,U09MA")
    assert slack.client.conversations_members(channel=channel)["members"] == ["U00DESK", "U01LIN", "U09MA"]
    assert refused(slack.client.conversations_invite, channel=channel, users="U01LIN") == "already_in_channel"
    assert refused(slack.client.conversations_invite, channel=channel, users="U00DESK") == "cant_invite_self"
    assert refused(slack.client.conversations_invite, channel=channel, users="U99") == "user_not_found"
    assert refused(slack.client.conversations_invite, channel="C404", users="U01LIN") == "channel_not_found"


def test_a_list_has_the_private_channels_that_the_app_is_in_page_by_page(slack: Slack) -> None:
    for number in range(3):
        slack.client.conversations_create(name=f"incident-{number}", is_private=True)
    slack.workspace.members["C04SOUTH"].discard("U00DESK")
    names, cursor = [], ""
    while True:
        answer: Any = slack.client.conversations_list(types="private_channel", limit=2, cursor=cursor)
        names += [one["name"] for one in answer["channels"]]
        cursor = answer["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert names[-3:] == ["incident-0", "incident-1", "incident-2"]
    assert "华南销售" not in names
    assert "全员" not in names
