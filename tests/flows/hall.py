"""Thirty customers over a paper ledger, their first screens ready in both languages, and a clock moved by hand."""

from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from flows.access import Reader
from flows.cards import keep_card
from flows.lookup import look_up, look_up_ready
from flows.sync import sync
from tests.paper import NOON, Paper, desk_of
from texts.formats import LANGS


class Clock:
    """The time, moved by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


class Hall:
    """A desk of thirty customers over a paper ledger, with their cards ready in both languages."""

    def __init__(self, home: Path) -> None:
        self.paper, self.clock = Paper(), Clock()
        self.paper.customers[0] += ["部门", "上级集团", "集团额度"]
        for place, row in enumerate(self.paper.customers[1:]):
            row += ["华东", "C0" if place in {1, 2} else "", "" if place else 8000]
        self.desk = desk_of(self.paper, home, self.clock)
        sync(self.desk)
        self.fill()

    def fill(self) -> None:
        for lang in LANGS:
            for number in range(30):
                keep_card(self.desk, f"C{number}", lang)

    def reader(self, account: str = "U01LIN", lang: str = "zh-CN") -> Reader:
        return Reader(account, lang=lang, person=self.desk.people.by_slack.get(account))

    def ready(self, customer_id: str, reader: Reader | None = None) -> dict[str, Any] | None:
        found = look_up_ready(self.desk, reader or self.reader(), customer_id)
        return None if found is None else dict(orjson.loads(found.body))

    def made(self, customer_id: str, reader: Reader | None = None) -> dict[str, Any]:
        message = look_up(self.desk, reader or self.reader(), customer_id).message
        return dict(orjson.loads(orjson.dumps({"response_type": "ephemeral", **message})))
