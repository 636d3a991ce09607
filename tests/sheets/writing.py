"""The writer against a ledger in the sandbox, with somebody at the sheet at the very moment of writing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sandbox.faults import Fault
from sandbox.google.api import Google, google_router
from sandbox.google.cells import Cell, Formula, shown_value
from sandbox.google.store import Spreadsheet, Tab
from sheets.read import GoogleLedger
from sheets.write import LedgerWriter
from sheets.write_job import Mode, RowWrite, Value, WriteJob
from tests.sandbox.servers import bound, listening
from tests.sheets.google import names

NOW = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)
HEADER: list[Cell] = ["客户编号", "客户名称", "授信额度(万元)", "账期", "额度到期", "状态", "敞口比", "业务经办"]
CUSTOMERS: list[list[Cell]] = [
    ["客户授信一览表"],
    [],
    HEADER,
    ["C1", "甲", 10, 30, 46000, "正常", Formula("=C4/100", 0.1), "王"],
    ["C2", "乙", 20, 60, None, "关注", Formula("=C5/100", 0.2), "李"],
    ["C3", "丙", Formula("=10+20", 30), 45, None, "正常", Formula("=C6/100", 0.3), "王"],
    [],
    ["合计", None, Formula("=SUM(C4:C6)", 60)],
    [None, "制表：财务"],
]
DECISIONS: list[list[Cell]] = [
    ["申请编号", "类型", "客户编号", "申请", "核定", "结果", "审批人", "客户管理员", "原因", "政策指纹", "审批时间"]
]
FINANCIALS: list[list[Cell]] = [
    ["Customer ID", "Period end", "Revenue", "Audited"],
    ["C1", 45657, 100, "yes"],
]


@dataclass
class Sheet:
    """A spreadsheet that is `google`'s, and the writer in front of it."""

    google: Google
    ledger: GoogleLedger
    writer: LedgerWriter
    now: datetime = NOW

    def tab(self, title: str = "客户") -> Tab:
        """A tab by title."""
        tab = self.google.sheet.tab(title)
        assert tab is not None
        return tab

    def shown(self, title: str = "客户") -> list[list[Any]]:
        """What a tab shows, blanks at the end left out."""
        rows = [[shown_value(cell) for cell in row] for row in self.tab(title).cells]
        for row in rows:
            while row and row[-1] in {None, ""}:
                row.pop()
        while rows and not rows[-1]:
            rows.pop()
        return rows

    def row(self, key: str, title: str = "客户") -> list[Any]:
        """The one row that begins with a key."""
        found = [row for row in self.shown(title) if row[:1] == [key]]
        assert len(found) == 1, found
        return found[0]

    def meanwhile(self, *acts: Callable[[], object]) -> None:
        """Let somebody do this after the writer has looked and before its batch arrives, once a batch."""
        client: Any = self.ledger.client()
        planned, send = list(acts), type(client).send

        def late(*given: Any) -> Any:
            if planned:
                planned.pop(0)()
            return send(client, *given)

        client.send = late

    def fail(self, kind: str, method: str = "spreadsheets.batchUpdate", **more: Any) -> None:
        """A planned fault."""
        self.google.faults.plan(Fault(method, kind, **more))

    def again(self) -> LedgerWriter:
        """The writer of a process that has been started anew: it remembers nothing."""
        self.writer = LedgerWriter(self.ledger)
        return self.writer

    def count(self, call: str) -> int:
        """How often Google was asked so."""
        return self.google.calls.count(call)

    def days_later(self, days: int) -> None:
        """The desk's clock goes on."""
        self.now = NOW + timedelta(days=days)


def book() -> Spreadsheet:
    """Customers under a title and above totals, an empty decisions tab, financials in English."""
    sheet = Spreadsheet("book-1", "台账")
    sheet.add("客户", [list(row) for row in CUSTOMERS], {4})
    sheet.add("审批记录", [list(row) for row in DECISIONS])
    sheet.add("Financials", [list(row) for row in FINANCIALS], {1})
    return sheet


@contextmanager
def served(home: Path) -> Iterator[Sheet]:
    """Google on a free port."""
    google = Google(book())
    with bound() as (line, url), listening(google_router(google), line=line):
        key = google.service_account(url, home / "key.json")
        made = GoogleLedger(
            spreadsheet_id="book-1", service_account_file=str(key), base_url=f"{url}/google", names=names(),
            clock=lambda: sheet.now,
        )  # fmt: skip
        made.client().sleep = lambda _: None
        sheet = Sheet(google, made, LedgerWriter(made))
        try:
            yield sheet
        finally:
            session: Any = made.client().session
            session.close()
            session._auth.session.close()


def fresh(sheet: Sheet) -> Sheet:
    """The same server with a new book, nothing failing and a new writer."""
    google = sheet.google
    kept = google.accounts
    google.faults.clear()
    vars(google).update(vars(Google(book())), accounts=kept)
    google.quota = False
    client: Any = sheet.ledger.client()
    vars(client).pop("send", None)
    client.tries = 2
    sheet.now = NOW
    sheet.again()
    return sheet


def update(customer_id: str = "C2", /, *, expected: dict[str, Value] | None = None, **values: Value) -> RowWrite:
    """A decision on a customer."""
    return RowWrite(
        tab="customers", key={"customer_id": customer_id}, values=values or {"credit_limit": Decimal(500_000)},
        expected={} if expected is None else expected, mode="update",
    )  # fmt: skip


def newcomer(customer_id: str = "C9", **values: Value) -> RowWrite:
    """A new customer's row."""
    given: dict[str, Value] = {
        "name": "新客户", "credit_limit": Decimal(123_400), "payment_days": 30,
        "limit_expires_on": date(2027, 11, 25), "status": "active", **values,
    }  # fmt: skip
    return RowWrite(tab="customers", key={"customer_id": customer_id}, values=given, mode="append")


def decision(request_no: str = "CR-2026-0001", mode: Mode = "append", **values: Value) -> RowWrite:
    """A line of the log."""
    given: dict[str, Value] = {"kind": "open_account", "outcome": "approved", "reason": "ok", **values}
    return RowWrite(tab="decisions", key={"request_no": request_no}, values=given, mode=mode)


def job(*rows: RowWrite, number: int = 7, mark: str = "m7") -> WriteJob:
    """Rows to be written together."""
    return WriteJob(id=number, mark=mark, rows=rows)
