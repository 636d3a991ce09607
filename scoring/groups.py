"""Groups: `parent_id` links members; the parent's `group_limit` is held against the sum of their exposure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from scoring.findings import Note
from scoring.ledger import GroupFigures


@dataclass(frozen=True, slots=True)
class Member:
    """What a group needs to know of one customer; amounts in base currency, None where a rate is missing."""

    customer_id: str
    parent_id: str
    row: int
    currency: str
    to_base: Decimal | None
    group_limit: Decimal | None
    exposure_base: Decimal | None
    receivables_base: Decimal | None


def roots_of(members: Mapping[str, Member]) -> tuple[dict[str, str], list[Note]]:
    """Customer id -> topmost parent, for all who have a parent or are one; a cycle or an unknown parent is a note."""
    parents = {member.customer_id: member.parent_id for member in members.values() if member.parent_id}
    roots: dict[str, str] = {}
    notes: list[Note] = []
    for start, parent in parents.items():
        seen = [start]
        here = start
        while (above := parents.get(here)) is not None and above in members:
            if above in seen:
                break
            seen.append(above)
            here = above
        above = parents.get(here)
        row = members[start].row
        if above is not None and above in seen:
            notes.append(Note("customers", row, start, "parent_id", "parent_cycle", parent))
            continue
        if above is not None and above not in members and here == start:
            notes.append(Note("customers", row, start, "parent_id", "parent_unknown", above))
            continue
        roots[start] = here
        roots.setdefault(here, here)
    return roots, notes


def group_figures(members: Mapping[str, Member], roots: Mapping[str, str]) -> dict[str, GroupFigures]:
    """Each group by its topmost parent."""
    grouped: dict[str, list[Member]] = {}
    for customer_id, root in roots.items():
        grouped.setdefault(root, []).append(members[customer_id])
    return {root: _figures(members[root], inside) for root, inside in grouped.items()}


def _figures(parent: Member, inside: list[Member]) -> GroupFigures:
    limit_base = None
    if parent.group_limit is not None and parent.to_base is not None:
        limit_base = (parent.group_limit * parent.to_base).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return GroupFigures(
        parent_id=parent.customer_id,
        limit=parent.group_limit,
        currency=parent.currency,
        limit_base=limit_base,
        exposure_base=_sum(member.exposure_base for member in inside),
        receivables_base=_sum(member.receivables_base for member in inside),
        members=tuple(sorted(member.customer_id for member in inside)),
    )


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    total = Decimal(0)
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total
