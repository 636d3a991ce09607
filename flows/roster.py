"""Who holds which role now: people.yaml, and whoever is in its Slack user groups."""

from collections.abc import Iterable, Mapping

from approvals.people import People


class Roster:
    """Holds the newest people; one assignment swaps them for all threads."""

    __slots__ = ("file", "now")

    def __init__(self, file: People) -> None:
        """As people.yaml says; nobody is in a group until Slack tells."""
        self.file = self.now = file

    def take(self, members: Mapping[str, Iterable[tuple[str, str]]]) -> None:
        """From now on these are in the groups: (account, name) by group id."""
        self.now = self.file.with_members(members)
