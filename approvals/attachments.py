"""Files that come with an application: what they are is told by their content, never by their name. Pure."""

import hashlib
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

from approvals.application import Attachment, FileKind
from scoring.errors import DeskError
from scoring.names import tidy

FileType = Literal["pdf", "png", "jpeg", "xlsx", "docx"]
MOST_BYTES, MOST_UNPACKED, MOST_PARTS = 20_000_000, 200_000_000, 2_000
"""Of one file: as it came; of an Office file unpacked, and in how many parts."""
ENDINGS: Mapping[str, FileType] = {
    "pdf": "pdf", "png": "png", "jpg": "jpeg", "jpeg": "jpeg", "xlsx": "xlsx", "docx": "docx",
}  # fmt: skip
FILE_CODES = (
    "file_empty", "file_too_large", "file_type", "file_mismatch", "file_bomb", "file_damaged", "file_locked",
    "file_macros", "file_not_fetched",
)  # fmt: skip
_STARTS: tuple[tuple[bytes, FileType], ...] = (
    (b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"),
)  # fmt: skip
_MAIN: Mapping[str, FileType] = {"xl/workbook.xml": "xlsx", "word/document.xml": "docx"}
_ENDS_LATE = {"pdf": (b"%%EOF", 2048), "png": (b"IEND", 64), "jpeg": (b"\xff\xd9", 4096)}
_PACKED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""How Office packs; other ways can ask for gigabytes before the first byte, and fail in ways of their own."""
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NEVER = frozenset('/\\:*?"<>|')
_RATIO = 300
"""A part that unpacks to more than so many times its size holds nothing that an accountant wrote."""


class FileError(DeskError):
    """A file that is not taken; `code` is one of FILE_CODES, fact `name` says which."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file as it was fetched: its name as a person gave it, and its bytes."""

    name: str
    content: bytes


def announced(name: str, size: int) -> None:
    """What can be said before a file is fetched: FileError when its name or size already rules it out."""
    shown = tidy(name)[:80]
    if size > MOST_BYTES:
        raise FileError("file_too_large", name=shown, most=MOST_BYTES // 1_000_000)
    if size == 0:
        raise FileError("file_empty", name=shown)
    if _ending(name) not in ENDINGS:
        raise FileError("file_type", name=shown)


def checked(fetched: Fetched, kind: FileKind) -> Attachment:
    """The attachment of a fetched file, or FileError."""
    content, shown = fetched.content, tidy(fetched.name)[:80]
    announced(fetched.name, len(content))
    found = _type_of(content, shown)
    if ENDINGS[_ending(fetched.name)] != found:
        raise FileError("file_mismatch", name=shown, found=found)
    digest = hashlib.sha256(content).hexdigest()
    return Attachment(name=shown, kind=kind, size=len(content), sha256=digest, type=found)


def safe_name(attachment: Attachment) -> str:
    """The name that a file goes out under: what no system takes for a path or a mark, and the ending of its content."""
    stem, _, ending = attachment.name.rpartition(".")
    plain = "".join("_" if char in _NEVER or unicodedata.category(char)[0] == "C" else char for char in stem)
    plain = tidy(plain).strip(". ")[:60] or attachment.kind
    right = ending.lower() if ENDINGS.get(ending.lower()) == attachment.type else attachment.type
    return f"{plain}.{right}"


def _ending(name: str) -> str:
    return name.rpartition(".")[2].strip().lower()


def _type_of(content: bytes, shown: str) -> FileType:
    for start, kind in _STARTS:
        if content.startswith(start):
            mark, within = _ENDS_LATE[kind]
            if mark not in content[-within:]:
                raise FileError("file_damaged", name=shown)
            return kind
    if content.startswith(_OLD_OFFICE):  # also how Office wraps a file that opens with a password
        raise FileError("file_locked", name=shown)
    if content.startswith(b"PK\x03\x04"):
        return _office(content, shown)
    raise FileError("file_type", name=shown)


def _office(content: bytes, shown: str) -> FileType:
    """A zip that is a workbook or a document, of a size that can be opened; nothing of it is unpacked to disk."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise FileError("file_bomb", name=shown)
            if any(part.file_size > 1_000_000 and part.file_size > _RATIO * part.compress_size for part in parts):
                raise FileError("file_bomb", name=shown)
            if any(part.compress_type not in _PACKED for part in parts):
                raise FileError("file_damaged", name=shown)
            if any(part.flag_bits & 1 for part in parts):
                raise FileError("file_locked", name=shown)
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise FileError("file_macros", name=shown)
            found = next((kind for main, kind in _MAIN.items() if main in names), None)
            if found is None or "[Content_Types].xml" not in names:
                raise FileError("file_type", name=shown)
            _whole(archive, parts, shown)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, OSError):
        raise FileError("file_damaged", name=shown) from None
    return found


def _whole(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], shown: str) -> None:
    """Every part unpacks to what it says, and to no more: a directory may lie about sizes."""
    left = MOST_UNPACKED
    for part in parts:
        with archive.open(part) as opened:
            while chunk := opened.read(1 << 20):
                left -= len(chunk)
                if left < 0:
                    raise FileError("file_bomb", name=shown)
