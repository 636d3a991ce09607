"""Through the real Bolt: completing the file, adjusting the score, asking again, and having a file sent."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from approvals.application import Attachment
from flows.routing import record_of
from storage.files import Files
from tests.flows.requests import Office
from tests.handlers.forms import FormHand
from tests.handlers.slack import Bolt, bolt
from tests.handlers.test_approval import app, card, click, hall, idle, modal, value

__all__ = ["app", "hall"]


def form(app: Bolt, hall: Office, who: str, number: str, action: str, audience: str = "") -> FormHand:
    """The application form behind a button of a card, at its last step."""
    count = len(app.slack.named("views.open"))
    click(app, hall, who, number, action, value(hall, number, audience or who, action))
    return FormHand(app, hall.reader(who).account).show(app.slack.wait("views.open", count + 1)["view"])


def to_review(hand: FormHand, values: dict[str, Any] | None = None) -> None:
    """Every step to the last one, as it stands."""
    for _ in range(12):
        if hand.step == "review":
            return
        hand.submit(values or {})
        assert hand.errors == {}, hand.step
    raise AssertionError(hand.step)


def said(hall: Office, number: str, audience: str, lang: str = "zh-CN") -> str:
    return str(card(hall, number, audience, lang))


def test_the_administrator_completes_by_the_form_and_the_sales_manager_sees_it(app: Bolt, hall: Office) -> None:
    number = hall.filed().request_no
    hand = form(app, hall, "xu", number, "complete")
    assert number in hand.said
    to_review(hand)
    hand.press("jump", "company").submit({"registered_capital": "9000万", "paid_in_capital": "8000万"})
    to_review(hand)
    assert "核实" in hand.said
    hand.submit()
    assert hand.errors == {}
    assert number in hand.said
    request = hall.now(number)
    assert (request.round, request.at, request.signatures[-1].act) == (2, (1,), "vouch")
    assert "8,000 万" in said(hall, number, "wang")
    assert "80,000,000" in said(hall, number, "wang", "en")


def test_what_was_asked_for_is_refused_at_its_field(app: Bolt, hall: Office) -> None:
    number = hall.filed().request_no
    hand = form(app, hall, "xu", number, "complete")
    to_review(hand, {"asked_limit": "50万"})
    hand.submit()
    assert "申请人" in hand.errors["reason"]
    assert hall.now(number).round == 1


def test_risk_adjusts_in_a_modal_with_errors_at_its_questions(app: Bolt, hall: Office) -> None:
    number = hall.filed().request_no
    hall.does("xu", number, "vouch")
    hall.does("wang", number, "recommend")
    hand = modal(app, hall, "ma", number, "adjust")
    for points, where in (("about 3", "points"), ("1e1", "points"), ("9", "points"), ("0", "points")):
        hand.submit({"points": points, "reason": "新控股股东实力强", "until": "2027-01-31"})
        assert set(hand.errors) == {where}
        assert "¥" not in str(hand.errors)
        assert hall.now(number).round == 1
    hand.submit({"points": "＋３", "until": "2030-01-31"})
    assert set(hand.errors) == {"until"}
    hand.submit({"until": "2027-01-31"})
    assert hand.errors == {}
    assert (hall.now(number).round, hall.now(number).at) == (2, (0,))
    assert "新控股股东实力强" in said(hall, number, "xu")


@pytest.mark.parametrize("who", ["xu", "wang"])
def test_a_forged_adjustment_is_answered_in_words(app: Bolt, hall: Office, who: str) -> None:
    number = hall.filed().request_no
    version = hall.now(number).version
    click(app, hall, who, number, "more", f'{{"r":"{number}","v":{version},"a":"adjust"}}')
    assert app.slack.named("views.open") == []
    assert "风控部" in str(app.slack.named("reply")[-1])


def test_a_refusal_is_asked_again_by_its_button(app: Bolt, hall: Office) -> None:
    number = hall.filed().request_no
    hall.does("xu", number, "vouch")
    hall.does("wang", number, "reject", reason="偿付能力不足")
    hall.clock.forward(seconds=61)
    hand = form(app, hall, "lin", number, "reopen", "applicant")
    assert number in hand.said
    to_review(hand)
    hand.submit()
    assert number in hand.errors["reason"]
    hand.press("jump", "company").submit({"registered_capital": "9000万", "paid_in_capital": "8000万"})
    to_review(hand)
    hand.submit()
    assert hand.errors == {}
    assert "偿付能力不足" in said(hall, "CR-2026-0002", "xu")


def test_a_file_is_on_its_way_and_what_is_not_there_is_said(app: Bolt, hall: Office, tmp_path: Path) -> None:
    number = hall.filed().request_no
    record = record_of(hall.desk)
    kept = record.request(number)
    assert kept is not None
    files = Files(tmp_path / "files")
    attached = Attachment(name="执照.pdf", kind="licence", size=3, sha256=files.keep(b"pdf"), type="pdf")
    after = replace(kept.request, version=2, round=2)
    with record.begin() as writing:
        form_now: dict[str, Any] = {**kept.form, "attachments": [attached.model_dump(mode="json")]}
        assert writing.save(after, expected_version=1, evidence=kept.evidence, form=form_now)
    carried = f'{{"r":"{number}","v":2,"f":"{attached.sha256}"}}'
    click(app, hall, "xu", number, "fetch", carried)
    assert "folder" in str(app.slack.named("reply")[-1]) or "文件夹" in str(app.slack.named("reply")[-1])
    with bolt(replace(hall.desk, files=files), app.slack) as again:
        click(again, hall, "xu", number, "fetch", carried)
        idle(again)
        assert "执照.pdf" in str(app.slack.named("reply")[-1])
        click(again, hall, "smith", number, "fetch", carried)
        assert number in str(app.slack.named("reply")[-1])
    waiting = [(item.kind, item.payload["person"]) for item in record.unfinished() if item.kind == "file"]
    assert waiting == [("file", "xu")]
