"""`collect NAME`: found like anybody, seen like anybody; the figures, and both languages of the card."""

from typing import Any

import pytest

from flows.access import Reader
from flows.asking import ask_json, reader_for
from flows.desk import Desk
from flows.lookup import Outcome, collected, look_up
from tests.flows.small import Open
from tests.texts.plain import lines_of

INVOICES = """invoice_no,customer_id,issued_on,due_on,amount,disputed,disputed_amount,disputed_on
I1,A,2026-09-01,2026-10-20,10000,,,
I2,A,2026-10-01,2026-11-15,500,yes,200,2026-11-16
I3,A,2026-11-01,2026-12-31,700,,,
I4,B,2023-11-01,2023-12-20,100,,,
"""
CONTRACTS = "contract_no,customer_id,signed_on,expires_on,late_interest_pct\nK1,A,2026-01-01,2026-09-30,0.1\n"
PROMISES = "promise_id,customer_id,invoice_no,made_on,promised_on,amount,outcome\nP1,A,,2026-11-01,2026-11-10,100,\n"
PAYMENTS = (
    "receipt_no,customer_id,received_on,amount,invoice_no,bounced\n"
    "R1,A,2026-11-09,60,,no\nR2,A,2026-11-10,9000,I1,yes\n"
)


@pytest.fixture
def desk(ledger: Open) -> Desk:
    return ledger(invoices=INVOICES, contracts=CONTRACTS, promises=PROMISES, payments=PAYMENTS)


def asked(desk: Desk, text: str, lang: str = "en") -> Outcome:
    return look_up(desk, reader_for(desk, None, lang), text)


def figures(desk: Desk, text: str) -> dict[str, Any]:
    return ask_json(asked(desk, text))


def test_the_figures_of_a_customer(desk: Desk) -> None:
    found = figures(desk, "collect 甲公司")
    assert {name: found[name] for name in ("customer_id", "stage", "days", "overdue", "interest", "disputed")} == {
        "customer_id": "A", "stage": 4, "days": 31, "overdue": "10300.00", "interest": "310.75", "disputed": "200.00",
    }  # fmt: skip
    assert [(one["invoice_no"], one["stage"], one["interest"], one["contract_no"]) for one in found["invoices"]] == [
        ("I1", 4, "310.00", "K1"), ("I2", 1, "0.75", None), ("I3", None, "0.00", None),
    ]  # fmt: skip
    assert found["promises"] == {"kept": 0, "partly": 1, "broken": 0, "open": 0, "kept_pct": 0.0}
    assert (found["holds"], found["unapplied"], found["next_on"]) == (True, "60.00", "2026-12-19")
    assert [one["receipt_no"] for one in found["bounced"]] == ["R2"]


def test_the_limitation_period_is_watched(desk: Desk) -> None:
    found = figures(desk, "催收 B")
    assert [one["limitation_expires_on"] for one in found["invoices"]] == ["2026-12-20"]
    assert [one["limitation_warned"] for one in found["invoices"]] == [30]


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
def test_the_card_says_stage_what_to_do_and_what_runs_out(desk: Desk, lang: str) -> None:
    card = asked(desk, "collect A", lang).message
    said = "\n".join(lines_of(card["blocks"]))
    wanted = {
        "en": ["Stage 4, demand letter: 31 days past due", "Orange warning", "0.1% a day, contract K1", "R2", "by law"],
        "zh-CN": ["第 4 阶段 催款函：已逾期 31 天", "橙色预警", "每日 0.1%，按合同 K1", "被退票", "按法定"],
    }[lang]
    assert [text for text in wanted if text not in said] == []
    assert "10" not in card["text"]
    limit = "\n".join(lines_of(asked(desk, "collect B", lang).message["blocks"]))
    assert ("Limitation period ends on 20 Dec" in limit) or ("诉讼时效 12月20日届满" in limit)


@pytest.mark.parametrize("text", ["collect", "催收"])
def test_without_a_name_and_without_a_record_it_asks_whose(desk: Desk, text: str) -> None:
    assert "Whose debts?" in asked(desk, text).message["text"]


def test_a_name_that_is_not_certain_is_asked_about(ledger: Open) -> None:
    desk = ledger(customers="customer_id,name\nA,恒达机械有限公司\nB,恒达贸易有限公司\n", invoices=INVOICES)
    found = asked(desk, "collect 恒达")
    assert found.kind == "choices"
    assert {block["accessory"]["action_id"] for block in found.message["blocks"] if "accessory" in block} == {
        "collect.choose"
    }
    assert asked(desk, "collect zzzz").kind == "nearest"


def test_who_may_see_the_grade_only_sees_no_debts(desk: Desk) -> None:
    reader = Reader(account="U1", lang="en")
    found = collected(desk, reader, "c:A")
    assert found.figures is None
    assert "access.ask" in str(found.message)
    assert collected(desk, Reader(account="U2", lang="en", outsider=True), "c:A").kind == "refused"


def test_a_button_of_nobody_is_out_of_date(desk: Desk) -> None:
    for key in ("c:nobody", "b:/x", ""):
        assert "out of date" in str(collected(desk, reader_for(desk, None, "en"), key).message)


def test_without_an_exchange_rate_nothing_is_demanded(ledger: Open) -> None:
    desk = ledger(
        invoices="invoice_no,customer_id,issued_on,due_on,amount,currency\nI1,A,2026-09-01,2026-10-20,100,USD\n"
    )
    found = asked(desk, "collect A")
    assert found.figures is None
    assert "nothing is demanded" in found.message["text"]
