"""The Web API: which methods are played, what token and scope each takes; anything else fails loudly."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.slack import chat, conversations, directory, files, views
from sandbox.slack.calls import Answer, Caller, Given, Refused, loaded
from sandbox.slack.state import Workspace


@dataclass(frozen=True)
class Method:
    """One method; `scopes` are those of which one is needed whatever the arguments."""

    act: Callable[[Caller, Given], Answer]
    scopes: tuple[str, ...] = ()
    app_token: bool = False


METHODS = {
    "api.test": Method(directory.api_test),
    "auth.test": Method(directory.auth_test),
    "apps.connections.open": Method(directory.connections_open, app_token=True),
    "users.info": Method(directory.users_info, ("users:read",)),
    "users.list": Method(directory.users_list, ("users:read",)),
    "usergroups.list": Method(directory.usergroups_list, ("usergroups:read",)),
    "usergroups.users.list": Method(directory.usergroups_users, ("usergroups:read",)),
    "conversations.open": Method(conversations.open_),
    "conversations.create": Method(conversations.create),
    "conversations.invite": Method(conversations.invite),
    "conversations.list": Method(conversations.list_),
    "conversations.info": Method(conversations.info),
    "conversations.members": Method(conversations.members),
    "conversations.history": Method(conversations.history),
    "conversations.replies": Method(conversations.replies),
    "chat.postMessage": Method(chat.post_message, ("chat:write",)),
    "chat.postEphemeral": Method(chat.post_ephemeral, ("chat:write",)),
    "chat.update": Method(chat.update, ("chat:write",)),
    "chat.delete": Method(chat.delete, ("chat:write",)),
    "chat.scheduleMessage": Method(chat.schedule, ("chat:write",)),
    "chat.deleteScheduledMessage": Method(chat.unschedule, ("chat:write",)),
    "chat.getPermalink": Method(chat.permalink),
    "reactions.add": Method(chat.react, ("reactions:write",)),
    "views.open": Method(views.open_),
    "views.push": Method(views.push),
    "views.update": Method(views.update),
    "views.publish": Method(views.publish),
    "files.getUploadURLExternal": Method(files.get_upload_url, ("files:write",)),
    "files.completeUploadExternal": Method(files.complete_upload, ("files:write",)),
    "files.info": Method(files.info, ("files:read",)),
}


class Api:
    """The methods, for the holder of a token."""

    def __init__(self, workspace: Workspace, base: str) -> None:
        """`base` is the address of this server, for socket and file addresses."""
        self.workspace, self.caller = workspace, Caller(workspace, base)

    def call(self, name: str, token: str, given: Given) -> Answer:
        """The answer to a call; unknown methods are an error and listed under `unknown`."""
        workspace = self.workspace
        workspace.calls.append(name)
        method = METHODS.get(name)
        if method is None:
            workspace.unknown.append(name)
            return {"ok": False, "error": "unknown_method", "req_method": name}
        try:
            self._admit(method, token)
            return method.act(self.caller, loaded(given))
        except Refused as refusal:
            return refusal.answer

    def _admit(self, method: Method, token: str) -> None:
        kept = self.workspace.secrets
        if not token:
            raise Refused("not_authed")
        if token not in {kept.bot_token, kept.app_token}:
            raise Refused("invalid_auth")
        if (token == kept.app_token) != method.app_token:
            raise Refused("not_allowed_token_type")
        if method.scopes:
            self.caller.need(*method.scopes)
