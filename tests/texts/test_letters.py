"""Letters: what each says in both languages, which invoices it names, and that Word can open it."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from approvals.dunning import LETTERS, WITH_INTEREST, Letter, dunning
from approvals.promises import Reliability
from tests.builders import account, figures, invoice, policy, receipt
from texts.formats import LANGS
from texts.letters import claims_of, letter_paper
from texts.standing import Standing
from texts.word_file import word_file

ON = date(2026, 11, 20)
ALL: list[Letter] = sorted({letter for letters in LETTERS.values() for letter in letters})


def late(days: int) -> date:
    return ON - timedelta(days=days)


ROWS = (
    invoice("I1", 1000, due=late(40)),
    invoice("I2", 500, due=late(10), disputed=True, disputed_amount=Decimal(200), disputed_on=late(3)),
    invoice("I3", 70, due=late(-3)),
    invoice("I4", 30, due=late(-60)),
    receipt("R1", 25, late(1)),
)


def standing(*rows: Any, name: str = "甲公司", **of_customer: Any) -> Standing:
    position = figures(*rows, on=ON, today=ON, name=name, **of_customer)
    found = dunning(position, account(*rows, name=name, **of_customer), "C", policy(), ON)
    return Standing(
        customer_id="C1", name=name, department="", sales_owner="", grade="C", currency=position.currency,
        open=position.open, unapplied=position.unapplied, dunning=found, promises=Reliability(), bounced=(),
    )  # fmt: skip


def read(content: bytes) -> tuple[list[str], list[list[str]]]:
    document: Any = Document(BytesIO(content))
    tables = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    return [paragraph.text for paragraph in document.paragraphs], tables


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("letter", ALL)
def test_every_letter_opens_in_word_and_says_what_it_is(letter: Letter, lang: str) -> None:
    paper = letter_paper(standing(*ROWS), letter, lang)
    said, table = read(word_file(paper))
    assert said[0] == paper.title
    assert any("甲公司" in line for line in said)
    assert [row[0] for row in table[1:]][:1] == ["I3" if letter == "due_notice" else "I1"]
    assert ("0.05%" in str(table)) is (letter in WITH_INTEREST)
    assert word_file(paper) == word_file(paper)


@pytest.mark.parametrize(
    ("letter", "numbers"),
    [("due_notice", ["I3"]), ("statement", ["I1", "I2", "I3", "I4"]), ("reminder", ["I1", "I2"]), ("demand", ["I1", "I2"])],
)  # fmt: skip
def test_a_letter_names_what_it_is_about_and_nothing_else(letter: Letter, numbers: list[str]) -> None:
    assert [claim.invoice_no for claim in claims_of(standing(*ROWS), letter)] == numbers


def test_a_demand_adds_up_and_leaves_out_what_is_in_dispute() -> None:
    said = "\n".join(letter_paper(standing(*ROWS), "demand", "en").after)
    assert "Overdue: CNY 1,300.00. Late interest up to 20 Nov 2026: CNY 21.50. Together: CNY 1,321.50." in said
    assert "27 Nov 2026" in said
    assert "in dispute (CNY 200.00)" in said


def test_the_statement_ends_in_the_balance() -> None:
    table = letter_paper(standing(*ROWS), "statement", "zh-CN").table
    assert table is not None
    assert [row[0] for row in table.rows][-2:] == ["已收未核销", "余额 (CNY)"]
    assert [row[4] for row in table.rows] == ["1,000.00", "500.00", "70.00", "30.00", "-25.00", "1,575.00"]


def test_the_second_reminder_is_another_one() -> None:
    titles = [letter_paper(standing(invoice("I1", 1, due=late(days))), "reminder", "en").title for days in (6, 7)]
    assert titles == ["Payment reminder", "Second reminder"]


@given(st.text(max_size=60), st.text(max_size=40))
@settings(max_examples=40, deadline=None)
def test_whatever_a_ledger_writes_makes_a_document(name: str, number: str) -> None:
    paper = letter_paper(standing(invoice(number, 100, due=late(40)), name=name), "demand", "zh-CN")
    assert read(word_file(paper))[1]
