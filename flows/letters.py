"""Letters of a dunning card: made anew when somebody asks for one, in both languages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from approvals.dunning import LETTERS, Letter
from flows.access import Reader, sight
from flows.approval import Event
from flows.collect import standing_of
from flows.desk import Desk
from flows.outgoing import Attempt, Ended
from flows.posting import direct, ended, found_before, refuse
from flows.routing import record_of
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


def send_letter(desk: Desk, reader: Reader, customer_id: str, letter: Letter, event: Event) -> Message:
    """Have the letter sent into the reader's direct messages, a file for each language; why not, where it is not."""
    record, made = record_of(desk), make_letter(desk, reader, customer_id, letter)
    if not made.files or reader.person is None:
        return made.message
    payload = {"customer_id": customer_id, "letter": letter, "account": reader.account, "person": reader.person.id}
    with record.begin() as writing:
        if writing.first_time(event.key, event.digest):
            for lang in LANGS:
                writing.enqueue("letter", f"letter/{reader.person.id}", {**payload, "lang": lang})
    desk.nudge()
    return letters_sentence(reader.lang, "letter_coming")


def deliver_letter(attempt: Attempt) -> Ended:
    """Make the letter anew and show it once; one that fits no more by now is left out."""
    desk, payload, slack = attempt.desk, attempt.payload, attempt.ports.slack
    account = str(payload["account"])
    person = desk.people.by_slack.get(account)
    if person is None or person.id != payload["person"]:
        raise refuse("not_his_to_see")
    channel, lang = direct(attempt, account, person)
    if attempt.again and (there := found_before(attempt, channel)):
        return Ended(outcome="done", why="read_back", result={"channel": channel, "ts": there})
    reader = Reader(account=account, name=person.name, lang=lang, person=person)
    letter = letter_named(str(payload["letter"]))
    made = make_letter(desk, reader, str(payload["customer_id"]), letter, (str(payload["lang"]),))
    if not made.files:
        return Ended(outcome="done", why="letter_past")
    (file,) = made.files
    attempt.in_time()
    return ended(
        slack.upload(
            channel, "", file.name, file.content, attempt.item.id, message=made.message, in_time=attempt.in_time
        )
    )


def _file(standing: Standing, letter: Letter, lang: str) -> File:
    name = _UNSAFE.sub("_", f"{reference(standing, letter)}-{lang}")
    return File(f"{name}.docx", word_file(letter_paper(standing, letter, lang)))
