"""Files are told by their content: what is taken, and what is refused whatever it is called."""

import io
import struct
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.attachments import FILE_CODES, MOST_BYTES, Fetched, FileError, announced, checked

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20 + b"\0\0\0\0IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 40 + b"\xff\xd9"


def office(main: str = "xl/workbook.xml", parts: Mapping[str, bytes] = MappingProxyType({})) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(main, "<x/>")
        for name, content in parts.items():
            archive.writestr(name, content)
    return body.getvalue()


def lying() -> bytes:
    """A workbook whose directory says that a huge part is small."""
    whole = bytearray(office(parts={"big": b"\0" * 5_000_000}))
    entry = next(
        at for at in range(len(whole)) if whole[at : at + 4] == b"PK\x01\x02" and whole[at + 46 : at + 49] == b"big"
    )
    whole[entry + 24 : entry + 28] = struct.pack("<I", 10)
    return bytes(whole)


def packed(method: int) -> bytes:
    """A workbook packed in a way that no Office program uses, its content spoilt."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", method) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>" * 50)
        archive.writestr("xl/workbook.xml", "<x/>" * 50)
    whole = bytearray(body.getvalue())
    start = whole.index(b"[Content_Types].xml") + len("[Content_Types].xml")
    whole[start + 9 : start + 40] = b"\xff" * 31
    return bytes(whole)


def many() -> bytes:
    return office(parts={f"part{number}": b"x" for number in range(2_100)})


@pytest.mark.parametrize(("name", "content", "kind"), [
    ("licence.pdf", PDF, "pdf"), ("照片.PNG", PNG, "png"), ("scan.jpg", JPEG, "jpeg"), ("scan.jpeg", JPEG, "jpeg"),
    ("报表.xlsx", office(), "xlsx"), ("合同.docx", office("word/document.xml"), "docx"),
])  # fmt: skip
def test_files_of_the_five_kinds_are_taken(name: str, content: bytes, kind: str) -> None:
    taken = checked(Fetched(name, content), "other")
    assert (taken.type, taken.name, taken.size, taken.kind) == (kind, name, len(content), "other")


def faulty() -> Iterator[tuple[str, bytes, str]]:
    yield "empty.pdf", b"", "file_empty"
    yield "lzma.xlsx", packed(zipfile.ZIP_LZMA), "file_damaged"
    yield "bzip2.xlsx", packed(zipfile.ZIP_BZIP2), "file_damaged"
    yield "licence.pdf", PNG, "file_mismatch"
    yield "licence.pdf", b"MZ\x90\0 not a pdf", "file_type"
    yield "licence.exe", PDF, "file_type"
    yield "licence", PDF, "file_type"
    yield "page.pdf", b"<html><script>alert(1)</script></html>", "file_type"
    yield "cut.pdf", PDF[:-8], "file_damaged"
    yield "cut.png", PNG[:-12], "file_damaged"
    yield "cut.xlsx", office()[:-30], "file_damaged"
    yield "old.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "file_locked"
    yield "macros.xlsx", office(parts={"xl/vbaProject.bin": b"x"}), "file_macros"
    yield "archive.xlsx", office("readme.txt"), "file_type"
    yield "table.docx", office(), "file_mismatch"
    yield "bomb.xlsx", office(parts={"big": b"\0" * 60_000_000}), "file_bomb"
    yield "parts.xlsx", many(), "file_bomb"
    yield "lies.xlsx", lying(), "file_damaged"
    yield "large.pdf", PDF + b"\0" * MOST_BYTES, "file_too_large"


@pytest.mark.parametrize(("name", "content", "code"), [pytest.param(*one, id=one[0]) for one in faulty()])
def test_anything_else_is_refused_with_its_code(name: str, content: bytes, code: str) -> None:
    with pytest.raises(FileError) as refused:
        checked(Fetched(name, content), "licence")
    assert refused.value.code == code
    assert code in FILE_CODES


def test_what_is_announced_is_refused_before_it_is_fetched() -> None:
    announced("a.pdf", 10)
    for name, size, code in (
        ("a.pdf", MOST_BYTES + 1, "file_too_large"),
        ("a.pdf", 0, "file_empty"),
        ("a.zip", 5, "file_type"),
    ):
        with pytest.raises(FileError) as refused:
            announced(name, size)
        assert refused.value.code == code


def test_names_are_shown_without_what_hides_in_them() -> None:
    assert checked(Fetched("\u202efdp.exe\u202c 执照\x07.pdf", PDF), "licence").name == "fdp.exe 执照.pdf"
    assert (
        "/" in checked(Fetched("../../etc/passwd.pdf", PDF), "licence").name
    )  # shown only: it is kept under its digest


@given(st.binary(max_size=300), st.sampled_from(["a.pdf", "a.xlsx", "a.docx", "a.png"]))
def test_whatever_comes_is_taken_or_refused(content: bytes, name: str) -> None:
    try:
        checked(Fetched(name, content), "other")
    except FileError as refused:
        assert refused.code in FILE_CODES


@given(st.integers(0, 300), st.integers(0, 255))
def test_a_spoilt_workbook_is_taken_or_refused(place: int, byte: int) -> None:
    content = bytearray(office())
    content[place % len(content)] = byte
    try:
        checked(Fetched("a.xlsx", bytes(content)), "other")
    except FileError as refused:
        assert refused.code in FILE_CODES


def test_the_store_keeps_a_file_once_for_its_owner_alone(tmp_path: Path) -> None:
    from storage.files import Files, FilesError

    files = Files(tmp_path / "files")
    digest = files.keep(PDF)
    assert files.keep(PDF) == digest
    kept = tmp_path / "files" / digest
    assert [one.name for one in (tmp_path / "files").iterdir()] == [digest]
    assert oct(kept.stat().st_mode & 0o777) == "0o600"
    assert files.read(digest) == PDF
    kept.chmod(0o600)
    kept.write_bytes(b"other")
    assert files.read(digest) is None
    assert files.read("0" * 64) is None
    with pytest.raises(FilesError):
        files.read("../../etc/passwd")
