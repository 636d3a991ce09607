"""Random people, clicks, delegations, edits, clock jumps, lost answers and crashes over the record and the flows.

The pure rules have a machine of their own (tests/approvals/test_machine.py); here is what only the whole shows:
I1 what was acknowledged is recorded once, I2 with the authority of its moment, I3 the ledger has it if and only if it
is decided, I4 one digest a slot, I5 nothing waits for ever without a reason, I6 the audit chain says the same, I7
nobody gets what he must not know.
"""

import os
import shutil
import tempfile
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from approvals.delegation import Delegation, DelegationError, check_delegation
from approvals.people import People, Person
from approvals.request import Request
from approvals.steps import Act
from approvals.terms import Terms
from bot.wiring import load_channels
from flows.deliver import deliver_next
from flows.desk import Latest
from flows.digest import plan_digests
from flows.outgoing import Ports
from flows.reconcile import Reconciler
from flows.remind import keep_deadlines
from flows.request_texts import CardTexts
from flows.routing import record_of
from storage.baseline import Baseline
from storage.record import open_record
from tests.approvals.oracle import Witness, check_decision
from tests.faults.outside import Sheet, Trouble, Workspace
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
COMPANIES = (
    {"name": "苏州恒力新材有限公司", "uscc": "91310000MA1FL4T23J"},
    {"name": "宁波远洋树脂有限公司", "uscc": "91441672MA220CHX99"},
)
STAND_INS = {"xu": "jin", "wang": "feng", "he": "jin", "ma": "qian", "zhao": "chen", "chen": "feng"}
MEMORY = Path("/dev/shm")  # noqa: S108  (what is proved here has nothing to do with how slow a disk is)
FOLDERS = str(MEMORY) if os.access(MEMORY, os.W_OK) else None
TROUBLES = st.lists(
    st.sampled_from(["", "", "", "", "lost before", "lost after", "lost after", "busy", "short"]), max_size=12
)
NOT_ACTS = {"refused", "double_deleted", "delivered_again"}


@lru_cache(maxsize=1)
def base() -> tuple[Office, Path]:
    """A desk whose ledger was read once, and the folder of its empty record, to be copied."""
    folder = Path(tempfile.mkdtemp(prefix="machine-", dir=FOLDERS))
    made = office(folder / "desk")
    record_of(made.desk).close()
    open_record(folder, "", KEY, lambda: MORNING).close()
    people = People(people=(*made.desk.people.people, *MORE))
    made.desk = replace(made.desk, people=people, channels=load_channels(Path("channels.yaml")))
    return made, folder


IDS = [one.id for one in base()[0].desk.people.people]
EVERYBODY = base()[0].desk.people


class Company(RuleBasedStateMachine):
    """A desk with its record, a workspace and a sheet; at most two requests."""

    def __init__(self) -> None:
        super().__init__()
        made, kept = base()
        self.folder = Path(tempfile.mkdtemp(prefix="company-", dir=FOLDERS))
        for name in ("record.db", "audit.head"):
            shutil.copy(kept / name, self.folder / name)
        self.clock = Clock(MORNING)
        desk = replace(
            made.desk, clock=self.clock, latest=Latest(made.desk.latest.view), baseline=Baseline(self.folder / "b.db"),
            record=open_record(self.folder, "", KEY, self.clock),
        )  # fmt: skip
        self.office = Office(desk, self.clock)
        self.slack = Workspace(lambda: self.clock.now.timestamp(), lambda: self.office.desk)
        self.sheet = Sheet()
        self.reconciler = Reconciler()
        self.done: dict[tuple[str, int], tuple[str, str]] = {}
        self.witnesses: dict[str, dict[int, Witness]] = {}
        self.keys: list[tuple[str, str]] = []
        self.look()

    # -- helpers ----------------------------------------------------------------------------------------------

    @property
    def ports(self) -> Ports:
        return Ports(slack=self.slack, texts=CardTexts(), ledger=self.sheet, timer=lambda: self.clock.now.timestamp())

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
            self.note(answer.request, who, act)

    def send(self, who: str, number: str, **typed: Any) -> None:
        """The form, as new or as another round."""
        answer = self.office.submit(who, request_no=number, **typed)
        assert (answer.request is None) is (answer.refusal is not None)
        if answer.request is not None:
            self.note(answer.request, who, answer.request.signatures[-1].act if number else "file")

    def one(self, place: int) -> Request:
        found = self.requests()
        return found[place % len(found)]

    # -- what happens -----------------------------------------------------------------------------------------

    @initialize(who=st.sampled_from(["lin", "lin", "lin", "wang", "gao", "liu"]), prepay=st.booleans())
    def first(self, who: str, prepay: bool) -> None:
        self.send(who, "", payment_mode="prepay" if prepay else "credit")

    @rule(
        who=st.sampled_from(["lin", "lin", "wang", "smith"]), company=st.integers(0, 1),
        limit=st.sampled_from(["20万", "60万", "95万", "600万"]), department=st.sampled_from(["华东", "华南", "西南"]),
    )  # fmt: skip
    def file(self, who: str, company: int, limit: str, department: str) -> None:
        if len(self.requests()) < 2 and any(one.id == who for one in self.office.desk.people.people):
            self.send(who, "", asked_limit=limit, department=department, **COMPANIES[company])

    @precondition(lambda self: self.requests())
    @rule(
        place=st.integers(0, 1), who=st.sampled_from(IDS), act=st.sampled_from(get_args(Act)), to=st.sampled_from(IDS),
        limit=st.sampled_from([None, None, 100_000, 500_000, 1_000_000]), reason=st.sampled_from(["", "因为"]),
        behind=st.integers(0, 2),
    )  # fmt: skip
    def anything(
        self, place: int, who: str, act: Act, to: str, limit: int | None, reason: str, behind: int
    ) -> None:
        """Any click of anybody, on a card that may be older."""
        request = self.one(place)
        terms = Terms(limit=Decimal(limit), payment_days=30, currency="CNY") if limit else None
        version = max(1, request.version - behind)
        self.click(who, request, act, terms=terms, reason=reason, to_person=to, version=version)

    @precondition(lambda self: any(one.state == "pending" for one in self.requests()))
    @rule(
        place=st.integers(0, 1), hand=st.integers(0, 9), seat=st.integers(0, 9),
        how=st.sampled_from(["sign"] * 4 + ["less", "reject", "return", "recommend", "take_back", "away", "away"]),
        minutes=st.integers(0, 3), to=st.sampled_from(["qian", "feng", "jin", "liu", "zhao", "chen"]),
    )  # fmt: skip
    def go_on(self, place: int, hand: int, seat: int, how: str, minutes: int, to: str = "feng") -> None:
        """What people mostly do: whoever's turn it is signs, or whom he has given it to."""
        self.clock.forward(minutes=minutes)
        self.look()
        pending = [one for one in self.requests() if one.state == "pending"]
        request = pending[place % len(pending)]
        step = request.steps[request.at[seat % len(request.at)]]
        who = step.people[hand % len(step.people)]
        sign: Act = "vouch" if step.kind == "vouch" else "approve" if step.decides or step.kind == "cosign" else "recommend"
        act: Act = sign if how in {"sign", "less", "away"} else how  # type: ignore[assignment]
        less = replace(request.proposed, limit=request.proposed.limit / 2)
        given = less if how == "less" and step.kind == "post" and not request.asked.prepay else None
        if how == "take_back" and request.signatures:
            who = request.signatures[-1].person or who
        if how == "away":
            to = STAND_INS.get(who, to)
            self.away(who, to, rogue=False)
            who = to
        self.click(who, request, act, terms=given, reason="因为")

    @precondition(lambda self: any(one.state == "pending" for one in self.requests()))
    @rule(place=st.integers(0, 1), ways=st.lists(st.sampled_from(["sign", "sign", "sign", "away"]), min_size=2, max_size=8))
    def all_sign(self, place: int, ways: list[str]) -> None:
        """A morning on which everybody is there, or his stand-in."""
        for how in ways:
            if all(one.state != "pending" for one in self.requests()):
                return
            self.go_on(place, 0, 0, how, 1)

    @precondition(lambda self: self.keys and self.requests())
    @rule(place=st.integers(0, 1), which=st.integers(0, 99), act=st.sampled_from(["approve", "reject", "vouch"]))
    def replayed(self, place: int, which: int, act: Act) -> None:
        """An event that was taken before comes again, whatever it carries now: nothing happens."""
        key, who = self.keys[which % len(self.keys)]
        if all(one.id != who for one in self.office.desk.people.people):
            return
        before = self.requests()
        answer = self.office.click(who, self.one(place).request_no, act, event_key=key, reason="因为")
        assert not answer.done
        assert self.requests() == before

    @precondition(lambda self: any(one.state in {"pending", "returned"} for one in self.requests()))
    @rule(limit=st.sampled_from(["50万", "30万"]))
    def resubmitted(self, limit: str) -> None:
        if all(one.state != "returned" for one in self.requests()):
            self.go_on(0, 0, 0, "return", 1)
        for request in self.requests():
            here = any(one.id == request.applicant for one in self.office.desk.people.people)
            if request.state == "returned" and here:
                self.send(request.applicant, request.request_no, asked_limit=limit)

    @rule(giver=st.sampled_from(IDS), taker=st.sampled_from(IDS), rogue=st.sampled_from([False, False, True]))
    def away(self, giver: str, taker: str, rogue: bool) -> None:
        """Given by the rules; or as if somebody had written it into the record by hand."""
        desk, today = self.office.desk, self.office.desk.today()
        wanted = Delegation(
            id=f"d{self.office.keys()}", from_person=giver, to_person=taker, starts_on=today,
            ends_on=today + timedelta(days=6), reason="出差", made_by=giver, made_at=self.clock.now,
        )  # fmt: skip
        others = record_of(desk).delegations(today)
        with suppress(DelegationError):
            if not rogue:
                check_delegation(wanted, EVERYBODY.by_id[giver], EVERYBODY.by_id[taker], desk.policy, others, today=today)
            with record_of(desk).begin() as writing:
                writing.delegate(wanted)

    @rule(
        who=st.sampled_from(IDS),
        role=st.sampled_from(["sales", "sales_manager", "dept_gm", "risk", "gone", "as before", "as before", "as before"]),
    )
    def edit_people(self, who: str, role: str) -> None:
        """Somebody gets another role, leaves, or is what he was again."""
        others = tuple(one for one in self.office.desk.people.people if one.id != who)
        was = EVERYBODY.by_id[who]
        now = {"gone": (), "as before": (was,)}.get(role, (was.model_copy(update={"roles": (role,), "grants": ()}),))
        self.office.desk = replace(self.office.desk, people=People(people=(*others, *now)))

    @rule(
        by=st.sampled_from([0, 1, 30, 59, 61, 300, 3_600, 5 * 3_600, 20 * 3_600, 60 * 3_600]), synced=st.booleans(),
    )  # fmt: skip
    def time_goes_by(self, by: int, synced: bool) -> None:
        """Time goes by; the clock's jobs do what is due."""
        self.clock.forward(seconds=by)
        if synced:
            self.look()
        before = {one.request_no: one for one in self.requests()}
        keep_deadlines(self.office.desk)
        for after in self.requests():
            for place in range(len(before[after.request_no].signatures), len(after.signatures)):
                assert after.signatures[place].person == ""
                self.note(after, "", after.signatures[place].act)
        plan_digests(self.office.desk)

    @rule(troubles=TROUBLES, ledger=TROUBLES, most=st.integers(1, 12))
    def deliver(self, troubles: list[Trouble], ledger: list[Trouble], most: int) -> None:
        self.slack.troubles, self.sheet.troubles = troubles, ledger
        for _ in range(most):
            if not deliver_next(self.office.desk, self.ports, "pump"):
                break
        self.slack.troubles, self.sheet.troubles = [], []

    @rule(claimed=st.integers(0, 3))
    def crash(self, claimed: int) -> None:
        """The process dies with some items in its hands, and begins anew."""
        record = record_of(self.office.desk)
        for _ in range(claimed):
            record.claim("dead", 60)
        record.close()
        again = open_record(self.folder, "", KEY, self.clock)
        self.office.desk = replace(self.office.desk, record=again, baseline=Baseline(self.folder / "b.db"))
        self.reconciler = Reconciler()

    @rule()
    def reconcile(self) -> None:
        self.reconciler.round(self.office.desk, self.slack)

    @rule(channel=st.sampled_from(["C02FINANCE", "C03EAST"]))
    def share(self, channel: str) -> None:
        """A channel is shared with another company, or no longer."""
        self.slack.shared ^= {channel}

    @rule(account=st.sampled_from(["U02WANG", "U01LIN", "U07HE"]), rarely=st.integers(0, 3))
    def outsider(self, account: str, rarely: int) -> None:
        """Somebody's account becomes a guest's, or a member's again."""
        if not rarely or account in self.slack.guests:
            self.slack.guests ^= {account}

    # -- what always holds ------------------------------------------------------------------------------------

    @invariant()
    def what_was_acknowledged_is_recorded_once_and_nothing_else(self) -> None:
        found = {}
        for request in self.requests():
            assert request.version == 1 + len(request.signatures)
            found[request.request_no, 1] = (request.applicant, "file")
            for place, one in enumerate(request.signatures):
                found[request.request_no, place + 2] = (one.person, one.act)
        assert found == self.done

    @invariant()
    def nothing_is_decided_without_authority(self) -> None:
        for request in self.requests():
            if request.state == "approved":
                check_decision(request, self.witnesses[request.request_no])

    @invariant()
    def nobody_gets_what_he_must_not(self) -> None:
        assert self.slack.wrong == []

    def teardown(self) -> None:
        """Quiet at last: everything is looked at once more."""
        try:
            if self.requests() or self.slack.places:
                self.settle()
                check_quiet(self)
        finally:
            record_of(self.office.desk).close()
            shutil.rmtree(self.folder)

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


def check_quiet(company: Company) -> None:
    """I3 to I6 once nothing moves any more."""
    record = record_of(company.office.desk)
    left = record.unfinished()
    assert all(item.state == "parked" and item.why for item in left), left
    parked = {(item.kind, item.payload.get("request_no")) for item in left}
    assert record.verify_audit() == []
    entries = [one for one in record.audit_entries() if one.request_no and one.act not in NOT_ACTS]
    for request in company.requests():
        acts = [(one.person, one.act) for one in request.signatures]
        mine = [(one.person, one.act) for one in entries if one.request_no == request.request_no]
        assert mine == [(request.applicant, "file"), *acts]
        check_effect(company, request, parked=("ledger", request.request_no) in parked)
    check_messages(company)


def check_effect(company: Company, request: Request, *, parked: bool) -> None:
    """The sheet has a decision once if there is one, and nothing of it otherwise."""
    jobs = [
        job
        for job in company.sheet.jobs.values()
        if any(row.key.get("request_no") == request.request_no for row in job.rows)
    ]
    if request.state not in {"approved", "rejected"}:
        assert jobs == []
        return
    assert len(jobs) <= 1
    assert jobs or parked
    for job in jobs:
        lines = [row for row in job.rows if row.tab == "customers"]
        if request.state == "rejected":
            assert lines == []
            continue
        (line,) = lines
        assert line.key == {"customer_id": request.customer_id}
        assert request.decided is not None
        limit = None if request.decided.prepay else request.decided.limit
        assert line.values["credit_limit"] == limit


def check_messages(company: Company) -> None:
    """Each marker once; one card for each audience, without buttons that decide once it is over; one digest a slot."""
    record = record_of(company.office.desk)
    shown = [(channel, one) for channel, messages in company.slack.places.items() for one in messages]
    assert [marker for marker, count in Counter(one.marker for _, one in shown).items() if count > 1] == []
    over = {one.request_no for one in company.requests() if one.over}
    parked = {(item.payload.get("request_no"), item.payload.get("audience")) for item in record.parked()}
    for number in over:
        for card in record.cards(number):
            if (number, card.audience) in parked:
                continue
            hanging = [one for _, one in shown if one.ts == card.ts]
            assert len(hanging) == (1 if card.ts else 0)
            assert all(one.actions <= {"approval.file", "approval.reopen"} for one in hanging)
    slots = Counter()
    for channel, one in shown:
        item = record.item(one.marker)
        if item is not None and item.kind == "digest":
            slots[item.payload["audience"], item.payload["day"]] += 1
    assert all(count == 1 for count in slots.values()), slots


TestCompany = Company.TestCase
TestCompany.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
