"""Who holds which role: people.yaml, read once; roles are never read from the ledger."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from approvals.cases import Seat
from scoring.errors import PolicyError
from scoring.policy_parts import Part
from scoring.refusals import refusal
from scoring.yaml_lines import read_yaml

Role = Literal[
    "sales", "sales_manager", "dept_deputy_gm", "dept_gm", "responsible_vp", "customer_admin", "finance", "risk",
    "legal", "procurement", "management", "auditor", "administrator",
]  # fmt: skip
COMPANY_WIDE: frozenset[Role] = frozenset({
    "responsible_vp", "customer_admin", "finance", "risk", "legal", "management", "auditor", "administrator",
})  # fmt: skip
"""Roles that see the customers of every department."""
_BETWEEN_NAMES = re.compile(r"[/,;&+、，；]")


class Grant(Part):
    """A role with the departments and the branch that it holds for."""

    role: Role
    departments: tuple[str, ...] = ()
    """None named: every department for a company-wide role, no department for any other."""
    branch: str = ""
    """Empty = head office."""

    def covers(self, department: str) -> bool:
        """Whether it holds for the customers of a department."""
        return department in self.departments or (not self.departments and self.role in COMPANY_WIDE)


class Person(Part):
    """One person, known by an id of our own; `slack` are the accounts that are his."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,40}$")]
    name: str
    roles: tuple[Role, ...]
    departments: tuple[str, ...] = ()
    slack: tuple[str, ...] = ()
    lang: Literal["zh-CN", "en"] | None = None
    branch: str = ""
    grants: tuple[Grant, ...] = ()
    """Further roles, each with departments of its own; `roles` hold for `departments`."""

    @property
    def held(self) -> tuple[Grant, ...]:
        """Every role with where it holds. Not cached: a copy with other roles would keep the old answer."""
        own = (
            Grant.model_construct(role=role, departments=self.departments, branch=self.branch) for role in self.roles
        )
        return (*own, *self.grants)

    def sees(self, department: str) -> bool:
        """Whether the customers of a department are shown to him in full."""
        return any(one.role in COMPANY_WIDE or department in one.departments for one in self.held)

    def holds(self, role: Role, department: str, branches: Iterable[str] = ("",)) -> bool:
        """Whether the role is his for a department, at one of the branches."""
        wanted = tuple(branches)
        return any(one.role == role and one.branch in wanted and one.covers(department) for one in self.held)


class Group(Grant):
    """A Slack user group whose members hold a role, with departments and a branch, for as long as they are in it."""

    group: Annotated[str, Field(pattern=r"^S[A-Z0-9]{2,30}$")]


class Seated(Part):
    """Who holds a seat in the incident team of a red case; without departments for every one."""

    seat: Seat
    people: Annotated[tuple[str, ...], Field(min_length=1)]
    departments: tuple[str, ...] = ()


class People(Part):
    """Everybody who may use the desk with a role."""

    people: tuple[Person, ...]
    groups: tuple[Group, ...] = ()
    incident: tuple[Seated, ...] = ()
    """Who is called when a case is red."""

    @cached_property
    def by_slack(self) -> Mapping[str, Person]:
        """Persons by Slack account."""
        return {account: person for person in self.people for account in person.slack}

    @cached_property
    def by_id(self) -> Mapping[str, Person]:
        """Persons by their id."""
        return {person.id: person for person in self.people}

    def named(self, text: str) -> Person | None:
        """By id, Slack account or name."""
        wanted = text.casefold().strip()
        for person in self.people:
            if wanted in {known.casefold() for known in (person.id, person.name, *person.slack)}:
                return person
        return None

    def meant_by(self, cell: str) -> frozenset[str]:
        """Ids of everybody whom a ledger cell may name: all of one name, and each of several names."""
        parts = {_plain(part) for part in (cell, *_BETWEEN_NAMES.split(unicodedata.normalize("NFKC", cell)))} - {""}
        return frozenset(
            person.id
            for person in self.people
            if parts & {_plain(known) for known in (person.id, person.name, *person.slack)}
        )

    def with_members(self, members: Mapping[str, Iterable[tuple[str, str]]]) -> "People":
        """The same people with what their Slack groups give them; `members` are (account, name) by group id.

        Accounts that people.yaml does not know become persons of their own, known by their account. What a group
        gives holds for the departments of the group only. A group that Slack did not tell about gives nothing.
        """
        known = dict(self.by_id)
        for group in self.groups:
            grant = Grant(role=group.role, departments=group.departments, branch=group.branch)
            for account, name in members.get(group.group, ()):
                person = self.by_slack.get(account)
                held = known[person.id] if person else known.get(account) or _stranger(account, name)
                if grant not in held.held:
                    known[held.id] = Person(**{**dict(held), "grants": (*held.grants, grant)})
        return People(people=tuple(known.values()), groups=self.groups, incident=self.incident)


def _stranger(account: str, name: str) -> Person:
    return Person(id=account, name=name, roles=(), slack=(account,))


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def parse_people(text: str, file: str = "people.yaml") -> People:
    """The people of a file; PolicyError names file, line and what is wrong."""
    values, lines = read_yaml(text, file)
    try:
        people = People.model_validate(values)
    except ValidationError as wrong:
        raise refusal(wrong, lines, file) from None
    seen: set[str] = set()
    for place, person in enumerate(people.people):
        for name in {person.id, *person.slack}:
            if name in seen:
                line = lines.get(("people", place), 1)
                raise PolicyError("policy_twice", file=file, line=line, key=f"people.{place}", found=name)
            seen.add(name)
    for place, seated in enumerate(people.incident):
        for one in seated.people:
            if one not in people.by_id:
                line = lines.get(("incident", place), 1)
                raise PolicyError("people_nobody", file=file, line=line, key=f"incident.{place}", found=one)
    return people
