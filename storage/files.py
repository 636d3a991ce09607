"""Files that came with requests, kept under the digest of their content and readable by the desk's account alone."""

import hashlib
import os
import secrets
from pathlib import Path

from scoring.errors import DeskError


class FilesError(DeskError):
    """A file could not be kept: the disk is full, or the folder is not to be written."""


class Files:
    """One folder. A file is whole or not there, and the same content is kept once."""

    def __init__(self, folder: Path) -> None:
        """The folder is made with the first file."""
        self._folder = folder

    def keep(self, content: bytes) -> str:
        """Keep these bytes, on the disk when this returns; the digest under which they are found."""
        digest = hashlib.sha256(content).hexdigest()
        try:
            if self._path(digest).exists():
                return digest
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._write(self._path(digest), content)
        except OSError as problem:
            raise FilesError("files_unwritable", why=problem.strerror or "") from None
        return digest

    def read(self, digest: str) -> bytes | None:
        """The bytes of a digest; None when they are not there, or no longer what they were."""
        try:
            content = self._path(digest).read_bytes()
        except OSError:
            return None
        return content if hashlib.sha256(content).hexdigest() == digest else None

    def _path(self, digest: str) -> Path:
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise FilesError("files_unwritable", why="digest")
        return self._folder / digest

    def _write(self, path: Path, content: bytes) -> None:
        draft = path.with_name(f".{secrets.token_hex(8)}")
        handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with os.fdopen(handle, "wb") as opened:
                opened.write(content)
                opened.flush()
                os.fsync(opened.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
