"""The two ways to a database: one file beside the desk, or a server that several desks share.

Writes go through transactions of raw cursors with prepared statements; reads through Core on connections of their own.
"""

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from storage.record.doors import Door
from storage.record.errors import RecordError
from storage.record.server import ServerDoor
from storage.record.sqlite import SqliteDoor


def door_to(url: str) -> Door:
    """The way to the database of a URL: `sqlite:///PATH`, or `postgresql://...`."""
    try:
        target = make_url(url)
    except ArgumentError:
        raise RecordError("record_url") from None
    kind = target.get_backend_name()
    if kind == "sqlite" and target.database not in {None, "", ":memory:"}:
        return SqliteDoor(target)
    if kind == "postgresql":
        return ServerDoor(target)
    raise RecordError("record_url")
