"""Warnings over time, and what customers looked like when they were last looked at."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0004", "0003"


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "alerts",
        sa.Column("alert_id", sa.Text, primary_key=True),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("closed_on", sa.Text),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("written", sa.Integer, nullable=False),
    )
    living = sa.text("state <> 'closed'")
    op.create_index("alerts_living", "alerts", ["customer_id"], sqlite_where=living, postgresql_where=living)
    op.create_index("alerts_closed", "alerts", ["closed_on"])
    op.create_table(
        "snapshots",
        sa.Column("customer_id", sa.Text, primary_key=True),
        sa.Column("body", sa.Text, nullable=False),
    )
