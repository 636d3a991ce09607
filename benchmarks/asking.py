"""Asks two web servers the same signed commands in turn, one kept connection each; prints both medians in seconds."""

import http.client
import sys
import time
from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

from benchmarks.measure import each_in_turn


def form(text: str) -> dict[str, str]:
    """What Slack sends."""
    return {
        "command": "/credit", "text": text, "user_id": "U06LIU", "team_id": "T1", "channel_id": "C1",
        "api_app_id": "A", "trigger_id": "t", "response_url": "",
    }  # fmt: skip


def posted(connection: http.client.HTTPConnection, secret: str, text: str) -> None:
    """One signed command over HTTP."""
    body, now = urlencode(form(text)), str(int(time.time()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=now, body=body) or ""
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": now,
        "X-Slack-Signature": signature,
    }
    connection.request("POST", "/slack/events", body, headers)
    answer = connection.getresponse()
    content = answer.read()
    assert answer.status == 200, content


def main(secret: str, ports: list[str]) -> None:
    """Texts come on standard input, a line each."""
    texts = sys.stdin.read().splitlines()
    calls: list[list[Callable[[], object]]] = []
    for port in ports:
        connection = http.client.HTTPConnection("127.0.0.1", int(port))
        calls.append([partial(posted, connection, secret, text) for text in texts])
    each_in_turn(calls[0][:100], calls[1][:100])
    print(*each_in_turn(*calls))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
