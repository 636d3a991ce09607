"""A company with people for every post, and requests on their way through it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from approvals.advance import advance
from approvals.authority import Asked, reasons_higher, route
from approvals.delegation import Delegation
from approvals.people import People, Person, parse_people
from approvals.request import Request
from approvals.steps import Act, Step
from approvals.terms import Terms
from approvals.turns import Actor, open_steps
from scoring.policy import Policy
from tests.builders import policy

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
"""Tuesday noon in Shanghai."""
TODAY = date(2026, 11, 24)
STAFF = """
people:
  - {id: lin, name: 林晓梅, roles: [sales], departments: [华东], slack: [U1]}
  - {id: wang, name: 王强, roles: [sales_manager], departments: [华东], slack: [U2, U2B]}
  - {id: zhao, name: 赵敏, roles: [dept_deputy_gm], departments: [华东], slack: [U3]}
  - {id: chen, name: 陈国华, roles: [dept_gm], departments: [华东], slack: [U4]}
  - {id: liu, name: 刘建军, roles: [responsible_vp], slack: [U5]}
  - {id: he, name: 何静, roles: [finance], slack: [U6]}
  - {id: xu, name: 徐蕾, roles: [customer_admin], slack: [U7]}
  - {id: ma, name: 马丽, roles: [risk], slack: [U8]}
  - {id: sun, name: 孙律, roles: [legal], slack: [U9]}
  - {id: gao, name: 高远, roles: [dept_deputy_gm], departments: [华南], slack: [U10]}
"""


@lru_cache(maxsize=8)
def staff(more: str = "") -> People:
    """The people, and some more lines of people.yaml."""
    return parse_people(STAFF + more)


def without(people: People, *gone: str) -> People:
    """The same people, some of them gone."""
    return People(people=tuple(one for one in people.people if one.id not in gone))


def person(name: str, people: People | None = None) -> Person:
    return (people or staff()).by_id[name]


def asked(**given: Any) -> Asked:
    """500,000 for 30 days on grade B, filed by Lin for her own customer."""
    fields: dict[str, Any] = {
        "department": "华东",
        "applicant": person("lin"),
        "sales_owner": "林晓梅",
        "own_base": Decimal(500_000),
        "payment_days": 30,
        "grade": "B",
    }
    return Asked(**{**fields, **given})


def terms(limit: int | str | Decimal = 500_000, days: int = 30, **given: Any) -> Terms:
    return Terms(**{"limit": Decimal(limit), "payment_days": days, "currency": "CNY", **given})


PREPAY = Terms(limit=Decimal(0), payment_days=0, currency="CNY", prepay=True)


def filed(
    *,
    people: People | None = None,
    rules: Policy | None = None,
    want: Terms | None = None,
    proposed: Terms | None = None,
    steps: tuple[Step, ...] | None = None,
    asks: dict[str, Any] | None = None,
    **given: Any,
) -> Request:
    """A request just filed, along its route; `asks` go to the route, the rest to the request."""
    want = want or terms()
    people, rules = people or staff(), rules or policy()
    grade = given.get("grade", "B")
    higher = () if want.prepay else reasons_higher(rules, grade=grade, override=False, temporary=False)
    found = route(
        asked(
            **{
                "own_base": want.limit, "payment_days": want.payment_days, "prepay": want.prepay, "grade": grade,
                "higher": higher, **(asks or {}),
            }
        ),
        rules,
        people,
    )  # fmt: skip
    steps = steps or found.steps
    fields: dict[str, Any] = {
        "request_no": "CR-2026-0001", "kind": "open_account", "state": "pending", "version": 1, "round": 1,
        "customer_id": "C1", "name": "甲公司", "department": "华东", "sales_owner": "林晓梅", "applicant": "lin",
        "applicant_account": "U1", "asked": want, "proposed": proposed or want, "grade": grade,
        "amount_base": found.amount_base, "reasons_higher": found.higher, "steps": steps, "at": open_steps(steps, ()),
        "filed_at": NOON, "step_since": NOON,
    }  # fmt: skip
    return Request(**{**fields, **given})


class Hand:
    """Clicks in the order they come, a minute and a half apart unless told otherwise."""

    def __init__(self, request: Request, people: People | None = None, rules: Policy | None = None) -> None:
        self.request, self.people, self.policy = request, people or staff(), rules or policy()
        self.now = request.filed_at
        self.delegations: list[Delegation] = []

    def __call__(self, who: str, act: Act, *, after: float = 90, **given: Any) -> Request:
        """One act, by a person or, with "", by the clock."""
        self.now += timedelta(seconds=after)
        by = Actor(person=self.people.by_id[who], account=self.people.by_id[who].slack[0]) if who else None
        self.request = advance(
            self.request, act, by, now=self.now, today=TODAY, policy=self.policy, people=self.people,
            delegations=self.delegations, **given,
        )  # fmt: skip
        return self.request

    def all(self, *acts: tuple[str, Act]) -> Request:
        for who, act in acts:
            self(who, act)
        return self.request

    @property
    def waits(self) -> list[str]:
        """The roles that it waits for."""
        return [self.request.steps[place].role for place in self.request.at]


def hand(people: People | None = None, rules: Policy | None = None, **given: Any) -> Hand:
    return Hand(filed(people=people, rules=rules, **given), people, rules)


def signed_up_to(role: str, **given: Any) -> Hand:
    """A request on which everybody below a role has signed."""
    made = hand(**given)
    while role not in made.waits:
        step = made.request.steps[made.request.at[0]]
        act: Act = "vouch" if step.kind == "vouch" else "approve" if step.kind == "cosign" else "recommend"
        made(step.people[0], act)
    return made


def delegation(giver: str, taker: str, **given: Any) -> Delegation:
    """Given for the week."""
    fields: dict[str, Any] = {
        "id": f"{giver}-{taker}", "from_person": giver, "to_person": taker, "starts_on": TODAY,
        "ends_on": TODAY + timedelta(days=6), "reason": "出差", "made_by": giver, "made_at": NOON,
    }  # fmt: skip
    return Delegation(**{**fields, **given})


def rules(**authority: Any) -> Policy:
    """The shipped policy with another authority section."""
    shipped = policy()
    raw = {**shipped.model_dump(by_alias=True), "authority": {**shipped.authority.model_dump(), **authority}}
    return Policy.model_validate(raw)


def roles_of(steps: Iterable[Step]) -> list[str]:
    return [step.role for step in steps]


def moved(request: Request, **given: Any) -> Request:
    return replace(request, **given)
