"""A case as one row of the ledger's `events` tab, in absolute values and in the language of finance."""

from typing import Any

from approvals.cases import Case
from flows.case_view import case_sheet
from flows.desk import Desk
from flows.ledger_entry import MARKS_FROM, ledger_lang
from sheets.write_job import RowWrite, WriteJob
from texts.case_entry import case_cells


def case_entry(desk: Desk, case: Case, *, mark: str, mark_no: int) -> WriteJob:
    """The row of a case as it stands: added with its first step, brought up to date with each later one."""
    texts = case_cells(case_sheet(desk, case, None), ledger_lang(desk))
    closed = desk.local(case.closed_at)
    values: dict[str, Any] = {
        "customer_id": case.customer_id, "occurred_on": case.occurred_on, **texts,
        "closed_on": None if closed is None else closed.date(),
    }  # fmt: skip
    row = RowWrite(
        tab="events", key={"event_id": case.case_id}, values=values, mode="upsert",
        optional_columns=frozenset(values) - {"kind", "status"},
    )  # fmt: skip
    return WriteJob(id=MARKS_FROM + mark_no, mark=mark, rows=(row,))
