"""Events, requests with their evidence, the audit chain and the outbox."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None
NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
OPEN = sa.text("state in ('pending', 'returned')")


def upgrade() -> None:
    """Make them."""
    _requests()
    _audit()
    _outbox()


def _requests() -> None:
    op.create_table(
        "counters",
        sa.Column("series", sa.Text, primary_key=True),
        sa.Column("value", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "inbox",
        sa.Column("event_key", sa.Text, primary_key=True),
        sa.Column("payload_hash", sa.Text, nullable=False),
        sa.Column("taken_at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "requests",
        sa.Column("request_no", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("applicant", sa.Text, nullable=False),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("filed_at", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("requests_open", "requests", ["request_no"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("requests_applicant", "requests", ["applicant"])
    op.create_index("requests_customer", "requests", ["customer_id"])
    op.create_index("requests_filed", "requests", ["filed_at"])
    op.create_table(
        "evidence",
        sa.Column("request_no", sa.Text, sa.ForeignKey("requests.request_no"), primary_key=True),
        sa.Column("round", sa.Integer, primary_key=True),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("policy", sa.Text, nullable=False),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("request_no", sa.Text, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("mac", sa.Text, nullable=False),
    )


def _outbox() -> None:
    op.create_table("outbox", sa.Column("seq", NUMBER, primary_key=True), *_item_columns())
    ended = sa.Column("ended_at", sa.BigInteger, nullable=False)
    op.create_table("delivered", sa.Column("seq", sa.BigInteger, nullable=False), *_item_columns(), ended)
    op.create_index("delivered_id", "delivered", ["id"], unique=True)
    op.create_index("delivered_ended", "delivered", ["ended_at"])


def _item_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("unknown", sa.Boolean, nullable=False),
        sa.Column("not_before", sa.BigInteger, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("first_at", sa.BigInteger),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("lease_until", sa.BigInteger),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
    ]
