"""Files of the form: fetched from Slack's own addresses with the token, looked at, kept or refused at their fields."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flows.desk import Desk
from handlers.downloads import Downloads
from storage.files import Files
from storage.record import open_record
from tests.approvals.test_attachments import PDF, PNG, office
from tests.flows.requests import WHOLE, Clock
from tests.handlers.forms import FormHand
from tests.handlers.slack import Bolt, Slack, bolt


@pytest.fixture
def desk(ledger: Desk, tmp_path: Path) -> Desk:
    record = open_record(tmp_path, "", "a key that is long enough", Clock())
    return replace(ledger, record=record, files=Files(tmp_path / "files"))


@pytest.fixture
def app(desk: Desk, workspace: Slack) -> Iterator[Bolt]:
    with bolt(desk, workspace) as running:
        yield running


@pytest.fixture
def lin(app: Bolt) -> FormHand:
    """At the files step."""
    return FormHand(app, "U01LIN").open().submit(WHOLE).press("jump", "files")


def upload(slack: Slack, name: str, content: bytes, *, size: int | None = None, url: str = "") -> dict[str, Any]:
    """A file as Slack describes it, there to be fetched."""
    slack.files[f"/files/{name}"] = content
    return {
        "id": "F1",
        "name": name,
        "size": len(content) if size is None else size,
        "url_private": url or f"{slack.url}files/{name}",
    }


def attached(desk: Desk) -> list[dict[str, Any]]:
    assert desk.record is not None
    return list(desk.record.drafts("lin")[0].form["attachments"])


def test_good_files_are_kept_under_their_digest_and_listed(lin: FormHand, desk: Desk, tmp_path: Path) -> None:
    slack = lin.app.slack
    lin.submit(
        {"files.licence": [upload(slack, "licence.pdf", PDF)], "files.statements": [upload(slack, "r.xlsx", office())]}
    )
    assert (lin.step, lin.errors) == ("review", {})
    assert [(one["kind"], one["type"]) for one in attached(desk)] == [("licence", "pdf"), ("statements", "xlsx")]
    assert {one.name for one in (tmp_path / "files").iterdir()} == {one["sha256"] for one in attached(desk)}
    assert slack.tokens == ["Bearer xoxb-test"] * 2
    assert "licence.pdf" in lin.said


def test_a_new_upload_takes_the_place_of_the_old_one_of_its_kind(lin: FormHand, desk: Desk) -> None:
    slack = lin.app.slack
    lin.submit(
        {"files.licence": [upload(slack, "old.pdf", PDF)], "files.contract": [upload(slack, "c.pdf", PDF + b"\n%%EOF")]}
    )
    lin.press("jump", "files").submit({"files.licence": [upload(slack, "new.png", PNG)]})
    assert sorted(one["name"] for one in attached(desk)) == ["c.pdf", "new.png"]


@pytest.mark.parametrize(("name", "content", "size", "said"), [
    ("licence.pdf", PNG, None, "名不副实"), ("bomb.xlsx", office(parts={"big": b"\0" * 60_000_000}), None, "大得不像文档"),
    ("large.pdf", b"", 30_000_000, "20 MB"), ("tool.exe", b"MZ", None, "不是 PDF"), ("empty.pdf", b"", None, "空的"),
])  # fmt: skip
def test_a_file_that_is_not_what_it_says_stands_at_its_field(
    lin: FormHand, desk: Desk, name: str, content: bytes, size: int | None, said: str
) -> None:
    lin.submit({"files.other": [upload(lin.app.slack, name, content, size=size)]})
    assert said in lin.errors["files.other"]
    assert attached(desk) == []


def test_the_token_goes_to_slacks_own_addresses_only(lin: FormHand, workspace: Slack) -> None:
    elsewhere = upload(workspace, "a.pdf", PDF, url="http://127.0.0.1:9/files/a.pdf")
    moved = upload(workspace, "b.pdf", PDF, url=f"{workspace.url}moved/b.pdf")
    lin.submit({"files.licence": [elsewhere], "files.contract": [moved]})
    assert "没能从 Slack 取到" in lin.errors["files.licence"]
    assert "没能从 Slack 取到" in lin.errors["files.contract"]
    assert len(workspace.tokens) == 1


def test_a_sign_in_page_is_no_file(lin: FormHand, workspace: Slack) -> None:
    missing = upload(workspace, "a.pdf", PDF)
    workspace.files.clear()
    lin.submit({"files.licence": [missing]})
    assert "没能从 Slack 取到" in lin.errors["files.licence"]


@pytest.mark.parametrize(("content", "step"), [(PDF, "review"), (PNG, "files")])
def test_slow_files_are_waited_for_in_view_of_their_owner(
    lin: FormHand, desk: Desk, monkeypatch: pytest.MonkeyPatch, content: bytes, step: str
) -> None:
    monkeypatch.setattr("handlers.application._WAIT", 0.0)
    lin.app.slack.gate.clear()
    count = len(lin.app.slack.named("views.update"))
    lin.submit({"files.licence": [upload(lin.app.slack, "licence.pdf", content)]})
    assert lin.step == "fetching"
    lin.app.slack.gate.set()
    lin.show(lin.app.slack.wait("views.update", count + 1)["view"])
    assert lin.step == step
    assert len(attached(desk)) == (step == "review")
    assert ("名不副实" in lin.said) == (step == "files")


def test_a_file_that_never_ends_is_given_up(workspace: Slack) -> None:
    """Content beyond the limit is not read, whatever was announced."""
    downloads = Downloads("xoxb-test", workspace.url)
    found = downloads.start({"other": [upload(workspace, "a.pdf", PDF + b"\0" * 20_000_001, size=10)]}).within(20)
    downloads.close()
    assert found is not None
    (one,) = found["other"]
    assert len(getattr(one, "content", b"")) == 20_000_001
