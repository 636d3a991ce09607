"""Files of a request, sent to who may see it: in his thread, once, whatever happens on the way."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from approvals.application import Application, Attachment, to_json
from approvals.attachments import safe_name
from flows.access import Reader
from flows.attachments import fetch
from flows.roster import Roster
from sandbox.faults import AFTER, BEFORE
from scoring.errors import DeskError
from storage.files import Files
from tests.flows.office import Office, office, request

PDF = b"%PDF-1.7 a licence %%EOF"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as opened:
        opened.desk = replace(opened.desk, files=Files(tmp_path / "files"))
        yield opened


def file_with(desk: Office, content: bytes = PDF, name: str = "营业执照.pdf") -> tuple[str, str]:
    """A request with one file: (its number, the digest)."""
    assert desk.desk.files is not None
    digest = desk.desk.files.keep(content)
    attached = Attachment(name=name, kind="licence", size=len(content), sha256=digest, type="pdf")
    made = request(1, desk.now())
    with desk.record.begin() as writing:
        writing.file(made, to_json(Application(name="客户1号", attachments=(attached,))), {"policy": "p"})
    return made.request_no, digest


def reader(desk: Office, person_id: str, **more: Any) -> Reader:
    person = next(one for one in desk.desk.people.people if one.id == person_id)
    return Reader(account=person.slack[0], name=person.name, lang="zh-CN", person=person, **more)


def files_in(desk: Office, account: str) -> list[tuple[str, bytes, str | None]]:
    """(title, content, thread) of every file that an account was sent, by the workspace's own state."""
    posted = desk.slack.workspace.messages[desk.dm(account)]
    stored = desk.slack.workspace.files
    return [(stored[one].title, stored[one].content, message.thread_ts) for message in posted for one in message.files]


def test_a_file_comes_into_the_thread_of_the_card_under_a_name_that_is_safe(desk: Office) -> None:
    number, digest = file_with(desk, name="../营业\u202e执照:1.pdf")
    desk.send("card", request(1, desk.now()), audience="wang")
    desk.run()
    fetch(desk.desk, reader(desk, "wang"), number, digest, "e1")
    desk.run()
    (card, *_) = desk.posted(desk.dm("U02WANG"))
    ((title, content, thread),) = files_in(desk, "U02WANG")
    assert (content, thread) == (PDF, card.ts)
    assert title.endswith(".pdf")
    assert not set(title) & set("/\\:\u202e")
    acts = [(one.act, one.person) for one in desk.record.audit_entries()]
    assert acts[-1] == ("file_asked", "wang")


def test_without_a_card_it_is_a_message_of_its_own_and_each_click_sends_it_once(desk: Office) -> None:
    number, digest = file_with(desk)
    fetch(desk.desk, reader(desk, "wang"), number, digest, "e1")
    with pytest.raises(DeskError, match="click_again"):
        fetch(desk.desk, reader(desk, "wang"), number, digest, "e1")
    fetch(desk.desk, reader(desk, "wang"), number, digest, "e2")
    desk.run()
    assert files_in(desk, "U02WANG") == [("营业执照.pdf", PDF, None)] * 2


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"])
@pytest.mark.parametrize("kind", sorted(AFTER | BEFORE - {"403", "stall"}))
def test_whatever_breaks_it_is_there_once(desk: Office, method: str, kind: str) -> None:
    number, digest = file_with(desk)
    desk.send("card", request(1, desk.now()), audience="wang")
    desk.run()
    desk.fail(method, kind, 2)
    fetch(desk.desk, reader(desk, "wang"), number, digest, "e1")
    desk.run()
    assert [content for _, content, _ in files_in(desk, "U02WANG")] == [PDF]


def test_who_may_not_see_the_request_gets_nothing_and_what_is_gone_is_said(desk: Office, tmp_path: Path) -> None:
    number, digest = file_with(desk)
    for who, more in (("smith", {}), ("wang", {"outsider": True})):
        with pytest.raises(DeskError, match="request_unknown"):
            fetch(desk.desk, reader(desk, who, **more), number, digest, "e1")
    with pytest.raises(DeskError, match="attachment_gone"):
        fetch(desk.desk, reader(desk, "wang"), number, "0" * 64, "e2")
    (tmp_path / "files" / digest).unlink()
    with pytest.raises(DeskError, match="attachment_lost"):
        fetch(desk.desk, reader(desk, "wang"), number, digest, "e3")
    assert desk.record.unfinished() == []


def test_who_left_meanwhile_gets_nothing(desk: Office) -> None:
    number, digest = file_with(desk)
    fetch(desk.desk, reader(desk, "wang"), number, digest, "e1")
    people = desk.desk.people
    gone = people.model_copy(update={"people": tuple(one for one in people.people if one.id != "wang")})
    desk.desk = replace(desk.desk, roster=Roster(gone))
    assert desk.one()
    assert [item.why for item in desk.record.parked()] == ["not_his_to_see"]


def test_bytes_that_slack_refuses_for_good_park_the_item(desk: Office) -> None:
    number, digest = file_with(desk)
    desk.fail("upload", "403")
    fetch(desk.desk, reader(desk, "wang"), number, digest, "e1")
    desk.run()
    assert [item.why for item in desk.record.parked()] == ["upload_403"]
    assert files_in(desk, "U02WANG") == []


def test_no_address_of_another_host_is_written_to(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    number, digest = file_with(desk)
    elsewhere = {"upload_url": "https://example.org/up", "file_id": "F1"}
    monkeypatch.setattr(desk.door._client, "files_getUploadURLExternal", lambda **_: elsewhere)  # type: ignore[attr-defined]
    fetch(desk.desk, reader(desk, "wang"), number, digest, "e1")
    desk.run()
    assert [item.why for item in desk.record.parked()] == ["upload_address"]


@pytest.mark.parametrize(
    ("given", "kind", "name"),
    [
        ("执照.pdf", "pdf", "执照.pdf"), ("a.PDF", "pdf", "a.pdf"), ("scan.jpg", "jpeg", "scan.jpg"),
        ("x.exe", "pdf", "x.pdf"), ("...", "png", "licence.png"), ("a/b\\c.pdf", "pdf", "a_b_c.pdf"),
        ("多" * 90 + ".pdf", "pdf", "多" * 60 + ".pdf"), ("", "xlsx", "licence.xlsx"),
    ],
)  # fmt: skip
def test_names_go_out_harmless(given: str, kind: Any, name: str) -> None:
    assert safe_name(Attachment(name=given, kind="licence", size=1, sha256="0" * 64, type=kind)) == name
