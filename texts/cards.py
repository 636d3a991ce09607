"""The first screen of an answer, for sales: verdict, five figures, why, what unblocks, how old."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson

from texts.blocks import Block, Message, actions, button, context, fields, section
from texts.formats import day, fact, harmless, money
from texts.render import Words, words

Answer = Mapping[str, Any]
_LIMIT_NOTES = 3


@dataclass(frozen=True, slots=True)
class Setting:
    """What a card says about the copy it was made from, and where rows can be opened."""

    synced_at: datetime | None = None
    age_minutes: int = 0
    amber_minutes: int = 15
    held: Sequence[Mapping[str, Any]] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    today: str = ""
    waiting_allowed: bool = True


def value_of(customer_id: str) -> str:
    """What a button carries."""
    return orjson.dumps({"c": customer_id, "v": 1}).decode()


def answer_card(answer: Answer, details: Mapping[str, Any], lang: str, setting: Setting) -> Message:
    """The answer to "may I ship?"."""
    say = words(lang)
    headline = verdict_line(answer, say)
    name = harmless(answer["name"])
    blocks: list[Block] = [
        section(f"*{headline}*"),
        context([f"*{name}*  ·  {harmless(answer['customer_id'] or '—', 40)}  ·  {grade_line(answer, say)}"]),
    ]
    if answer["exposure"] is not None:
        blocks.append(fields(_five_figures(answer, details, say)))
    why = _why(answer, say)
    unblock = _unblock(details, answer, say)
    if answer["verdict"] != "ok" or unblock:
        lines = [f"*{say.labels['why']}*  {why}"]
        if unblock:
            lines.append(f"*{say.labels['next']}*  {unblock}")
        blocks.append(section("\n".join(lines)))
    else:
        blocks.append(section(f"*{say.labels['why']}*  {why}"))
    blocks.append(context(_small_print(answer, say, setting)))
    if answer["customer_id"]:
        value = value_of(answer["customer_id"])
        buttons = [button(say.labels["details"], "lookup.details", value, primary=True)]
        if answer["verdict"] != "ok" and setting.waiting_allowed:
            buttons.append(button(say.labels["notify"], "lookup.notify", value))
        buttons.append(button(say.labels["share"], "lookup.share", value))
        blocks.append(actions(buttons, "lookup"))
    return Message(text=say.say("card", "fallback", name=name, verdict=headline), blocks=blocks)


def verdict_line(answer: Answer, say: Words) -> str:
    """Line 1: the verdict in words and money."""
    verdict = answer["verdict"]
    if verdict == "ok":
        headroom = answer["headroom"]
        if headroom is None or headroom.startswith("-") or headroom == "0.00":
            return say.say("card", "ok_full")
        return say.say("card", "ok", room=money(headroom, say.lang, answer["currency"] or "CNY", floor=True))
    if verdict == "prepay":
        return say.say("card", "prepay")
    code = verdict if verdict in {"approval", "stop"} else "unknown"
    return say.say("card", code, short=_short(answer, say))


def _short(answer: Answer, say: Words) -> str:
    reasons = answer["reasons"]
    if not reasons:
        return ""
    first = reasons[0]
    currency = answer["currency"] or "CNY"
    facts = first["facts"]
    if first["code"] in {"overdue", "V3", "V5"} and answer["overdue"] not in {None, "0.00"}:
        return say.say(
            "card", "short_overdue",
            days=answer["max_days_overdue"], amount=money(answer["overdue"], say.lang, currency),
        )  # fmt: skip
    if first["code"] == "limit":
        over = Decimal(facts["have"]) - Decimal(facts["allow"])
        return say.say("card", "short_limit", over=money(over, say.lang, currency))
    return reason(first, answer, say)


def reason(found: Mapping[str, Any], answer: Answer, say: Words) -> str:
    """One reason as a sentence."""
    facts = dict(found["facts"])
    source = found.get("source") or {}
    shown = say.facts(facts, answer["currency"] or "CNY", _year(answer))
    if "status" in facts:
        shown["status_word"] = say.word("status", facts["status"])
    if "record" in facts:
        shown["record_word"] = say.word("record", facts["record"])
    if "document" in facts:
        shown["document_word"] = say.word("document", facts["document"])
    if "warning" in facts:
        shown["warning_word"] = say.word("warning", facts["warning"])
        shown["colour_word"] = say.word("colour", facts["colour"])
    if source:
        shown |= {
            "tab_word": tab_word(source["tab"], say), "key": harmless(source["key"], 60), "row": source["row"] or "—",
        }  # fmt: skip
    return say.say("reasons", found["code"], **shown)


def tab_word(tab: str, say: Words) -> str:
    """A tab's title in the reader's language."""
    return say.word("tab", tab)


def grade_line(answer: Answer, say: Words) -> str:
    """Grade, what caps it, or why there is none."""
    if answer["grade"] is None:
        if answer["grade_reason"] == "missing_data":
            return say.say("card", "unrated", coverage=answer["coverage"])
        if answer["customer_id"] is None:
            return say.say("card", "only_on_blacklist")
        return say.say("card", "no_grade")
    cap = answer["grade_reason"]
    if cap:
        return say.say("card", "capped", grade=answer["grade"], cap=say.word("veto", cap))
    return say.say("card", "graded", grade=answer["grade"])


def _five_figures(answer: Answer, details: Mapping[str, Any], say: Words) -> list[str]:
    currency, lang, label = answer["currency"], say.lang, say.labels
    limit = money(details["limit"], lang, currency)
    if answer["limit_expires_on"]:
        until = say.say("card", "until", day=day(answer["limit_expires_on"], lang, year=_year(answer)))
        limit = f"{limit} ({until})"
    used = money(answer["exposure"], lang, currency)
    if answer["utilisation"] is not None:
        used = say.say("card", "used_share", amount=used, share=answer["utilisation"])
    overdue = label["none"]
    if answer["overdue"] != "0.00":
        amount = money(answer["overdue"], lang, currency)
        overdue = say.say("card", "longest", amount=amount, days=answer["max_days_overdue"])
    term = "—" if answer["payment_days"] is None else say.say("card", "days", days=answer["payment_days"])
    figures = (
        ("limit", limit), ("used", used), ("free", money(answer["headroom"], lang, currency, floor=True)),
        ("overdue", overdue), ("term", term),
    )  # fmt: skip
    return [f"*{label[name]}*\n{value}" for name, value in figures]


def _why(answer: Answer, say: Words) -> str:
    reasons = answer["reasons"]
    if not reasons:
        return say.say("reasons", "fine")
    first = reason(reasons[0], answer, say)
    if len(reasons) == 1:
        return first
    mark = ";" if say.lang == "zh-CN" else "; "
    second = reason(reasons[1], answer, say)
    text = f"{first}{mark}{second}"
    if len(reasons) > 2:
        text += mark + say.say("card", "more_reasons", count=len(reasons) - 2)
    return text


def _unblock(details: Mapping[str, Any], answer: Answer, say: Words) -> str | None:
    found = details.get("unblock")
    if not found:
        return None
    owner = details.get("sales_owner")
    joint = "、" if say.lang == "zh-CN" else " or "
    people = [_post(post, owner, say) for post in found["who"]]
    shown = say.facts(found["facts"], answer["currency"] or "CNY", _year(answer))
    shown["who"] = joint.join(people)
    return capital(say.say("ways", found["code"], **shown))


def capital(sentence: str) -> str:
    """First letter upper-case."""
    return sentence[:1].upper() + sentence[1:]


def _post(post: str, owner: Any, say: Words) -> str:
    return harmless(owner, 40) if post == "sales_owner" and owner else say.word("post", post)


def _small_print(answer: Answer, say: Words, setting: Setting) -> list[str]:
    lines: list[str] = []
    if answer["exposure"] is not None:
        paid = answer["last_payment"]
        if paid:
            when = day(paid["on"], say.lang, year=_year(answer))
            amount = money(paid["amount"], say.lang, answer["currency"])
            lines.append(say.say("card", "paid", day=when, amount=amount))
        else:
            lines.append(say.say("card", "never_paid"))
    notes = [found for found in answer["notes"] or () if found["code"] not in _QUIET_NOTES]
    lines += [f"⚠️ {note_line(found, say)}" for found in notes[:_LIMIT_NOTES]]
    if len(notes) > _LIMIT_NOTES:
        lines.append(say.say("card", "more_notes", count=len(notes) - _LIMIT_NOTES))
    lines += [
        say.say("card", "held", tab=tab_word(held["facts"]["tab"], say), why=held_why(held, say))
        for held in setting.held[:2]
    ]
    lines.append(as_of(answer, say, setting))
    return lines[:10]


_QUIET_NOTES = frozenset({"settled_on_missing", "due_derived", "rate_old", "duplicate_row"})
"""Remarks for finance that change nothing a salesperson would do; the details list them."""


def held_why(held: Mapping[str, Any], say: Words) -> str:
    """Why a tab keeps its last good copy."""
    facts = held["facts"]
    return say.say(
        "notes", held["code"],
        column_word=say.word("column", facts.get("column", "")), found=harmless(facts.get("found", ""), 60),
    )  # fmt: skip


def note_line(found: Mapping[str, Any], say: Words) -> str:
    """A note with where it stands."""
    facts, source = found["facts"], found["source"] or {}
    sentence = say.say(
        "notes", found["code"],
        column_word=say.word("column", facts.get("column") or ""),
        found=fact(str(facts.get("found", ""))[:60], say.lang, "CNY", None),
    )  # fmt: skip
    where = " ".join(
        str(part) for part in (tab_word(source.get("tab", ""), say), harmless(source.get("key", ""), 40)) if part
    )
    row = source.get("row")
    place = f"{where} · {say.labels['row']} {row}" if row else where
    return f"{sentence} ({place})"


def as_of(answer: Answer, say: Words, setting: Setting) -> str:
    """How old the copy is; amber when older than the policy allows."""
    parts: list[str] = []
    if setting.synced_at is not None:
        if setting.age_minutes >= setting.amber_minutes:
            parts.append(say.say("card", "amber", minutes=setting.age_minutes))
        parts.append(say.say("card", "as_of", time=f"{setting.synced_at:%H:%M}"))
    if answer["as_of"] and (answer["as_of"] != setting.today or not parts):
        parts.append(say.say("card", "as_of_day", day=day(answer["as_of"], say.lang)))
    return " · ".join(parts) or "—"


def _year(answer: Answer) -> int | None:
    return int(answer["as_of"][:4]) if answer["as_of"] else None
