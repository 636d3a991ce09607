"""Somebody renames a header: whatever it is, no answer gets greener, and finance hears what is gone."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.settings import Settings
from bot.wiring import google_desk, resolve
from flows.access import Reader
from flows.confirm import confirm_all
from flows.desk import Desk
from flows.lookup import look_up
from flows.sync import sync
from sandbox.demo.book import make_book
from scoring.findings import Note
from scoring.ledger import ROW_TYPES, columns_of
from sheets.columns import load_ledger_map
from sheets.guards import LOOSE
from sheets.layout import encoded, lay_out
from sheets.reading import Reading
from tests.builders import codes

ON = date(2026, 11, 20)
READER = Reader("U01LIN", lang="zh-CN", everything=True)
GREEN = {"stop": 0, "prepay": 1, "approval": 2, None: 2, "ok": 3}
Shown = dict[str, tuple[str | None, Decimal]]


@dataclass
class Sheet:
    """The demo ledger in memory: `heads` is what a person may retype."""

    heads: dict[str, list[str]]
    rows: dict[str, list[list[Any]]]
    names: Any = field(default_factory=lambda: load_ledger_map(resolve(Path("ledger.yaml"))))

    def version(self) -> str | None:
        return None

    def fetch(self) -> Reading:
        tabs, problems = {}, [Note(tab, None, "", None, "tab_missing") for tab in ROW_TYPES if tab not in self.heads]
        for tab, head in self.heads.items():
            raw, notes = lay_out(tab, encoded([head, *self.rows[tab]]), self.names)
            problems += notes
            if raw is not None:
                tabs[tab] = raw
        return Reading(tabs=tabs, problems=tuple(problems), locale="zh_CN")


@pytest.fixture
def sheet() -> Sheet:
    tables = {tab: rows for tab, rows in make_book(ON, 7, 40).items() if rows}
    heads = {tab: [key for key in columns_of(tab) if any(key in row for row in rows)] for tab, rows in tables.items()}

    def plain(value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value

    rows = {tab: [[plain(row.get(key)) for key in heads[tab]] for row in found] for tab, found in tables.items()}
    return Sheet(heads, rows)


@pytest.fixture
def desk(sheet: Sheet, tmp_path: Path) -> Desk:
    settings = Settings(_env_file=None, creditdesk_home=tmp_path)
    noon = datetime(2026, 11, 20, 4, tzinfo=UTC)
    made = replace(google_desk(settings, clock=lambda: noon), source=sheet, day=ON)
    sync(made)
    return made


def shown(desk: Desk) -> Shown:
    """Verdict and room of everybody."""
    found: Shown = {}
    for customer_id in desk.mirror.customer_ids():
        answered = look_up(desk, READER, customer_id).answered
        if answered is not None:
            found[customer_id] = (answered.answer["verdict"], Decimal(answered.answer["headroom"] or 0))
    return found


def greener(before: Shown, now: Shown) -> list[str]:
    """Who is better off, or whom nobody finds any more."""
    return [
        customer_id
        for customer_id, (verdict, room) in before.items()
        if customer_id not in now
        or GREEN[now[customer_id][0]] > GREEN[verdict]
        or (now[customer_id][0] == "ok" and now[customer_id][1] > room)
    ]


def headers(sheet: Sheet) -> Iterator[tuple[str, int, str]]:
    for tab, head in list(sheet.heads.items()):
        for place, column in enumerate(list(head)):
            yield tab, place, column


def test_renaming_any_header_makes_no_answer_greener(desk: Desk, sheet: Sheet) -> None:
    before = shown(desk)
    assert {verdict for verdict, _ in before.values()} >= {"ok", "approval", "stop", "prepay"}
    taken = desk.mirror.meta("taken")
    for tab, place, column in headers(sheet):
        sheet.heads[tab][place] = "改名列Q"
        held = [(one.facts["tab"], one.code) for one in sync(desk).held]
        if column in LOOSE:
            assert (tab, held, greener(before, shown(desk))) == (tab, [], [])
        else:
            assert held, (tab, column)
            assert {name for name, _ in held} == {tab}
            assert {code for _, code in held} <= {"column_missing", "key_column_missing"}
            assert desk.mirror.meta("taken") == taken
        sheet.heads[tab][place] = column
        if column in LOOSE:
            sync(desk)
            taken = desk.mirror.meta("taken")
    assert sync(desk).held == ()
    assert shown(desk) == before


@pytest.mark.parametrize(
    ("head", "code"),
    [("金额(万元)", "column_unit"), ("金额", "column_duplicate")],
)
def test_another_unit_or_a_second_column_of_that_name_holds_the_tab(
    desk: Desk, sheet: Sheet, head: str, code: str
) -> None:
    before = shown(desk)
    place = sheet.heads["invoices"].index("amount")
    if code == "column_unit":
        sheet.heads["invoices"][place] = head
    else:
        sheet.heads["invoices"].insert(0, head)
        for row in sheet.rows["invoices"]:
            row.insert(0, None)
    held = sync(desk).held
    assert [(one.code, one.facts["column"]) for one in held] == [(code, "amount")]
    assert shown(desk) == before
    assert code in codes(confirm_all(desk))
    assert sync(desk).held == ()


def test_card_and_command_name_the_column_and_its_tab(desk: Desk, sheet: Sheet) -> None:
    sheet.heads["invoices"][sheet.heads["invoices"].index("issued_on")] = "日期"
    sync(desk)
    card = str(look_up(desk, READER, "ACME").message["blocks"])
    assert "“应收”表没有采用（“开票日”列不见了或改了名" in card
    assert "沿用上次的数据" in card


def test_a_column_that_is_gone_on_purpose_is_accepted_and_only_that_one(desk: Desk, sheet: Sheet) -> None:
    head = sheet.heads["invoices"]
    place = head.index("disputed_on")
    head[place] = ""
    sync(desk)
    assert [(note.tab, note.column, note.code) for note in confirm_all(desk)] == [
        ("invoices", "disputed_on", "column_missing")
    ]
    assert desk.latest.view is not None
    assert desk.latest.view.held == ()
    head[head.index("due_on")] = "到期"
    assert [one.facts["column"] for one in sync(desk).held] == ["due_on"]
    head[place] = "disputed_on"
    head[head.index("到期")] = "due_on"
    assert sync(desk).held == ()
    head[place] = ""
    assert [one.facts["column"] for one in sync(desk).held] == ["disputed_on"]
