"""A chat line: which customer does it speak of?"""

from flows.access import Reader
from flows.desk import Desk
from flows.lookup import Outcome, offered, show
from storage.search import Found
from texts.messages import choose, sentence


def recognise(desk: Desk, reader: Reader, text: str) -> Outcome:
    """The one customer named in a message, a question when there are several, a word when there is none."""
    view = desk.latest.view
    if view is None:
        return Outcome("no_copy", sentence(reader.lang, "no_copy"))
    if reader.outsider:
        return Outcome("refused", sentence(reader.lang, "nothing"))
    hits = view.search.mentioned(text)
    if not hits:
        return Outcome("nearest", sentence(reader.lang, "pick_message"))
    if len(hits) == 1:
        return show(desk, reader, hits[0].key)
    listed = [offered(hit) for hit in hits]
    return Outcome("choices", choose(reader.lang, "choices", text[:40], listed), found=Found("choices", hits))
