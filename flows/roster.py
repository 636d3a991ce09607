"""Who holds which role now: people.yaml, and whoever is in its Slack user groups."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from approvals.people import People


@dataclass(frozen=True, slots=True)
class Members:
    """Who was in a Slack user group when Slack last told."""

    at: datetime
    people: tuple[tuple[str, str], ...]
    """(account, name)."""


class Roster:
    """Holds the newest people; one assignment swaps them for all threads."""

    __slots__ = ("file", "members", "now")

    def __init__(self, file: People) -> None:
        """As people.yaml says; nobody is in a group until Slack tells."""
        self.file = self.now = file
        self.members: Mapping[str, Members] = {}

    def take(self, members: Mapping[str, Members]) -> None:
        """From now on these are in the groups, by group id."""
        self.members = dict(members)
        self.now = self.file.with_members({group: one.people for group, one in members.items()})
