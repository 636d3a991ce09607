"""The forms a name is found by: normalised, simplified, without legal form, as said, and cut into grams."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from scoring.names import normalise, normalise_uscc, stem, without_form
from scoring.scripts import simplified
from scoring.sounds import said
from storage.named import Named

_LATIN = re.compile(r"[0-9a-z]{3,}")


class Forms(NamedTuple):
    """One name in all its forms; the spoken ones are empty for a name in Latin letters."""

    plain: str
    simple: str
    stem: str
    spoken: tuple[str, ...] = ()
    spoken_stem: tuple[str, ...] = ()


def forms_of(named: Named) -> list[Forms]:
    """The forms of the name and of each alias that is more than punctuation."""
    found = (_forms(name) for name in ((named.name, *named.aliases) if named.aliases else (named.name,)))
    return [forms for forms in found if forms.plain]


def _forms(name: str) -> Forms:
    plain = normalise(name)
    if plain == name:
        plain = name  # one text in memory instead of two
    simple = simplified(plain)
    # an English form needs blanks to be seen: a name that is normalised already and ends in Chinese has none
    bare = without_form(simple) if name is plain is simple and name[-1:] >= "\u3400" else stem(simplified(name))
    if bare == simple:
        bare = simple
    return Forms(plain, simple, bare) if plain.isascii() else Forms(plain, simple, bare, *said(simple, bare))


def codes_of(named: Named) -> list[str]:
    """The id first, then the code, as they are compared."""
    found = [normalise(named.customer_id)] if named.customer_id else []
    if named.uscc:
        found.append(normalise(normalise_uscc(named.uscc)))
    return [code for code in found if code]


def initials_of(spoken: Iterable[str]) -> str:
    """The first letter of each syllable."""
    return "".join([part[0] for part in spoken])


def grams_of(text: str) -> set[str]:
    """Two characters of a Chinese text, three letters of a Latin one or of a Latin run; and how the text begins."""
    if text.isascii():
        found = {text[place : place + 3] for place in range(len(text) - 2)}
        if len(text) <= 4:
            found |= {text[place : place + 2] for place in range(len(text) - 1)}
        return found
    found = {text[place : place + 2] for place in range(len(text) - 1)}
    found.add("^" + text[0])
    for run in _LATIN.findall(text):
        found |= {run[place : place + 3] for place in range(len(run) - 2)}
    return found
