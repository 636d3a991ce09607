"""Bringing a database to the tables of this version: forward only, one process at a time, all or nothing."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text

from storage.record.errors import RecordError

NEWEST = "0006"
"""The last migration of this version; a test holds it against storage/migrations."""
_LOCK = 0x63726564
"""Number of the server's advisory lock: any, as long as all versions use the same one."""


def migrate(engine: Engine, target: str = NEWEST) -> None:
    """Apply what is missing; a database of a newer version is refused, since its rules are not known here."""
    with engine.connect() as connection:
        if _version(connection) == target:
            return
        _lock(connection)
        found = _version(connection)
        if found > target:
            raise RecordError("record_newer", found=found, known=target)
        if found != target:
            _upgrade(connection, target)
        connection.commit()


def _lock(connection: Connection) -> None:
    """Until the end of the transaction: whoever waits here finds the work done."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("begin immediate")
    else:
        connection.execute(text("select pg_advisory_xact_lock(:number)"), {"number": _LOCK})


def _version(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("select version_num from alembic_version")).scalar() or "")


def _upgrade(connection: Connection, target: str) -> None:
    # loaded only when there is something to do
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations"))
    attributes: dict[str, Any] = config.attributes
    attributes["connection"] = connection
    command.upgrade(config, target)
