"""Finding the one customer that was meant: exact, prefix and pinyin answer at once, anything less certain asks.

In memory, by posting lists; text of people is compared, never interpreted.
"""

from collections.abc import Iterable, Iterator

from scoring.names import normalise, tidy
from scoring.scripts import simplified
from scoring.sounds import syllables
from storage.forms import codes_of, initials_of
from storage.index import Index
from storage.named import Found, Hit, Match, Named
from storage.nearness import nearest
from storage.spelling import cuts

__all__ = ["MAX_QUERY", "Found", "Hit", "Match", "Named", "Search"]
MAX_QUERY = 200
_MOST = 64


class Search:
    """An index over names; made once per sync, then only read."""

    def __init__(self, names: Iterable[Named]) -> None:
        """Index ids, codes, names, aliases, their pinyin, and two-character grams of all of them."""
        self._index = Index(names)
        self._places = {named.key: place for place, named in enumerate(self._index.named)}

    def __len__(self) -> int:
        """How many names are known."""
        return len(self._places)

    def renewed(self, names: Iterable[Named]) -> "Search":
        """A search over these names that works out only those that changed; this one stays as it is."""
        wanted = {named.key: named for named in names}
        held = self._index.named
        gone = [place for key, place in self._places.items() if key not in wanted]
        changed = [
            named for key, named in wanted.items() if key not in self._places or held[self._places[key]] != named
        ]
        if len(gone) + len(changed) > len(wanted) // 20 or len(held) > len(wanted) * 1.2:
            return Search(wanted.values())
        other = Search(())
        other._index = index = self._index.copy()
        other._places = {key: place for key, place in self._places.items() if key in wanted}
        for place in gone:
            index.take(place)
        for named in changed:
            place = other._places.setdefault(named.key, len(index.named))
            if place < len(index.named):
                index.take(place)
            index.put(place, named)
        return other

    def find(self, text: str, limit: int = 5) -> Found:
        """The customers a person may have meant by `text`, best first."""
        query = tidy(text[:MAX_QUERY])
        plain = normalise(query)
        if not plain:
            return Found("nearest", ())
        exact = self._exact(plain)
        if exact:
            hits = tuple(self._hit(place, match) for place, match in exact[:_MOST])
            return Found("one" if len(hits) == 1 else "choices", hits)
        certain = self._certain(plain)
        if len(certain) == 1:
            place, match = next(iter(certain.items()))
            return Found("one", (self._hit(place, match),))
        if certain:
            named = self._index.named
            ranked = sorted(certain, key=lambda place: (named[place].closed, named[place].name))
            return Found("choices", tuple(self._hit(place, certain[place]) for place in ranked[: max(limit, 10)]))
        near = nearest(self._index, query, plain, limit)
        fitting = [one for one in near if one[0].fits]
        hits = tuple(self._hit(one.place, match) for one, match in fitting or near)
        return Found("choices" if fitting else "nearest", hits)

    def _exact(self, plain: str) -> list[tuple[int, Match]]:
        """The customers of this id, code, name or alias."""
        index = self._index
        found: dict[int, Match] = {}
        for place in index.codes.find(plain):
            named = index.named[place]
            if plain in codes_of(named):
                by_id = named.customer_id and normalise(named.customer_id) == plain
                found[place] = "id" if by_id else "uscc"
        for number in index.texts.find(plain):
            if index.plain[number] == plain:
                place = index.owner[number]
                named = index.named[place]
                found.setdefault(place, "name" if normalise(named.name) == plain else "alias")
        return sorted(found.items())

    def _certain(self, plain: str) -> dict[int, Match]:
        """The customers whose name begins so, or is said so."""
        index = self._index
        found: dict[int, Match] = {}
        if len(plain) >= 2:
            for number in index.by_text.starting(plain, _MOST):
                found.setdefault(index.owner[number], "prefix")
        if plain.isascii() and not plain.isdigit():
            for place, match in self._heard(plain):
                found.setdefault(place, match)
            if not found:
                found = dict.fromkeys(self._heard_so_far(plain), "pinyin")
        return found

    def _heard(self, plain: str) -> Iterator[tuple[int, Match]]:
        """The customers whose name, with or without legal form, is said so or has these initials."""
        index = self._index
        for number in index.sounds.find(plain)[:_MOST]:
            if plain in ("".join(spoken) for spoken in self._spoken(number)):
                yield index.owner[number], "pinyin"
        if len(plain) >= 2:
            for number in index.initials.find(plain)[:_MOST]:
                if plain in map(initials_of, self._spoken(number)):
                    yield index.owner[number], "initials"

    def _heard_so_far(self, plain: str) -> list[int]:
        """The customers whose name begins with these syllables, two at least."""
        index = self._index
        ways = (" ".join(parts) + " " for parts in cuts(plain, index.parts) if len(parts) >= 2)
        return [index.owner[number] for way in ways for number in index.by_sound.starting(way, _MOST)]

    def _spoken(self, number: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return syllables(self._index.simple[number]), syllables(self._index.stems[number])

    def mentioned(self, text: str, limit: int = 5) -> tuple[Hit, ...]:
        """The customers whose name (its stem), alias or id stands in a chat line, longest name first."""
        line = simplified(normalise(text[:4000]))
        found: dict[int, int] = {}
        for part in self._possible(line):
            for place in self._called(part):
                found[place] = max(found.get(place, 0), len(part))
        ranked = sorted(((size, place) for place, size in found.items()), reverse=True)
        return tuple(self._hit(place, "fragment") for _, place in ranked[:limit])

    def _possible(self, line: str) -> set[str]:
        """The parts of a line that are as long as some name with their first character."""
        sizes = self._index.sizes()
        found: set[str] = set()
        for start, char in enumerate(line):
            left = sizes.get(char, 0)
            while left:
                size = left.bit_length() - 1
                left ^= 1 << size
                part = line[start : start + size]
                if len(part) == size and size >= (4 if part.isascii() else 2):
                    found.add(part)
        return found

    def _called(self, part: str) -> list[int]:
        index = self._index
        found = [index.owner[number] for number in index.scripts.find(part) if index.stems[number] == part]
        ids = (place for place in index.codes.find(part) if normalise(index.named[place].customer_id or "") == part)
        return [*found, *ids]

    def _hit(self, place: int, match: Match) -> Hit:
        named = self._index.named[place]
        return Hit(named.key, named.customer_id, named.name, match)
