"""Owners who let a debt lie: overdue, and nothing recorded for some working days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from approvals.dealings import IDLE_DAYS, Dealing, idle_days
from approvals.dunning import stage_of
from flows.access import Reader, sight
from flows.accounts import account_of
from flows.ageing import minor_text
from flows.desk import Desk
from flows.digest_figures import Late
from flows.rollups import refresh_rollups
from storage.record import Record
from texts.blocks import Message
from texts.idle import IdleRow, idle_message
from texts.messages import EXAMPLE, sentence

SHOWN = 10
_LOOKED_AT = 300
"""The heaviest overdue customers that a question looks at: it has to be answered within Slack's three seconds."""


@dataclass(frozen=True, slots=True)
class Idle:
    """An overdue customer whose owner has recorded nothing for so many working days."""

    late: Late
    days: int


def idle_owners(desk: Desk, book: Iterable[Late]) -> list[Idle]:
    """Those of an overdue book that lie for `IDLE_DAYS` or more, the longest first; none where nothing is recorded."""
    if desk.record is None:
        return []
    late = list(book)
    done = _by_customer(desk.record, [one.customer_id for one in late])
    found = [Idle(one, idle_days(one.days, done.get(one.customer_id, ()), desk.on())) for one in late]
    return sorted(
        (one for one in found if one.days >= IDLE_DAYS), key=lambda one: (-one.days, one.late.customer_id)
    )  # fmt: skip


def idle_said(desk: Desk, reader: Reader) -> Message:
    """`/credit collect` without a name: the heaviest of the reader's customers that lie, with their owners."""
    if desk.record is None:
        return sentence(reader.lang, "collect_whom", example=EXAMPLE)
    refresh_rollups(desk)
    book = sorted((Late(*one, "", "") for one in desk.mirror.overdue()), key=_weight)
    rows: list[IdleRow] = []
    for one in sorted(idle_owners(desk, book[:_LOOKED_AT]), key=lambda found: _weight(found.late)):
        row = _row(desk, reader, one)
        if row is None:
            continue
        if len(rows) == SHOWN:
            return idle_message(rows, reader.lang, more=True)
        rows.append(row)
    return idle_message(rows, reader.lang, more=len(book) > _LOOKED_AT)


def _row(desk: Desk, reader: Reader, idle: Idle) -> IdleRow | None:
    """For somebody who sees the customer in full."""
    late, account = idle.late, account_of(desk, idle.late.customer_id)
    customer = None if account is None else account.customer
    if customer is None or sight(reader, customer.department, customer.sales_owner) != "full":
        return None
    return IdleRow(
        customer_id=late.customer_id, name=late.name or late.customer_id, owner=customer.sales_owner,
        overdue=None if late.overdue is None else minor_text(late.overdue), currency=desk.policy.base_currency,
        late=late.days, stage=stage_of(late.days, desk.policy), days=idle.days,
    )  # fmt: skip


def _by_customer(record: Record, customers: list[str]) -> Mapping[str, list[Dealing]]:
    found: dict[str, list[Dealing]] = {}
    for one in record.dealings(customers):
        found.setdefault(one.customer_id, []).append(one)
    return found


def _weight(late: Late) -> tuple[int, str]:
    """Money times days, the heaviest first."""
    return -(late.overdue or 0) * late.days, late.customer_id
