"""chat.* and reactions.add: posting, changing, deleting, linking to and reacting to messages."""

import copy
import re

from sandbox.slack.calls import Answer, Caller, Given, Refused, number, text_of
from sandbox.slack.limits import LIMIT
from sandbox.slack.people import BOT_USER
from sandbox.slack.posts import content, metadata_of, shown
from sandbox.slack.state import Posted, with_ids

_NAME = re.compile(r"[a-z0-9_+'-]{1,100}(::skin-tone-[2-6])?")


def _thread(caller: Caller, channel: str, given: Given) -> str | None:
    thread = given.get("thread_ts")
    if not thread:
        return None
    parent = caller.workspace.find(channel, str(thread))
    if parent is None or parent.only_for is not None:
        raise Refused("thread_not_found")
    return parent.thread_ts or parent.ts


def made(caller: Caller, channel: str, given: Given) -> tuple[Posted, list[str]]:
    """(the message that these arguments describe, warnings); longer text is truncated."""
    metadata, warnings = metadata_of(given)
    message = Posted(
        ts=caller.workspace.ts(),
        channel=channel,
        author=BOT_USER,
        text=str(given.get("text") or given.get("markdown_text") or "")[: LIMIT["message_text"]],
        blocks=with_ids(copy.deepcopy(given.get("blocks") or [])),
        thread_ts=_thread(caller, channel, given),
        metadata=metadata,
        attachments=given.get("attachments") or [],
    )
    return message, warnings


def _warned(answer: Answer, warnings: list[str]) -> Answer:
    return (
        {**answer, "warning": ",".join(warnings), "response_metadata": {"warnings": warnings}} if warnings else answer
    )


def post_message(caller: Caller, given: Given) -> Answer:
    """chat.postMessage."""
    channel = caller.open_channel(given)
    content(given, posting=True)
    message, warnings = made(caller, channel, given)
    caller.workspace.post(message)
    return _warned({"ok": True, "channel": channel, "ts": message.ts, "message": shown(message)}, warnings)


def post_ephemeral(caller: Caller, given: Given) -> Answer:
    """chat.postEphemeral; metadata is ignored, and in a thread without replies nobody sees it."""
    channel, person = caller.open_channel(given), str(given.get("user") or "")
    content(given)
    if not caller.workspace.may_read(person, channel):
        raise Refused("user_not_in_channel")
    message, _ = made(caller, channel, given)
    message.only_for, message.metadata = person, None
    in_thread = [one for one in caller.workspace.messages[channel] if one.thread_ts == message.thread_ts]
    if message.thread_ts is None or in_thread:
        caller.workspace.post(message)
    return {"ok": True, "message_ts": message.ts}


def _own(caller: Caller, given: Given, name: str, refusal: str) -> Posted:
    channel = str(given.get("channel") or "")
    if not caller.workspace.channel_exists(channel):
        raise Refused("channel_not_found")
    if channel in caller.workspace.archived:
        raise Refused("is_archived")
    message = caller.workspace.find(channel, str(given.get(name) or ""))
    if message is None or message.only_for is not None:
        raise Refused("message_not_found")
    if message.author != BOT_USER:
        raise Refused(refusal)
    return message


def update(caller: Caller, given: Given) -> Answer:
    """chat.update: own messages; without blocks the old ones stay."""
    message = _own(caller, given, "ts", "cant_update_message")
    if len(str(given.get("text") or "")) > LIMIT["update_text"]:
        raise Refused("msg_too_long")
    content(given)
    kinds = [{block.get("type") for block in blocks} for blocks in (message.blocks, given.get("blocks") or [])]
    if kinds[0] == {"rich_text"} and kinds[1] and kinds[1] != {"rich_text"}:
        raise Refused("block_mismatch")
    message.text = str(given.get("text") or given.get("markdown_text") or message.text)
    if given.get("blocks") is not None:
        message.blocks = with_ids(copy.deepcopy(given["blocks"]))
    metadata, warnings = metadata_of(given)
    message.metadata = metadata or message.metadata
    message.edited, message.revision = True, message.revision + 1
    caller.workspace.changed()
    caller.workspace.on_post(message, "message_changed")
    answer = {"ok": True, "channel": message.channel, "ts": message.ts, "text": message.text, "message": shown(message)}
    return _warned(answer, warnings)


def delete(caller: Caller, given: Given) -> Answer:
    """chat.delete: own messages."""
    message = _own(caller, given, "ts", "cant_delete_message")
    caller.workspace.messages[message.channel].remove(message)
    caller.workspace.changed()
    caller.workspace.on_post(message, "message_deleted")
    return {"ok": True, "channel": message.channel, "ts": message.ts}


def permalink(caller: Caller, given: Given) -> Answer:
    """chat.getPermalink."""
    channel, ts = caller.channel(given), str(given.get("message_ts") or "")
    message = caller.workspace.find(channel, ts)
    if message is None or message.only_for is not None:
        raise Refused("message_not_found")
    link = f"{caller.base}/archives/{channel}/p{ts.replace('.', '')}"
    return {
        "ok": True,
        "channel": channel,
        "permalink": f"{link}?thread_ts={message.thread_ts}" if message.thread_ts else link,
    }


def react(caller: Caller, given: Given) -> Answer:
    """reactions.add."""
    channel, name = caller.own_channel(given), text_of(given, "name")
    if not _NAME.fullmatch(name):
        raise Refused("invalid_name")
    message = caller.workspace.find(channel, str(given.get("timestamp") or ""))
    if message is None or message.only_for is not None:
        raise Refused("message_not_found")
    if BOT_USER in message.reactions.get(name, []):
        raise Refused("already_reacted")
    message.reactions.setdefault(name, []).append(BOT_USER)
    message.revision += 1
    caller.workspace.changed()
    return {"ok": True}


def schedule(caller: Caller, given: Given) -> Answer:
    """chat.scheduleMessage; with metadata it never posts, as Slack's own page warns."""
    channel, moment, workspace = caller.open_channel(given), number(given, "post_at", 0), caller.workspace
    content(given, posting=True)
    if moment <= workspace.clock():
        raise Refused("time_in_past")
    if moment > workspace.clock() + LIMIT["schedule_seconds"]:
        raise Refused("time_too_far")
    close = [at for where, at in workspace.scheduled.values() if where == channel and abs(at - moment) < 300]
    if len(close) >= LIMIT["schedule_window"]:
        raise Refused("restricted_too_many")
    number_ = workspace.new_id("Q")
    workspace.scheduled[number_] = channel, moment

    def post() -> None:
        if workspace.scheduled.pop(number_, None) is not None and not given.get("metadata"):
            workspace.post(made(caller, channel, given)[0])

    workspace.at(moment, post)
    return {"ok": True, "channel": channel, "scheduled_message_id": number_, "post_at": moment}


def unschedule(caller: Caller, given: Given) -> Answer:
    """chat.deleteScheduledMessage."""
    if caller.workspace.scheduled.pop(str(given.get("scheduled_message_id")), None) is None:
        raise Refused("invalid_scheduled_message_id")
    return {"ok": True}
