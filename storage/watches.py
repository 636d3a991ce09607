"""Who asked to be told when a customer frees: kept apart from the mirror, told once."""

import threading
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlite_utils import Database

MAX_PER_PERSON = 50
RECENT = 8


@dataclass(frozen=True, slots=True)
class Watch:
    """One person waiting for one customer."""

    person: str
    customer_id: str
    asked_on: str
    lang: str


class Watches:
    """A small table: (person, customer) once."""

    def __init__(self, path: Path) -> None:
        """Open or make the file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._lock = path, threading.Lock()
        self._fresh: dict[str, dict[str, float]] = {}
        database = Database(str(path))
        database.table("watches").create(
            {"person": str, "customer_id": str, "asked_on": str, "lang": str},
            pk=("person", "customer_id"),
            if_not_exists=True,
        )
        database.table("recent").create(
            {"person": str, "customer_id": str, "at": float}, pk=("person", "customer_id"), if_not_exists=True
        )
        database.table("asked").create(
            {"person": str, "customer_id": str, "on": str}, pk=("person", "customer_id"), if_not_exists=True
        )
        database.close()

    def add(self, watch: Watch) -> bool:
        """Keep a watch; False when this person has reached the limit."""
        with self._lock:
            database = Database(str(self._path))
            table = database.table("watches")
            waiting = table.count_where("person = ? and customer_id <> ?", [watch.person, watch.customer_id])
            if waiting < MAX_PER_PERSON:
                table.upsert(asdict(watch), pk=("person", "customer_id"))
            database.conn.commit()
            database.close()
        return waiting < MAX_PER_PERSON

    def all(self) -> list[Watch]:
        """Everybody who waits."""
        with self._lock:
            database = Database(str(self._path))
            found = [Watch(**row) for row in database.table("watches").rows]
            database.close()
        return found

    def remove(self, watch: Watch) -> None:
        """Told, or no longer wanted."""
        with self._lock:
            database = Database(str(self._path))
            database.table("watches").delete_where("person = ? and customer_id = ?", [watch.person, watch.customer_id])
            database.conn.commit()
            database.close()

    def ask(self, person: str, customer_id: str, on: str) -> bool:
        """Keep that somebody asked to view a customer; False when he did already that day."""
        with self._lock:
            database = Database(str(self._path))
            table = database.table("asked")
            again = table.count_where("person = ? and customer_id = ? and [on] = ?", [person, customer_id, on]) > 0
            table.delete_where("[on] < ?", [on])
            table.upsert({"person": person, "customer_id": customer_id, "on": on}, pk=("person", "customer_id"))
            database.conn.commit()
            database.close()
        return not again

    def ask_again(self, person: str, customer_id: str) -> None:
        """What was asked did not reach anybody: it may be asked once more."""
        with self._lock:
            database = Database(str(self._path))
            database.table("asked").delete_where("person = ? and customer_id = ?", [person, customer_id])
            database.conn.commit()
            database.close()

    def looked_up(self, person: str, customer_id: str, at: float) -> None:
        """Remember a look-up, in memory: it is asked for far more often than read, `flush` writes it down."""
        with self._lock:
            self._fresh.setdefault(person, {})[customer_id] = at

    def flush(self) -> None:
        """Write look-ups down; only the newest few of a person are kept."""
        with self._lock:
            fresh, self._fresh = self._fresh, {}
            if not fresh:
                return
            database = Database(str(self._path))
            table = database.table("recent")
            for person, customers in fresh.items():
                rows = [{"person": person, "customer_id": one, "at": at} for one, at in customers.items()]
                table.upsert_all(rows, pk=("person", "customer_id"))
                found = table.rows_where("person = ?", [person], order_by="at desc", limit=RECENT)
                kept = [row["customer_id"] for row in found]
                marks = ", ".join("?" for _ in kept)
                table.delete_where(f"person = ? and customer_id not in ({marks})", [person, *kept])
            database.conn.commit()
            database.close()

    def recent(self, person: str) -> list[str]:
        """The customers a person looked up lately, newest first."""
        self.flush()
        with self._lock:
            database = Database(str(self._path))
            rows = database.table("recent").rows_where("person = ?", [person], order_by="at desc", limit=RECENT)
            found = [str(row["customer_id"]) for row in rows]
            database.close()
        return found
