"""App Home: search, recent look-ups, how fresh the ledger is."""

from typing import Any

from flows.access import Reader
from flows.cards import keep_card
from flows.desk import Desk
from flows.lookup import Outcome, recent_of
from texts.messages import home


def home_of(desk: Desk, reader: Reader) -> dict[str, Any]:
    """The Home view of one reader; an outsider's is empty."""
    view = desk.latest.view
    ids = desk.watches.recent(reader.account) if desk.watches is not None and not reader.outsider else []
    recent = recent_of(desk, reader, ids)
    synced = None if view is None else desk.local(view.synced_at)
    count = 0 if view is None or reader.outsider else len(view.search)
    return home(reader.lang, recent, count, synced)


def remember_answer(desk: Desk, reader: Reader, outcome: Outcome) -> None:
    """A look-up that Home lists: of an answer that the reader may see."""
    customer_id = outcome.answered.answer["customer_id"] if outcome.answered is not None else None
    if customer_id:
        remember_customer(desk, reader, customer_id)
        keep_card(desk, customer_id, reader.lang)


def remember_customer(desk: Desk, reader: Reader, customer_id: str) -> None:
    """The same by the customer's id."""
    if desk.watches is not None and reader.account:
        desk.watches.looked_up(reader.account, customer_id, desk.clock().timestamp())
