"""A workspace and a ledger for each run of the story, and what they hold at its end."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sandbox.demo.book import make_book
from sandbox.demo.headers import HEADERS, TITLES, columns_of
from sandbox.google.store import EPOCH, Cell, Spreadsheet
from sandbox.slack.manifest import read_manifest
from sandbox.world import World, build
from tests.builders import ROOT
from tests.faults.folders import quick_folder
from tests.faults.forks import FAILED, PASSED, PROBLEM, Forks
from tests.faults.points import Mode, SharedClock
from tests.sandbox.servers import bound, listening

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
CUSTOMERS = 6


@dataclass
class Run:
    """One story with one fault in it, ended."""

    home: Path
    world: World
    ended: int
    """How the first process did."""


class Town:
    """Runs stories; what is dear is made once."""

    def __init__(self, folder: Path, forks: Forks) -> None:
        """With the first story told."""
        self._folder, self._forks, self._count = folder, forks, 0
        self.plain = self.run()
        """The story in which nothing happens."""
        self.passed: list[str] = json.loads((self.plain.home / PASSED).read_text(encoding="utf-8"))
        """Its points: `passed[n - 1]` is what point n is."""

    def run(self, number: int = 0, mode: Mode = "fail before") -> Run:
        """A fresh world, the story with its fault, then a fresh process that goes on to the end."""
        self._count += 1
        home = self._folder / f"run-{self._count}"
        home.mkdir(parents=True)
        clock = SharedClock(home / "time")
        clock.set(NOON)
        with bound() as (line, url):
            world = build(
                url, self._folder / "world", sheet=book(), manifest=read_manifest(ROOT / "manifest.yaml"), clock=clock
            )
            where = world.where()
            with listening(*world.routers(), line=line):
                ended = self._forks.run(home, where, number, mode)
                assert ended != FAILED, (home / PROBLEM).read_text(encoding="utf-8")
                clock.forward(90)
                again = self._forks.run(home, where)
                assert again == 0, (home / PROBLEM).read_text(encoding="utf-8")
        return Run(home, world, ended)

    def clean(self, run: Run) -> None:
        """Its folder goes."""
        shutil.rmtree(run.home)


def book() -> Spreadsheet:
    """A few customers of the demo company with all their documents."""
    tables = make_book(date(2026, 11, 20), 7, 40)
    chosen = {row["customer_id"] for row in tables["customers"][:CUSTOMERS]}
    sheet = Spreadsheet("ledger-of-the-story", "客户授信台账")
    for tab, rows in tables.items():
        columns = columns_of(tab)
        kept = [row for row in rows if row.get("customer_id", "") in {"", *chosen}]
        dates = {place for place, key in enumerate(columns) if any(isinstance(row.get(key), date) for row in kept)}
        head: list[Cell] = [HEADERS[tab][key] for key in columns]
        sheet.add(TITLES[tab], [head, *([_cell(row.get(key)) for key in columns] for row in kept)], dates)
    return sheet


def _cell(value: Any) -> Cell:
    if isinstance(value, date):
        return (value - EPOCH).days
    return None if value == "" else value


@contextmanager
def town() -> Iterator[Town]:
    """One, until the block ends."""
    folder, forks = quick_folder("town"), Forks()
    try:
        yield Town(folder, forks)
    finally:
        forks.close()
        shutil.rmtree(folder)
