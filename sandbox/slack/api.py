"""The Web API methods that the product calls; anything else fails loudly and is remembered."""

import json
from typing import Any

from sandbox.slack.limits import LIMIT, problems, view_problems
from sandbox.slack.people import APP, BOT, BOT_USER, PEOPLE, TEAM
from sandbox.slack.state import Open, Posted, Workspace

Answer = dict[str, Any]
NEEDS_APP_TOKEN = frozenset({"apps.connections.open"})
SCOPES = "chat:write,commands,im:history,im:read,im:write,users:read,app_mentions:read,channels:read,groups:read"


class Api:
    """One method per call, named as Slack names it with the dot as underscore."""

    def __init__(self, workspace: Workspace, base: str) -> None:
        """`base` is the address of this server, for socket and response addresses."""
        self.workspace, self.base = workspace, base

    def call(self, method: str, token: str, given: dict[str, Any]) -> Answer:
        """The answer to a call; unknown methods are an error and listed under `unknown`."""
        workspace = self.workspace
        workspace.calls.append(method)
        wanted = workspace.app_token if method in NEEDS_APP_TOKEN else workspace.bot_token
        if not token:
            return _error("not_authed")
        if token != wanted:
            known = {workspace.app_token, workspace.bot_token}
            return _error("not_allowed_token_type" if token in known else "invalid_auth")
        handler = getattr(self, method.replace(".", "_"), None)
        if handler is None or method.startswith("_"):
            workspace.unknown.append(method)
            return _error("unknown_method", req_method=method)
        answer: Answer = handler({key: _loaded(key, value) for key, value in given.items()})
        return answer

    def auth_test(self, given: Answer) -> Answer:
        del given
        return {
            "ok": True, "url": f"{self.base}/", "team": "Demo", "user": "creditdesk", "team_id": TEAM,
            "user_id": BOT_USER, "bot_id": BOT, "is_enterprise_install": False,
        }  # fmt: skip

    def api_test(self, given: Answer) -> Answer:
        return {"ok": True, "args": given}

    def apps_connections_open(self, given: Answer) -> Answer:
        del given
        ticket = self.workspace.new_id("K")
        return {"ok": True, "url": f"{self.base.replace('http', 'ws', 1)}/slack/socket?ticket={ticket}&app_id={APP}"}

    def users_info(self, given: Answer) -> Answer:
        person = PEOPLE.get(str(given.get("user")))
        if given.get("user") == BOT_USER:
            return {
                "ok": True,
                "user": {"id": BOT_USER, "team_id": TEAM, "is_bot": True, "name": "creditdesk", "profile": {}},
            }
        if person is None:
            return _error("user_not_found")
        user = person.as_user()
        if str(given.get("include_locale", "")).lower() not in {"true", "1"}:
            user.pop("locale")
        return {"ok": True, "user": user}

    def conversations_open(self, given: Answer) -> Answer:
        person = str(given.get("users", ""))
        if person not in PEOPLE:
            return _error("user_not_found")
        return {"ok": True, "channel": {"id": self.workspace.dm_of(person)}}

    def conversations_info(self, given: Answer) -> Answer:
        channel = str(given.get("channel", ""))
        workspace = self.workspace
        if not workspace.channel_exists(channel):
            return _error("channel_not_found")
        found = {
            "id": channel, "is_member": BOT_USER in workspace.members.get(channel, {BOT_USER}),
            "is_im": channel not in workspace.members, "is_private": False, "is_ext_shared": False,
        }  # fmt: skip
        return {"ok": True, "channel": found}

    def conversations_history(self, given: Answer) -> Answer:
        channel = str(given.get("channel", ""))
        if not self.workspace.channel_exists(channel):
            return _error("channel_not_found")
        shown = [_shown(one) for one in reversed(self.workspace.messages[channel]) if one.only_for is None]
        return {"ok": True, "messages": shown[: int(given.get("limit", 100))], "has_more": False}

    def chat_postMessage(self, given: Answer) -> Answer:
        channel, wrong = self._channel(str(given.get("channel", "")))
        wrong = wrong or self._content(given)
        if wrong:
            return wrong
        message = self._posted(channel, given)
        self.workspace.post(message)
        return {"ok": True, "channel": channel, "ts": message.ts, "message": _shown(message)}

    def chat_postEphemeral(self, given: Answer) -> Answer:
        channel, wrong = self._channel(str(given.get("channel", "")))
        person = str(given.get("user", ""))
        wrong = wrong or self._content(given)
        if wrong:
            return wrong
        if not self.workspace.may_read(person, channel):
            return _error("user_not_in_channel")
        message = self._posted(channel, given)
        message.only_for, message.metadata = person, None
        self.workspace.post(message)
        return {"ok": True, "message_ts": message.ts}

    def chat_update(self, given: Answer) -> Answer:
        message = self.workspace.find(str(given.get("channel", "")), str(given.get("ts", "")))
        if message is None or message.only_for is not None:
            return _error("message_not_found")
        if message.author != BOT_USER:
            return _error("cant_update_message")
        if len(str(given.get("text", ""))) > LIMIT["update_text"]:
            return _error("msg_too_long")
        wrong = self._content(given)
        if wrong:
            return wrong
        message.text = str(given.get("text", message.text))
        message.blocks = given.get("blocks", message.blocks)
        message.edited, message.revision = True, message.revision + 1
        self.workspace.changed()
        return {"ok": True, "channel": message.channel, "ts": message.ts, "text": message.text}

    def views_open(self, given: Answer) -> Answer:
        return self._show(given, push=False)

    def views_push(self, given: Answer) -> Answer:
        return self._show(given, push=True)

    def views_update(self, given: Answer) -> Answer:
        wrong = self._view(given.get("view"))
        if wrong:
            return wrong
        for stack in self.workspace.views.values():
            for one in stack:
                if one.id == given.get("view_id") or one.view.get("external_id", 0) == given.get("external_id", 1):
                    if given.get("hash") not in {None, "", one.hash}:
                        return _error("hash_conflict")
                    one.view, one.hash, one.errors = given["view"], self.workspace.new_id("h"), {}
                    self.workspace.changed()
                    return {"ok": True, "view": view_object(one)}
        return _error("not_found")

    def views_publish(self, given: Answer) -> Answer:
        person = str(given.get("user_id", ""))
        if person not in PEOPLE:
            return _error("user_not_found")
        wrong = self._view(given.get("view"))
        if wrong:
            return wrong
        before = self.workspace.homes.get(person)
        if given.get("hash") and (before is None or before.hash != given["hash"]):
            return _error("hash_conflict")
        made = Open(self.workspace.new_id("V"), self.workspace.new_id("h"), given["view"])
        self.workspace.homes[person] = made
        self.workspace.changed()
        return {"ok": True, "view": view_object(made)}

    def _show(self, given: Answer, *, push: bool) -> Answer:
        person, error = self.workspace.use_trigger(str(given.get("trigger_id", "")))
        if error or person is None:
            return _error(error or "invalid_trigger_id")
        wrong = self._view(given.get("view"))
        if wrong:
            return wrong
        stack = self.workspace.views[person]
        if push and len(stack) >= LIMIT["view_stack"]:
            return _error("push_limit_reached")
        if not push:
            stack.clear()
        made = Open(self.workspace.new_id("V"), self.workspace.new_id("h"), given["view"])
        stack.append(made)
        self.workspace.changed()
        return {"ok": True, "view": view_object(made)}

    def _view(self, view: Any) -> Answer | None:
        if len(json.dumps(view, ensure_ascii=False).encode()) > LIMIT["view_bytes"]:
            return _error("view_too_large")
        found = view_problems(view)
        return _error("invalid_arguments", response_metadata={"messages": found}) if found else None

    def _channel(self, channel: str) -> tuple[str, Answer | None]:
        if channel in PEOPLE:
            return self.workspace.dm_of(channel), None
        if not self.workspace.channel_exists(channel):
            return channel, _error("channel_not_found")
        if channel in self.workspace.members and BOT_USER not in self.workspace.members[channel]:
            return channel, _error("not_in_channel")
        return channel, None

    def _content(self, given: Answer) -> Answer | None:
        if not given.get("text") and not given.get("blocks"):
            return _error("no_text")
        found = problems(given["blocks"], "message") if given.get("blocks") else []
        return _error("invalid_blocks", response_metadata={"messages": found}) if found else None

    def _posted(self, channel: str, given: Answer) -> Posted:
        return Posted(
            ts=self.workspace.ts(),
            channel=channel,
            author=BOT_USER,
            text=str(given.get("text", ""))[: LIMIT["message_text"]],
            blocks=given.get("blocks") or [],
            thread_ts=given.get("thread_ts"),
            metadata=given.get("metadata"),
        )


def view_object(one: Open) -> Answer:
    """A view as payloads carry it."""
    return {
        **one.view, "id": one.id, "hash": one.hash, "team_id": TEAM, "app_id": APP, "bot_id": BOT,
        "state": {"values": {}}, "private_metadata": one.view.get("private_metadata", ""),
        "root_view_id": one.id, "previous_view_id": None,
    }  # fmt: skip


def _shown(message: Posted) -> Answer:
    shown: Answer = {"type": "message", "ts": message.ts, "user": message.author, "text": message.text}
    if message.author == BOT_USER:
        shown |= {"bot_id": BOT, "app_id": APP, "blocks": message.blocks}
    if message.thread_ts:
        shown["thread_ts"] = message.thread_ts
    if message.metadata:
        shown["metadata"] = message.metadata
    return shown


def _loaded(key: str, value: Any) -> Any:
    """Form posts carry structures as JSON text."""
    if key in {"blocks", "view", "metadata"} and isinstance(value, str):
        return json.loads(value)
    return value


def _error(code: str, **more: Any) -> Answer:
    return {"ok": False, "error": code, **more}
