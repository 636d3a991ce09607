"""Posting, changing, reading back, files and people, through the real slack_sdk."""

import json
from pathlib import Path
from typing import Any

import pytest
import requests
from slack_sdk import WebClient

from sandbox.slack.manifest import Manifest, read_manifest
from tests.builders import ROOT
from tests.sandbox.slacks import EAST, FINANCE, GENERAL, HE, LIN, WANG, Slack, running

MARK = {"event_type": "credit_bot_out", "event_payload": {"k": "7"}}


def texts(slack: Slack, **given: Any) -> list[str]:
    return [one["text"] for one in slack.client.conversations_history(channel=GENERAL, **given)["messages"]]


def test_an_ephemeral_is_seen_by_one_member_and_never_read_back_or_changed(slack: Slack) -> None:
    ts = slack.client.chat_postEphemeral(channel=GENERAL, user=LIN, text="secret")["message_ts"]
    assert slack.last(LIN)["text"] == "secret"
    assert slack.hand.messages(WANG, GENERAL) == []
    assert texts(slack) == []
    assert slack.refused("chat.update", channel=GENERAL, ts=ts, text="x") == "message_not_found"
    assert slack.refused("chat.delete", channel=GENERAL, ts=ts) == "message_not_found"
    assert slack.refused("chat.postEphemeral", channel=FINANCE, user=LIN, text="x") == "user_not_in_channel"


def test_an_ephemeral_in_a_silent_thread_is_not_shown(slack: Slack) -> None:
    parent = slack.post("parent")
    slack.client.chat_postEphemeral(channel=GENERAL, user=LIN, text="unseen", thread_ts=parent)
    assert slack.last()["text"] == "parent"
    slack.post("reply", thread_ts=parent)
    slack.client.chat_postEphemeral(channel=GENERAL, user=LIN, text="seen", thread_ts=parent)
    assert slack.last()["text"] == "seen"


def test_history_pages_from_the_newest_and_keeps_to_its_bounds(slack: Slack) -> None:
    stamps = [slack.post(str(place)) for place in range(5)]
    assert texts(slack) == ["4", "3", "2", "1", "0"]
    first = slack.client.conversations_history(channel=GENERAL, limit=2)
    assert first["has_more"]
    second = texts(slack, limit=2, cursor=first["response_metadata"]["next_cursor"])
    assert second == ["2", "1"]
    assert texts(slack, oldest=stamps[2]) == ["4", "3"]
    assert texts(slack, oldest=stamps[2], latest=stamps[3], inclusive=True) == ["3", "2"]
    assert slack.refused("conversations.history", channel=GENERAL, cursor="junk") == "invalid_cursor"


def test_replies_leave_history_and_are_read_by_their_parent(slack: Slack) -> None:
    parent = slack.post("parent")
    slack.post("reply", thread_ts=parent)
    assert texts(slack) == ["parent"]
    thread = slack.client.conversations_replies(channel=GENERAL, ts=parent)["messages"]
    assert [one["text"] for one in thread] == ["parent", "reply"]
    assert thread[0]["reply_count"] == 1
    assert slack.refused("conversations.replies", channel=GENERAL, ts="1.1") == "thread_not_found"


def test_metadata_is_read_back_only_when_asked_for(slack: Slack) -> None:
    slack.post("x", metadata=MARK)
    (plain,) = slack.client.conversations_history(channel=GENERAL)["messages"]
    (full,) = slack.client.conversations_history(channel=GENERAL, include_all_metadata=True)["messages"]
    assert ("metadata" in plain, full["metadata"]) == (False, MARK)


def test_own_messages_are_changed_and_deleted_and_those_of_people_are_not(slack: Slack) -> None:
    ts = slack.post("old", blocks=[{"type": "divider", "block_id": "d"}])
    slack.client.chat_update(channel=GENERAL, ts=ts, text="new")
    assert (slack.last()["text"], slack.last()["blocks"]) == ("new", [{"type": "divider", "block_id": "d"}])
    said = slack.hand.act("say", person=LIN, channel=GENERAL, text="mine")["result"]
    assert slack.refused("chat.update", channel=GENERAL, ts=said, text="x") == "cant_update_message"
    assert slack.refused("chat.delete", channel=GENERAL, ts=said) == "cant_delete_message"
    slack.client.chat_delete(channel=GENERAL, ts=ts)
    assert texts(slack) == ["mine"]
    assert slack.refused("chat.delete", channel="C0NOPE", ts=ts) == "channel_not_found"


def test_links_and_reactions(slack: Slack) -> None:
    ts = slack.post()
    assert slack.client.chat_getPermalink(channel=GENERAL, message_ts=ts)["permalink"].endswith(ts.replace(".", ""))
    slack.client.reactions_add(channel=GENERAL, name="white_check_mark", timestamp=ts)
    assert slack.last()["reactions"] == {"white_check_mark": ["U00DESK"]}
    again = {"channel": GENERAL, "name": "white_check_mark", "timestamp": ts}
    assert slack.refused("reactions.add", **again) == "already_reacted"
    assert slack.refused("reactions.add", **{**again, "name": "No Name"}) == "invalid_name"
    assert slack.refused("reactions.add", **{**again, "timestamp": "1.1"}) == "message_not_found"


def test_direct_messages_are_opened_once_for_one_or_several(slack: Slack) -> None:
    direct = slack.client.conversations_open(users=LIN)["channel"]["id"]
    assert direct == slack.client.conversations_open(users=LIN)["channel"]["id"] == slack.hand.seen(LIN)["dm"]
    group = slack.client.conversations_open(users=f"{LIN},{WANG}")["channel"]["id"]
    assert group == slack.client.conversations_open(users=f"{WANG},{LIN}")["channel"]["id"]
    slack.post("both", group)
    assert slack.last(WANG, group)["text"] == "both"
    assert slack.refused("conversations.open", users="U0NOBODY") == "user_not_found"
    assert slack.client.conversations_info(channel=group)["channel"]["is_mpim"]


def test_a_message_to_a_persons_id_lands_in_the_direct_channel(slack: Slack) -> None:
    answer = slack.client.chat_postMessage(channel=LIN, text="hi")
    assert answer["channel"] == slack.hand.seen(LIN)["dm"]
    for channel in (GENERAL, EAST):
        slack.workspace.members[channel].discard("U00DESK")
    assert slack.refused("chat.postMessage", channel=GENERAL, text="x") == "not_in_channel"
    assert slack.refused("chat.postMessage", channel=EAST, text="x") == "channel_not_found"


def test_a_channel_says_whether_it_is_private_shared_or_archived_and_an_archived_one_takes_nothing(
    slack: Slack,
) -> None:
    def flags(channel: str) -> list[bool]:
        found = slack.client.conversations_info(channel=channel)["channel"]
        return [found[name] for name in ("is_private", "is_ext_shared", "is_archived", "is_member")]

    assert flags(GENERAL) == [False, False, False, True]
    assert flags(EAST) == [True, False, False, True]
    ts = slack.post("before", EAST)
    slack.workspace.archived.add(EAST)
    slack.workspace.shared.add(EAST)
    assert flags(EAST) == [True, True, True, True]
    assert slack.refused("chat.postMessage", channel=EAST, text="x") == "is_archived"
    assert slack.refused("chat.update", channel=EAST, ts=ts, text="x") == "is_archived"
    assert slack.client.conversations_history(channel=EAST)["messages"][0]["text"] == "before"


def test_people_and_groups_are_listed_in_pages(slack: Slack) -> None:
    first = slack.client.users_list(limit=10)
    rest = slack.client.users_list(limit=10, cursor=first["response_metadata"]["next_cursor"])
    assert len({one["id"] for one in (*first["members"], *rest["members"])}) == 13
    assert "locale" not in slack.client.users_info(user=LIN)["user"]
    assert slack.client.users_info(user=LIN, include_locale=True)["user"]["locale"] == "zh-CN"
    assert slack.client.usergroups_users_list(usergroup="S02FINANCE")["users"] == [HE, "U08XU"]
    assert slack.refused("usergroups.users.list", usergroup="S0") == "no_such_subteam"
    assert slack.refused("usergroups.users.list") == "missing_argument"
    slack.workspace.usergroups["S02FINANCE"].disabled = True
    assert slack.refused("usergroups.users.list", usergroup="S02FINANCE") == "no_such_subteam"
    assert [one["id"] for one in slack.client.usergroups_list()["usergroups"]] == ["S01EAST", "S03RISK"]
    slack.workspace.plan = "free"
    assert slack.refused("usergroups.list") == "plan_upgrade_required"
    assert slack.refused("users.info", user="U0") == "user_not_found"


def test_a_file_is_uploaded_in_three_steps_and_shared_a_moment_later(slack: Slack) -> None:
    done: Any = slack.client.files_upload_v2(channel=GENERAL, filename="a.csv", content="x,y", initial_comment="here")
    file = done["files"][0]["id"]
    assert (slack.last()["text"], slack.last()["files"]) == ("here", [file])
    assert slack.client.files_info(file=file)["file"]["channels"] == []
    slack.forward(2)
    known = slack.client.files_info(file=file)["file"]
    assert known["channels"] == [GENERAL]
    given = {"Authorization": f"Bearer {slack.client.token}"}
    assert requests.get(known["url_private"], headers=given, timeout=5).content == b"x,y"
    assert b"Sign in" in requests.get(known["url_private"], timeout=5).content


def test_uploads_that_slack_refuses_are_refused(slack: Slack) -> None:
    assert slack.refused("files.getUploadURLExternal", filename="a", length=0) == "invalid_arguments"
    made = slack.client.files_getUploadURLExternal(filename="a", length=3)
    assert slack.refused("files.completeUploadExternal", files=[{"id": made["file_id"]}]) == "file_not_found"
    assert requests.post(str(made["upload_url"]), b"four", timeout=5).status_code == 400
    assert slack.refused("files.info", file="F0") == "file_not_found"
    assert requests.post(str(made["upload_url"]), b"yes", timeout=5).status_code == 200
    files, parent = [{"id": made["file_id"]}], slack.client.chat_postMessage(channel=GENERAL, text="up")["ts"]
    reply = slack.client.chat_postMessage(channel=GENERAL, text="down", thread_ts=parent)["ts"]
    for given, error in (
        ({"thread_ts": reply}, "thread_not_found"),
        ({"blocks": [{"type": "markdown", "text": "no"}]}, "internal_error"),
        ({"blocks": [{"type": "sectional"}]}, "invalid_blocks"),
        ({"channel_id": "C0"}, "channel_not_found"),
    ):
        wanted = {"files": files, "channel_id": GENERAL, **given}
        assert slack.refused("files.completeUploadExternal", **wanted) == error


def test_the_message_of_a_file_carries_its_blocks_into_the_thread(slack: Slack) -> None:
    parent = str(slack.client.chat_postMessage(channel=GENERAL, text="up")["ts"])
    made = slack.client.files_getUploadURLExternal(filename="a.pdf", length=3)
    requests.post(str(made["upload_url"]), b"yes", timeout=5)
    block = {"type": "section", "block_id": "mine", "text": {"type": "mrkdwn", "text": "here"}}
    slack.client.files_completeUploadExternal(
        files=[{"id": str(made["file_id"])}], channel_id=GENERAL, thread_ts=parent, blocks=json.dumps([block])
    )
    _, shown = slack.client.conversations_replies(channel=GENERAL, ts=parent)["messages"]
    assert (shown["blocks"][0]["block_id"], shown["files"]) == ("mine", [{"id": made["file_id"]}])


def test_a_scheduled_message_is_posted_when_its_time_comes_and_never_with_metadata(slack: Slack) -> None:
    moment = int(slack.clock()) + 600
    slack.client.chat_scheduleMessage(channel=GENERAL, post_at=moment, text="plain")
    slack.client.chat_scheduleMessage(channel=GENERAL, post_at=moment, text="marked", metadata=MARK)
    gone = slack.client.chat_scheduleMessage(channel=GENERAL, post_at=moment, text="gone")["scheduled_message_id"]
    slack.client.chat_deleteScheduledMessage(channel=GENERAL, scheduled_message_id=gone)
    assert texts(slack) == []
    slack.forward(601)
    assert slack.hand.wait(lambda: texts(slack), "the scheduled message") == ["plain"]


def raw(slack: Slack, path: str, body: bytes, form: str = "application/json") -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {slack.client.token}", "Content-Type": form}
    answer = requests.post(f"{slack.client.base_url}{path}", body, headers=headers, timeout=5)
    found: dict[str, Any] = {**answer.json()}
    return found


@pytest.mark.parametrize(("body", "form", "error"), [
    (b"{", "application/json", "invalid_json"),
    (b"[]", "application/json", "json_not_object"),
    (b"channel=C01GENERAL&text=x&blocks=%5B%7B", "application/x-www-form-urlencoded", "invalid_blocks_format"),
])  # fmt: skip
def test_what_cannot_be_read_is_an_error_and_no_500(slack: Slack, body: bytes, form: str, error: str) -> None:
    assert raw(slack, "chat.postMessage", body, form)["error"] == error


@pytest.mark.parametrize("method", ["call", "caller", "_admit", "workspace", "pins.add", "chat.post_message"])
def test_a_method_that_is_not_played_is_unknown_and_remembered(slack: Slack, method: str) -> None:
    assert raw(slack, method, b"{}")["error"] == "unknown_method"
    assert slack.hand.state()["unknown"] == [method]


def test_tokens_are_told_apart(slack: Slack) -> None:
    kept = slack.workspace.secrets

    def error(token: str, method: str) -> Any:
        return WebClient(token, base_url=slack.client.base_url).api_call(method)

    for token, method, word in (
        ("", "auth.test", "not_authed"), ("xoxb-no", "auth.test", "invalid_auth"),
        (kept.app_token, "auth.test", "not_allowed_token_type"),
        (kept.bot_token, "apps.connections.open", "not_allowed_token_type"),
    ):  # fmt: skip
        with pytest.raises(Exception, match=word):
            error(token, method)


def test_scopes_are_those_of_the_manifest_and_a_missing_one_is_named(tmp_path: Any) -> None:
    manifest = Manifest(frozenset({"chat:write", "im:history"}), frozenset(), frozenset(), frozenset(), home=False)
    with running(tmp_path, manifest) as slack:
        assert slack.client.auth_test().headers["x-oauth-scopes"] == "chat:write,im:history"
        assert slack.refused("chat.postMessage", channel=GENERAL, text="x") == ""
        direct = slack.hand.seen(LIN)["dm"]
        assert slack.refused("conversations.history", channel=direct) == ""
        for method, given, needed in (
            ("users.info", {"user": LIN}, "users:read"),
            ("conversations.history", {"channel": GENERAL}, "channels:history"),
            ("conversations.open", {"users": LIN}, "im:write"),
            ("reactions.add", {"channel": GENERAL, "name": "x", "timestamp": "1"}, "reactions:write"),
            ("files.info", {"file": "F"}, "files:read"),
        ):
            answer = raw(slack, method, json.dumps(given).encode())
            assert (answer["error"], answer["needed"], answer["provided"]) == (
                "missing_scope",
                needed,
                "chat:write,im:history",
            )
        assert slack.refused("views.publish", user_id=LIN, view={"type": "home", "blocks": []}) == "not_enabled"


def test_the_shipped_manifest_is_read_as_data() -> None:
    manifest = read_manifest(ROOT / "manifest.yaml")
    assert manifest.has_command("/credit")
    assert not manifest.has_command("/nope")
    assert manifest.wants("app_mention")
    assert not manifest.may("admin")


def test_two_shortcuts_of_one_name_are_refused_as_slack_refuses_them(tmp_path: Path) -> None:
    twice = "{name: 开户, type: global, callback_id: credit_new}"
    path = tmp_path / "manifest.yaml"
    path.write_text(f"features: {{shortcuts: [{twice}, {twice}]}}", encoding="utf-8")
    with pytest.raises(ValueError, match="callback_id"):
        read_manifest(path)
