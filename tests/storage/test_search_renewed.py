"""A renewed search is the same as one built anew, in every structure and every answer."""

from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.demo.names import companies
from storage.index import Index
from storage.search import Named, Search

BLANKS = (
    "Acme Trading Co Ltd",
    "Beta Inc",
    "Kappa Ltd 上海",
    "长安 ABC 有限公司",
    "Nord Licht GmbH",
    "ab c",
    "IBM China Ltd",
)
NAMES = [name for name, _ in companies(Random(5), 120)]


def joined(name: str, cut: int) -> str:
    """The name with the blank of this number left out: equal to it but for that blank."""
    words = name.split(" ")
    place = cut % max(1, len(words) - 1) + 1
    return " ".join(words[:place]) + " ".join(words[place:])


def known(place: int, name: str) -> Named:
    aliases = (joined(name, place), name.replace(" ", "")) if " " in name else ()
    return Named(f"c:C{place}", f"C{place}", name, aliases)


KNOWN = [known(place, name) for place, name in enumerate([*NAMES, *BLANKS])]
SEARCH = Search(KNOWN)
names = st.one_of(
    st.sampled_from(BLANKS), st.sampled_from(NAMES), st.lists(st.sampled_from(["Co", "Ltd", "Inc", "GmbH", "ab", "公司", "上海", "abc"]), min_size=1, max_size=4).map(" ".join)
)  # fmt: skip
changes = st.lists(
    st.tuples(
        st.one_of(st.integers(len(NAMES), len(KNOWN) - 1), st.integers(0, len(KNOWN) - 1)),
        st.one_of(st.just(None), st.tuples(names, st.lists(st.tuples(names, st.integers(0, 3)), max_size=3))),
    ),
    max_size=6,
)


def structures(index: Index) -> dict[str, Any]:
    """What leads to whom, whatever the numbers are."""

    def text(number: int) -> tuple[str, str, str]:
        return index.named[index.owner[number]].key, index.plain[number], index.stems[number]

    def keyed(keys: Any) -> Counter[Any]:
        return Counter((packed >> 24, text(packed & 0xFFFFFF)) for packed in keys._packed)

    return {
        "codes": Counter((packed >> 24, index.named[packed & 0xFFFFFF].key) for packed in index.codes._packed),
        **{name: keyed(getattr(index, name)) for name in ("texts", "scripts", "sounds", "initials")},
        "by_text": [index.plain[number] for number in index.by_text._numbers],
        "by_sound": [index.spoken(number) for number in index.by_sound._numbers],
        "grams": {gram: Counter(map(text, index.grams.of(gram))) for gram in index.grams._held},
        "parts": set(index.parts),
    }


@settings(max_examples=300)
@given(changes)
def test_a_renewed_search_is_one_built_anew_also_with_aliases_equal_but_for_blanks(changes: list[Any]) -> None:
    wanted = {named.key: named for named in KNOWN}
    for place, change in changes:
        key = KNOWN[place].key
        if change is None:
            wanted.pop(key, None)
        else:
            name, aliases = change
            given_names = tuple(joined(alias, cut) for alias, cut in aliases)
            wanted[key] = replace(KNOWN[place], name=name, aliases=given_names)
    renewed, new = SEARCH.renewed(wanted.values()), Search(wanted.values())
    assert structures(renewed._index) == structures(new._index)
    again = renewed.renewed(KNOWN)
    assert structures(again._index) == structures(SEARCH._index)
    for place, _ in changes:
        named = KNOWN[place]
        for asked in (named.name, named.name.replace(" ", ""), *named.aliases, named.name[:4], named.name[1:]):
            one, other = renewed.find(asked, 50), new.find(asked, 50)
            assert (one.kind, {hit.key for hit in one.hits}) == (other.kind, {hit.key for hit in other.hits})
            assert {hit.key for hit in renewed.mentioned(asked)} == {hit.key for hit in new.mentioned(asked)}
