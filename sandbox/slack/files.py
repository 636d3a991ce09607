"""Files: uploaded by the app in three steps, by people in one, read with a token."""

import copy
import mimetypes
from typing import Any

from sandbox.slack.calls import Answer, Caller, Given, Refused, number, text_of, wrong_arguments
from sandbox.slack.limits import LIMIT
from sandbox.slack.people import BOT_USER
from sandbox.slack.posts import content
from sandbox.slack.state import Posted, Stored, Workspace, with_ids

SHARING_TAKES = 1.0
"""Seconds until files.info knows where a file was shared."""


def shown(workspace: Workspace, base: str, file: Stored) -> Answer:
    """A file object; where it is shared is known only after a while."""
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    address = f"{base}/slack/files/{file.id}/{file.name}"
    known = workspace.clock() - file.shared_at >= SHARING_TAKES
    channels = list(file.shares) if known else []
    return {
        "id": file.id, "name": file.name, "title": file.title or file.name, "mimetype": kind,
        "filetype": file.name.rsplit(".", 1)[-1].lower(), "size": file.size, "user": file.owner, "mode": "hosted",
        "is_external": False, "url_private": address, "url_private_download": address, "file_access": "visible",
        "channels": channels, "shares": {"public": {one: [{"ts": ts} for ts in file.shares[one]] for one in channels}},
    }  # fmt: skip


def get_upload_url(caller: Caller, given: Given) -> Answer:
    """files.getUploadURLExternal."""
    name, length = text_of(given, "filename"), number(given, "length", 0)
    if length <= 0:
        raise wrong_arguments("[ERROR] length must be greater than 0")
    if len(str(given.get("alt_txt") or "")) > LIMIT["file_alt"]:
        raise Refused("alt_txt_too_large")
    file = Stored(caller.workspace.new_id("F"), name, length, BOT_USER)
    caller.workspace.files[file.id] = file
    return {"ok": True, "upload_url": f"{caller.base}/slack/upload/{file.id}", "file_id": file.id}


def complete_upload(caller: Caller, given: Given) -> Answer:
    """files.completeUploadExternal: one message with all of them, if a channel is named."""
    wanted = given.get("files")
    if not isinstance(wanted, list) or not wanted or any(not isinstance(one, dict) for one in wanted):
        raise wrong_arguments("[ERROR] files must be a list of objects")
    workspace = caller.workspace
    files = [workspace.files.get(str(one.get("id"))) for one in wanted]
    found = [file for file in files if file is not None and file.content and not file.complete]
    if len(found) != len(wanted):
        raise Refused("file_not_found")
    channel = caller.open_channel(given, "channel_id") if given.get("channel_id") else ""
    blocks = _blocks(given)
    thread = _parent(caller, channel, str(given.get("thread_ts") or ""))
    for file, one in zip(found, wanted, strict=True):
        file.complete, file.title = True, str(one.get("title") or "")
    if channel:
        message = Posted(workspace.ts(), channel, BOT_USER, str(given.get("initial_comment") or ""), with_ids(blocks))
        message.thread_ts, message.files = thread or None, [file.id for file in found]
        workspace.post(message)
        for file in found:
            file.shares[channel], file.shared_at = [message.ts], workspace.clock()
    return {"ok": True, "files": [shown(workspace, caller.base, file) for file in found]}


def _blocks(given: Given) -> list[Answer]:
    """Blocks of the message; a comment makes Slack pass over them, and markdown makes it fall over."""
    blocks = given.get("blocks") or []
    if not blocks or given.get("initial_comment"):
        return []
    if isinstance(blocks, list) and any(isinstance(one, dict) and one.get("type") == "markdown" for one in blocks):
        raise Refused("internal_error")
    content({"blocks": blocks}, posting=True)
    return copy.deepcopy(blocks)


def _parent(caller: Caller, channel: str, thread_ts: str) -> str:
    """A thread is named by its first message, never by a reply."""
    if not thread_ts:
        return ""
    if not channel:
        raise wrong_arguments("[ERROR] thread_ts needs a channel_id")
    parent = caller.workspace.find(channel, thread_ts)
    if parent is None or parent.only_for is not None or parent.thread_ts not in {None, parent.ts}:
        raise Refused("thread_not_found")
    return thread_ts


def info(caller: Caller, given: Given) -> Answer:
    """files.info."""
    file = caller.workspace.files.get(str(given.get("file") or ""))
    if file is None or not file.complete:
        raise Refused("file_not_found")
    return {"ok": True, "file": shown(caller.workspace, caller.base, file), "content": None}


def take(workspace: Workspace, file_id: str, content: bytes) -> str:
    """The bytes for an upload address; what is wrong with them, or empty."""
    file = workspace.files.get(file_id)
    if file is None or file.complete or file.content:
        return "no such upload"
    if len(content) != file.size:
        return f"expected {file.size} bytes, got {len(content)}"
    file.content = content
    return ""


def bring(workspace: Workspace, person: str, name: str, content: bytes) -> Stored:
    """A file that a person chooses in a file_input."""
    file = Stored(workspace.new_id("F"), name, len(content), person, content, complete=True)
    workspace.files[file.id] = file
    return file


def for_state(workspace: Workspace, base: str, ids: Any) -> list[Answer]:
    """The files of a file_input as payloads carry them."""
    return [shown(workspace, base, workspace.files[one]) for one in ids if one in workspace.files]
