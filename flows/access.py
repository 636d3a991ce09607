"""Who may see what: everything, the grade only, or nothing (confidential by default)."""

from dataclasses import dataclass
from typing import Literal

from approvals.people import People, Person
from scoring.ledger import Customer

Sight = Literal["full", "grade_only", "nothing"]


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody asking: a Slack account as users.info describes it, or the command line."""

    account: str
    name: str = ""
    lang: str = "zh-CN"
    outsider: bool = False
    """A guest, a Slack Connect stranger, a bot or a deactivated account."""
    person: Person | None = None
    everything: bool = False
    """The command line without --as: it runs where the data is."""


def reader_of(people: People, account: str, *, name: str, lang: str, outsider: bool) -> Reader:
    """A reader with the role that people.yaml gives the account; an outsider has none, whoever that file names."""
    person = None if outsider else people.by_slack.get(account)
    return Reader(account=account, name=name, lang=lang, outsider=outsider, person=person)


def sight(reader: Reader, department: str, sales_owner: str) -> Sight:
    """Own department's and own customers in full, others by grade; company-wide roles everything; outsiders nothing."""
    if reader.everything:
        return "full"
    if reader.outsider:
        return "nothing"
    person = reader.person
    if person is None:
        return "grade_only"
    if person.sees(department):
        return "full"
    return "full" if sales_owner and sales_owner == person.name else "grade_only"


def sees(reader: Reader, customer: Customer) -> bool:
    """Whether a customer of the ledger is shown to somebody in full."""
    return sight(reader, customer.department, customer.sales_owner) == "full"
