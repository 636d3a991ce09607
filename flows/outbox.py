"""Deliveries that need somebody: what was parked, and trying it again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scoring.errors import MisuseError
from storage.record import Item, Record
from texts.formats import plain_line
from texts.render import words


@dataclass(frozen=True, slots=True)
class Backlog:
    """How deliveries stand."""

    waiting: int
    parked: tuple[Item, ...]
    oldest: datetime | None
    """Since when the oldest of those on their way waits."""

    def as_json(self) -> dict[str, Any]:
        """{"waiting","oldest","parked":[{"id","kind","subject","since","attempts","why"}]}."""
        oldest = None if self.oldest is None else self.oldest.isoformat()
        return {"waiting": self.waiting, "oldest": oldest, "parked": [_fields(item) for item in self.parked]}


def backlog(record: Record) -> Backlog:
    """What is on its way and what was given up."""
    waiting, _, oldest = record.backlog()
    return Backlog(waiting, tuple(record.parked()), oldest)


def backlog_lines(lang: str, found: Backlog) -> list[str]:
    """Each parked delivery on a line, then how many there are."""
    say = words(lang)
    lines = [say.say("record", "outbox_item", **_fields(item)) for item in found.parked]
    lines.append(say.say("record", "outbox_counts", waiting=found.waiting, parked=len(found.parked)))
    if found.oldest is not None:
        lines.append(say.say("record", "outbox_oldest", since=_minute(found.oldest)))
    return lines


def try_again(record: Record, item_id: str, lang: str) -> str:
    """A parked delivery is put back, and the sentence about it; MisuseError when it is not parked."""
    if not record.retry(item_id):
        raise MisuseError("outbox_not_parked", found=plain_line(item_id, 40))
    return words(lang).say("record", "outbox_retried", id=item_id)


def _fields(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "kind": item.kind,
        "subject": item.subject,
        "since": _minute(item.made_at),
        "attempts": item.attempts,
        "why": item.why,
    }


def _minute(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")
