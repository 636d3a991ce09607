"""What is done about a debt, through the real Bolt: modals, errors at their questions, replays, the audit chain."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from approvals.dealings import Dealing
from flows.desk import Desk, Latest
from flows.routing import record_of
from storage.baseline import Baseline
from storage.record import open_record
from tests.flows.requests import NOON, Clock, Office
from tests.handlers.slack import Bolt, Slack, bolt

RUIFENG = '{"c":"C0003","v":1}'
NUMBER = "INV-00993"
"""86,500.00 due 6 September, so at the stage of the lawyer's letter."""


@pytest.fixture
def hall(ledger: Desk, tmp_path: Path) -> Office:
    clock = Clock()
    record, view = open_record(tmp_path, "", "a key that is long enough", clock), ledger.latest.view
    assert view is not None
    latest, baseline = Latest(replace(view, synced_at=NOON)), Baseline(tmp_path / "baseline.db")
    return Office(replace(ledger, record=record, clock=clock, latest=latest, baseline=baseline), clock)


@pytest.fixture
def app(hall: Office, workspace: Slack) -> Iterator[Bolt]:
    with bolt(hall.desk, workspace) as running:
        yield running


def kept(hall: Office) -> list[Dealing]:
    return record_of(hall.desk).dealings(["C0003"])


def send(app: Bolt, asked: str, person: str = "U01LIN", metadata: str = RUIFENG, **answers: str) -> dict[str, Any]:
    """A modal that was filled in; what the acknowledgement says."""
    values = {
        name: {name: {"selected_date": text} if name in {"day", "until"}
               else {"selected_option": {"value": text}} if name in {"letter", "way", "invoice", "owner"}
               else {"value": text}}
        for name, text in answers.items()
    }  # fmt: skip
    view = {
        "id": "V1", "hash": json.dumps(answers), "type": "modal", "callback_id": f"collect.{asked}", "private_metadata": metadata,
        "blocks": [{"type": "input", "block_id": "letter"}], "state": {"values": values},
    }  # fmt: skip
    answer = app.send({"type": "view_submission", "user": {"id": person}, "view": view})
    assert answer.status == 200
    found: dict[str, Any] = json.loads(str(answer.body))
    return found


def said(answer: object) -> str:
    return json.dumps(answer, ensure_ascii=False)


def buttons(app: Bolt, person: str = "U01LIN") -> dict[str, str]:
    card = app.command(person, "collect C0003")
    found = [one for block in card["blocks"] if block["type"] == "actions" for one in block["elements"]]
    return {one["action_id"]: one["value"] for one in found}


@pytest.mark.parametrize("asked", ["sent", "promise", "dispute"])
def test_each_button_opens_its_modal(app: Bolt, asked: str) -> None:
    app.click("U01LIN", f"collect.open.{asked}", buttons(app)[f"collect.open.{asked}"])
    view = app.slack.wait("views.open")["view"]
    view = json.loads(view) if isinstance(view, str) else view
    assert (view["callback_id"], view["private_metadata"]) == (f"collect.{asked}", RUIFENG)


def test_proof_of_a_letter_is_kept_with_its_audit_entry_and_begins_the_limitation_anew(app: Bolt, hall: Office) -> None:
    assert "还没有记录证明已发出：律师函" in said(app.command("U01LIN", "collect C0003"))
    answer = send(app, "sent", letter="lawyer", day="2026-11-19", way="express", reference="SF<1>23")
    assert answer["response_action"] == "update"
    assert "SF&lt;1&gt;23" in said(answer)
    (one,) = kept(hall)
    assert (one.dealing_id, one.kind, one.letter, one.way, one.invoices, one.person) == (
        "CL-2026-000001", "sent", "lawyer", "express", (NUMBER,), "lin",
    )  # fmt: skip
    card = said(app.command("U01LIN", "collect C0003"))
    assert "还没有记录证明" not in card
    assert "个工作日没有任何记录" not in card
    entry = record_of(hall.desk).audit_head()
    assert entry is not None
    assert (entry.request_no, entry.act, entry.person) == (one.dealing_id, "collect_sent", "lin")
    assert "SF" not in entry.facts
    assert record_of(hall.desk).verify_audit() == []


def test_the_same_submission_twice_is_recorded_once(app: Bolt, hall: Office) -> None:
    for _ in range(2):
        send(app, "sent", letter="acknowledged", day="2026-11-20", way="hand")
    assert [one.kind for one in kept(hall)] == ["acknowledged"]


def test_a_promise_is_kept_in_the_record_and_judged_by_the_money(app: Bolt, hall: Office) -> None:
    answer = send(app, "promise", until="2026-11-25", amount="5万", invoice=NUMBER, reference="财务老李，电话")
    assert "承诺 11月25日付 5.0 万：未到期" in said(answer)
    (one,) = kept(hall)
    assert (one.kind, one.amount, one.until and one.until.isoformat()) == ("promise", 50000, "2026-11-25")


def test_a_dispute_leaves_dunning_until_it_is_settled(app: Bolt, hall: Office) -> None:
    answer = send(app, "dispute", invoice=NUMBER, day="2026-11-20", owner="lin", reason="短装")
    assert "林晓梅 在 12月5日前处理" in said(answer)
    card = app.command("U01LIN", "collect C0003")
    assert "律师函" not in card["text"]
    found = buttons(app)
    assert found["collect.settle.0"] == '{"c":"CL-2026-000001","v":1}'
    app.click("U01LIN", "collect.settle.0", found["collect.settle.0"])
    assert "的争议已于 11月20日解决" in said(app.slack.wait("reply"))
    assert "律师函" in app.command("U01LIN", "collect C0003")["text"]
    app.click("U01LIN", "collect.settle.0", found["collect.settle.0"], container={"message_ts": "2"})
    assert "已经解决" in said(app.slack.wait("reply", 2))
    assert [entry.act for entry in record_of(hall.desk).audit_entries()][-2:] == ["collect_dispute", "collect_settled"]


@pytest.mark.parametrize(
    ("asked", "answers", "field"),
    [
        ("sent", {"letter": "lawyer", "day": "2026-11-21", "way": "post"}, "day"),
        ("sent", {"letter": "nonsense", "day": "2026-11-20", "way": "post"}, "letter"),
        ("sent", {"letter": "lawyer", "day": "2026-09-06", "way": "post"}, "letter"),
        ("sent", {"letter": "lawyer", "day": "yesterday", "way": "post"}, "day"),
        ("promise", {"until": "2026-11-19", "amount": "1"}, "until"),
        ("promise", {"until": "2026-11-25", "amount": "plenty"}, "amount"),
        ("promise", {"until": "2026-11-25", "amount": "0"}, "amount"),
        ("dispute", {"invoice": "INV-1", "owner": "lin", "reason": "x"}, "invoice"),
        ("dispute", {"invoice": NUMBER, "owner": "smith", "reason": "x"}, "owner"),
    ],
)
def test_what_is_wrong_stands_at_its_question_and_nothing_is_kept(
    app: Bolt, hall: Office, asked: str, answers: dict[str, str], field: str
) -> None:
    answer = send(app, asked, **answers)
    assert (answer["response_action"], list(answer["errors"])) == ("errors", [field])
    assert answer["errors"][field]
    assert kept(hall) == []


@pytest.mark.parametrize(
    ("person", "metadata"), [("U03SMITH", RUIFENG), ("U20NEW", RUIFENG), ("U11GUEST", RUIFENG), ("U01LIN", "zzz")]
)
def test_nobody_records_where_he_may_not_look(app: Bolt, hall: Office, person: str, metadata: str) -> None:
    answer = send(app, "sent", person, metadata, letter="lawyer", day="2026-11-20", way="post")
    assert answer["response_action"] == "update"
    assert "C0003" not in said(answer)
    app.click(person, "collect.open.sent", '{"c":"nobody","v":1}')
    assert app.slack.wait("reply")["text"]
    assert app.slack.named("views.open") == []
    assert kept(hall) == []


def test_a_forged_end_is_refused(app: Bolt, hall: Office) -> None:
    send(app, "dispute", invoice=NUMBER, day="2026-11-20", owner="lin", reason="短装")
    for value in ('{"c":"CL-2026-000001","v":1}', '{"c":"CL-9","v":1}'):
        app.click("U03SMITH", "collect.settle.0", value)
    assert app.slack.wait("reply", 2)["text"]
    assert [one.ended_on for one in kept(hall)] == [None]


def test_whoever_lets_a_debt_lie_is_named_until_something_is_recorded(app: Bolt) -> None:
    before = said(app.command("U01LIN", "催收"))
    assert "林晓梅  ·  *苏州瑞丰机电有限公司*（C0003）" in before
    assert "逾期 75 天，律师函" in before
    app.click("U01LIN", "collect.show.0", RUIFENG)
    assert "律师函" in app.slack.wait("reply")["text"]
    send(app, "promise", until="2026-11-25", amount="5万")
    assert "C0003" not in said(app.command("U01LIN", "催收"))
    assert "C0003" not in said(app.command("U03SMITH", "collect"))
