"""Cards kept ready: the first screen of most answers is made ahead of the question and only the time put in.

A card holds while the customer's rows, his group, the day, the policy and the shared tabs are what it was made from,
and the receivables of the whole book stay where his share of them earns the same points. Where anything is unusual
(a tab held back, an old copy, another day) the answer is made anew.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

import orjson

from flows.access import Reader, sight
from flows.answers import Answered, answer_of
from flows.desk import Desk, View
from flows.setting import age_minutes, setting_of
from scoring.bands import Bands
from scoring.facts import facts_of
from storage.cards import Card, Holds
from storage.refused import CopyError
from texts.cards import Setting, answer_card, as_of_line

ROOM = "\ue000as of\ue000"
"""Where the time goes; a character of nobody's language."""
_ROOM = ROOM.encode()
_LANGS = ("zh-CN", "en")
_LARGEST = 2**63 - 1
"""No total of the book is larger: it is kept in 63 bits."""


def ready(desk: Desk, view: View, reader: Reader, customer_id: str) -> bytes | None:
    """The whole command answer as JSON for this reader, or None where it has to be made."""
    if not _ordinary(desk, view):
        return None
    card = desk.mirror.card(customer_id)
    if card is None or card.stamp != view.stamp_for(customer_id) or not _holds(card, view):
        return None
    body = card.zh if reader.lang == "zh-CN" else card.en
    if body is None or sight(reader, card.department, card.sales_owner) != "full":
        return None
    return body.replace(_ROOM, _said(desk, view, reader.lang), 1)


def _ordinary(desk: Desk, view: View) -> bool:
    return (
        desk.baseline is not None
        and desk.day is None
        and not view.held
        and view.problem is None
        and view.on == desk.on()
        and age_minutes(desk, view) < desk.policy.operating.stale_minutes
    )


def _holds(card: Card, view: View) -> bool:
    whole = view.receivables_minor
    return whole is not None and whole >= card.low and (card.high is None or whole <= card.high)


def _said(desk: Desk, view: View, lang: str) -> bytes:
    """The time of the copy as a piece of JSON text."""
    amber = desk.policy.operating.amber_minutes
    return _time(lang, desk.local(view.synced_at), age_minutes(desk, view), amber, desk.today().isoformat())


@lru_cache(maxsize=64)
def _time(lang: str, synced_at: datetime | None, age: int, amber: int, today: str) -> bytes:
    setting = Setting(synced_at=synced_at, age_minutes=age, amber_minutes=amber, today=today)
    return orjson.dumps(as_of_line(lang, setting, today))[1:-1]


def fill_cards(desk: Desk, after: int = 0, limit: int = 200) -> tuple[int, int]:
    """Make the cards of customers that have none that holds, in the desk's own language: (how many, last number seen).

    The number that came in is the one that goes out when nobody is left.
    """
    view = desk.latest.view
    if view is None or view.receivables_minor is None or not _ordinary(desk, view):
        return 0, after
    cards: list[Card] = []
    now = Holds(view.stamp, view.group_stamps, view.receivables_minor)
    for owner, customer_id in desk.mirror.without_card(now, after, limit):
        after = owner
        card = make_card(desk, view, owner, customer_id, (desk.default_lang,))
        if card is not None:
            cards.append(card)
    desk.mirror.keep_cards(cards, view.taken)
    return len(cards), after


def keep_card(desk: Desk, customer_id: str, lang: str) -> None:
    """Keep the card of a customer who was asked for and had none ready in this language.

    Nobody waits for it: while a sync is writing, or nothing can be written, the card is not kept.
    """
    view = desk.latest.view
    owner = desk.mirror.owner(customer_id)
    if view is None or owner is None or not _ordinary(desk, view):
        return
    kept = desk.mirror.card(customer_id)
    if kept is not None and kept.stamp == view.stamp_for(customer_id) and _holds(kept, view):
        langs = [one for one, body in zip(_LANGS, (kept.zh, kept.en), strict=True) if body is not None or one == lang]
    else:
        langs = [lang]
    card = make_card(desk, view, owner, customer_id, langs)
    if card is not None:
        with suppress(CopyError):
            desk.mirror.keep_cards([card], view.taken, patient=False)


def make_card(desk: Desk, view: View, owner: int, customer_id: str, langs: Iterable[str]) -> Card | None:
    """A customer's card in these languages; None where his share of the book cannot be told."""
    answered = answer_of(desk, view, customer_id)
    whole = view.receivables_minor
    if answered is None or whole is None or answered.details["open_base"] is None:
        return None
    low, high = span(answered.details["open_base"], whole, desk.policy.bands["receivables_share"])
    rating, paying = answered.assessment.rating, answered.assessment.behaviour
    facts = facts_of(rating, new=paying.new_customer, policy=desk.policy) if rating and paying else None
    bodies = {lang: _body(desk, view, answered, lang) for lang in langs}
    return Card(
        owner=owner,
        stamp=view.stamp_for(customer_id),
        low=low,
        high=high,
        department=answered.details["department"],
        sales_owner=answered.details["sales_owner"],
        zh=bodies.get("zh-CN"),
        en=bodies.get("en"),
        facts=None if facts is None else facts.packed(),
    )


def _body(desk: Desk, view: View, answered: Answered, lang: str) -> bytes:
    setting = replace(setting_of(desk, view), said=ROOM)
    message = answer_card(answered.answer, answered.details, lang, setting)
    return orjson.dumps({"response_type": "ephemeral", **message})


def span(own: int, whole: int, bands: Bands) -> tuple[int, int | None]:
    """The totals between which `own` of them earns the same points: (lowest, highest or None), minor units."""
    if bands.direction != "low":
        return whole, whole
    if own <= 0 or whole <= 0:
        return (min(whole, 0), None) if own <= 0 else (whole, whole)
    high: int | None = None
    for band in bands.bands:
        # share <= line is own x 100 <= line x whole
        if own * 100 <= band.line * whole:
            return -int(-(own * 100) // band.line) if band.line > 0 else whole, high
        high = int((own * 100 - 1) // band.line) if band.line > 0 else None
        high = None if high is None or high > _LARGEST else high
    return 1, high
