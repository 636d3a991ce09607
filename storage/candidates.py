"""Which texts are worth comparing with a query: those that share its rarest grams."""

from collections import Counter
from collections.abc import Sequence
from heapq import nlargest
from itertools import chain, pairwise
from operator import itemgetter

from scoring.names import stem
from scoring.scripts import simplified
from storage.forms import grams_of
from storage.index import Index
from storage.spelling import pairs

_POSTINGS, _MOST_POSTINGS = 2_000, 10_000  # numbers to read, the rarest grams first: as a rule, and for want of better
_SPELT = 1_000  # candidates whose pinyin is made to be compared


class Query:
    """A query in the forms it is compared by."""

    def __init__(self, text: str, plain: str) -> None:
        self.text = text
        self.simple = simplified(plain)
        self.stem = stem(simplified(text))
        self.latin = self.simple.isascii()
        self.allowed = allowed(len(self.stem), latin=self.latin)


def allowed(size: int, *, latin: bool) -> int:
    """How many characters a typo may differ by."""
    return 0 if size < 3 else min(3, max(1, size // (6 if latin else 4)))


def candidates(index: Index, query: Query) -> dict[int, int]:
    """Texts that share the rarest grams of the query, and how many of them.

    A replaced character spoils two of a text's grams and a letter three, so with one gram more than that some right one
    is among them; two swapped characters spoil more, but then a gram turned round is right.
    """
    grams = _grams(index, query)
    held = sorted((gram for gram in grams if any(gram)), key=_size)
    empty = len(grams) - len(held)
    enough = (5 if query.latin else 3) - empty
    taken = 0
    total = 0
    for gram in held:
        total += _size(gram)
        if taken and (total > _MOST_POSTINGS or (total > _POSTINGS and taken >= enough)):
            break
        taken += 1
    counts = Counter(chain.from_iterable(chain.from_iterable(held[:taken])))
    if not query.latin:
        turned = (index.grams.of(second + first) for first, second in pairwise(query.stem))
        counts.update(chain.from_iterable(gram for gram in turned if len(gram) <= _POSTINGS))
    if query.latin:
        return dict(nlargest(_SPELT, counts.items(), key=itemgetter(1)))
    if len(counts) > _POSTINGS:
        floor = min(max(counts.values()), taken + 1 - max(0, enough))
        return {number: count for number, count in counts.items() if count >= floor} if floor > 1 else counts
    return counts


def _grams(index: Index, query: Query) -> list[list[Sequence[int]]]:
    """The postings of each gram; several where a pair of syllables may be written in several ways."""
    found: list[list[Sequence[int]]] = [[index.grams.of(gram)] for gram in grams_of(query.stem)]
    if query.latin:
        heard = index.heard()
        for first, second in pairs(query.simple, index.parts):
            held = (index.grams.of(one + two) for one in heard.get(first, "") for two in heard.get(second, ""))
            found.append([one for one in held if one])
    return found


def _size(gram: list[Sequence[int]]) -> int:
    return sum(map(len, gram))
