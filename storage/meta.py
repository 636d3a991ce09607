"""Words that the mirror remembers about itself, read and written inside a transaction."""

import sqlite3


def get_meta(connection: sqlite3.Connection, name: str) -> str | None:
    """A remembered word as this transaction sees it."""
    found = connection.execute("select value from meta where name = ?", (name,)).fetchone()
    return None if found is None else str(found[0])


def put_meta(connection: sqlite3.Connection, values: dict[str, str]) -> None:
    """Remember words."""
    connection.executemany("insert or replace into meta (name, value) values (?, ?)", values.items())
