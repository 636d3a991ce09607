"""`/credit NAME`: find the customer, see what the reader may see, answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from flows.access import Reader, sight
from flows.accounts import account_of
from flows.answers import Answered, answer_of, listed_answer
from flows.cards import ready
from flows.collect import collect
from flows.desk import Desk, View
from flows.idle import idle_said
from flows.setting import age_minutes, setting_of
from flows.wording import CASE_WORDS, Later, Order, barer, collect_in, later_in, order_in
from scoring.findings import Finding
from storage.search import Found, Hit
from texts.absence_modal import away_message
from texts.application_lists import start_message
from texts.blocks import Message
from texts.cards import answer_card
from texts.case_modals import start_case, with_new_case
from texts.case_sheet import new_case_value
from texts.details import details_view
from texts.messages import (
    choose,
    grade_only,
    headline,
    help_message,
    modal,
    not_found,
    offer,
    sentence,
    shared,
    stale,
)

HELP_WORDS = frozenset({"", "help", "帮助", "?", "h", "-h", "--help"})
_STARTS: Mapping[str, Callable[[str], Message]] = {
    **dict.fromkeys(("new", "新客户"), start_message),
    **dict.fromkeys(("delegate", "委托", "代办"), away_message),
}
"""Words that open a window; where none can be opened, a button is offered."""
MAX_TEXT = 200
Kind = Literal[
    "answer", "choices", "nearest", "help", "later", "refused", "grade_only", "no_copy", "too_long", "collect",
]  # fmt: skip
_EXACT = frozenset({"id", "uscc", "name", "alias"})
_CERTAIN = _EXACT | {"prefix", "pinyin", "initials"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to show, and what it was: `answered` only when the reader may see all of it."""

    kind: Kind
    message: Message
    answered: Answered | None = None
    found: Found | None = None
    limited: Mapping[str, Any] | None = None
    """The contract with all but id, name and grade left empty, for a reader who may see no more."""
    figures: Mapping[str, Any] | None = None
    """Of a customer's dunning."""


def look_up(desk: Desk, reader: Reader, text: str) -> Outcome:
    """The reply to whatever somebody typed after /credit."""
    if reader.outsider and not reader.everything:
        return Outcome("refused", sentence(reader.lang, "nothing"))
    query = text.strip()
    if query.casefold() in HELP_WORDS:
        return Outcome("help", help_message(reader.lang))
    view = desk.latest.view
    if view is None:
        return Outcome("no_copy", sentence(reader.lang, "no_copy"))
    if len(query) > MAX_TEXT:
        return Outcome("too_long", sentence(reader.lang, "too_long", example="ACME"))
    found = view.search.find(query)
    about = collect_in(query)
    if about is not None and not (found.hits and found.hits[0].match in _EXACT):
        return collecting(desk, reader, about)
    later = later_in(query)
    if later is not None and not (found.hits and found.hits[0].match in _EXACT):
        start = _STARTS.get(query.casefold().lstrip("/"))
        return Outcome("later", start(reader.lang)) if start is not None else _not_yet(reader, view, later)
    if found.kind == "one":
        return show(desk, reader, found.hits[0].key, found)
    if is_certain(found):
        return asked(reader, query, found)
    order = order_in(query)
    if order is not None:
        return _order_not_yet(reader, view, order)
    part, inside = found_inside(view, query)
    if is_certain(inside):
        return show(desk, reader, inside.hits[0].key, inside) if inside.kind == "one" else asked(reader, part, inside)
    meant = corrected(view, query)
    if meant is not None:
        return asked(reader, query, Found("choices", (meant,)))
    return asked(reader, part, inside) if is_part(inside) else asked(reader, query, found)


def names_somebody(desk: Desk, text: str) -> bool:
    """Whether a word that means something else is also somebody's id, code or full name."""
    view = desk.latest.view
    found = None if view is None else view.search.find(text.strip())
    return bool(found and found.hits and found.hits[0].match in _EXACT)


def collecting(desk: Desk, reader: Reader, name: str) -> Outcome:
    """`collect NAME`: the dunning of the one customer who is surely meant, else the question which."""
    view = desk.latest.view
    if view is None:
        return Outcome("no_copy", sentence(reader.lang, "no_copy"))
    if not name:
        return Outcome("later", idle_said(desk, reader))
    found = _named(view, name)
    if found.kind == "one" and is_certain(found):
        return collected(desk, reader, found.hits[0].key)
    return asked(reader, name, found, "collect.choose")


def collected(desk: Desk, reader: Reader, key: str) -> Outcome:
    """The dunning card of a customer ("c:ID"); what may be seen is decided here."""
    view = desk.latest.view
    if reader.outsider and not reader.everything:
        return Outcome("refused", sentence(reader.lang, "nothing"))
    if view is None:
        return Outcome("no_copy", sentence(reader.lang, "no_copy"))
    if not key.startswith("c:"):
        return Outcome("nearest", stale(reader.lang, key))
    message, figures = collect(desk, reader, view, key[2:])
    return Outcome("collect", message, figures=figures)


def asked(reader: Reader, query: str, found: Found, action: str = "lookup.choose") -> Outcome:
    """Nobody, or several who may be meant, or one who is not certain: the question which; `action` answers a click."""
    if not found.hits:
        return Outcome("nearest", not_found(reader.lang, query), found=found)
    sure = any(hit.match in _CERTAIN for hit in found.hits) and len(found.hits) > 1
    kind = "choices" if sure else "nearest" if found.kind == "nearest" else "did_you_mean"
    hits = [offered(hit) for hit in found.hits]
    message = choose(reader.lang, kind, query, hits, action)
    return Outcome("nearest" if found.kind == "nearest" else "choices", message, found=found)


def is_certain(found: Found) -> bool:
    """Whether what was typed is somebody's id, code, name or the beginning of it."""
    return any(hit.match in _CERTAIN for hit in found.hits)


def is_part(found: Found) -> bool:
    """Whether what was typed stands in somebody's name, or is nearly the whole of it."""
    return any(hit.match in {"fragment", "likeness"} for hit in found.hits)


def found_inside(view: View, query: str) -> tuple[str, Found]:
    """Who is meant once the question around the name is left away: the first certain reading, else the barest."""
    part, found = query, Found("nearest", ())
    for part in barer(query):
        found = view.search.find(part)
        if is_certain(found):
            break
    return part, found


def _named(view: View, name: str) -> Found:
    found = view.search.find(name)
    inside = found if is_certain(found) else found_inside(view, name)[1]
    return inside if is_certain(inside) else found


def _order_not_yet(reader: Reader, view: View, order: Order) -> Outcome:
    """Orders are not checked yet: the customer is offered, and the form that works today named."""
    found = _named(view, order.name)
    if not found.hits:
        return Outcome("nearest", not_found(reader.lang, order.name), found=found)
    message = offer(reader.lang, "order_not_yet", order.name, [offered(hit) for hit in found.hits])
    return Outcome("choices", message, found=found)


def _not_yet(reader: Reader, view: View, later: Later) -> Outcome:
    """A word that comes with a later version: what works today, and the customer named beside it."""
    found = _named(view, later.name) if later.name else Found("nearest", ())
    if later.word in CASE_WORDS:
        known = [(one.name, one.customer_id, new_case_value(one.customer_id)) for one in found.hits if one.customer_id]
        return Outcome("later", start_case(reader.lang, later.name, known), found=found)
    hits = [offered(hit) for hit in found.hits] if is_certain(found) else []
    return Outcome("later", offer(reader.lang, "not_yet", "", hits), found=found)


@dataclass(frozen=True, slots=True)
class Ready:
    """An answer that was made ahead: the body of the acknowledgement, and whose it is."""

    body: str
    customer_id: str


def look_up_ready(desk: Desk, reader: Reader, text: str) -> Ready | None:
    """The answer kept ready for a name that fits one customer, or None where `look_up` has to make it."""
    view = desk.latest.view
    if view is None or reader.outsider or len(text) > MAX_TEXT:
        return None
    query = text.strip()
    if query.casefold() in HELP_WORDS:
        return None
    found = view.search.find(query)
    if later_in(query) is not None or collect_in(query) is not None:
        return None
    customer_id = found.hits[0].customer_id if found.kind == "one" else None
    if customer_id is None:
        return None
    body = ready(desk, view, reader, customer_id)
    return None if body is None else Ready(body.decode(), customer_id)


def corrected(view: View, query: str) -> Hit | None:
    """The customer inside a mistaken form ("check ACME please", "/credit ACME"): offered, never answered at once."""
    words = query.split()
    if not 1 < len(words) <= 12:
        return None
    for size in range(len(words) - 1, 0, -1):
        for start in range(len(words) - size + 1):
            part = " ".join(words[start : start + size]).lstrip("/")
            found = view.search.find(part) if len(part) > 1 else None
            if found is not None and found.kind == "one" and found.hits[0].match in {"id", "uscc", "name", "alias"}:
                return found.hits[0]
    return None


def show(desk: Desk, reader: Reader, key: str, found: Found | None = None) -> Outcome:
    """The card of one customer ("c:ID") or of a blacklist entry without one ("b:...")."""
    view = desk.latest.view
    if view is None:
        return Outcome("no_copy", sentence(reader.lang, "no_copy"))
    if reader.outsider and not reader.everything:
        return Outcome("refused", sentence(reader.lang, "nothing"))
    answered = answer_of(desk, view, key[2:]) if key.startswith("c:") else listed_answer(desk, view, key)
    if answered is None:
        return Outcome("nearest", stale(reader.lang, key))
    aged = with_age(desk, view, answered)
    seen = sight(reader, aged.details["department"], aged.details["sales_owner"])
    if seen != "full" and key.startswith("c:"):
        known = {name: aged.answer[name] for name in ("customer_id", "name", "grade")}
        limited = {**dict.fromkeys(aged.answer), **known}
        return Outcome("grade_only", grade_only(reader.lang, aged.answer), limited=limited)
    message = answer_card(aged.answer, aged.details, reader.lang, setting_of(desk, view))
    return Outcome("answer", message, aged, found)


def details_of(desk: Desk, reader: Reader, customer_id: str) -> dict[str, Any]:
    """The modal behind "Show details"; what may be seen is decided again."""
    outcome = show(desk, reader, f"c:{customer_id}")
    view = desk.latest.view
    if outcome.answered is None or view is None:
        return modal(reader.lang, outcome.message)
    answer, details = outcome.answered.answer, dict(outcome.answered.details)
    if answer["group"]:
        parent = account_of(desk, answer["group"]["id"])
        details["group_name"] = parent.customer.name if parent is not None else ""
    made = details_view(answer, details, reader.lang, setting_of(desk, view))
    if desk.record is None or reader.person is None:
        return made
    return with_new_case(made, reader.lang, new_case_value(customer_id))


def share_of(reader: Reader, outcome: Outcome) -> Message | None:
    """The verdict for a channel; None when the reader may not see the customer himself."""
    return None if outcome.answered is None else shared(reader.lang, reader.name, outcome.answered.answer)


def recent_of(desk: Desk, reader: Reader, customer_ids: list[str]) -> list[dict[str, Any]]:
    """Verdict lines of the customers somebody looked up lately."""
    lines: list[dict[str, Any]] = []
    for customer_id in customer_ids:
        outcome = show(desk, reader, f"c:{customer_id}")
        if outcome.answered is not None:
            answer = outcome.answered.answer
            line = headline(reader.lang, answer)
            lines.append({"customer_id": customer_id, "name": answer["name"], "verdict": line})
    return lines


def with_age(desk: Desk, view: View, answered: Answered) -> Answered:
    """A copy that is too old gives no green answer: it needs approval, and says how old it is."""
    minutes = age_minutes(desk, view)
    if minutes < desk.policy.operating.stale_minutes or answered.answer["verdict"] not in {"ok", "approval"}:
        return answered
    stale = Finding("mirror_stale", "approval", {"minutes": minutes}).as_json()
    unblock = answered.details["unblock"] or {"code": "refresh_ledger", "who": ["finance"], "facts": {}}
    changed = {**answered.answer, "verdict": "approval", "reasons": [*answered.answer["reasons"], stale]}
    return Answered(changed, {**answered.details, "unblock": unblock}, answered.assessment)


def offered(hit: Hit) -> Mapping[str, Any]:
    """A candidate as a button carries it."""
    value = orjson.dumps({"k": hit.key, "v": 1}).decode()
    return {"customer_id": hit.customer_id, "name": hit.name, "match": hit.match, "value": value[:1900]}
