"""A ledger in memory, and a desk that syncs from it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.wiring import load_people, load_policy, resolve
from flows.desk import Desk, Latest
from flows.roster import Roster
from scoring.errors import LedgerError
from scoring.ledger import RawTab
from sheets.columns import load_ledger_map
from sheets.layout import encoded, lay_out
from sheets.reading import Reading
from storage.baseline import Baseline
from storage.mirror import Mirror

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)


class Paper:
    """A ledger in memory; `away` makes it fail."""

    def __init__(self) -> None:
        self.customers: list[list[Any]] = [["客户编号", "客户名称", "授信额度", "状态"]] + [
            [f"C{n}", f"客户{n}号", 100_000, ""] for n in range(30)
        ]
        self.invoices: list[list[Any]] = [["发票号", "客户编号", "开票日", "到期日", "金额", "已收"]] + [
            [f"I{n}", f"C{n % 30}", "2026-10-01", "2026-12-01", 1000 + n, 0] for n in range(60)
        ]
        self.away = False
        self.names = load_ledger_map(resolve(Path("ledger.yaml")))

    def version(self) -> str | None:
        return None

    def fetch(self) -> Reading:
        if self.away:
            raise LedgerError("sheet_unreachable", why="test")
        tabs: dict[str, RawTab] = {}
        problems = []
        for tab, rows in (("customers", self.customers), ("invoices", self.invoices)):
            raw, notes = lay_out(tab, encoded(rows), self.names)
            problems += notes
            if raw is not None:
                tabs[tab] = raw
        return Reading(tabs=tabs, problems=tuple(problems), locale="zh_CN")


def desk_of(paper: Paper, home: Path, clock: Callable[[], datetime] = lambda: NOON) -> Desk:
    """A desk over it, with its mirror and baseline in a folder."""
    return Desk(
        mirror=Mirror(home / "mirror.db"), policy=load_policy(Path("policy.yaml")), roster=Roster(load_people(Path("people.yaml"))),
        source=paper, clock=clock, latest=Latest(), baseline=Baseline(home / "baseline.db"),
    )  # fmt: skip
