"""Typed pinyin, which has no blanks, as syllables again: every way it may be cut."""

from collections.abc import Collection

_LONGEST = 24  # a run of letters inside a Chinese name counts as one part


def cuts(text: str, known: Collection[str], most: int = 32) -> list[list[str]]:
    """Ways to cut the whole text into known parts, at most so many."""
    edges = _edges(text, known)
    ends = [False] * len(text) + [True]
    for start in range(len(text) - 1, -1, -1):
        ends[start] = any(ends[end] for end in edges[start])
    found: list[list[str]] = []
    open_ways: list[tuple[int, list[str]]] = [(0, [])]
    while open_ways and len(found) < most:
        start, parts = open_ways.pop()
        if start == len(text):
            found.append(parts)
            continue
        open_ways += [(end, [*parts, text[start:end]]) for end in edges[start] if ends[end]]
    return found


def pairs(text: str, known: Collection[str]) -> set[tuple[str, str]]:
    """Neighbouring syllables on the ways through the text that leave out the fewest letters."""
    edges = _edges(text, known)
    size = len(text)
    before, behind = [0] * (size + 1), [0] * (size + 1)  # letters left out up to here, and from here on
    for start in range(size - 1, -1, -1):
        behind[start] = min([behind[start + 1] + 1, *(behind[end] for end in edges[start])])
    before[1:] = [size] * size
    for start in range(size):
        for end in edges[start]:
            before[end] = min(before[end], before[start])
        before[start + 1] = min(before[start + 1], before[start] + 1)
    return {
        (text[start:middle], text[middle:end])
        for start in range(size)
        for middle in edges[start]
        for end in (edges[middle] if middle < size else ())
        if before[start] + behind[end] == before[size]
    }


def _edges(text: str, known: Collection[str]) -> list[list[int]]:
    sizes = sorted({len(part) for part in known if len(part) <= _LONGEST})
    return [
        [start + size for size in sizes if start + size <= len(text) and text[start : start + size] in known]
        for start in range(len(text))
    ]
