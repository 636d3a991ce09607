"""Drafts, where cards hang, and who signs for whom."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "drafts",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
    )
    op.create_index("drafts_person", "drafts", ["person"])
    op.create_table(
        "cards",
        sa.Column("card_id", sa.Text, primary_key=True),
        sa.Column("request_no", sa.Text, nullable=False),
        sa.Column("audience", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("ts", sa.Text, nullable=False),
        sa.Column("shape", sa.Text, nullable=False),
        sa.Column("thread_ts", sa.Text, nullable=False),
    )
    op.create_index("cards_request", "cards", ["request_no"])
    op.create_table(
        "delegations",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("from_person", sa.Text, nullable=False),
        sa.Column("to_person", sa.Text, nullable=False),
        sa.Column("starts_on", sa.Text, nullable=False),
        sa.Column("ends_on", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("ended_by", sa.Text, nullable=False),
    )
