"""One whole story on the real flows: filed, returned, resubmitted, signed up to the decision, everything delivered,
and the morning's digests beside it.

Whoever reads it after a fault finds out from the record alone how far it came, and goes on from there, as people do
who look at their cards again.
"""

from contextlib import suppress
from dataclasses import dataclass

from approvals.application_draft import Filled
from approvals.request import Request
from approvals.steps import Act
from flows.access import Reader
from flows.decide import Click, decide
from flows.deliver import deliver_next
from flows.desk import Desk
from flows.digest import plan_digests
from flows.outgoing import Ports
from flows.reconcile import Reconciler
from flows.routing import record_of
from flows.setting import age_minutes
from flows.submit import submit
from flows.sync import sync_or_keep
from scoring.errors import DeskError
from storage.record import Draft, Record
from tests.faults.points import SharedClock
from tests.flows.requests import WHOLE

SCRIPT: tuple[tuple[str, Act | None, str], ...] = (
    ("lin", None, ""), ("xu", "vouch", ""), ("wang", "return", "请补充合同"), ("lin", None, ""), ("xu", "vouch", ""),
    ("wang", "recommend", ""), ("he", "approve", ""), ("ma", "approve", ""), ("zhao", "recommend", ""),
    ("chen", "approve", ""),
)  # fmt: skip
"""Who does what, in turn; None = sends the form. The n-th act makes version n."""
MOST_LOOKS = 400


@dataclass
class Office:
    """A desk as one process has it, over the folder that outlives it."""

    desk: Desk
    ports: Ports
    clock: SharedClock
    reconciler: Reconciler

    @property
    def record(self) -> Record:
        """What must not be lost."""
        return record_of(self.desk)

    def request(self) -> Request | None:
        """The one of the story."""
        found = self.record.requests()
        assert len(found) <= 1, [one.request.request_no for one in found]
        return found[0].request if found else None

    def place(self) -> int:
        """How far the story is: how many acts are recorded."""
        request = self.request()
        return 0 if request is None else request.version

    # -- people -----------------------------------------------------------------------------------------------

    def reader(self, person_id: str) -> Reader:
        person = next(one for one in self.desk.people.people if one.id == person_id)
        return Reader(account=person.slack[0], name=person.name, lang="zh-CN", person=person)

    def act(self, place: int, event_key: str) -> DeskError | None:
        """What somebody does at this place of the story; why it was refused."""
        person, act, reason = SCRIPT[place]
        request = self.request()
        if act is None:
            number = request.request_no if request else ""
            return submit(self.desk, self.reader(person), self._draft(person, place, number), event_key).refusal
        assert request is not None
        click = Click(
            request_no=request.request_no, version=place, act=act, event_key=event_key, payload_hash="h", reason=reason
        )
        return decide(self.desk, self.reader(person), click).refusal

    def _draft(self, person: str, place: int, number: str) -> str:
        """The form filled in, unless it was sent; the second time for less."""
        draft_id = f"draft-{place}"
        if self.place() != place:
            return draft_id
        typed = {**WHOLE, **({"asked_limit": "50万"} if number else {})}
        form = Filled(typed=typed, request_no=number).model_dump(mode="json")
        draft = Draft(
            id=draft_id, person=person, account=self.reader(person).account, kind="open_account", form=form,
            step="review", changed_at=self.desk.clock(),
        )  # fmt: skip
        with self.record.begin() as writing:
            writing.keep_draft(draft)
        return draft_id

    def redelivered(self) -> None:
        """Slack sends the last event again, since nobody acknowledged it: it is answered, and does nothing."""
        place = self.place()
        if place:
            assert self.act(place - 1, f"event-{place - 1}") is not None
            assert self.place() == place

    def step(self) -> None:
        """The next act, again where a fault came between: first the same event, then a new click."""
        place = self.place()
        refusal: Exception | None = None
        for attempt in range(5):
            try:
                refusal = self.act(place, f"event-{place}" if attempt < 2 else f"event-{place}-{attempt}")
            except Exception as problem:  # noqa: BLE001  (a fault; whoever clicked is told, and clicks again)
                refusal = problem
            if self.place() == place + 1:
                return
        raise AssertionError(f"{SCRIPT[place]}: {refusal}")

    # -- the clock and the pump -------------------------------------------------------------------------------

    def deliver(self) -> None:
        """Everything that is due now. What the record cannot take is tried at the next look, as the pump does."""
        for _ in range(MOST_LOOKS):
            try:
                if not deliver_next(self.desk, self.ports, "pump"):
                    return
            except Exception:  # noqa: BLE001, S112  (as schedules.pump: the last net of a thread)
                continue
        raise AssertionError("deliveries without end")

    def settle(self) -> None:
        """Let time pass until nothing waits any more."""
        for _ in range(MOST_LOOKS):
            self.deliver()
            if all(item.state == "parked" for item in self.record.unfinished()):
                return
            self.clock.forward(5)
        raise AssertionError(f"still waiting: {self.record.unfinished()}")

    def reconcile(self) -> None:
        """The reconciler's rounds, and what they send again."""
        for _ in range(3):
            self.clock.forward(200)
            self.reconciler.round(self.desk, self.ports.slack)
            self.settle()

    def digests(self) -> None:
        """The morning's digests, planned by whoever comes by; a plan that fails is made at the next look."""
        with suppress(Exception):
            plan_digests(self.desk)
        self.deliver()

    def fresh(self) -> None:
        """The sync of each minute, as often as a decision wants it."""
        view = self.desk.latest.view
        if view is None or age_minutes(self.desk, view) >= 3 or view.problem:
            sync_or_keep(self.desk)

    def go_on(self) -> None:
        """The story from wherever it stands to its end."""
        self.redelivered()
        self.digests()
        while self.place() < len(SCRIPT):
            self.fresh()
            self.step()
            self.deliver()
        self.digests()
        self.settle()
        self.reconcile()
        sync_or_keep(self.desk)
