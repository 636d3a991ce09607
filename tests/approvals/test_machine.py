"""Random people, clicks, delegations, edits of people.yaml and clock jumps: the invariants I1 and I2, pure part.

I1: each act that is acknowledged stands in the request once, and nothing that was refused does.
I2: nothing is decided without authority at its version (the oracle looks at it again, from the signatures alone).
And nobody waits for nobody: an open request can still be signed to its end by different people.
"""

import contextlib
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, get_args

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from approvals.advance import advance
from approvals.delegation import check_delegation
from approvals.due import due
from approvals.errors import ActError, DelegationError, RouteError
from approvals.people import People, Person
from approvals.request import Request
from approvals.seats import unseated
from approvals.steps import Act
from approvals.terms import Terms
from approvals.transitions import TRANSITIONS
from approvals.turns import Actor, standing_signatures
from scoring.policy import Policy
from tests.approvals.company import NOON, PREPAY, TODAY, delegation, filed, rules, staff, terms
from tests.approvals.oracle import Witness, check_decision, in_force

MORE = """  - {id: qian, name: 钱进, roles: [dept_deputy_gm, risk], departments: [华东], slack: [V1, V2]}
  - {id: feng, name: 冯远, roles: [dept_gm, sales_manager], departments: [华东], slack: [V3]}
  - {id: jin, name: 金辉, roles: [finance, customer_admin], slack: [V4]}
  - {id: lu, name: 陆平, roles: [responsible_vp], departments: [华南], slack: [V5]}
"""
EVERYBODY = staff(MORE)
IDS = [one.id for one in EVERYBODY.people]
AMOUNTS = st.sampled_from([150_000, 200_000, 200_001, 900_000, 1_000_000, 2_900_000, 3_000_000, 5_000_000])
DAYS = st.sampled_from([15, 30, 31, 45, 60, 61, 90])
POLICIES = [
    rules(),
    rules(route="direct"),
    rules(modes={"dept_deputy_gm": "all", "risk": "majority", "finance": "all"}),
]
MOSTLY_LIN = st.sampled_from(["lin"] * 12 + IDS)
NEAR = st.sampled_from(["zhao", "qian", "gao", "chen", "feng", "liu", "jin", "ma"])
WAYS = ["sign", "sign", "sign", "sign", "less", "more", "recommend", "delegate", "hand_on", "return"]
CLOCK = ("remind", "escalate", "expire", "reroute")


class Desk(RuleBasedStateMachine):
    """One request at a time, and everybody clicking on it."""

    request: Request
    people: People
    policy: Policy

    def __init__(self) -> None:
        super().__init__()
        self.open = False
        self.given: list[Any] = []
        self.witnesses: dict[int, Witness] = {}
        self.now = NOON
        self.edited = False

    @initialize(
        amount=AMOUNTS, days=DAYS, cut=st.sampled_from([1, 2]), grade=st.sampled_from("ABC"), applicant=MOSTLY_LIN,
        owner=MOSTLY_LIN, flags=st.sets(st.sampled_from(["sued", "security"])), prepay=st.booleans(),
        policy=st.integers(0, len(POLICIES) - 1), gone=st.just(set()) | st.sets(st.sampled_from(IDS), max_size=4),
    )  # fmt: skip
    def file(
        self, amount: int, days: int, cut: int, grade: str, applicant: str, owner: str, flags: set[str], prepay: bool,
        policy: int, gone: set[str],
    ) -> None:  # fmt: skip
        self.people = People(people=tuple(one for one in EVERYBODY.people if one.id not in gone - {applicant}))
        self.policy = POLICIES[policy]
        self.flags = {"sued": "sued" in flags, "security": "security" in flags}
        want = PREPAY if prepay and amount < 200_001 else terms(amount, days)
        proposed = want if want.prepay else terms(Decimal(amount) / cut, min(days, 30))
        name = EVERYBODY.by_id[owner].name
        asks = {**self.flags, "applicant": EVERYBODY.by_id[applicant], "sales_owner": name}
        with contextlib.suppress(RouteError):
            self.request = filed(
                people=self.people, rules=self.policy, want=want, proposed=proposed, asks=asks, grade=grade, applicant=applicant,
                sales_owner=name, flags=tuple(sorted(flags)),
            )  # fmt: skip
            self.filed_steps = self.request.steps
            self.open = True

    @precondition(lambda self: self.open)
    @rule(
        who=st.sampled_from(IDS), act=st.sampled_from(get_args(Act)), limit=st.none() | AMOUNTS, days=DAYS,
        to=st.sampled_from(IDS), second=st.booleans(), reason=st.sampled_from(["", "因为"]), seconds=st.integers(0, 90),
    )  # fmt: skip
    def click(
        self, who: str, act: Act, limit: int | None, days: int, to: str, second: bool, reason: str, seconds: int
    ) -> None:
        self.now += timedelta(seconds=seconds)
        person = EVERYBODY.by_id[who]
        by = Actor(person=person, account=person.slack[-1 if second else 0])
        self.attempt(act, by, terms(limit, days) if limit else None, reason, to)

    @precondition(lambda self: self.open and self.request.state == "pending")
    @rule(
        place=st.integers(0, 9),
        hand=st.integers(0, 9),
        lower=st.booleans(),
        how=st.sampled_from(WAYS),
        to=NEAR,
    )
    def go_on(self, place: int, hand: int, lower: bool, how: str, to: str) -> None:
        """What people mostly do: whoever's turn it is signs, himself or by somebody who acts for him, or passes it on."""
        self.now += timedelta(minutes=10)
        step = self.request.steps[self.request.at[place % len(self.request.at)]]
        whose = step.people[hand % len(step.people)]
        who = whose
        sign: Act = (
            "vouch" if step.kind == "vouch" else "approve" if step.decides or step.kind == "cosign" else "recommend"
        )
        act: Act = sign
        if how == "delegate":
            self.given.append(delegation(whose, to, id=f"d{len(self.given)}"))
            who = to
        elif how == "recommend" and step.kind == "post":
            act = "recommend"
        elif how == "hand_on":
            act = "hand_on"
        elif how == "return":
            act = "return"
        proposed = self.request.proposed
        less = replace(proposed, limit=proposed.limit / 2)
        more = replace(proposed, limit=min(proposed.limit * 2, Decimal(5_000_000)))
        given = {"less": less, "more": more}.get(how) if not proposed.prepay and step.kind != "vouch" else None
        person = EVERYBODY.by_id[who]
        self.attempt(act, Actor(person=person, account=person.slack[-1 if lower else 0]), given, "因为", to)

    @precondition(lambda self: self.open and bool(self.request.signatures))
    @rule(seconds=st.sampled_from([0, 30, 59, 60, 61]))
    def think_again(self, seconds: int) -> None:
        """Who signed last takes it back, in time or not."""
        last = self.request.signatures[-1]
        if last.person:
            self.now = max(self.now, last.at) + timedelta(seconds=seconds)
            self.attempt("take_back", Actor(person=EVERYBODY.by_id[last.person], account=last.account), None, "", "")

    @precondition(lambda self: self.open and self.request.state == "returned")
    @rule()
    def resubmit(self) -> None:
        person = EVERYBODY.by_id[self.request.applicant]
        self.attempt("resubmit", Actor(person=person, account=person.slack[0]), None, "", "")

    @precondition(lambda self: self.open)
    @rule(hours=st.sampled_from([0, 1, 5, 30, 60, 60]), act=st.sampled_from(CLOCK), asked=st.booleans())
    def tick(self, hours: int, act: Act, asked: bool) -> None:
        """Time goes by, and the clock does what is due, or just anything."""
        self.now += timedelta(hours=hours)
        wanted = due(self.request, self.now, self.policy, self.people) if asked or act == "expire" else act
        if wanted is not None:
            self.attempt(wanted, None, None, "", "", must=asked)

    @precondition(lambda self: not self.open)
    @rule()
    def nobody_was_asked(self) -> None:
        """The route said why; there is nothing to click on."""

    @precondition(lambda self: self.open)
    @rule(minutes=st.integers(1, 600))
    def set_back(self, minutes: int) -> None:
        self.now -= timedelta(minutes=minutes)

    @precondition(lambda self: self.open)
    @rule(giver=st.sampled_from(IDS), taker=st.sampled_from(IDS), rogue=st.booleans(), ends=st.integers(-1, 40))
    def delegate(self, giver: str, taker: str, rogue: bool, ends: int) -> None:
        """Given by the rules; or as if somebody had written it into the record by hand."""
        wanted = delegation(giver, taker, id=f"d{len(self.given)}", ends_on=TODAY + timedelta(days=ends))
        with contextlib.suppress(DelegationError):
            if not rogue:
                check_delegation(
                    wanted, EVERYBODY.by_id[giver], EVERYBODY.by_id[taker], self.policy, self.given, today=TODAY
                )
            self.given.append(wanted)

    @precondition(lambda self: self.open)
    @rule(
        who=st.sampled_from(IDS),
        role=st.sampled_from(["sales", "sales_manager", "dept_gm", "risk", "", "as before", "as before", "as before"]),
    )
    def edit_people(self, who: str, role: str) -> None:
        """Somebody gets another role, or leaves, while it is under way."""
        if role == "as before":
            return
        self.edited = True
        others = tuple(one for one in self.people.people if one.id != who)
        now = (Person(**{**dict(EVERYBODY.by_id[who]), "roles": (role,)}),) if role else ()
        self.people = People(people=(*others, *now))

    def attempt(
        self, act: Act, by: Actor | None, given: Terms | None, reason: str, to: str, *, must: bool = False
    ) -> None:
        before = self.request
        steps = self.filed_steps if act == "resubmit" else ()
        try:
            after = advance(
                before, act, by, now=self.now, today=TODAY, policy=self.policy, people=self.people, delegations=self.given,
                terms=given, reason=reason, to_person=to, steps=steps,
            )  # fmt: skip
        except ActError as refused:
            assert not must, refused
            return
        self.request = after
        assert after.state in TRANSITIONS[before.state, act]
        assert after.version == before.version + 1
        assert after.signatures[:-1] == before.signatures
        self.witnesses[len(before.signatures)] = Witness(self.people, tuple(self.given))
        if act == "take_back":
            assert self.now - in_force_last(before) < timedelta(seconds=60)
        if act == "resubmit":
            assert in_force(after) == []

    @precondition(lambda self: self.open)
    @invariant()
    def the_signatures_are_whole(self) -> None:
        request = self.request
        assert request.version == 1 + len(request.signatures)
        moments = [one.at for one in request.signatures]
        assert moments == sorted(moments)
        assert [request.signatures[place] for place in in_force(request)] == standing_signatures(request)
        assert bool(request.at) == (request.state == "pending")
        assert all(0 <= place < len(request.steps) for place in request.at)
        assert (request.decided is not None) == (request.state == "approved")
        assert (request.decided_at is not None) == (request.state in {"approved", "rejected"})

    @precondition(lambda self: self.open)
    @invariant()
    def nothing_is_decided_without_authority(self) -> None:
        if self.request.state == "approved":
            check_decision(self.request, self.witnesses)

    @precondition(lambda self: self.open and not self.edited)
    @invariant()
    def it_can_be_signed_to_its_end(self) -> None:
        if self.request.state == "pending":
            assert unseated(self.request.steps, standing_signatures(self.request)) is None
            assert any(step.decides for step in self.request.steps)


def in_force_last(request: Request) -> Any:
    return request.signatures[in_force(request)[-1]].at


TestDesk = Desk.TestCase
TestDesk.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
