"""Finding the one customer that was meant; anything less than certain asks."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.demo.names import companies
from scoring.names import pinyin
from storage.search import Named, Search

NAMES = [
    Named(
        "c:C0001",
        "C0001",
        "艾克美贸易(上海)有限公司",
        ("ACME", "ACME Trading (Shanghai) Co., Ltd."),
        uscc="91110000600037341L",
    ),
    Named("c:C0013", "C0013", "上海恒达贸易有限公司"),
    Named("c:C0014", "C0014", "上海恒大贸易有限公司"),
    Named("c:C0020", "C0020", "北京永昌建材有限公司", closed=True),
    Named("b:/绍兴万隆印染有限公司", None, "绍兴万隆印染有限公司"),
]
SEARCH = Search(NAMES)


@pytest.mark.parametrize(
    ("text", "customer", "match"),
    [("C0001", "C0001", "id"), ("c0001", "C0001", "id"), ("91110000 60003734-1l", "C0001", "uscc"), ("acme", "C0001", "alias"),
     ("ＡＣＭＥ", "C0001", "alias"), ("艾克美贸易（上海）有限公司", "C0001", "name"), ("艾克美", "C0001", "prefix"), ("上海恒达", "C0013", "prefix"),
     ("beijingyongchang", "C0020", "pinyin"), ("bjycjcyxgs", "C0020", "initials"), ("绍兴万隆", None, "prefix")],
)  # fmt: skip
def test_certain_ways_answer_at_once(text: str, customer: str | None, match: str) -> None:
    found = SEARCH.find(text)
    assert (found.kind, found.hits[0].customer_id, found.hits[0].match) == ("one", customer, match)


@pytest.mark.parametrize("text", ["acmee", "上海恆達貿易有限公司", "恒达", "永昌", "上海恒达贸易有限责任公司"])
def test_typos_likenesses_scripts_and_fragments_ask_also_when_there_is_only_one(text: str) -> None:
    found = SEARCH.find(text)
    assert found.kind != "one"
    assert found.hits


def test_a_prefix_or_pinyin_that_fits_several_asks() -> None:
    assert SEARCH.find("上海恒").kind == "choices"
    assert {hit.customer_id for hit in SEARCH.find("shanghaihengda").hits} == {"C0013", "C0014"}


@given(st.text(max_size=3000))
def test_hostile_text_is_only_ever_compared(text: str) -> None:
    found = SEARCH.find(text)
    assert len(found.hits) <= 64


def test_right_customer_is_among_the_first_five_for_typos_pinyin_and_fragments() -> None:
    random = Random(11)
    names = [name for name, _ in companies(random, 2500)]
    search = Search(Named(f"c:{place}", str(place), name) for place, name in enumerate(names))
    queries = []
    for name in random.sample(names, 120):
        typo = name[:3] + "珑" + name[4:]
        queries += [(typo, name), (pinyin(name)[0], name), (name[1:7], name), (name[:5], name)]
    found = sum(
        any(hit.name == name for hit in search.find(query, limit=5).hits[:5]) or len(search.find(query).hits) > 5
        for query, name in queries
    )
    assert found / len(queries) >= 0.98


def test_a_chat_line_names_its_customers_longest_first() -> None:
    assert [hit.customer_id for hit in SEARCH.mentioned("上海恒达贸易那边今天能发吗?顺便看看ACME")] == [
        "C0013",
        "C0001",
    ]
    assert SEARCH.mentioned("今天吃什么") == ()
