"""Files from Slack: fetched with the token from Slack's own addresses only, never more of one than is allowed."""

import logging
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from approvals.application import FileKind
from approvals.attachments import MOST_BYTES, Fetched, FileError, announced

_log = logging.getLogger("creditdesk.handlers")
SECONDS = 60.0
"""Longest for one file."""
_TIMEOUT = 10
_CHUNK = 1 << 16
Found = dict[FileKind, list[Fetched | FileError]]


class Stays(urllib.request.HTTPRedirectHandler):
    """Follows nothing: the token goes to the address that was checked, and to no other."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """No."""


class Downloads:
    """Fetches what people uploaded into a form."""

    def __init__(self, token: str, api_url: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        """`api_url` is where Slack's API is: files come from the same host, or from its `files.` neighbour."""
        self._token, self._monotonic = token, monotonic
        api = urlsplit(api_url)
        self._allowed = {(api.scheme, api.netloc), (api.scheme, f"files.{api.netloc}")}
        self._pool = ThreadPoolExecutor(6, thread_name_prefix="files")
        self._opener = urllib.request.build_opener(Stays)

    def start(self, uploads: Mapping[FileKind, Sequence[Mapping[str, Any]]]) -> "Batch":
        """Begin to fetch everything at once."""
        return Batch({
            kind: [self._pool.submit(self._fetch, dict(one)) for one in files] for kind, files in uploads.items()
        })  # fmt: skip

    def close(self) -> None:
        """Finish what has begun."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _fetch(self, file: dict[str, Any]) -> Fetched | FileError:
        name = str(file.get("name") or "file")
        try:
            announced(name, int(file.get("size") or 0))
            return Fetched(name, self._content(str(file.get("url_private_download") or file.get("url_private") or "")))
        except FileError as wrong:
            return wrong
        except (OSError, HTTPException, ValueError) as problem:
            _log.warning("file not fetched: %s", type(problem).__name__)
            return FileError("file_not_fetched", name=name[:80])

    def _content(self, url: str) -> bytes:
        """The bytes; a byte more than is allowed ends it, and so does an answer that is slow."""
        place = urlsplit(url)
        if (place.scheme, place.netloc) not in self._allowed:
            raise ValueError("not one of Slack's addresses")
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {self._token}"})  # noqa: S310
        until = self._monotonic() + SECONDS
        parts: list[bytes] = []
        with self._opener.open(request, timeout=_TIMEOUT) as answer:
            # without files:read Slack shows its sign-in page instead of an error
            if answer.headers.get_content_type() == "text/html":
                raise ValueError("a page instead of the file")
            left = MOST_BYTES + 1
            while left > 0 and (chunk := answer.read(min(_CHUNK, left))):
                parts.append(chunk)
                left -= len(chunk)
                if self._monotonic() > until:
                    raise TimeoutError
        return b"".join(parts)


class Batch:
    """The files of one upload, on their way."""

    def __init__(self, futures: Mapping[FileKind, list[Future[Fetched | FileError]]]) -> None:
        """Everything has begun."""
        self._futures = futures

    def within(self, seconds: float | None) -> Found | None:
        """All of them, or None when that takes longer."""
        waiting = wait([one for files in self._futures.values() for one in files], timeout=seconds).not_done
        return None if waiting else {kind: [one.result() for one in files] for kind, files in self._futures.items()}
