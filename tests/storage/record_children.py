"""What other processes do to a record in tests: `python -m tests.storage.record_children WHAT URL HEAD ...`."""

import random
import sys
from pathlib import Path

from storage.record import Record
from tests.storage.records import KEY, NOW, decided, request


def tell(text: object) -> None:
    """A line that whoever started this has when the next statement runs."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def decide_all(record: Record, name: str, count: str) -> None:
    """Try to decide every request, in an order of one's own; tells how many one was the first for."""
    numbers = list(range(1, int(count) + 1))
    random.Random(name).shuffle(numbers)
    first = 0
    for number in numbers:
        with record.begin() as writing:
            if writing.save(decided(request(number), name), expected_version=1):
                writing.audit(request(number).request_no, "approve", name, {"no": writing.next_no("decisions")})
                writing.enqueue("card", request(number).request_no, {"by": name})
                first += 1
    tell(first)


def keep_filing(record: Record) -> None:
    """File one request after the other until killed; tells each number once it is recorded."""
    while True:
        with record.begin() as writing:
            number = writing.next_no("requests")
            one = request(number)
            writing.first_time(f"Ev{number}", "h")
            writing.file(one, {"name": one.name}, {"policy": "p1"})
            writing.audit(one.request_no, "file", one.applicant, {"number": number})
            writing.enqueue("card", one.request_no, {"request_no": one.request_no})
        tell(number)


def deliver_all(record: Record, name: str) -> None:
    """Claim and finish until nothing is left; tells each item in the order in which it was this one's."""
    while (item := record.claim(name, 600)) is not None:
        tell(f"{item.subject} {item.seq}")
        assert record.finish(item, name, outcome="done")


def open_only(_: Record) -> None:
    """Opening is all."""
    tell("open")


def main(what: str, url: str, head: str, *rest: str) -> None:
    """Open the record as any desk would, and do it."""
    record = Record(url, KEY, lambda: NOW, head_file=Path(head))
    {"decide": decide_all, "file": keep_filing, "deliver": deliver_all, "open": open_only}[what](record, *rest)  # type: ignore[operator]
    record.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
