"""A desk with its record, a workspace and a sheet in memory, and what was acknowledged by it."""

import shutil
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine

from approvals.people import People, Person
from approvals.request import Request
from approvals.steps import Act
from bot.wiring import load_channels
from flows.deliver import deliver_next
from flows.desk import Latest
from flows.outgoing import Ports
from flows.reconcile import Reconciler
from flows.request_texts import CardTexts
from flows.roster import Roster
from flows.routing import record_of
from storage.baseline import Baseline
from storage.record import open_record
from tests.approvals.oracle import Witness
from tests.faults.folders import quick_folder
from tests.faults.outside import Sheet, Workspace
from tests.flows.requests import NOON, Clock, Office, office

KEY = "a key that is long enough"
MORNING = NOON - timedelta(hours=4, minutes=10)
"""Ten minutes to eight, before the digests."""
MORE = (
    Person(id="qian", name="钱进", roles=("dept_deputy_gm", "risk"), departments=("华东",), slack=("U21", "U22")),
    Person(id="feng", name="冯远", roles=("dept_gm", "sales_manager"), departments=("华东",), slack=("U23",)),
    Person(id="jin", name="金辉", roles=("finance", "customer_admin"), slack=("U24",)),
    Person(id="gao", name="高远", roles=("sales_manager",), departments=("华南",), slack=("U25",)),
)


@lru_cache(maxsize=1)
def base() -> tuple[Office, Path]:
    """A desk whose ledger was read once, and the folder of its empty record, to be copied."""
    folder = quick_folder("machine")
    made = office(folder / "desk")
    record_of(made.desk).close()
    open_record(folder, "", KEY, lambda: MORNING).close()
    people = People(people=(*made.desk.people.people, *MORE))
    made.desk = replace(made.desk, roster=Roster(people), channels=load_channels(Path("channels.yaml")))
    return made, folder


EVERYBODY = base()[0].desk.people


class Company(RuleBasedStateMachine):
    """A desk with its record, a workspace and a sheet; at most two requests."""

    def __init__(self) -> None:
        super().__init__()
        made, kept = base()
        self.folder = quick_folder("company")
        for name in ("record.db", "audit.head"):
            shutil.copy(kept / name, self.folder / name)
        self.clock = Clock(MORNING)
        desk = replace(
            made.desk, clock=self.clock, latest=Latest(made.desk.latest.view), baseline=Baseline(self.folder / "b.db"),
            record=open_record(self.folder, "", KEY, self.clock),
        )  # fmt: skip
        self.office = Office(desk, self.clock)
        self.slack = Workspace(self.seconds, lambda: self.office.desk)
        self.sheet = Sheet()
        self.reconciler = Reconciler()
        self.done: dict[tuple[str, int], tuple[str, str]] = {}
        self.witnesses: dict[str, dict[int, Witness]] = {}
        self.keys: list[tuple[str, str]] = []
        self.look()

    # -- helpers ----------------------------------------------------------------------------------------------

    def seconds(self) -> float:
        """The time, moved by hand."""
        return self.clock.now.timestamp()

    @property
    def ports(self) -> Ports:
        return Ports(slack=self.slack, texts=CardTexts(), ledger=self.sheet, timer=self.seconds)

    def requests(self) -> list[Request]:
        return [one.request for one in record_of(self.office.desk).requests()]

    def look(self) -> None:
        """The sync of the minute: the figures are as of now."""
        view = self.office.desk.latest.view
        assert view is not None
        self.office.desk.latest.view = replace(view, synced_at=self.clock.now)

    def note(self, after: Request, person: str, act: str) -> None:
        """Something was acknowledged."""
        place = (after.request_no, after.version)
        assert place not in self.done, "two acts were told that they made one version"
        self.done[place] = (person, act)
        given = tuple(record_of(self.office.desk).delegations(self.office.desk.today()))
        seen = self.witnesses.setdefault(after.request_no, {})
        seen[len(after.signatures) - 1] = Witness(self.office.desk.people, given)

    def click(self, who: str, request: Request, act: Act, **more: Any) -> None:
        person = next((one for one in self.office.desk.people.people if one.id == who), None)
        if person is None:
            return
        key = f"event-{len(self.keys)}"
        answer = self.office.click(who, request.request_no, act, event_key=key, **more)
        self.keys.append((key, who))
        assert answer.done + (answer.refusal is not None) + bool(answer.worse) == 1
        if answer.done and answer.request is not None:
            last = answer.request.signatures[-1]
            cosigned = last.step >= 0 and answer.request.steps[last.step].kind == "cosign"
            self.note(answer.request, who, "approve" if cosigned and act == "recommend" else act)

    def send(self, who: str, number: str, **typed: Any) -> None:
        """The form, as new or as another round."""
        answer = self.office.submit(who, request_no=number, **typed)
        assert (answer.request is None) is (answer.refusal is not None)
        if answer.request is not None:
            self.note(answer.request, who, answer.request.signatures[-1].act if number else "file")

    def one(self, place: int) -> Request:
        found = self.requests()
        return found[place % len(found)]

    def settle(self) -> None:
        for _ in range(3):
            for _ in range(300):
                while deliver_next(self.office.desk, self.ports, "pump"):
                    pass
                if all(item.state == "parked" for item in record_of(self.office.desk).unfinished()):
                    break
                self.clock.forward(seconds=30)
            self.clock.forward(seconds=200)
            self.reconciler.round(self.office.desk, self.slack)
