"""The demo ledger as finance keeps it: Chinese headers, a title above, spacers, totals below, notes at the side."""

from datetime import date
from typing import Any

from sandbox.demo.book import make_book
from sandbox.demo.headers import HEADERS, TITLES, columns_of
from sandbox.google.store import EPOCH, Cell, Spreadsheet

KEY = "demo-ledger-0001"


def make_sheet(on: date, seed: int = 7) -> Spreadsheet:
    """A spreadsheet with every tab of the demo ledger."""
    sheet = Spreadsheet(KEY, "客户授信台账(演示)")
    for tab, rows in make_book(on, seed).items():
        columns = columns_of(tab)
        dates = {place for place, key in enumerate(columns) if any(isinstance(row.get(key), date) for row in rows)}
        cells: list[list[Cell]] = []
        if tab in {"customers", "invoices"}:
            cells.append([f"{TITLES[tab]}台账  (每日由财务更新)"])
        head: list[Cell] = [HEADERS[tab][key] for key in columns]
        if tab == "customers":
            head += ["", "客户经理评价"]
        cells.append(head)
        for place, row in enumerate(rows):
            cells.append([_cell(row.get(key)) for key in columns])
            if tab == "invoices" and place == 400:
                cells.append([])
        if tab == "invoices":
            cells += [[], [], ["合计"]]
            while len(cells[-1]) <= columns.index("amount"):
                cells[-1].append(None)
            cells[-1][columns.index("amount")] = round(sum(float(str(row["amount"])) for row in rows), 2)
        if tab == "customers":
            cells[3] += [None] * (len(columns) + 3 - len(cells[3]))
            cells[3] += ["本月目标", 12_000_000]
        sheet.add(TITLES[tab], cells, dates)
    sheet.add("说明", [["本表由财务维护；灰色列由授信台填写。"]])
    return sheet


def _cell(value: Any) -> Cell:
    if isinstance(value, date):
        return (value - EPOCH).days
    return None if value == "" else value
