"""HTTP delivery: requests signed as Slack signs them, to the address that the app has given."""

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from typing import Any
from urllib.parse import urlencode

import httpx


class SignedRequests:
    """One address for events, commands, clicks and suggestions; used once it has answered the challenge."""

    def __init__(self, secret: str, url: str) -> None:
        """Without an address the app uses Socket Mode."""
        self.secret, self.url, self.verified = secret, url, False

    def signature(self, body: str) -> dict[str, str]:
        """The headers that prove where a body comes from."""
        stamp = str(int(time.time()))
        digest = hmac.new(self.secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}

    async def verify(self) -> bool:
        """url_verification: the address must give the challenge back."""
        challenge = secrets.token_hex(16)
        body = json.dumps({"token": "verification", "type": "url_verification", "challenge": challenge})
        answer, _ = await self._post(body, "application/json", 3.0, {})
        self.verified = answer is not None and answer.is_success and challenge in answer.text
        return self.verified

    async def send(
        self, kind: str, payload: dict[str, Any], *, accepts: bool, seconds: float, retry: tuple[int, str] | None = None
    ) -> tuple[dict[str, Any] | None, str]:
        """One request; its answer is the acknowledgement."""
        if not self.verified and not await self.verify():
            return None, "connection_failed"
        headers = {"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": retry[1]} if retry else {}
        if kind == "events_api":
            body, form = json.dumps(payload, ensure_ascii=False), "application/json"
        else:
            fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload, ensure_ascii=False)}
            body, form = urlencode(fields), "application/x-www-form-urlencoded"
        answer, why = await self._post(body, form, seconds, headers)
        if answer is None:
            return None, why
        if not answer.is_success:
            return None, "no_retry" if answer.headers.get("x-slack-no-retry") == "1" else "http_error"
        return (_acknowledged(answer) if accepts else {}), ""

    async def _post(
        self, body: str, form: str, seconds: float, more: dict[str, str]
    ) -> tuple[httpx.Response | None, str]:
        headers = {
            "Content-Type": form,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            **self.signature(body),
            **more,
        }
        try:
            async with asyncio.timeout(seconds), httpx.AsyncClient(timeout=None, trust_env=False) as client:  # noqa: S113
                return await client.post(self.url, content=body.encode(), headers=headers), ""
        except TimeoutError:
            return None, "http_timeout"
        except httpx.HTTPError:
            return None, "connection_failed"


def _acknowledged(answer: httpx.Response) -> dict[str, Any]:
    """What an acknowledgement carries: JSON, or plain text as a message."""
    if not answer.content.strip():
        return {}
    if answer.headers.get("content-type", "").startswith("application/json"):
        found: Any = answer.json()
        return found if isinstance(found, dict) else {}
    return {"text": answer.text}
