"""Pinyin without tones, as pypinyin says it, from pypinyin's own dictionaries at a twentieth of their memory.

A character is read as it stands alone, except in a text that holds a phrase that reads otherwise (重庆, 长沙, 厦门):
that one is cut into phrases the way pypinyin cuts it, longest first.
"""

import re
import sys
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from itertools import chain
from operator import add
from pathlib import Path

_HAN, _END = 0x3400, 0xA000  # where the characters that names are compared by begin and end
# the hexagrams between the two blocks are symbols, not characters
_RUNS = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+|[^\u3400-\u4dbf\u4e00-\u9fff]+")
_TONES = re.compile(r"[\u0300\u0301\u0304\u030c]")
_BREAK = "\n"
# the files hold {"37325": "zhòng,chóng,tóng", ...} and {"重庆": [["chóng"], ["qìng"]], ...}; the first reading counts.
# Matched one by one, as the whole as objects would take fifty times the memory of what is kept.
_SINGLE = re.compile(r'"(\d+)":\s*"([^",]*)')
_PHRASE = re.compile(r'"([^"]+)":\s*(\[[^:{}]*\])')
_FIRST = re.compile(r'\[\s*"([^"]*)"')


@dataclass(frozen=True, slots=True)
class _Sounds:
    """What is kept of the dictionaries.

    `alone`: by code point, the reading between blanks. `phrases`: all phrases by first character, each between line
    ends. `odd`: phrases that read otherwise than their characters; `turning`: the characters that make them so, with
    those readings; `odd_by_head`: the odd ones by their first two characters.
    """

    alone: list[str | int]
    phrases: dict[str, str]
    odd: dict[str, tuple[str, ...]]
    turning: dict[str, frozenset[str]]
    odd_by_head: dict[str, tuple[str, ...]]
    longest: int


def syllables(text: str) -> tuple[str, ...]:
    """One entry per Chinese character of a normalised, simplified text; runs of letters and digits stay whole."""
    if text.isascii():
        return (text,) if text else ()
    return _said(text)[0]


def said(text: str, start: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The syllables of a text, and of its first part as if that stood alone."""
    if text.isascii() or text is start:
        whole = syllables(text)
        return whole, whole if text is start else syllables(start)
    whole, odd = _said(text)
    # without odd phrases, and without runs, there is one syllable per character wherever the text ends
    if not odd and len(whole) == len(text) and text.startswith(start):
        return whole, whole[: len(start)]
    return whole, syllables(start)


def _said(text: str) -> tuple[tuple[str, ...], bool]:
    """The syllables, and whether any phrase made them other than those of the characters."""
    known = _sounds()
    if max(text) > "\uffff":  # characters that the table leaves out; seldom enough for the library itself
        from pypinyin import lazy_pinyin

        return tuple(lazy_pinyin(text)), True
    if _last_odd(known, text) < 0:
        return tuple(text.translate(known.alone).split()), False
    return tuple(chain.from_iterable(_cut(known, run) for run in _RUNS.findall(text))), True


def readings(char: str) -> frozenset[str]:
    """Every way a character may be read in a name: alone, or inside some phrase."""
    return _sounds().turning.get(char, frozenset()) | set(syllables(char))


def _last_odd(known: _Sounds, text: str) -> int:
    """Where the last phrase begins that reads otherwise than its characters do; -1 for nowhere."""
    if known.turning.keys().isdisjoint(text):
        return -1
    last = -1
    for head in filter(known.odd_by_head.__contains__, map(add, text, text[1:])):
        for phrase in known.odd_by_head[head]:
            last = max(last, text.rfind(phrase))
    return last


def _cut(known: _Sounds, run: str) -> list[str]:
    """pypinyin's forward longest match; behind the start of the last odd phrase cutting makes no difference."""
    last = _last_odd(known, run)
    found: list[str] = []
    place = 0
    while place <= last:
        word = _longest(known, run, place)
        if word is None and f"\n{run[place:]}" in known.phrases.get(run[place], ""):
            break  # the rest begins a longer phrase: pypinyin then reads each of its characters alone
        word = word or run[place]
        found += known.odd.get(word) or word.translate(known.alone).split()
        place += len(word)
    return found + run[place:].translate(known.alone).split()


def _longest(known: _Sounds, run: str, place: int) -> str | None:
    phrases = known.phrases.get(run[place])
    if phrases is None or f"\n{run[place : place + 2]}" not in phrases:
        return None
    for size in range(min(known.longest, len(run) - place), 1, -1):
        word = run[place : place + size]
        if f"\n{word}\n" in phrases:
            return word
    return None


@lru_cache(maxsize=1)
def _sounds() -> _Sounds:
    bare = _Bare()
    every = ((int(match[1]), match[2]) for match in _SINGLE.finditer(_text("pinyin_dict.json")))
    single = {chr(code): bare[said] for code, said in every if _HAN <= code < _END}
    spaced = {said: f" {said} " for said in single.values()}
    alone: list[str | int] = list(range(_END))
    for code in range(_HAN, _END):
        alone[code] = spaced[single[chr(code)]] if chr(code) in single else f" {chr(code)} "
    phrases: dict[str, str] = {}
    odd: dict[str, tuple[str, ...]] = {}
    turning: dict[str, set[str]] = {}
    longest = 0
    for match in _PHRASE.finditer(_text("phrases_dict.json")):
        phrase, said = match[1], [bare[one] for one in _FIRST.findall(match[2])]
        phrases[phrase[0]] = f"{phrases.get(phrase[0], _BREAK)}{phrase}\n"
        longest = max(longest, len(phrase))
        usual = [single.get(char, char) for char in phrase]
        if said != usual:
            odd[phrase] = tuple(said)
            for char, one, two in zip(phrase, said, usual, strict=True):
                if one != two:
                    turning.setdefault(char, set()).add(one)
    odd_by_head: dict[str, tuple[str, ...]] = {}
    for phrase in odd:
        odd_by_head[phrase[:2]] = (*odd_by_head.get(phrase[:2], ()), phrase)
    frozen = {char: frozenset(found) for char, found in turning.items()}
    return _Sounds(alone, phrases, odd, frozen, odd_by_head, longest)


class _Bare(dict[str, str]):
    """Syllables without their tones, each made once; ü is written v."""

    def __missing__(self, said: str) -> str:
        bare = unicodedata.normalize("NFC", _TONES.sub("", unicodedata.normalize("NFD", said))).replace("ü", "v")
        self[said] = bare = sys.intern(bare)
        return bare


def _text(file: str) -> str:
    spec = find_spec("pypinyin")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("pypinyin is not installed")
    return (Path(spec.submodule_search_locations[0]) / file).read_text(encoding="utf-8")
