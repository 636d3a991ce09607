"""A card of twenty blocks against the same JSON put together by hand: pieces joined, numbers formatted, texts escaped."""

import json
import re
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from benchmarks.measure import Figure, compare
from bot.settings import Settings
from bot.wiring import local_desk
from flows.answers import answer_of
from sandbox.demo.__main__ import write_folder
from sandbox.demo.book import make_book
from texts.cards import Setting, answer_card
from texts.details import details_view

DAY = date(2026, 11, 20)
TIMES = 500
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
Piece = tuple[str, list[str | tuple[float, str]]]


def main(_: Path, __: int) -> None:
    """The demo ledger's customer with the most to say: overdue, warnings, vetoes, every factor."""
    with tempfile.TemporaryDirectory() as folder:
        write_folder(make_book(DAY, 7, 60), Path(folder))
        desk = local_desk(Settings(_env_file=None), Path(folder), DAY)
        view = desk.latest.view
        assert view is not None
        answered = answer_of(desk, view, "C0003")
        assert answered is not None
        links = dict.fromkeys(("customers", "invoices", "checks", "financials"), "https://sheet.example/#")
        setting = Setting(links=links, today=DAY.isoformat())
        answer, details = answered.answer, answered.details
        for name, make, at_most in (
            ("card of {} blocks (the details)", lambda: details_view(answer, details, "zh-CN", setting), 2.0),
            ("card of {} blocks (the first screen)", lambda: answer_card(answer, details, "zh-CN", setting), 2.0),
        ):
            made = make()
            hand = by_hand(made)
            assert orjson.loads(hand()) == orjson.loads(orjson.dumps(made))
            figure = compare(
                name.format(len(made["blocks"])),
                lambda make=make: [orjson.dumps(make()) for _ in range(TIMES)],  # type: ignore[misc]
                lambda hand=hand: [hand() for _ in range(TIMES)],  # type: ignore[misc]
                at_most,
                15,
            )
            Figure(figure.path, figure.ratio, at_most, figure.ours / TIMES, figure.floor / TIMES).tell()


def by_hand(message: Any) -> Callable[[], bytes]:
    """A function that puts the same JSON together: constants as they are, each text from its words and numbers."""
    pieces: list[Piece] = []
    rest: list[str] = []
    _take_apart(message, pieces, rest)
    last = "".join(rest)

    def make() -> bytes:
        out: list[str] = []
        for before, parts in pieces:
            text = "".join(part if isinstance(part, str) else format(part[0], part[1]) for part in parts)
            out.append(before)
            out.append(json.dumps(text, ensure_ascii=False))
        out.append(last)
        return "".join(out).encode()

    return make


def _take_apart(node: Any, pieces: list[Piece], waiting: list[str]) -> None:
    """Walk in the order of the JSON; texts become pieces, `waiting` is what stands between them."""
    if isinstance(node, dict):
        waiting.append("{")
        for place, (key, value) in enumerate(node.items()):
            waiting.append(("," if place else "") + json.dumps(key) + ":")
            if key in {"text", "value"} and isinstance(value, str):
                pieces.append(("".join(waiting), _words(value)))
                waiting.clear()
            else:
                _take_apart(value, pieces, waiting)
        waiting.append("}")
    elif isinstance(node, list):
        waiting.append("[")
        for place, value in enumerate(node):
            if place:
                waiting.append(",")
            _take_apart(value, pieces, waiting)
        waiting.append("]")
    else:
        waiting.append(json.dumps(node, ensure_ascii=False))


def _words(text: str) -> list[str | tuple[float, str]]:
    parts: list[str | tuple[float, str]] = []
    end = 0
    for found in _NUMBER.finditer(text):
        number, spelled = float(found[0].replace(",", "")), found[0]
        places = len(spelled.partition(".")[2])
        pattern = f",.{places}f" if "," in spelled else f".{places}f"
        if format(number, pattern) == spelled:
            parts += [text[end : found.start()], (number, pattern)]
            end = found.end()
    return [*parts, text[end:]]


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
