"""One customer on one day: everything the rules find, in the order in which one builds on the other."""

from datetime import date

from scoring.behaviour import behaviour
from scoring.blacklist import listed
from scoring.exposure import position as position_of
from scoring.findings import Finding, Source
from scoring.grades import rate
from scoring.ledger import Account, BlacklistEntry, Book, GroupFigures
from scoring.policy import Policy
from scoring.proposal import propose
from scoring.results import Assessment, Colour, Position
from scoring.scorecard import scorecard
from scoring.verdict import Case, verdict
from scoring.vetoes import vetoes
from scoring.warnings import signals

_COLOURS: tuple[Colour, ...] = ("red", "orange", "yellow")


def assess(
    account: Account, book: Book, policy: Policy, *, on: date, today: date, position: Position | None = None
) -> Assessment:
    """The verdict with its reasons, and every figure, score and proposal behind it.

    `position` may be handed in when it is already known for the same account and day. Where a needed rate is
    missing, sums are beyond all measure, or invoices were never readable, there is no rating and no proposal
    (`usable` is False): figures that leave something out must not be taken for the whole.
    """
    customer = account.customer
    if position is None:
        position = position_of(account, book.rates, policy, on=on, today=today)
    usable = book.invoices_readable and position.own_known and not position.missing_rates
    entry, alike = listed(customer, book.blacklist, on)
    paying = behaviour(account, position, policy, on=on, has_orders_tab="orders" in book.tabs, rates=book.rates)
    found = vetoes(account, position, paying, book, policy, on=on)
    rating = rate(scorecard(account, position, paying, book, policy, on=on), found, policy) if usable else None
    warned = signals(account, position, rating, book, policy, on=on)
    colour = worst_colour(warned)
    proposal = propose(account, position, paying, rating, colour, book, policy, on=on) if rating else None
    group = group_of(account, book)
    decided, reasons = verdict(
        Case(
            account=account,
            book=book,
            policy=policy,
            position=position,
            rating=rating,
            vetoes=found,
            warnings=warned,
            listed=entry,
            alike=alike,
            group=group,
            on=on,
        )
    )
    odd_parents = book.group_notes.get(customer.customer_id, ())
    notes = tuple(note.as_finding() for note in (*account.notes, *position.notes, *odd_parents))
    return Assessment(
        customer_id=customer.customer_id,
        name=customer.name,
        verdict=decided,
        reasons=reasons,
        position=position,
        behaviour=paying,
        rating=rating,
        vetoes=found,
        proposal=proposal,
        warnings=warned,
        colour=colour,
        notes=notes,
        group=group,
        known=book.invoices_readable and position.own_known,
        usable=usable,
    )


def assess_listed(entry: BlacklistEntry) -> Assessment:
    """A blacklist entry that no customer row belongs to: stop, and nothing else is known."""
    source = Source("blacklist", entry.uscc or entry.name, entry.row)
    reason = Finding("blacklist", "stop", {"reason": entry.reason, "added_on": entry.added_on}, source)
    return Assessment(
        customer_id=None,
        name=entry.name or entry.uscc,
        verdict="stop",
        reasons=(reason,),
        position=None,
        behaviour=None,
        rating=None,
        vetoes=(),
        proposal=None,
        warnings=(),
        colour=None,
        notes=(),
    )


def group_of(account: Account, book: Book) -> GroupFigures | None:
    """The group a customer belongs to, as a member or as the parent itself."""
    root = book.group_roots.get(account.customer.customer_id)
    return None if root is None else book.groups.get(root)


def worst_colour(warnings: tuple[Finding, ...]) -> Colour | None:
    """Red before orange before yellow; None when nothing is signalled."""
    seen = {warning.severity for warning in warnings}
    return next((colour for colour in _COLOURS if colour in seen), None)
