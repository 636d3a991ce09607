"""Finding the one customer that was meant: exact, prefix and pinyin answer at once, anything less certain asks.

In memory, by posting lists; text of people is compared, never interpreted.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from scoring.names import alike, normalise, normalise_uscc, pinyin, simplified, stem, syllables, tidy

Match = Literal["id", "uscc", "name", "alias", "prefix", "pinyin", "initials", "likeness", "typo", "fragment"]
MAX_QUERY = 200
_CANDIDATES = 60


@dataclass(frozen=True, slots=True)
class Named:
    """A customer, or a blacklist entry without one, as search knows it. `key` is unique over both."""

    key: str
    customer_id: str | None
    name: str
    aliases: tuple[str, ...] = ()
    uscc: str = ""
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A candidate and how it was found."""

    key: str
    customer_id: str | None
    name: str
    match: Match


@dataclass(frozen=True, slots=True)
class Found:
    """one: answer at once; choices: ask which; nearest: nothing fits, these come closest (may be empty)."""

    kind: Literal["one", "choices", "nearest"]
    hits: tuple[Hit, ...]


class Search:
    """An index over names; made once per sync, then only read."""

    def __init__(self, names: Iterable[Named]) -> None:
        """Index ids, codes, names, aliases, their pinyin, and two-character grams of all of them."""
        self._named: list[Named] = list(names)
        self._exact: dict[str, list[tuple[int, Match]]] = {}
        self._script: dict[str, set[int]] = {}
        self._pinyin: dict[str, set[int]] = {}
        self._initials: dict[str, set[int]] = {}
        self._grams: dict[str, list[int]] = {}
        prefixes: list[tuple[str, int]] = []
        spoken: list[tuple[str, int]] = []
        self._texts: list[tuple[str, ...]] = []
        for place, named in enumerate(self._named):
            self._index(place, named, prefixes, spoken)
        self._prefixes = sorted(prefixes)
        self._spoken = sorted(spoken)

    def __len__(self) -> int:
        """How many names are known."""
        return len(self._named)

    def _index(self, place: int, named: Named, prefixes: list[tuple[str, int]], spoken: list[tuple[str, int]]) -> None:
        def exact(text: str, match: Match) -> None:
            entries = self._exact.setdefault(text, [])
            if all(other != place for other, _ in entries):
                entries.append((place, match))

        if named.customer_id:
            exact(normalise(named.customer_id), "id")
        if named.uscc:
            exact(normalise(normalise_uscc(named.uscc)), "uscc")
        texts: list[str] = []
        for number, name in enumerate((named.name, *named.aliases)):
            plain = normalise(name)
            if not plain:
                continue
            exact(plain, "alias" if number else "name")
            prefixes.append((plain, place))
            simple = simplified(plain)
            texts.append(simple)
            for form in {simple, stem(simplified(name))}:
                self._script.setdefault(form, set()).add(place)
            if not plain.isascii():
                full, initials = pinyin(plain)
                self._pinyin.setdefault(full, set()).add(place)
                bare_full, bare_initials = pinyin(stem(plain))
                self._pinyin.setdefault(bare_full, set()).add(place)
                self._initials.setdefault(initials, set()).add(place)
                self._initials.setdefault(bare_initials, set()).add(place)
                spoken.append((" ".join(syllables(plain)), place))
                texts.append(full)
        self._texts.append(tuple(texts))
        for gram in {gram for text in texts for gram in _grams(text)}:
            self._grams.setdefault(gram, []).append(place)

    def find(self, text: str, limit: int = 5) -> Found:
        """The customers a person may have meant by `text`, best first."""
        query = tidy(text[:MAX_QUERY])
        plain = normalise(query)
        if not plain:
            return Found("nearest", ())
        exact = self._exact.get(plain)
        if exact:
            hits = tuple(self._hit(place, match) for place, match in exact[:64])
            return Found("one" if len(hits) == 1 else "choices", hits)
        certain = self._certain(plain)
        if len(certain) == 1:
            place, match = next(iter(certain.items()))
            return Found("one", (self._hit(place, match),))
        if certain:
            ranked = sorted(certain, key=lambda place: (self._named[place].closed, self._named[place].name))
            return Found("choices", tuple(self._hit(place, certain[place]) for place in ranked[: max(limit, 10)]))
        return self._uncertain(query, plain, limit)

    def _certain(self, plain: str) -> dict[int, Match]:
        found: dict[int, Match] = {}
        if len(plain) >= 2:
            start = bisect_left(self._prefixes, (plain, -1))
            for entry, place in self._prefixes[start : start + 64]:
                if not entry.startswith(plain):
                    break
                found.setdefault(place, "prefix")
        if plain.isascii() and plain.isalpha():
            for place in self._pinyin.get(plain, ()):
                found.setdefault(place, "pinyin")
            if len(plain) >= 2:
                for place in self._initials.get(plain, ()):
                    found.setdefault(place, "initials")
            if not found:
                for place in self._spoken_prefix(plain):
                    found.setdefault(place, "pinyin")
        return found

    def _spoken_prefix(self, plain: str) -> list[int]:
        """Names whose pinyin begins with the query, ending at a syllable, two syllables at least."""
        found: list[int] = []
        # syllables are parted by blanks: narrow by every way the first one may end
        for head in sorted({plain[:size] for size in range(1, min(len(plain), 7))}):
            low = bisect_left(self._spoken, (f"{head} ", -1))
            for entry, place in self._spoken[low:]:
                if not entry.startswith(f"{head} ") or len(found) >= 64:
                    break
                if _begins(entry, plain):
                    found.append(place)
        return found

    def _uncertain(self, query: str, plain: str, limit: int) -> Found:
        """Likenesses, typos and fragments: always a question, also when there is only one."""
        simple = simplified(plain)
        counts: dict[int, int] = {}
        grams = _grams(simple)
        for gram in grams:
            for place in self._grams.get(gram, ()):
                counts[place] = counts.get(place, 0) + 1
        for form in {simple, stem(simplified(query))}:
            for place in self._script.get(form, ()):
                counts[place] = counts.get(place, 0) + len(grams) + 1
        if not counts:
            return Found("nearest", ())
        best = sorted(
            counts, key=lambda place: (-counts[place], len(self._texts[place][0]) if self._texts[place] else 0)
        )
        scored: list[tuple[float, int, Match]] = []
        for place in best[:_CANDIDATES]:
            rank, match = self._rank(place, query, simple)
            scored.append((rank, place, match))
        scored.sort(key=lambda item: (-item[0], self._named[item[1]].closed, self._named[item[1]].name))
        good = [item for item in scored if item[0] >= 60]
        hits = tuple(self._hit(place, match) for _, place, match in (good or scored)[:limit])
        return Found("choices" if good else "nearest", hits)

    def _rank(self, place: int, query: str, simple: str) -> tuple[float, Match]:
        texts = self._texts[place]
        if any(simple in text for text in texts):
            return 99.0, "fragment"
        named = self._named[place]
        if any(alike(query, name) for name in (named.name, *named.aliases)):
            return 100.0, "likeness"
        best = max(
            (max(fuzz.ratio(simple, text), fuzz.partial_ratio(simple, text) * 0.9) for text in texts), default=0.0
        )
        return best, "typo"

    def mentioned(self, text: str, limit: int = 5) -> tuple[Hit, ...]:
        """The customers whose name (its stem), alias or id stands in a chat line, longest name first."""
        line = simplified(normalise(text[:4000]))
        found: list[tuple[int, int]] = []
        for place, named in enumerate(self._named):
            known = [stem(simplified(name)) for name in (named.name, *named.aliases)]
            if named.customer_id:
                known.append(normalise(named.customer_id))
            sizes = [len(name) for name in known if len(name) >= (4 if name.isascii() else 2) and name in line]
            if sizes:
                found.append((max(sizes), place))
        found.sort(reverse=True)
        return tuple(self._hit(place, "fragment") for _, place in found[:limit])

    def _hit(self, place: int, match: Match) -> Hit:
        named = self._named[place]
        return Hit(named.key, named.customer_id, named.name, match)


def _grams(text: str) -> set[str]:
    if len(text) < 2:
        return {text}
    size = 3 if text.isascii() and len(text) > 3 else 2
    return {text[start : start + size] for start in range(len(text) - size + 1)}


def _begins(entry: str, plain: str) -> bool:
    rest = plain
    count = 0
    for part in entry.split(" "):
        if not rest:
            break
        if not rest.startswith(part):
            return False
        rest = rest[len(part) :]
        count += 1
    return not rest and count >= 2
