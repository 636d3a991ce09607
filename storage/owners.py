"""Customers by number: what the copy keeps beside every row is four bytes, not a name."""

import sqlite3
from collections.abc import Collection

from storage.documents import NOBODY

_MANY = 1000


class Owners:
    """Numbers of customer ids within one transaction; a new id gets the next number, "" is NOBODY."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Nothing is read yet."""
        self._connection = connection
        self._known: dict[str, int] = {"": NOBODY}
        self._everybody = False

    def numbers_of(self, customers: Collection[str]) -> dict[str, int]:
        """A number for each of these ids, and perhaps for more."""
        known = self._known
        missing = [customer for customer in customers if customer not in known]
        if len(missing) > _MANY and not self._everybody:
            known.update(self._connection.execute("select customer_id, id from owners"))
            self._everybody = True
            missing = [customer for customer in missing if customer not in known]
        elif not self._everybody:
            for customer in missing:
                found = self._connection.execute("select id from owners where customer_id = ?", (customer,)).fetchone()
                if found is not None:
                    known[customer] = found[0]
            missing = [customer for customer in missing if customer not in known]
        if missing:
            last = self._connection.execute("select coalesce(max(id), 0) from owners").fetchone()[0]
            fresh = {customer: last + 1 + place for place, customer in enumerate(sorted(missing))}
            self._connection.executemany("insert into owners (customer_id, id) values (?, ?)", fresh.items())
            known.update(fresh)
        return known
