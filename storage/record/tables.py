"""The tables. Moments are microseconds since 1970 (UTC), days ISO text, everything with parts JSON text.

Migrations make them (storage/migrations); a test holds both equal. What a decision touches is kept narrow: every page
that changes is written once more by the commit, so what never changes after filing stands in a table of its own.
"""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, MetaData, Table, Text, text

metadata = MetaData()
Number = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only where the type is INTEGER."""

counters = Table(
    "counters", metadata, Column("series", Text, primary_key=True), Column("value", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip
inbox = Table(
    "inbox", metadata,
    Column("event_key", Text, primary_key=True),
    Column("payload_hash", Text, nullable=False),
    Column("taken_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip
requests = Table(
    "requests", metadata,
    Column("request_no", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("applicant", Text, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("filed_at", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
)  # fmt: skip
OPEN = text("state in ('pending', 'returned')")
Index("requests_open", requests.c.request_no, sqlite_where=OPEN, postgresql_where=OPEN)
Index("requests_applicant", requests.c.applicant)
Index("requests_customer", requests.c.customer_id)
Index("requests_filed", requests.c.filed_at)
evidence = Table(
    "evidence", metadata,
    Column("request_no", Text, ForeignKey("requests.request_no"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("form", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("policy", Text, nullable=False),
)  # fmt: skip
audit = Table(
    "audit", metadata,
    Column("seq", Number, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("request_no", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("mac", Text, nullable=False),
)  # fmt: skip


def _item_columns() -> list[Column[Any]]:
    return [
        Column("id", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("payload", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("unknown", Boolean, nullable=False),
        Column("not_before", BigInteger, nullable=False),
        Column("made_at", BigInteger, nullable=False),
        Column("first_at", BigInteger),
        Column("owner", Text, nullable=False),
        Column("lease_until", BigInteger),
        Column("result", Text, nullable=False),
        Column("why", Text, nullable=False),
    ]


# what is on its way: a small table without indexes, so that a decision changes one page of it
outbox = Table("outbox", metadata, Column("seq", Number, primary_key=True), *_item_columns())
# what is over: delivered or cancelled
delivered = Table(
    "delivered", metadata,
    Column("seq", BigInteger, nullable=False), *_item_columns(), Column("ended_at", BigInteger, nullable=False),
)  # fmt: skip
Index("delivered_id", delivered.c.id, unique=True)
Index("delivered_ended", delivered.c.ended_at)
drafts = Table(
    "drafts", metadata,
    Column("id", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
)  # fmt: skip
Index("drafts_person", drafts.c.person)
cards = Table(
    "cards", metadata,
    Column("card_id", Text, primary_key=True),
    Column("request_no", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("ts", Text, nullable=False),
    Column("shape", Text, nullable=False),
    Column("thread_ts", Text, nullable=False),
)  # fmt: skip
Index("cards_request", cards.c.request_no)
delegations = Table(
    "delegations", metadata,
    Column("id", Text, primary_key=True),
    Column("from_person", Text, nullable=False),
    Column("to_person", Text, nullable=False),
    Column("starts_on", Text, nullable=False),
    Column("ends_on", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("ended_by", Text, nullable=False),
)  # fmt: skip
cases = Table(
    "cases", metadata,
    Column("case_id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
)  # fmt: skip
Index("cases_customer", cases.c.customer_id)
Index("cases_state", cases.c.state)
alerts = Table(
    "alerts", metadata,
    Column("alert_id", Text, primary_key=True),
    Column("customer_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("closed_on", Text),
    Column("body", Text, nullable=False),
    Column("written", Integer, nullable=False),
)  # fmt: skip
LIVING = text("state <> 'closed'")
Index("alerts_living", alerts.c.customer_id, sqlite_where=LIVING, postgresql_where=LIVING)
Index("alerts_closed", alerts.c.closed_on)
snapshots = Table(
    "snapshots", metadata, Column("customer_id", Text, primary_key=True), Column("body", Text, nullable=False)
)
dealings = Table(
    "dealings", metadata,
    Column("dealing_id", Text, primary_key=True),
    Column("customer_id", Text, nullable=False),
    Column("ended", Boolean, nullable=False),
    Column("body", Text, nullable=False),
)  # fmt: skip
Index("dealings_customer", dealings.c.customer_id)
slots = Table(
    "slots", metadata,
    Column("job", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("late", Boolean, nullable=False),
    Column("claimed_at", BigInteger, nullable=False),
)  # fmt: skip
job_runs = Table(
    "job_runs", metadata,
    Column("id", Text, primary_key=True),
    Column("job", Text, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("outcome", Text, nullable=False),
)  # fmt: skip
Index("job_runs_job", job_runs.c.job, job_runs.c.started_at)
