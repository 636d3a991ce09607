"""The mirror: the desk's copy of the ledger in SQLite, raw rows by customer and one rollup row for each.

Rows are kept as they came and typed when they are looked at, so that a sync touches only what changed. Writers use
one transaction a sync; readers have a connection per thread and always see a whole copy. The file may be deleted at
any time: the next sync makes it anew. What goes with it is the last good copy of a tab that is held back.
"""

import secrets
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from scoring.findings import Note
from scoring.ledger import Account, Row
from storage import rollups
from storage.accounts import Shape, account_from, cells_of_tab, loose_notes, rows_of_tab
from storage.cards import Card, Holds, card_of, customers_without_card, keep_cards, kept_facts
from storage.documents import papers_of
from storage.meta import get_meta, put_meta
from storage.opening import Opened
from storage.refused import CopyError, explained
from storage.schema import SCHEMA_VERSION
from storage.totals import Totals, totals_of


class Mirror(Opened):
    """One SQLite file. Missing, foreign or broken, it is made anew."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it."""
        super().__init__(path)
        self._unwritten: dict[str, str] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        if self.gone():
            self.rebuild()

    def gone(self) -> bool:
        """True when there is no file, or none that can be used; CopyError when that cannot be told just now."""
        if self._spoilt or not self.path.exists():
            return True
        try:
            return self.meta("schema") != SCHEMA_VERSION
        except CopyError as problem:
            if problem.code != "copy_gone":
                raise
        except sqlite3.DatabaseError as problem:
            refused = explained(problem)
            if refused is not None:
                raise refused from None
        return True

    def copied(self, path: Path) -> "Mirror":
        """The same in another file, to be changed without troubling whoever answers from this one."""
        self.copy_to(path)
        return Mirror(path)

    # -- rows -------------------------------------------------------------------------------------------------

    def shape(self) -> Shape:
        """How documents are read now; made again when somebody has written."""
        connection = self.reading()
        version = connection.execute("pragma data_version").fetchone()[0]
        kept: tuple[int, Shape] | None = self._local.shape
        if kept is None or kept[0] != version:
            kept = (version, Shape(connection))
            self._local.shape = kept
        return kept[1]

    def account(self, customer_id: str) -> Account | None:
        """Everything about one customer, rival rows of other customers included; None when nobody has that id."""
        with self.at_once() as connection:
            owner = self.owner(customer_id)
            if owner is None:
                return None
            return account_from(connection, self.shape(), owner, papers_of(connection, owner))

    def owner(self, customer_id: str) -> int | None:
        """The number under which a customer's rows are kept."""
        found = self.reading().execute("select id from owners where customer_id = ?", (customer_id,)).fetchone()
        return None if found is None else int(found[0])

    def tab_rows(self, tab: str) -> list[Row]:
        """All typed rows of a tab, in the sheet's order."""
        with self.at_once() as connection:
            return rows_of_tab(connection, self.shape(), tab)

    def cells(self, tab: str, keys: Sequence[str]) -> list[tuple[str, ...]]:
        """Some columns of every customer's rows in a tab as they came: much faster than the typed rows."""
        with self.at_once() as connection:
            return list(cells_of_tab(connection, self.shape(), tab, keys))

    def loose_notes(self) -> list[Note]:
        """Notes on rows that belong to no known customer."""
        with self.at_once() as connection:
            return loose_notes(connection, self.shape())

    def customer_ids(self) -> list[str]:
        """Every customer id, in the sheet's order."""
        names = dict(self.reading().execute("select id, customer_id from owners"))
        places = array("I")
        for (part,) in self.reading().execute("select owners from places where tab = 'customers' order by part"):
            places.frombytes(part)
        return [names[owner] for owner in dict.fromkeys(places) if owner]

    # -- figures ----------------------------------------------------------------------------------------------

    def whole(self) -> rollups.Whole:
        """Totals over all customers."""
        return rollups.whole(self.reading())

    def in_groups(self) -> list[tuple[Any, ...]]:
        """Parents and members of groups."""
        return list(rollups.in_groups(self.reading()))

    def named(self) -> Iterator[tuple[str, str, str, str, bool]]:
        """Names of everybody, for the index."""
        return rollups.named(self.reading())

    def ageing_table(self) -> list[tuple[Any, ...]]:
        """The ageing row of everybody."""
        return rollups.ageing_table(self.reading())

    def overdue(self) -> list[tuple[str, str, int | None, int]]:
        """(customer_id, name, overdue in minor units of the base currency or None, longest days) of the overdue."""
        return rollups.overdue(self.reading())

    def totals(self) -> list[Totals]:
        """The ageing by currency."""
        return totals_of(self.reading())

    def open_base(self) -> list[tuple[int, str, int | None]]:
        """(owner, customer id, open receivables in minor units of the base currency or None) of everybody."""
        found = self.reading().execute("select owner, customer_id, open_base from rollups order by row, customer_id")
        return found.fetchall()

    def touched(self) -> list[int]:
        """Customers whose rows changed since their rollup was made, by number."""
        return [owner for (owner,) in self.reading().execute("select owner from touched order by owner")]

    def unwatched(self, limit: int) -> list[tuple[int, str]]:
        """(number, id) of customers whose signals have not been looked at since their rows changed, some of them."""
        found = self.reading().execute(
            "select owner, customer_id from unwatched join rollups using (owner) order by owner limit ?", (limit,)
        )
        return found.fetchall()

    def watch_everybody(self) -> None:
        """Everybody's signals are to be looked at: a day has begun."""
        with self.writing() as connection:
            connection.execute("insert or ignore into unwatched (owner) select owner from rollups")

    def watched(self, owners: Iterable[int], taken: str) -> None:
        """They have been looked at; not so where the ledger was taken in anew meanwhile."""
        with self.writing() as connection:
            if get_meta(connection, "taken") == taken:
                connection.executemany("delete from unwatched where owner = ?", ((owner,) for owner in owners))

    def card(self, customer_id: str) -> Card | None:
        """The card kept for a customer."""
        return card_of(self.reading(), customer_id)

    def without_card(self, now: Holds, after: int, limit: int) -> list[tuple[int, str]]:
        """(number, id) of customers who have no card that holds, numbers above `after`."""
        return customers_without_card(self.reading(), now, after, limit)

    def facts(self, stamp: str) -> tuple[list[int], list[bytes]]:
        """(owners, packed facts): what the scores of this stamp's cards were made from."""
        return kept_facts(self.reading(), stamp)

    def keep_cards(self, cards: Iterable[Card], taken: str, *, patient: bool = True) -> None:
        """Keep cards until their inputs change; none when the ledger was taken in anew since they were made."""
        with self.writing(patient=patient) as connection:
            if get_meta(connection, "taken") == taken:
                keep_cards(connection, cards)

    # -- words ------------------------------------------------------------------------------------------------

    def meta(self, name: str) -> str | None:
        """A remembered word, or None."""
        unwritten = self._unwritten.get(name)
        return get_meta(self.reading(), name) if unwritten is None else unwritten

    def recalled(self, name: str) -> str:
        """The same; "" also where there is no copy that could be asked."""
        try:
            return self.meta(name) or ""
        except CopyError:
            return ""

    def remember(self, name: str, value: str) -> None:
        """Keep a word in meta; while the copy cannot be written, in this process."""
        self._unwritten[name] = value
        words = dict(self._unwritten)
        try:
            with self.writing() as connection:
                put_meta(connection, words)
        except CopyError:
            return
        for written in words:
            self._unwritten.pop(written, None)

    def forget_sums(self) -> None:
        """Every rollup is to be made again."""
        with self.writing() as connection:
            put_meta(connection, {"sums_day": "", "taken": secrets.token_hex(8)})
            connection.execute("delete from cards")
            connection.execute("delete from facts")
