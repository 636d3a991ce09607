"""Four processes that click on the same requests at once: `python -m tests.faults.race FOLDER COUNT`.

Makes the requests in FOLDER, signed up to the last step, where four general managers may each decide. Then forks one
process for each of them; what each was answered is left in FOLDER as lines of JSON.
"""

import json
import os
import random
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from approvals.people import People, Person
from flows.approval import refusal_said
from flows.decide import Click, decide
from flows.roster import Roster
from flows.routing import record_of
from storage.mirror import Mirror
from storage.record import open_record
from tests.faults.story import SCRIPT
from tests.flows.requests import Office, office
from texts.formats import LANGS

KEY = "a key that is long enough"
VERSION = 6
"""Of a request that waits for its decision, in its first round."""
DECIDERS = ("chen", "gm-2", "gm-3", "gm-4")


def hall(folder: Path) -> Office:
    """The shipped company with four general managers in one department."""
    made = office(folder)
    more = tuple(
        Person(id=name, name=f"总经理{name[-1]}号", roles=("dept_gm",), departments=("华东",), slack=(f"U-{name}",))
        for name in DECIDERS[1:]
    )
    made.desk = replace(made.desk, roster=Roster(People(people=(*made.desk.people.people, *more))))
    return made


def ready(made: Office, count: int = 1) -> list[str]:
    """Requests that only the decision is missing from; all but the first are copies of it under their own numbers."""
    number = made.filed().request_no
    for person, act, _ in SCRIPT[4:-1]:
        if act is not None:
            made.does(person, number, act)
    record = record_of(made.desk)
    filed = record.request(number)
    assert filed is not None
    numbers = [number, *(f"CR-2026-{place:04d}" for place in range(2, count + 1))]
    with record.begin() as writing:
        for one in numbers[1:]:
            writing.file(replace(filed.request, request_no=one), filed.form, filed.evidence)
    return numbers


def clicks(made: Office, person: str, numbers: list[str]) -> list[dict[str, Any]]:
    """Approve each, in an order of one's own; what was answered."""
    random.Random(person).shuffle(numbers)
    told = []
    for number in numbers:
        click = Click(
            request_no=number, version=VERSION, act="approve", event_key=f"{person}/{number}", payload_hash="h"
        )
        done = decide(made.desk, made.reader(person), click)
        said = {lang: refusal_said(made.desk, lang, done.refusal)["text"] for lang in LANGS} if done.refusal else {}
        told.append({
            "request_no": number, "done": done.done, "code": done.refusal.code if done.refusal else "", "said": said,
        })  # fmt: skip
    return told


def main(folder: Path, count: int) -> None:
    """Make them, fork, and let all go at once."""
    made = hall(folder)
    numbers = ready(made, count)
    record_of(made.desk).close()
    waiting, go = os.pipe()
    children = []
    for person in DECIDERS:
        child = os.fork()
        if child == 0:
            os.close(go)
            mirror = Mirror(made.desk.mirror.path)  # a connection is no use after a fork
            made.desk = replace(made.desk, record=open_record(folder, "", KEY, made.clock), mirror=mirror)
            os.read(waiting, 1)
            told = clicks(made, person, list(numbers))
            (folder / f"{person}.json").write_text(json.dumps(told), encoding="utf-8")
            os._exit(0)
        children.append(child)
    os.close(go)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    sys.exit(max(map(abs, codes)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
