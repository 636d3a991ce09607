"""Slack as deliveries see it: posts with a marker, read-backs, who may read along. Works beside Bolt in either mode."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from slack_sdk import WebClient

from flows.outgoing import EVENT_TYPE, AccountFacts, ChannelFacts, Mark, ReadBack, Sent, StoppedError
from handlers.pauses import Pauses
from handlers.readers import FRESH_SECONDS, is_outsider, lang_in, name_in
from handlers.uploads import Uploads, marker_in

_PAGES, _PAGE = 50, 200
_log = logging.getLogger("creditdesk.outbox")


class SlackDoor:
    """The SlackOut of a workspace. The client must not repeat anything by itself (`retry_handlers=[]`)."""

    def __init__(self, client: WebClient, timer: Callable[[], float] = time.monotonic) -> None:
        """Nobody is asked yet."""
        self._client, self._timer = client, timer
        self._pauses = Pauses(timer)
        self._uploads = Uploads(client, self._pauses)
        self._me: Final[dict[str, str]] = {}
        self._dms: Final[dict[str, str]] = {}
        self._accounts: Final[dict[str, tuple[float, AccountFacts]]] = {}

    # -- what changes something -------------------------------------------------------------------------------

    def post(self, channel: str, message: Mapping[str, Any], marker: str, thread_ts: str = "") -> Sent:
        """Post once, with the marker; never repeated by itself."""
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"k": marker, "v": 1}}
        more: dict[str, Any] = {"thread_ts": thread_ts} if thread_ts else {}

        def send() -> Sent:
            answer: Any = self._client.chat_postMessage(
                channel=channel, metadata=metadata, unfurl_links=False, unfurl_media=False, **message, **more
            )
            posted = Sent(outcome="done", channel=str(answer["channel"]), ts=str(answer["ts"]))
            if _marker(answer.get("message") or {}) != marker:
                _log.error("Slack dropped the marker of item %s", marker)
            return posted

        return self._changed(f"post {channel}", send)

    def update(self, channel: str, ts: str, message: Mapping[str, Any]) -> Sent:
        """Make a message of ours show this; its marker stays."""

        def send() -> Sent:
            self._client.chat_update(channel=channel, ts=ts, **message)
            return Sent(outcome="done", channel=channel, ts=ts)

        return self._changed(f"update {channel}", send)

    def delete(self, channel: str, ts: str) -> Sent:
        """Take a message of ours away; one that is gone already is done."""

        def send() -> Sent:
            self._client.chat_delete(channel=channel, ts=ts)
            return Sent(outcome="done", channel=channel, ts=ts)

        sent = self._changed("delete", send)
        return Sent(outcome="done", channel=channel, ts=ts) if sent.why == "message_not_found" else sent

    def upload(
        self,
        channel: str,
        thread_ts: str,
        name: str,
        content: bytes,
        marker: str,
        *,
        message: Mapping[str, Any],
        in_time: Callable[[], None] = lambda: None,
    ) -> Sent:
        """Show a file once, with the marker; where its message stands Slack does not say."""
        return self._uploads.send((channel, thread_ts), name, content, message, marker, in_time)

    def create_channel(self, name: str) -> Sent:
        """A private channel with the desk in it; refused with `name_taken` where there is one."""

        def send() -> Sent:
            answer: Any = self._client.conversations_create(name=name, is_private=True)
            return Sent(outcome="done", channel=str(answer["channel"]["id"]))

        return self._changed("create", send)

    def invite(self, channel: str, account: str) -> Sent:
        """Add somebody to a channel; who is in it already is done."""

        def send() -> Sent:
            self._client.conversations_invite(channel=channel, users=account)
            return Sent(outcome="done", channel=channel)

        sent = self._changed("invite", send)
        return Sent(outcome="done", channel=channel) if sent.why == "already_in_channel" else sent

    def _changed(self, key: str, send: Callable[[], Sent]) -> Sent:
        try:
            return self._pauses.through(key, send, changes=True)
        except StoppedError as stopped:
            return stopped.sent

    # -- what asks --------------------------------------------------------------------------------------------

    def permalink(self, channel: str, ts: str) -> str:
        """An address that opens a message; "" when Slack says that there is none."""

        def ask() -> str:
            answer: Any = self._client.chat_getPermalink(channel=channel, message_ts=ts)
            return str(answer["permalink"])

        try:
            return self._pauses.through(f"permalink {channel}", ask, changes=False)
        except StoppedError as stopped:
            if stopped.sent.outcome != "refused":
                raise
            return ""

    def read_back(self, channel: str, since: float, thread_ts: str = "") -> ReadBack:
        """Our marked messages since a moment (seconds since 1970), in a channel or in one of its threads."""
        me = self._known("user_id")
        marks: list[Mark] = []
        complete = False
        for messages, more in self._listed(channel, since, thread_ts):
            found = ((_marker(one), str(one["ts"])) for one in messages if one.get("user") == me)
            marks += [Mark(marker, ts) for marker, ts in found if marker]
            complete = not more
        return ReadBack(tuple(sorted(marks, key=lambda mark: float(mark.ts))), complete)

    def _listed(self, channel: str, since: float, thread_ts: str) -> Iterator[tuple[list[Any], bool]]:
        """Pages of a place, each with whether there is more; the parent's own channel where a thread is gone."""
        cursor = ""
        given: dict[str, Any] = {
            "channel": channel, "oldest": f"{since:.6f}", "inclusive": True, "include_all_metadata": True,
            "limit": _PAGE,
        }  # fmt: skip
        for _ in range(_PAGES):
            page = given | ({"cursor": cursor} if cursor else {})
            try:
                answer = self._page(page, thread_ts)
            except StoppedError as stopped:
                if stopped.sent.why != "thread_not_found":
                    raise
                yield from self._listed(channel, since, "")
                return
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            yield list(answer["messages"]), bool(cursor or answer.get("has_more"))
            if not cursor:
                return

    def _page(self, page: dict[str, Any], thread_ts: str) -> Any:
        if thread_ts:
            return self._asked("replies", lambda: self._client.conversations_replies(ts=thread_ts, **page))
        return self._asked("history", lambda: self._client.conversations_history(**page))

    def find_channel(self, name: str) -> str:
        """The private channel of this name that the desk itself has made; "" when there is none."""
        me, cursor = self._known("user_id"), ""
        for _ in range(_PAGES):
            given: dict[str, Any] = {"types": "private_channel", "exclude_archived": True, "limit": _PAGE}
            given |= {"cursor": cursor} if cursor else {}
            answer = self._listing(given)
            found = (one for one in answer["channels"] if one.get("name") == name and one.get("creator") == me)
            one = next(found, None)
            if one is not None:
                return str(one["id"])
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return ""
        return ""

    def _listing(self, given: dict[str, Any]) -> Any:
        return self._asked("list", lambda: self._client.conversations_list(**given))

    def open_dm(self, account: str) -> str:
        """The direct-message channel with an account; it stays the same."""
        if account not in self._dms:
            answer = self._asked("open", lambda: self._client.conversations_open(users=account))
            self._dms[account] = str(answer["channel"]["id"])
        return self._dms[account]

    def about(self, channel: str) -> ChannelFacts:
        """Who can read a channel, as of now."""
        found = self._asked("info", lambda: self._client.conversations_info(channel=channel))["channel"]
        outside = ("is_ext_shared", "is_pending_ext_shared")
        return ChannelFacts(
            private=bool(found.get("is_private")),
            shared=any(found.get(flag) for flag in outside),
            archived=bool(found.get("is_archived")),
            member=bool(found.get("is_member") or found.get("is_im")),
        )

    def account(self, account: str) -> AccountFacts:
        """Who an account is, not older than ten minutes."""
        known = self._accounts.get(account)
        if known is None or self._timer() - known[0] > FRESH_SECONDS:
            team = self._known("team_id")
            answer = self._asked("users", lambda: self._client.users_info(user=account, include_locale=True))
            user = answer["user"]
            known = (
                self._timer(),
                AccountFacts(outsider=is_outsider(user, team), lang=lang_in(user), name=name_in(user)),
            )
            self._accounts[account] = known
        return known[1]

    def members(self, group: str) -> tuple[str, ...]:
        """The accounts in a Slack user group, as of now."""
        answer = self._asked(f"group {group}", lambda: self._client.usergroups_users_list(usergroup=group))
        return tuple(str(account) for account in answer["users"])

    def _known(self, name: str) -> str:
        """Who we are: told once."""
        if name not in self._me:
            answer = self._asked("auth", self._client.auth_test)
            self._me.update({key: str(answer[key]) for key in ("user_id", "team_id")})
        return self._me[name]

    def _asked(self, key: str, ask: Callable[[], Any]) -> Any:
        return self._pauses.through(key, ask, changes=False)


def _marker(message: Mapping[str, Any]) -> str:
    """The marker that a message carries, or ""."""
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    told = str(payload.get("k") or "") if metadata.get("event_type") == EVENT_TYPE else ""
    return told or marker_in(message.get("blocks"))
