"""Random people, clicks, delegations, edits, clock jumps, lost answers and crashes over the record and the flows.

The pure rules have a machine of their own (tests/approvals/test_machine.py); here is what only the whole shows:
I1 what was acknowledged is recorded once, I2 with the authority of its moment, I3 the ledger has it if and only if it
is decided, I4 one digest a slot, I5 nothing waits for ever without a reason, I6 the audit chain says the same, I7
nobody gets what he must not know.
"""

import shutil
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import get_args

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from approvals.delegation import Delegation, DelegationError
from approvals.people import People
from approvals.steps import Act
from approvals.terms import Terms
from flows.absence import Wanted, delegate, end_delegation, keep_absences
from flows.deliver import deliver_next
from flows.digest import plan_digests
from flows.reconcile import Reconciler
from flows.remind import keep_deadlines
from flows.roster import Roster
from flows.routing import record_of
from storage.baseline import Baseline
from storage.record import open_record
from tests.approvals.oracle import check_decision
from tests.faults.company import EVERYBODY, KEY, Company
from tests.faults.outside import Trouble
from tests.faults.quiet import check_quiet

COMPANIES = (
    {"name": "苏州恒力新材有限公司", "uscc": "91310000MA1FL4T23J"},
    {"name": "宁波远洋树脂有限公司", "uscc": "91441672MA220CHX99"},
)
STAND_INS = {"xu": "jin", "wang": "feng", "he": "jin", "ma": "qian", "zhao": "chen", "chen": "feng"}
TROUBLES = st.lists(
    st.sampled_from(["", "", "", "", "lost before", "lost after", "lost after", "busy", "short"]), max_size=12
)
IDS = [one.id for one in EVERYBODY.people]


class Machine(Company):
    """At most two requests, and everything that happens to people."""

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
    def anything(self, place: int, who: str, act: Act, to: str, limit: int | None, reason: str, behind: int) -> None:
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
        sign: Act = (
            "vouch" if step.kind == "vouch" else "approve" if step.decides or step.kind == "cosign" else "recommend"
        )
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
    @rule(
        place=st.integers(0, 1),
        ways=st.lists(st.sampled_from(["sign", "sign", "sign", "away"]), min_size=2, max_size=8),
    )
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
        last = today + timedelta(days=6)
        if not rogue:
            if giver in desk.people.by_id:
                wanted = Wanted(whose="", to=taker, starts_on=today, ends_on=last, reason="出差")
                with suppress(DelegationError):
                    delegate(desk, self.office.reader(giver), wanted, f"g{self.office.keys()}", "h")
            return
        with record_of(desk).begin() as writing:
            writing.delegate(
                Delegation(
                    id=f"d{self.office.keys()}", from_person=giver, to_person=taker, starts_on=today, ends_on=last,
                    reason="出差", made_by=giver, made_at=self.clock.now,
                )
            )  # fmt: skip

    @rule(who=st.sampled_from(IDS))
    def back(self, who: str) -> None:
        """Who is away comes back, or who stands in has enough of it."""
        desk = self.office.desk
        for one in record_of(desk).delegations(desk.today()):
            if who in desk.people.by_id and who in {one.from_person, one.to_person}:
                end_delegation(desk, self.office.reader(who), one.id, f"e{self.office.keys()}", "h")

    @rule(
        who=st.sampled_from(IDS),
        role=st.sampled_from(
            ["sales", "sales_manager", "dept_gm", "risk", "gone", "as before", "as before", "as before"]
        ),
    )
    def edit_people(self, who: str, role: str) -> None:
        """Somebody gets another role, leaves, or is what he was again."""
        others = tuple(one for one in self.office.desk.people.people if one.id != who)
        was = EVERYBODY.by_id[who]
        now = {"gone": (), "as before": (was,)}.get(role, (was.model_copy(update={"roles": (role,), "grants": ()}),))
        self.office.desk = replace(self.office.desk, roster=Roster(People(people=(*others, *now))))

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
        keep_absences(self.office.desk)
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


TestMachine = Machine.TestCase
TestMachine.settings = settings(max_examples=20, stateful_step_count=30, deadline=None)
