"""Letters of a dunning card: made anew when somebody asks for one, in both languages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from approvals.dunning import LETTERS, Letter
from flows.access import Reader, sight
from flows.collect import standing_of
from flows.desk import Desk
from scoring.errors import MisuseError
from texts.blocks import Message
from texts.collection import letter_word, letters_ready, letters_sentence
from texts.formats import LANGS
from texts.letters import claims_of, letter_paper, reference
from texts.standing import Standing
from texts.word_file import word_file

ALL: tuple[Letter, ...] = tuple(dict.fromkeys(one for letters in LETTERS.values() for one in letters))
_UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class File:
    """A document to hand over."""

    name: str
    title: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Made:
    """A letter's files with the words that go with them; without files, why there are none."""

    message: Message
    files: Sequence[File] = ()


def letter_named(name: str) -> Letter:
    """A letter by its code; MisuseError names those there are."""
    for letter in ALL:
        if letter == name:
            return letter
    raise MisuseError("letter_unknown", found=name[:40], known=", ".join(ALL))


def make_letter(desk: Desk, reader: Reader, customer_id: str, letter: Letter, langs: Sequence[str] = LANGS) -> Made:
    """The letter as of now, for somebody who may see the customer in full and while his stage asks for it."""
    view = desk.latest.view
    standing = None if view is None else standing_of(desk, view, customer_id)
    if standing is None or sight(reader, standing.department, standing.sales_owner) != "full":
        return Made(letters_sentence(reader.lang, "letter_nobody"))
    if letter not in standing.letters or not claims_of(standing, letter):
        return Made(letters_sentence(reader.lang, "letter_past", letter=letter_word(letter, reader.lang)))
    files = [_file(standing, letter, lang) for lang in langs]
    return Made(letters_ready(standing, letter, reader.lang), files)


def _file(standing: Standing, letter: Letter, lang: str) -> File:
    title = f"{letter_word(letter, lang)} · {standing.name} · {standing.dunning.on.isoformat()}"
    name = _UNSAFE.sub("_", f"{reference(standing, letter)}-{lang}")
    return File(f"{name}.docx", title[:200], word_file(letter_paper(standing, letter, lang)))
