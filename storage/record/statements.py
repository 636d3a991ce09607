"""Core statements, compiled once for the database at hand; a decision then costs no compiling."""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Protocol

from sqlalchemy import Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.elements import ClauseElement

Values = Mapping[str, Any]


class Cursor(Protocol):
    """What the record uses of a DB-API cursor."""

    rowcount: int

    def execute(self, text: str, values: Any = ..., /) -> Any: ...
    def executemany(self, text: str, values: Any, /) -> Any: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> Any: ...


class Prepared:
    """One statement as text, and how its values are handed over."""

    __slots__ = ("_fixed", "_pick", "text")

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        """Compile it."""
        compiled: Any = statement.compile(dialect=dialect)
        self.text: str = str(compiled)
        self._fixed: Values = {name: value for name, value in compiled.params.items() if value is not None}
        self._pick: Callable[[Values], Any] = _picker(compiled.positiontup if compiled.positional else None)

    def run(self, cursor: Cursor, values: Values) -> int:
        """Execute it; the number of rows touched."""
        cursor.execute(self.text, self._pick({**self._fixed, **values} if self._fixed else values))
        return cursor.rowcount

    def run_many(self, cursor: Cursor, rows: Sequence[Values]) -> None:
        """Execute it for each row."""
        cursor.executemany(self.text, [self._pick({**self._fixed, **row}) for row in rows])

    def one(self, cursor: Cursor, values: Values) -> Any:
        """The first row, or None."""
        found = self.all(cursor, values)
        return found[0] if found else None

    def all(self, cursor: Cursor, values: Values) -> Sequence[Any]:
        """All rows."""
        self.run(cursor, values)
        found: Sequence[Any] = cursor.fetchall()
        return found


def _picker(order: Sequence[str] | None) -> Callable[[Values], Any]:
    if order is None:
        return dict
    if not order:
        return lambda _: ()
    if len(order) == 1:
        only = order[0]
        return lambda values: (values[only],)
    return itemgetter(*order)


def insert_into(table: Table, dialect: Dialect) -> Any:
    """An insert that knows `on conflict`: both databases have it, Core spells it for each."""
    return postgresql.insert(table) if dialect.name == "postgresql" else sqlite.insert(table)
