"""conversations.*: opening, describing and reading channels and direct messages."""

import re

from sandbox.slack.calls import Answer, Caller, Given, Refused, flag, page, text_of, wrong_arguments
from sandbox.slack.limits import LIMIT
from sandbox.slack.people import BOT_USER, PEOPLE
from sandbox.slack.posts import shown
from sandbox.slack.state import Posted


def open_(caller: Caller, given: Given) -> Answer:
    """conversations.open: a direct message with one person, or with up to eight."""
    people = [one.strip() for one in str(given.get("users") or "").split(",") if one.strip()]
    if not people:
        raise wrong_arguments("[ERROR] users or channel is required")
    if len(people) > LIMIT["open_people"]:
        raise Refused("too_many_users")
    if not set(people) <= set(PEOPLE):
        raise Refused("user_not_found")
    workspace = caller.workspace
    if len(people) == 1:
        caller.need("im:write")
        return {"ok": True, "channel": {"id": workspace.dm_of(people[0])}}
    caller.need("mpim:write")
    group = frozenset(people)
    known = next((channel for channel, members in workspace.groups.items() if members == group), None)
    channel = known or workspace.new_id("G")
    workspace.groups[channel] = group
    workspace.members[channel] = {*group, BOT_USER}
    return {"ok": True, "channel": {"id": channel}, "already_open": known is not None}


_NAME = re.compile(r"[a-z0-9_\u4e00-\u9fff-]{1,80}")


def create(caller: Caller, given: Given) -> Answer:
    """conversations.create: a channel with its creator alone in it; a name is given once."""
    private, name, workspace = flag(given, "is_private"), text_of(given, "name"), caller.workspace
    caller.need("groups:write" if private else "channels:manage")
    if _NAME.fullmatch(name) is None:
        raise Refused("invalid_name_specials")
    if name in workspace.names.values():
        raise Refused("name_taken")
    channel = workspace.new_id("C")
    workspace.names[channel], workspace.members[channel] = name, {BOT_USER}
    workspace.created.add(channel)
    if private:
        workspace.private.add(channel)
    workspace.changed()
    return {"ok": True, "channel": _described(caller, channel)}


def invite(caller: Caller, given: Given) -> Answer:
    """conversations.invite: refused as a whole where one of them is in it already, unknown or an outsider."""
    channel = caller.open_channel(given)
    workspace = caller.workspace
    if workspace.kind_of(channel) not in {"channel", "group"}:
        raise Refused("method_not_supported_for_channel_type")
    caller.need("groups:write" if channel in workspace.private else "channels:manage")
    people = [one.strip() for one in text_of(given, "users").split(",") if one.strip()]
    for one in people:
        if one == BOT_USER:
            raise Refused("cant_invite_self")
        if one not in PEOPLE or PEOPLE[one].deleted:
            raise Refused("user_not_found")
        if one in workspace.members[channel]:
            raise Refused("already_in_channel")
    workspace.members[channel] |= set(people)
    workspace.changed()
    return {"ok": True, "channel": _described(caller, channel)}


def list_(caller: Caller, given: Given) -> Answer:
    """conversations.list: of private channels only those that the bot is in."""
    kinds = {one.strip() for one in str(given.get("types") or "public_channel").split(",")}
    workspace = caller.workspace
    found: list[dict[str, object]] = []
    for channel, people in workspace.members.items():
        kind = {"channel": "public_channel", "group": "private_channel"}.get(workspace.kind_of(channel), "")
        hidden = kind == "private_channel" and BOT_USER not in people
        if kind not in kinds or hidden or (flag(given, "exclude_archived") and channel in workspace.archived):
            continue
        caller.need_for(channel, "read")
        found.append(_described(caller, channel))
    shown_page, rest = page(found, given)
    return {"ok": True, "channels": shown_page, "response_metadata": {"next_cursor": rest}}


def info(caller: Caller, given: Given) -> Answer:
    """conversations.info."""
    channel = caller.channel(given)
    caller.need_for(channel, "read")
    return {"ok": True, "channel": _described(caller, channel)}


def _described(caller: Caller, channel: str) -> dict[str, object]:
    workspace = caller.workspace
    kind = workspace.kind_of(channel)
    found: dict[str, object] = {
        "id": channel, "is_member": BOT_USER in workspace.members.get(channel, {BOT_USER}), "is_im": kind == "im",
        "is_mpim": kind == "mpim", "is_channel": kind == "channel", "is_group": kind == "group", "is_private": kind != "channel",
        "is_archived": channel in workspace.archived, "is_ext_shared": channel in workspace.shared,
    }  # fmt: skip
    if kind == "im":
        found["user"] = workspace.person_of_dm(channel) or ""
    else:
        found["name"] = workspace.names.get(channel, channel.lower())
        found["creator"] = BOT_USER if channel in workspace.created else "U06LIU"
    return found


def members(caller: Caller, given: Given) -> Answer:
    """conversations.members."""
    channel = caller.channel(given)
    caller.need_for(channel, "read")
    person = caller.workspace.person_of_dm(channel)
    found, rest = page(sorted(caller.workspace.members.get(channel, {str(person), BOT_USER})), given)
    return {"ok": True, "members": found, "response_metadata": {"next_cursor": rest}}


def history(caller: Caller, given: Given) -> Answer:
    """conversations.history: newest first, replies and ephemerals left out."""
    channel = caller.own_channel(given)
    caller.need_for(channel, "history")
    top = [one for one in caller.workspace.messages[channel] if one.thread_ts in {None, one.ts}]
    return _listed(caller, list(reversed(top)), given)


def replies(caller: Caller, given: Given) -> Answer:
    """conversations.replies: the parent, then the thread, oldest first."""
    channel, ts = caller.own_channel(given), str(given.get("ts") or "")
    caller.need_for(channel, "history")
    parent = caller.workspace.find(channel, ts)
    if parent is None or parent.only_for is not None:
        raise Refused("thread_not_found")
    root = parent.thread_ts or parent.ts
    found = [one for one in caller.workspace.messages[channel] if root in {one.ts, one.thread_ts}]
    return _listed(caller, found, given)


def _listed(caller: Caller, found: list[Posted], given: Given) -> Answer:
    try:
        oldest, latest = float(given.get("oldest") or 0), float(given.get("latest") or "inf")
    except ValueError:
        raise Refused("invalid_ts_latest") from None
    inclusive = flag(given, "inclusive")

    def within(ts: float) -> bool:
        return oldest <= ts <= latest if inclusive else oldest < ts < latest

    seen = [one for one in found if one.only_for is None and within(float(one.ts))]
    shown_page, rest = page(seen, given, 999)
    messages = [_counted(caller, one, shown(one, metadata=flag(given, "include_all_metadata"))) for one in shown_page]
    answer: Answer = {"ok": True, "messages": messages, "has_more": bool(rest)}
    return {**answer, "response_metadata": {"next_cursor": rest}} if rest else answer


def _counted(caller: Caller, message: Posted, answer: Answer) -> Answer:
    replies_ = [
        one
        for one in caller.workspace.messages[message.channel]
        if one.thread_ts == message.ts and one.only_for is None
    ]
    if not replies_:
        return answer
    return {**answer, "thread_ts": message.ts, "reply_count": len(replies_), "latest_reply": replies_[-1].ts}
