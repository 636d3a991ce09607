"""Who holds which role: people.yaml, read once; roles are never read from the ledger."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, ValidationError

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


class Person(Part):
    """One person, known by an id of our own; `slack` are the accounts that are his."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,40}$")]
    name: str
    roles: tuple[Role, ...]
    departments: tuple[str, ...] = ()
    slack: tuple[str, ...] = ()
    lang: Literal["zh-CN", "en"] | None = None


class People(Part):
    """Everybody who may use the desk with a role."""

    people: tuple[Person, ...]

    @cached_property
    def by_slack(self) -> Mapping[str, Person]:
        """Persons by Slack account."""
        return {account: person for person in self.people for account in person.slack}

    def named(self, text: str) -> Person | None:
        """By id, Slack account or name."""
        wanted = text.casefold().strip()
        for person in self.people:
            if wanted in {known.casefold() for known in (person.id, person.name, *person.slack)}:
                return person
        return None


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
    return people
