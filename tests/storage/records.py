"""Records for tests: an SQLite file each, and a database each where a PostgreSQL server is named."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url

from approvals.request import Request
from approvals.steps import Signature, Step
from approvals.terms import Terms
from storage.record import Item, Record

KEY = b"a key only for tests"
NOW = datetime(2026, 11, 24, 1, 40, tzinfo=UTC)
SERVER = os.environ.get("CREDITDESK_TEST_DATABASE", "")
"""URL of a PostgreSQL server where databases may be made; empty = those tests are left out."""
KINDS = ("sqlite", "postgresql") if SERVER else ("sqlite",)
LINE = Terms(limit=Decimal("500000.00"), payment_days=45, currency="CNY", conditions=("open_account",))
ROUTE = (
    Step(kind="vouch", role="customer_admin", people=("chen",)),
    Step(kind="post", role="sales_manager", people=("wang", "zhou"), mode="any"),
    Step(kind="post", role="dept_gm", people=("zhao",), decides=True, passed_up=("dept_deputy_gm",)),
)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def request(number: int = 1, **changes: Any) -> Request:
    """A pending request of C1, waiting for the customer administrator."""
    fields: dict[str, Any] = {
        "request_no": f"CR-2026-{number:04d}", "kind": "open_account", "state": "pending", "version": 1, "round": 1,
        "customer_id": "C1", "name": "甲公司", "department": "华东", "sales_owner": "李雷", "applicant": "li",
        "applicant_account": "U06LI", "asked": LINE, "proposed": LINE, "grade": "B",
        "amount_base": Decimal("500000.00"), "steps": ROUTE, "at": (0,), "filed_at": NOW, "step_since": NOW,
    }  # fmt: skip
    return Request(**{**fields, **changes})


def decided(before: Request, person: str = "zhao") -> Request:
    """The next version: approved."""
    signature = Signature(act="approve", person=person, account="U", at=NOW, step=2)
    return replace(
        before, version=before.version + 1, state="approved", at=(), signatures=(*before.signatures, signature),
        decided=LINE, decided_at=NOW,
    )  # fmt: skip


def filed(record: Record, *requests: Request) -> None:
    """File them, an audit entry each."""
    for one in requests:
        with record.begin() as writing:
            writing.file(one, {"name": one.name}, {"policy": "p1"})
            writing.audit(one.request_no, "file", one.applicant, {"version": one.version})


def enqueued(record: Record, *subjects: str, kind: str = "card") -> list[str]:
    """An item per subject, in this order; their ids."""
    with record.begin() as writing:
        return [writing.enqueue(kind, subject, {"place": place}) for place, subject in enumerate(subjects)]


def claimed(record: Record, owner: str = "one", lease: float = 60) -> Item:
    """The next item."""
    item = record.claim(owner, lease)
    assert item is not None
    return item


@contextmanager
def url_of(kind: str, folder: Path) -> Iterator[str]:
    """An empty database."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'record.db'}"
        return
    name = f"desk_{secrets.token_hex(6)}"
    server = make_url(SERVER).set(drivername="postgresql+pg8000")
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"create database {name}")
    yield server.set(database=name, drivername="postgresql").render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"drop database {name} with (force)")
    admin.dispose()
