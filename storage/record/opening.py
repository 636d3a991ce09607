"""The record of a state folder: where it is, and the key of its audit chain."""

import os
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from storage.record.errors import RecordError
from storage.record.record import Record

KEY_FILE, HEAD_FILE = "audit.key", "audit.head"
SHORTEST_KEY = 16


def open_record(home: Path, url: str, key: str, clock: Callable[[], datetime]) -> Record:
    """The record of `url` ("" = `record.db` in the state folder), its chain keyed with `key` ("" = the folder's own).

    A key of the folder's own is made with the first record, readable by the desk's account alone.
    """
    return Record(
        url or f"sqlite:///{home / 'record.db'}", audit_key(home, key), clock, head_file=home / HEAD_FILE
    )  # fmt: skip


def audit_key(home: Path, key: str) -> bytes:
    """The key as configured, else the one kept in the state folder, else a new one kept there from now on."""
    if key:
        if len(key) < SHORTEST_KEY:
            raise RecordError("audit_key_short", found=len(key), bound=SHORTEST_KEY)
        return key.encode()
    path = home / KEY_FILE
    try:
        return _kept(path)
    except FileNotFoundError:
        pass
    if (home / HEAD_FILE).exists():  # a new key would make every entry so far look forged
        raise RecordError("audit_key_missing", where=str(path))
    _make(path)
    return _kept(path)


def _kept(path: Path) -> bytes:
    kept = path.read_text(encoding="ascii").strip()
    if len(kept) < SHORTEST_KEY:
        raise RecordError("audit_key_short", found=len(kept), bound=SHORTEST_KEY)
    return kept.encode()


def _make(path: Path) -> None:
    """Whole or not at all, and never over one that another process has just made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    try:
        os.write(handle, secrets.token_hex(32).encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
