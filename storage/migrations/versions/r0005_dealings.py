"""What was done about debts: proof of letters, acknowledgements, promises, disputes."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0005", "0004"


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "dealings",
        sa.Column("dealing_id", sa.Text, primary_key=True),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("ended", sa.Boolean, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("dealings_customer", "dealings", ["customer_id"])
