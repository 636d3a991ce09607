"""The tables of the mirror. They have no migrations: a mirror of another schema is made anew."""

from pathlib import Path

from sqlite_utils import Database

SCHEMA_VERSION = "10"
FIGURES = (
    "not_due", "d1_30", "d31_60", "d61_90", "d91_180", "d181_365", "over_365", "open", "unapplied", "disputed",
    "overdue",
)  # fmt: skip
"""Money columns of a rollup, in minor units of the customer's currency: the ageing buckets, then the measures."""


def create(path: Path) -> None:
    """Make an empty mirror."""
    database = Database(str(path))
    database.execute("pragma journal_mode=wal")
    database.table("owners").create({"id": int, "customer_id": str}, pk="id")
    database.table("owners").create_index(["customer_id"], unique=True)
    database.table("documents").create({"id": int, "body": bytes}, pk="id")
    database.table("places").create(
        {"tab": str, "part": int, "digests": bytes, "owners": bytes, "keys": bytes}, pk=("tab", "part")
    )
    database.table("rollups").create(
        {
            "owner": int, "customer_id": str, "name": str, "row": int, "aliases": str, "uscc": str, "closed": int,
            "parent_id": str, "currency": str, "to_base": str, "group_limit": str,
            **dict.fromkeys(FIGURES, int), "max_days_overdue": int,
            "open_base": int, "exposure_base": int, "base_figures": str, "newest_on": int,
        },
        pk="owner",
    )  # fmt: skip
    database.execute("create index rollups_parent on rollups (parent_id) where parent_id <> ''")
    database.table("totals").create(
        {
            "currency": str, **dict.fromkeys(FIGURES, int), **{f"base_{name}": int for name in FIGURES},
            "unknown": int, "base_unknown": int, "customers": int,
        },
        pk="currency",
    )  # fmt: skip
    for waiting in ("touched", "unwatched"):
        database.table(waiting).create({"owner": int}, pk="owner")
    database.table("cards").create(
        {
            "owner": int, "stamp": str, "low": int, "high": int, "department": str, "sales_owner": str,
            "zh": bytes, "en": bytes,
        },
        pk="owner",
    )  # fmt: skip
    # beside the cards, whose bodies would have to be passed over
    database.table("facts").create({"owner": int, "stamp": str, "body": bytes}, pk="owner")
    database.table("meta").create({"name": str, "value": str}, pk="name")
    database.table("meta").insert({"name": "schema", "value": SCHEMA_VERSION})
    database.conn.commit()
    database.close()
