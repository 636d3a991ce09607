"""Who has let a debt lie."""

from collections.abc import Sequence
from dataclasses import dataclass

from approvals.dealings import IDLE_DAYS
from texts.blocks import Block, Message, actions, button, context, section
from texts.cards import value_of
from texts.collection import stage_word
from texts.formats import harmless, money, plain_line
from texts.render import Words, words


@dataclass(frozen=True, slots=True, kw_only=True)
class IdleRow:
    """One customer that lies."""

    customer_id: str
    name: str
    owner: str
    overdue: str | None
    """In base currency; None without a rate."""
    currency: str
    late: int
    stage: int | None
    days: int


def idle_message(rows: Sequence[IdleRow], lang: str, *, more: bool) -> Message:
    """The owners by name, with a button to the dunning card of each of the first five."""
    say = words(lang)
    if not rows:
        text = say.say("collection", "idle_none", line=IDLE_DAYS)
        return Message(text=text, blocks=[section(text)])
    head = say.say("collection", "idle_head", line=IDLE_DAYS)
    lines = [f"{place}. {_line(row, say)}" for place, row in enumerate(rows, 1)]
    open_ = [
        button(plain_line(row.name, 40), f"collect.show.{place}", value_of(row.customer_id))
        for place, row in enumerate(rows[:5])
    ]
    blocks: list[Block] = [section("\n".join([f"*{head}*", *lines])), actions(open_, "collect.idle")]
    if more:
        blocks.append(context([say.say("collection", "idle_more")]))
    return Message(text=head, blocks=blocks)


def _line(row: IdleRow, say: Words) -> str:
    owner, amount = harmless(row.owner, 20), money(row.overdue, say.lang, row.currency)
    return say.say(
        "collection", "idle_row", owner=owner or say.say("digest", "no_owner"), name=harmless(row.name, 40),
        id=harmless(row.customer_id, 20), amount=amount, late=row.late, stage=stage_word(row.stage, say), days=row.days,
    )  # fmt: skip
