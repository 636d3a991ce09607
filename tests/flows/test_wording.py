"""What stands around a customer's name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.wording import barer, later_in, order_in


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("客户艾克美贸易今天能发货吗", "艾克美贸易"),
        ("卓远能发货吗?", "卓远"),
        ("ACME发货吗", "ACME"),
        ("请问艾克美贸易(上海)有限公司能不能发货？", "艾克美贸易(上海)有限公司"),
        ("今天可以给恒达发货吗", "恒达"),
        ("帮我查一下卓远的额度还有多少", "卓远"),
        ("@授信台 卓远", "卓远"),
        ("能达今天能发货吗", "能达"),
        ("can I ship to ACME?", "ACME"),
        ("may I ship to Pacific Rim Trading today, please?", "Pacific Rim Trading"),
        ("check ACME please", "ACME"),
        ("/credit ACME", "ACME"),
        ("May Trading ok to ship?", "May Trading"),
        ("Checkmate Ltd, please", "Checkmate Ltd"),
    ],
)
def test_a_name_is_among_what_is_left_of_a_question(text: str, name: str) -> None:
    assert name in list(barer(text))


@pytest.mark.parametrize("text", ["艾克美贸易", "ACME", "Checkmate", "C0001"])
def test_a_bare_name_is_left_alone(text: str) -> None:
    assert list(barer(text)) == []


@given(st.text(max_size=200))
def test_whatever_is_written_ends_soon_and_never_in_nothing(text: str) -> None:
    steps = list(barer(text))
    assert len(steps) <= 17
    assert all(steps)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ACME 50000", "ACME"), ("ACME 50,000 30", "ACME"), ("check ACME 5万", "ACME"), ("艾克美5万", "艾克美"),
        ("艾克美贸易 ５万元 60天", "艾克美贸易"), ("Pacific Rim $20k", "Pacific Rim"), ("检查 卓远 1.5万", "卓远"),
        ("ACME", None), ("C0001", None), ("50000", None), ("Factory77", None), ("check ACME", None), ("万达", None),
    ],
)  # fmt: skip
def test_an_amount_behind_a_name_is_an_order(text: str, name: str | None) -> None:
    found = order_in(text)
    assert (found and found.name) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("new", ""), ("NEW", ""), ("queue", ""), ("overdue", ""), ("overdue 华东", "华东"), ("request ACME", "ACME"),
        ("待办", ""), ("新客户", ""), ("new hope", None), ("ACME", None), ("", None),
    ],
)  # fmt: skip
def test_words_that_come_later_are_known(text: str, name: str | None) -> None:
    found = later_in(text)
    assert (None if found is None else found.name) == name
