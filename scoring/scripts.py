"""Traditional characters as simplified ones, by OpenCC's own dictionaries, without its pace.

Character by character through one table; the converter itself is asked only where a phrase rule could differ.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_CJK = re.compile(r"[\u3400-\u9fff]")
_END = 0xA000  # the table ends where the characters that names are compared by end


@dataclass(frozen=True, slots=True)
class _Table:
    """`table` is indexed by code point; `phrases` are those that read otherwise than their characters do."""

    changed: frozenset[str]
    table: str
    phrases: dict[str, tuple[str, ...]]
    far: frozenset[str]


def simplified(text: str) -> str:
    """Traditional characters as simplified ones; anything else unchanged."""
    if text.isascii():
        return text
    known = _tables()
    if known.changed.isdisjoint(text):
        return text
    if not _CJK.search(text):
        return text
    if not known.far.isdisjoint(text) or _phrase_rule(known, text):
        return str(_converter().convert(text))
    return text.translate(known.table)


def _phrase_rule(known: _Table, text: str) -> bool:
    return any(phrase in text for char in known.phrases.keys() & set(text) for phrase in known.phrases[char])


@lru_cache(maxsize=1)
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


@lru_cache(maxsize=1)
def _tables() -> _Table:
    chars = _entries("TSCharacters.txt")
    phrases: dict[str, list[str]] = {}
    for phrase, other in _entries("TSPhrases.txt").items():
        single = "".join(chars.get(char, char) for char in phrase)
        if single != other:
            first = next(char for char, one, two in zip(phrase, single, other, strict=True) if one != two)
            phrases.setdefault(first, []).append(phrase)
    near = {ord(char): other for char, other in chars.items() if ord(char) < _END}
    return _Table(
        changed=frozenset(chars) | frozenset(phrases),
        table="".join(near.get(code, chr(code)) for code in range(_END)),
        phrases={char: tuple(found) for char, found in phrases.items()},
        far=frozenset(char for char in chars if ord(char) >= _END),
    )


def _entries(file: str) -> dict[str, str]:
    spec = find_spec("opencc")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("opencc-python-reimplemented is not installed")
    lines = (Path(spec.submodule_search_locations[0]) / "dictionary" / file).read_text(encoding="utf-8").splitlines()
    pairs = (line.strip().split("\t") for line in lines if line.strip())
    return {key: value.split(" ")[0] for key, value in pairs}
