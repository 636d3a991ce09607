"""conversations.*: opening, describing and reading channels and direct messages."""

from sandbox.slack.calls import Answer, Caller, Given, Refused, flag, page, wrong_arguments
from sandbox.slack.limits import LIMIT
from sandbox.slack.people import BOT_USER, CHANNELS, PEOPLE
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


def info(caller: Caller, given: Given) -> Answer:
    """conversations.info."""
    channel, workspace = caller.channel(given), caller.workspace
    caller.need_for(channel, "read")
    kind = workspace.kind_of(channel)
    found = {
        "id": channel, "is_member": BOT_USER in workspace.members.get(channel, {BOT_USER}), "is_im": kind == "im",
        "is_mpim": kind == "mpim", "is_channel": kind == "channel", "is_group": kind == "group", "is_private": kind != "channel",
        "is_archived": channel in workspace.archived, "is_ext_shared": channel in workspace.shared,
    }  # fmt: skip
    if kind == "im":
        found["user"] = workspace.person_of_dm(channel) or ""
    else:
        found["name"] = CHANNELS[channel][0] if channel in CHANNELS else channel.lower()
    return {"ok": True, "channel": found}


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
