"""Who asked to be told when a customer frees: kept apart from the mirror, told once."""

import threading
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlite_utils import Database

MAX_PER_PERSON = 50


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
        database = Database(str(path))
        database.table("watches").create(
            {"person": str, "customer_id": str, "asked_on": str, "lang": str},
            pk=("person", "customer_id"),
            if_not_exists=True,
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
