"""How a message to Slack ended: done, refused, or unknown; and answers to clicks, sent once and never twice."""

import errno
import logging
import re
from collections.abc import Callable
from http.client import HTTPException
from socket import gaierror
from typing import Any, Literal
from urllib.error import URLError

from slack_sdk import WebhookClient
from slack_sdk.errors import SlackApiError, SlackClientError

from flows.replies import Posted
from handlers.quiet import quiet_logger

_log = logging.getLogger("creditdesk.handlers")
AWAY = (SlackClientError, OSError, HTTPException, ValueError)
"""What slack_sdk raises while Slack is away or answers with half a sentence."""
_PERHAPS = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
"""Words with which Slack says that something broke: by then the message may stand there."""
_NO_WAY = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH})
_TIMEOUT = 10


def refusal(problem: Exception) -> str | None:
    """Slack's word when it says no for good; None when it was away, broken or busy."""
    if not isinstance(problem, SlackApiError):
        return None
    answer: Any = problem.response
    word = answer.get("error") if hasattr(answer, "get") else None
    broken = getattr(answer, "status_code", 200) != 200 or not re.fullmatch(r"[a-z0-9_]+", str(word))
    return None if broken or word == "ratelimited" or word in _PERHAPS else str(word)


def outcome(problem: Exception) -> Posted:
    """What became of a post that ended so: only a plain no is a no."""
    if refusal(problem) is not None:
        return "refused"
    answer: Any = getattr(problem, "response", None)
    if getattr(answer, "status_code", 0) == 429 or (hasattr(answer, "get") and answer.get("error") == "ratelimited"):
        return "busy"
    return "refused" if never_left(problem) else "unknown"


def never_left(problem: Exception) -> bool:
    """Nobody was there to take it, or no way to him."""
    reason = problem.reason if isinstance(problem, URLError) else problem
    return isinstance(reason, ConnectionRefusedError | gaierror) or getattr(reason, "errno", None) in _NO_WAY


def ended(send: Callable[[], object]) -> Posted:
    """How a message that is sent so ended; whatever comes back, it is not sent a second time."""
    try:
        send()
    except AWAY as problem:
        how = outcome(problem)
        _log.warning("post %s: %s", how, type(problem).__name__)
        return how
    return "done"


def post(client: Any, channel: str, message: Any) -> Posted:
    """Post once to a channel or a person."""
    return ended(lambda: client.chat_postMessage(channel=channel, unfurl_links=False, unfurl_media=False, **message))


def notify(client: Any, whom: str, message: Any) -> bool:
    """Post what nobody waits for at this moment; False when it surely did not go out and may later.

    What may have arrived counts as sent, and so does what Slack refuses for good: neither is repeated.
    """
    try:
        client.chat_postMessage(channel=whom, unfurl_links=False, unfurl_media=False, **message)
    except AWAY as problem:
        _log.warning("notice %s: %s", outcome(problem), type(problem).__name__)
        return not (outcome(problem) == "busy" or never_left(problem))
    return True


def reply(client: Any, body: dict[str, Any], message: Any, *, instead: bool = False) -> Posted:
    """Answer a click beside its message, or `instead` of it; in a direct message where there is no other way.

    Bolt's own `respond` repeats a dropped call, and passes over a refusal in silence.
    """
    answer: Literal["done", "refused", "unknown"] = "refused"
    if body.get("response_url"):
        answer = _hook(
            str(body["response_url"]), {"replace_original": instead, "response_type": "ephemeral", **message}
        )
    return answer if answer != "refused" else post(client, str(body["user"]["id"]), message)


def _hook(url: str, message: dict[str, Any]) -> Literal["done", "refused", "unknown"]:
    try:
        answer = WebhookClient(url, timeout=_TIMEOUT, retry_handlers=[], logger=quiet_logger()).send_dict(message)
    except AWAY as problem:
        _log.warning("reply failed: %s", type(problem).__name__)
        return "refused" if never_left(problem) else "unknown"
    code = answer.status_code
    if code == 200:
        return "done"
    _log.warning("reply not taken: %s", code)
    return "unknown" if code >= 500 else "refused"
