"""Who is on the blacklist: by USCC or exactly normalised name; a mere likeness is told apart (POLICY.md 0)."""

from collections.abc import Iterable
from datetime import date

from scoring.ledger import BlacklistEntry, Customer
from scoring.names import alike, normalise, normalise_uscc
from scoring.scripts import simplified


def in_force(entry: BlacklistEntry, on: date) -> bool:
    """`removed_on` is the first free day. An entry counts as it stands, whatever day it was added on: it protects."""
    return entry.removed_on is None or entry.removed_on > on or "removed_on" in entry.unread


def listed(
    customer: Customer, entries: Iterable[BlacklistEntry], on: date
) -> tuple[BlacklistEntry | None, tuple[BlacklistEntry, ...]]:
    """(the entry that lists the customer, entries that are only alike)."""
    uscc = normalise_uscc(customer.uscc)
    names = names_of(customer)
    plain = {normalise(name) for name in names}
    likenesses: list[BlacklistEntry] = []
    for entry in entries:
        if not in_force(entry, on):
            continue
        if (uscc and entry.uscc and normalise_uscc(entry.uscc) == uscc) or (
            entry.name and normalise(entry.name) in plain
        ):
            return entry, ()
        if entry.name and any(_could_be(name, entry.name) and alike(name, entry.name) for name in names):
            likenesses.append(entry)
    return None, tuple(likenesses)


def names_of(customer: Customer) -> list[str]:
    """The name and the aliases."""
    return names_in(customer.name, customer.aliases)


def names_in(name: str, aliases: str) -> list[str]:
    """A name and the aliases of one cell, `;` between them."""
    return [one.strip() for one in (name, *aliases.replace("；", ";").split(";")) if one.strip()]


def _could_be(left: str, right: str) -> bool:
    """A cheap look before the costly one: some character in common, or both written in different scripts."""
    one, two = set(simplified(normalise(left))), set(simplified(normalise(right)))
    shared = len(one & two)
    return shared * 2 >= min(len(one), len(two)) or left.isascii() != right.isascii()
