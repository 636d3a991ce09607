"""The audit chain: each entry holds the digest of the one before it, and a keyed head says how many there are.

Digests alone would not notice a cut tail or a chain that somebody made anew; the head's code needs the key, which is
not in the database, and a copy of the head stands outside it (`storage.record.head_file`).
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


def digest_of(seq: int, at: int, request_no: str, act: str, person: str, facts: str, before: str) -> str:
    """The digest of one entry. A JSON list has one reading, so no two entries share their bytes."""
    return hashlib.sha256(as_json([seq, at, request_no, act, person, facts, before]).encode()).hexdigest()


def head_of(key: bytes, count: int, at: int, digest: str) -> Head:
    """A head with its code."""
    return Head(count, at, digest, _mac(key, count, at, digest))


def is_ours(key: bytes, head: Head) -> bool:
    """True when somebody who has the key made it."""
    return hmac.compare_digest(head.mac, _mac(key, head.count, head.at, head.digest))


def _mac(key: bytes, count: int, at: int, digest: str) -> str:
    return hmac.digest(key, f"creditdesk audit head {count} {at} {digest}".encode(), "sha256").hex()
