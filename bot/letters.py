"""`creditdesk collect NAME --letter KIND`: a letter's files in a folder."""

from pathlib import Path

import typer

from bot.terminal import print_card, print_line
from flows.access import Reader
from flows.desk import Desk
from flows.letters import letter_named, make_letter
from scoring.errors import MisuseError
from texts.formats import LANGS


def write(desk: Desk, reader: Reader, customer_id: str, name: str, folder: Path, lang: str | None) -> None:
    """Write a letter in a language, or in both, and say where; exit code 1 with a sentence where it does not fit."""
    made = make_letter(desk, reader, customer_id, letter_named(name), LANGS if lang is None else (lang,))
    if not made.files:
        print_card(made.message)
        raise typer.Exit(1)
    for file in made.files:
        try:
            (folder / file.name).write_bytes(file.content)
        except OSError as problem:
            raise MisuseError("folder_unwritable", folder=str(folder), why=str(problem.strerror)) from None
        print_line(str(folder / file.name))
