"""`creditdesk ask`: the command line as a reader, and the answer as JSON."""

from typing import Any

from flows.access import Reader
from flows.desk import Desk
from flows.lookup import Outcome
from scoring.errors import MisuseError
from texts.messages import plain_text


def reader_for(desk: Desk, person: str | None, lang: str | None) -> Reader:
    """Without a person the command line sees everything: it runs where the data is."""
    if lang is not None and lang not in {"zh-CN", "en"}:
        raise MisuseError("lang_wrong", found=lang[:20])
    if person is None:
        return Reader(account="", lang=lang or desk.default_lang, everything=True)
    known = desk.people.named(person)
    if known is None:
        raise MisuseError("person_unknown", found=person[:60])
    return Reader(account=known.id, name=known.name, lang=lang or known.lang or desk.default_lang, person=known)


def ask_json(outcome: Outcome) -> dict[str, Any]:
    """The JSON contract: an answer, {"choices"} or {"nearest"}; what a reader may not see is not in it."""
    if outcome.kind == "answer" and outcome.answered is not None:
        return dict(outcome.answered.answer)
    if outcome.figures is not None:
        return dict(outcome.figures)
    if outcome.limited is not None:
        return dict(outcome.limited)
    if outcome.found is not None and outcome.kind in {"choices", "nearest"}:
        hits = [{"customer_id": hit.customer_id, "name": hit.name, "match": hit.match} for hit in outcome.found.hits]
        return {outcome.kind: hits}
    if outcome.kind in {"no_copy", "too_long"}:
        return {"nearest": []}
    return {"text": plain_text(outcome.message)}
