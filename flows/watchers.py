"""Who asked to be told when a customer frees: asked once, told once."""

from collections.abc import Callable

from flows.access import Reader, reader_of, sight
from flows.answers import Answered, answer_of
from flows.desk import Desk
from flows.lookup import show, with_age
from storage.watches import MAX_PER_PERSON, Watch
from texts.blocks import Message
from texts.messages import freed, sentence

Post = Callable[[str, Message], bool]
"""Send a message; False only when it surely did not go out and may, so that it is tried again after the next sync."""


def watch(desk: Desk, reader: Reader, customer_id: str) -> Message:
    """Keep the wish, or say why not."""
    outcome = show(desk, reader, f"c:{customer_id}")
    if outcome.answered is None or desk.watches is None:
        return outcome.message
    name = str(outcome.answered.answer["name"])
    if outcome.answered.answer["verdict"] == "ok":
        return sentence(reader.lang, "already_free", name=name)
    kept = desk.watches.add(Watch(reader.account, customer_id, desk.today().isoformat(), reader.lang))
    if not kept:
        return sentence(reader.lang, "watching_full", limit=MAX_PER_PERSON)
    return sentence(reader.lang, "watching", name=name)


def tell_watchers(desk: Desk, post: Post) -> int:
    """Tell everybody whose customer may ship again; how many were told."""
    view = desk.latest.view
    if view is None or desk.watches is None:
        return 0
    told = 0
    for one in desk.watches.all():
        answered = answer_of(desk, view, one.customer_id)
        if answered is None or not _may_see(desk, one, answered):
            desk.watches.remove(one)
            continue
        if with_age(desk, view, answered).answer["verdict"] == "ok" and post(
            one.person, freed(one.lang, answered.answer)
        ):
            desk.watches.remove(one)
            told += 1
    return told


def _may_see(desk: Desk, one: Watch, answered: Answered) -> bool:
    """What may be seen is decided again: roles and departments change while somebody waits."""
    reader = reader_of(desk.people, one.person, name="", lang=one.lang, outsider=False)
    return sight(reader, answered.details["department"], answered.details["sales_owner"]) == "full"
