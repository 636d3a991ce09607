"""Names that come near a query: the same in another script, sound or legal form, around a fragment, or with a typo.

Candidates come from the rarest grams of the query; only those are compared. Whatever is found here is asked about.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nlargest, nsmallest

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from scoring.names import alike
from scoring.sounds import said, syllables
from storage.candidates import Query, candidates
from storage.index import Index
from storage.named import Match

_AT_LENGTH = 256  # candidates that are looked at one by one
_SAME, _AROUND, _TYPO, _INSIDE, _PART, _FAR = range(6)


@dataclass(frozen=True, slots=True, order=True)
class Near:
    """A customer by place; the smaller, the nearer. `fits`: near enough to be offered as what was meant."""

    tier: int
    edits: int
    other_characters: bool  # not merely swapped ones
    closed: bool
    name: str
    place: int

    @property
    def fits(self) -> bool:
        return self.tier < _FAR


def nearest(index: Index, text: str, plain: str, limit: int) -> list[tuple[Near, Match]]:
    """The nearest customers, best first, each with what makes it near."""
    query = Query(text, plain)
    best: dict[int, Near] = {}
    for number in same(index, query):
        _keep(best, _near(index, number, _SAME, 0))
    counts = candidates(index, query)
    numbers = list(counts)
    sides = _sides(index, numbers, query)
    for near in _compared(index, numbers, sides, query, limit):
        _keep(best, near)
    if not best:
        for place in nlargest(_AT_LENGTH, range(len(numbers)), key=lambda place: counts[numbers[place]]):
            _keep(best, _compare_parts(index, numbers[place], sides[1][place], query))
    ranked = nsmallest(limit, best.values())
    return [(one, _match(index, one, query)) for one in ranked]


def same(index: Index, query: Query) -> set[int]:
    """Texts that differ by legal form, script or sound only."""
    forms = {query.simple, query.stem}
    found = {
        number
        for form in forms
        for number in index.scripts.find(form)
        if form in (index.simple[number], index.stems[number])
    }
    if not query.latin:
        for spoken in {"".join(syllables(form)) for form in forms}:
            found.update(
                number
                for number in index.sounds.find(spoken)[:_AT_LENGTH]
                if spoken in ("".join(syllables(index.simple[number])), "".join(syllables(index.stems[number])))
            )
    return found


def _compared(
    index: Index, numbers: list[int], sides: tuple[list[str], list[str]], query: Query, limit: int
) -> Iterator[Near]:
    """Texts around the query, and those within the typos allowed; compared by the thousand in native code."""
    wholes, bares = sides
    around = [number for number, whole in zip(numbers, wholes, strict=True) if query.simple in whole][:_AT_LENGTH]
    for number in around:
        yield _near(index, number, _AROUND, 0)
    if len({index.owner[number] for number in around}) >= limit:
        return  # typos come behind
    held = [(query.stem, bares)]
    if query.stem == query.simple:  # the legal form itself may be mistyped
        held.append((query.simple, wholes))
    for text, others in held:
        close = process.extract(text, others, scorer=OSA.distance, score_cutoff=query.allowed, limit=_AT_LENGTH)
        for other, edits, place in close:
            swapped = sorted(text) == sorted(other)
            yield _near(index, numbers[place], _TYPO, round(edits), swapped=swapped)


def _compare_parts(index: Index, number: int, bare: str, query: Query) -> Near | None:
    """For want of anything nearer: a name inside the query, part of a name with a typo, the least far."""
    if len(bare) >= (4 if bare.isascii() else 2) and bare in query.simple:
        return _near(index, number, _INSIDE, -len(bare))
    if min(len(query.stem), len(bare)) >= (6 if query.latin else 4):
        part = fuzz.partial_ratio(query.stem, bare, score_cutoff=85 if query.latin else 75)
        if part:
            return _near(index, number, _PART, round(100 - part))
    likeness = fuzz.ratio(query.stem, bare, score_cutoff=70 if query.latin else 50)
    return _near(index, number, _FAR, round(100 - likeness)) if likeness else None


def _sides(index: Index, numbers: list[int], query: Query) -> tuple[list[str], list[str]]:
    """What of the texts a query is held against, whole and without legal form: Latin letters against pinyin."""
    pairs_of = ((index.simple[number], index.stems[number]) for number in numbers)
    if query.latin:
        pairs_of = (("".join(whole), "".join(bare)) for whole, bare in (said(*pair) for pair in pairs_of))
    wholes, bares = zip(*pairs_of, strict=True) if numbers else ((), ())
    return list(wholes), list(bares)


def _keep(best: dict[int, Near], near: Near | None) -> None:
    if near is not None and (near.place not in best or near < best[near.place]):
        best[near.place] = near


def _near(index: Index, number: int, tier: int, edits: int, *, swapped: bool = False) -> Near:
    place = index.owner[number]
    named = index.named[place]
    return Near(tier, edits, not swapped, named.closed, named.name, place)


def _match(index: Index, near: Near, query: Query) -> Match:
    if near.tier == _AROUND:
        return "fragment"
    named = index.named[near.place]
    if near.tier == _SAME or any(alike(query.text, name) for name in (named.name, *named.aliases)):
        return "likeness"
    return "typo"
