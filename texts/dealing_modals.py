"""The modals in which somebody says what was done about a debt."""

from collections.abc import Sequence
from typing import Any, Literal

from approvals.dealings import WAYS
from texts.blocks import OPTION, TITLE, Block, section
from texts.cards import value_of
from texts.formats import harmless, money, plain_line
from texts.inputs import dated, field, picked, plain, typed
from texts.render import Words, words
from texts.standing import Standing

ACKNOWLEDGED = "acknowledged"
"""Stands among the letters: the customer has confirmed the debt."""


def dealing_modal(
    standing: Standing, asked: Literal["sent", "promise", "dispute"], lang: str, owners: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    """What was sent or confirmed, what is promised, or what is in dispute; `owners` are (name, id)."""
    say = words(lang)
    amount = money(standing.dunning.overdue, lang, standing.currency)
    head = section(f"*{harmless(standing.name, 80)}*  ·  {say.say('collection', 'modal_head', amount=amount)}")
    made = {"sent": _sent, "promise": _promise, "dispute": _dispute}
    blocks = [head, *made[asked](standing, say, owners)]
    return {
        "type": "modal", "callback_id": f"collect.{asked}", "private_metadata": value_of(standing.customer_id),
        "title": plain(say.say("collection", f"title_{asked}"), TITLE),
        "submit": plain(say.say("collection", "record"), TITLE), "close": plain(say.say("request", "cancel"), TITLE),
        "blocks": blocks,
    }  # fmt: skip


def _sent(standing: Standing, say: Words, _: Sequence[tuple[str, str]]) -> list[Block]:
    letters = [(word, code) for code, word in say.topic("collection", "letter").items()]
    letters.append((say.say("collection", "acknowledged"), ACKNOWLEDGED))
    first = standing.dunning.letters[0] if standing.dunning.letters else ""
    ways = [(say.topic("collection", "way")[way], way) for way in WAYS]
    return [
        _asked("letter", picked(letters, chosen=first), say),
        _asked("day", dated(initial=standing.dunning.on.isoformat()), say),
        _asked("way", picked(ways), say),
        _asked("reference", typed(most=200), say, hint="hint_reference", optional=True),
    ]


def _promise(standing: Standing, say: Words, _: Sequence[tuple[str, str]]) -> list[Block]:
    amount = f"{standing.dunning.overdue:f}".removesuffix(".00") if standing.dunning.overdue else ""
    return [
        _asked("until", dated(), say),
        _asked("amount", typed(initial=amount, most=40), say),
        _invoice(standing, say, optional=True),
        _asked("reference", typed(most=200), say, hint="hint_who", optional=True),
    ]


def _dispute(standing: Standing, say: Words, owners: Sequence[tuple[str, str]]) -> list[Block]:
    people = [(plain_line(name, OPTION), number) for name, number in owners] or [("—", "—")]
    return [
        _invoice(standing, say, optional=False),
        field("amount", say.say("collection", "field_part"), typed(most=40), optional=True),
        _asked("day", dated(initial=standing.dunning.on.isoformat()), say),
        _asked("owner", picked(people, chosen=people[0][1]), say),
        _asked("reason", typed(most=600, lines=True), say),
    ]


def _invoice(standing: Standing, say: Words, *, optional: bool) -> Block:
    """Open invoices, oldest due first; numbers too long for a choice are left to the ledger."""
    claims = [claim for claim in standing.dunning.claims if 0 < len(claim.invoice_no) <= OPTION]
    entries = [
        (plain_line(f"{claim.invoice_no} · {money(claim.open, say.lang, standing.currency)}", OPTION), claim.invoice_no)
        for claim in claims
    ]
    return _asked("invoice", picked(entries or [("—", "—")]), say, optional=optional)


def _asked(name: str, element: Block, say: Words, *, hint: str = "", optional: bool = False) -> Block:
    label = say.say("collection", f"field_{name}")
    return field(name, label, element, hint=say.say("collection", hint) if hint else "", optional=optional)
