"""App Home: what waits for the reader, search, recent look-ups, how fresh the ledger is."""

from typing import Any

from flows.absence_form import absence_home
from flows.access import Reader
from flows.cards import keep_card
from flows.desk import Desk
from flows.drafts import may_apply, mine
from flows.lookup import Outcome, recent_of
from flows.queue import home_requests
from flows.setting import setting_of
from texts.application_lists import start_blocks
from texts.cards import Setting
from texts.messages import home, sentence


def home_of(desk: Desk, reader: Reader) -> dict[str, Any]:
    """The Home view of one reader; an outsider reads one sentence."""
    if reader.outsider:
        return {"type": "home", "callback_id": "home", "blocks": sentence(reader.lang, "nothing")["blocks"]}
    view = desk.latest.view
    ids = desk.watches.recent(reader.account) if desk.watches is not None else []
    recent = recent_of(desk, reader, ids)
    count = 0 if view is None else len(desk.mirror.customer_ids())
    setting = Setting() if view is None else setting_of(desk, view)
    requests = home_requests(desk, reader)
    shown = home(reader.lang, recent, count, setting, requests)
    blocks, place = shown["blocks"], _START + len(requests)
    return {**shown, "blocks": [*blocks[:place], *_start(desk, reader), *blocks[place:]]}


_START = 3
"""Below the search."""


def _start(desk: Desk, reader: Reader) -> list[dict[str, Any]]:
    """The way to the application form, for whoever may ask for a line; and to whom signs instead, for who signs."""
    form = start_blocks(reader.lang, len(mine(desk, reader))) if may_apply(desk, reader) else []
    return [*form, *absence_home(desk, reader)]


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
