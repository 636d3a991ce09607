"""The product's answers beside the second computation's, figure by figure."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from bot.settings import Settings
from bot.wiring import local_desk
from flows.answers import answer_of
from flows.desk import Desk
from tests.referee.tables import read_tables
from tests.referee.verdict import answer, book_open

MONEY = ("exposure", "headroom", "open", "unapplied", "overdue")


def desk_over(folder: Path, on: date) -> Desk:
    """A desk over a folder, on a day."""
    return local_desk(Settings(_env_file=None), folder, on)


def differences(folder: Path, on: date, *, today: date | None = None) -> list[str]:
    """Each figure on which the two disagree, as "customer figure: ours / theirs"."""
    desk = desk_over(folder, on)
    real = today or desk.today()
    tables = read_tables(folder)
    everyone = book_open(tables, on, real)
    return [line for row in tables["customers"] for line in _one(desk, tables, row["customer_id"], on, real, everyone)]


def _one(desk: Desk, tables: Any, customer_id: str, on: date, today: date, everyone: Any) -> Iterator[str]:
    view = desk.latest.view
    assert view is not None
    answered = answer_of(desk, view, customer_id)
    assert answered is not None
    ours, theirs = answered.answer, answer(tables, customer_id, on, today, everyone)
    for name, found, expected in _pairs(ours, theirs):
        if found != expected:
            yield f"{customer_id} {name}: {found!r} / {expected!r}"


def _pairs(ours: dict[str, Any], theirs: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for name in (*MONEY, "max_days_overdue", "utilisation", "ageing", "score", "coverage", "grade", "next_release"):
        yield name, ours[name], theirs[name]
    for name, expected in theirs["behaviour"].items():
        yield name, ours["behaviour"][name], expected
    for factor in ours["factors"]:
        yield factor["factor"], float(factor["points"]), theirs["points"][factor["factor"]]
    yield "missing", sorted(one["factor"] for one in ours["factors"] if one["missing"]), theirs["missing"]
    yield "vetoes", sorted({one["code"] for one in ours["vetoes"]}), theirs["vetoes"]
    decided = theirs["decided"]
    if decided == "ok or approval by a warning":
        decided = ours["verdict"] if ours["verdict"] in {"ok", "approval"} else "ok"
    yield "verdict", ours["verdict"], decided
