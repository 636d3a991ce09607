"""What holds of search for any name: it is found by each of its forms, a typo asks, a renewed index is a new one."""

from collections.abc import Callable, Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from sandbox.demo.names import companies
from scoring.names import normalise, pinyin, stem
from scoring.scripts import simplified
from storage.search import Hit, Named, Search

TRADITIONAL = OpenCC("s2t")
LATIN = (
    "Acme Trading (Shanghai) Co., Ltd.",
    "Nordlicht GmbH",
    "Häfele SE & Co. KG",
    "3M China",
    "IBM",
    "Beta Beta Inc.",
)
MIXED = (
    "重庆长安ABC机电有限公司",
    "上海IBM贸易有限公司",
    "厦门國貿集團股份有限公司",
    "3M中国有限公司",
    "长沙银行",
    "永",
    "大大大贸易有限公司",
)
NAMES = [name for name, _ in companies(Random(8), 220)] + [*LATIN, *MIXED]
KNOWN = [
    Named(
        f"c:C{place:04d}",
        f"C{place:04d}",
        name,
        aliases=(f"别名{place}号", f"Alias {place}") if place % 7 == 0 else (),
        uscc=f"9131000{place:011d}" if place % 3 == 0 else "",
        closed=place % 11 == 0,
    )
    for place, name in enumerate(NAMES)
] + [Named("b:/绍兴万隆印染有限公司", None, "绍兴万隆印染有限公司")]
SEARCH = Search(KNOWN)
KEYS = [named.key for named in KNOWN]
ALIEN = "珑龘Ω"
JUNK = ["<!channel>", "<!here>", "<@U07HE>", "everyone", '=IMPORTXML("http://x","//a")', "'; drop table rows; --", '"NEAR(a b)" OR *',
        "hello world", ".*", "(?:a+)+$", "%_%", "channel", "今天天气不错", "\x00\x07\x1b[31m", "龘" * 3000, "z" * 3000]  # fmt: skip
named_ones = st.sampled_from(KNOWN)


def _keys(hits: Sequence[Hit]) -> set[str]:
    return {hit.key for hit in hits}


@given(named_ones, st.sampled_from([str.upper, str.lower, "　".join, lambda text: f"《{text}》-"]))
def test_id_code_name_and_alias_answer_at_once_in_any_width_case_and_punctuation(
    named: Named, write: Callable[[str], str]
) -> None:
    for text in (named.customer_id, named.uscc, named.name, *named.aliases):
        if text:
            found = SEARCH.find(write(text))
            bearers = [
                one for one in KNOWN if normalise(text) in {normalise(name) for name in (one.name, *one.aliases)}
            ]
            assert found.kind == ("one" if len(bearers) < 2 else "choices")
            assert named.key in _keys(found.hits)


@given(named_ones, st.integers(2, 12))
def test_a_prefix_answers_when_it_fits_one_and_asks_when_it_fits_several(named: Named, size: int) -> None:
    prefix = normalise(named.name)[:size]
    fitting = [one for one in KNOWN for name in (one.name, *one.aliases) if normalise(name).startswith(prefix)]
    found = SEARCH.find(prefix)
    if len(fitting) > 1 and all(normalise(one.name) != prefix for one in fitting):
        assert found.kind == "choices"
    if len(fitting) <= 10 and len(prefix) > 1:
        assert named.key in _keys(found.hits)


@given(named_ones)
def test_pinyin_whole_initials_and_from_two_syllables_find_the_name(named: Named) -> None:
    if normalise(named.name).isascii():
        return
    for text in (named.name, stem(simplified(named.name))):
        for typed in pinyin(text):
            found = SEARCH.find(typed)
            if len(found.hits) < 10 and len(typed) > 1 and typed.isalpha():
                assert named.key in _keys(found.hits)


@given(named_ones, st.data())
def test_a_replaced_character_never_answers_at_once_and_still_finds_the_name(named: Named, data: st.DataObject) -> None:
    name = normalise(named.name)
    place = data.draw(st.integers(0, len(name) - 1))
    typo = name[:place] + data.draw(st.sampled_from(ALIEN)) + name[place + 1 :]
    found = SEARCH.find(typo)
    assert found.kind != "one"
    if len(stem(simplified(named.name))) >= 6 and not name.isascii():
        others = [one for one in KNOWN if simplified(normalise(one.name))[:place] == simplified(name)[:place]]
        assert named.key in _keys(found.hits) or len(others) > 5


@given(named_ones)
def test_traditional_characters_ask_and_find(named: Named) -> None:
    other = TRADITIONAL.convert(named.name)
    if simplified(normalise(other)) != simplified(normalise(named.name)) or normalise(other) == normalise(named.name):
        return
    found = SEARCH.find(other)
    assert found.kind == "choices"
    assert any(hit.key == named.key and hit.match == "likeness" for hit in found.hits)


@pytest.mark.parametrize("text", JUNK)
def test_junk_is_no_far_fetched_typo(text: str) -> None:
    assert SEARCH.find(text).kind == "nearest"


def test_a_name_in_other_characters_of_the_same_sound_asks() -> None:
    found = SEARCH.find("重慶長桉ABC機電有限公司")
    assert (found.kind, found.hits[0].name) == ("choices", MIXED[0])


def _scanned(known: Sequence[Named], text: str, limit: int = 5) -> list[str]:
    """`mentioned`, by looking for each name in turn."""
    line = simplified(normalise(text[:4000]))
    found = []
    for place, named in enumerate(known):
        parts = [stem(simplified(name)) for name in (named.name, *named.aliases)]
        parts += [normalise(named.customer_id)] if named.customer_id else []
        sizes = [len(part) for part in parts if len(part) >= (4 if part.isascii() else 2) and part in line]
        if sizes:
            found.append((max(sizes), place))
    return [known[place].key for _, place in sorted(found, reverse=True)[:limit]]


@given(
    st.lists(st.one_of(st.sampled_from(NAMES), st.sampled_from(KEYS), st.text(max_size=4)), max_size=6),
    st.integers(0, 9),
)
def test_mentioned_is_what_a_scan_of_all_names_finds(pieces: list[str], cut: int) -> None:
    line = "".join(pieces)[cut:]
    assert [hit.key for hit in SEARCH.mentioned(line)] == _scanned(KNOWN, line)


CHANGES = st.lists(
    st.tuples(st.integers(0, len(KNOWN) - 1), st.sampled_from(["gone", "renamed", "closed", "alias"])), max_size=6
)


@given(CHANGES, st.lists(st.sampled_from(NAMES), max_size=3))
def test_a_renewed_search_answers_as_a_new_one_and_leaves_the_old_one_alone(
    changes: list[tuple[int, str]], fresh: list[str]
) -> None:
    wanted = {named.key: named for named in KNOWN}
    for place, change in changes:
        named = wanted.pop(KEYS[place], None)
        if named is not None and change != "gone":
            name = f"{named.name[:3]}新{named.name[3:]}" if change == "renamed" else named.name
            aliases = ("改了的别名",) if change == "alias" else named.aliases
            wanted[named.key] = Named(named.key, named.customer_id, name, aliases, named.uscc, change == "closed")
    for number, name in enumerate(fresh):
        wanted[f"c:N{number}"] = Named(f"c:N{number}", f"N{number}", name)
    renewed, new = SEARCH.renewed(wanted.values()), Search(wanted.values())
    assert len(renewed) == len(new) == len(wanted)
    asked = [KNOWN[place] for place, _ in changes] + list(wanted.values())[-len(fresh) - 1 :]
    for named in asked:
        before = SEARCH.find(named.name)
        for text in (
            named.customer_id or "",
            named.name,
            named.name[:4],
            named.name[2:6],
            pinyin(named.name)[0],
            named.name[:2] + "珑" + named.name[3:],
        ):
            one, other = renewed.find(text, 50), new.find(text, 50)
            assert (one.kind, _keys(one.hits)) == (other.kind, _keys(other.hits))
        assert _keys(renewed.mentioned(named.name, 50)) == _keys(new.mentioned(named.name, 50))
        assert SEARCH.find(named.name) == before
