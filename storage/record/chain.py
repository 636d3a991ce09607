"""The audit chain: each entry holds the digest of the one before it, and a code that only the key's owner can make.

A chain alone does not notice that its tail was cut off: so its head, the newest entry's number, digest and code, is
also kept outside the database (`storage.record.head_file`).
"""

import hashlib
import hmac
from dataclasses import dataclass

from storage.record.moments import as_json


@dataclass(frozen=True, slots=True)
class Head:
    """How far the chain reaches."""

    count: int
    at: int
    digest: str
    mac: str


NOTHING = Head(0, 0, "", "")
"""Before the first entry."""


def digest_of(seq: int, at: int, request_no: str, act: str, person: str, facts: str, before: str) -> str:
    """The digest of one entry. A JSON list has one reading, so no two entries share their bytes."""
    return hashlib.sha256(as_json([seq, at, request_no, act, person, facts, before]).encode()).hexdigest()


def head_at(key: bytes, count: int, at: int, digest: str) -> Head:
    """The head after an entry, with its code."""
    return Head(count, at, digest, _mac(key, count, at, digest))


def is_ours(key: bytes, head: Head) -> bool:
    """True when somebody who has the key made it."""
    return hmac.compare_digest(head.mac.encode(), _mac(key, head.count, head.at, head.digest).encode())


def _mac(key: bytes, count: int, at: int, digest: str) -> str:
    return hmac.digest(key, f"creditdesk audit {count} {at} {digest}".encode(), "sha256").hex()
