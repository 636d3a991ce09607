"""Sending a file in Slack's three steps: an address to put it, the bytes, and the message that shows it."""

import json
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

from slack_sdk import WebClient

from flows.outgoing import EVENT_TYPE, Sent, StoppedError
from handlers.downloads import Stays
from handlers.pauses import Pauses

MARKED = f"{EVENT_TYPE}:"
"""What the block_id begins with that carries the marker: the message of a file takes no metadata."""
_TIMEOUT = 10


class Uploads:
    """Files out. Only the last of the three steps shows anything to anybody."""

    def __init__(self, client: WebClient, pauses: Pauses) -> None:
        """Bytes go to where the API is, or to its `files.` neighbour; no address of another host is written to."""
        self._client, self._pauses = client, pauses
        api = urlsplit(client.base_url)
        self._allowed = {(api.scheme, api.netloc), (api.scheme, f"files.{api.netloc.removeprefix('www.')}")}
        self._opener = urllib.request.build_opener(Stays)

    def send(
        self,
        place: tuple[str, str],
        name: str,
        content: bytes,
        message: Mapping[str, Any],
        marker: str,
        in_time: Callable[[], None],
    ) -> Sent:
        """Show a file in a (channel, thread). `in_time` is asked once more before it is shown."""
        channel, thread_ts = place
        try:
            file_id = self._put(name, content)
            in_time()
            more: dict[str, Any] = {"thread_ts": thread_ts} if thread_ts else {}
            blocks = marked(message["blocks"], marker)

            def show() -> Sent:
                files: list[dict[str, str | None]] = [{"id": file_id, "title": name}]
                self._client.files_completeUploadExternal(
                    files=files, channel_id=channel, blocks=json.dumps(blocks), **more
                )
                return Sent(outcome="done", channel=channel)

            return self._pauses.through(f"file {channel}", show, changes=True)
        except StoppedError as stopped:
            return stopped.sent

    def _put(self, name: str, content: bytes) -> str:
        """The id of the file, its bytes with Slack; StoppedError where they are not, and nothing is shown."""

        def ask() -> tuple[str, str]:
            answer: Any = self._client.files_getUploadURLExternal(filename=name, length=len(content))
            return str(answer["upload_url"]), str(answer["file_id"])

        address, file_id = self._pauses.through("upload address", ask, changes=False)
        place = urlsplit(address)
        if (place.scheme, place.netloc) not in self._allowed:
            raise StoppedError(Sent(outcome="refused", why="upload_address"))
        self._pauses.through("upload bytes", lambda: self._bytes(address, content), changes=False)
        return file_id

    def _bytes(self, address: str, content: bytes) -> None:
        kind = {"Content-Type": "application/octet-stream"}
        request = urllib.request.Request(address, content, kind, method="POST")  # noqa: S310
        try:
            with self._opener.open(request, timeout=_TIMEOUT) as answer:
                answer.read(1000)
        except HTTPError as problem:
            problem.close()
            if 400 <= problem.code < 500 and problem.code not in {408, 429}:
                raise StoppedError(Sent(outcome="refused", why=f"upload_{problem.code}")) from None
            raise


def marked(blocks: Any, marker: str) -> list[dict[str, Any]]:
    """The blocks, the first of them named by the marker."""
    first, *rest = blocks
    return [{**first, "block_id": f"{MARKED}{marker}"}, *rest]


def marker_in(blocks: Any) -> str:
    """The marker that blocks carry, or ""."""
    names = (str(one.get("block_id") or "") for one in blocks or () if isinstance(one, Mapping))
    return next((name.removeprefix(MARKED) for name in names if name.startswith(MARKED)), "")
