"""The first screen of an answer, for sales: verdict, five figures, why, what unblocks, how old."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson

from texts.blocks import Block, Message, actions, button, context, fields, section
from texts.findings import capital, duration, held_why, note_line, reason, short_reason, tab_word, warning_line
from texts.formats import day, free_amount, harmless, money
from texts.render import Words, words

Answer = Mapping[str, Any]
_WARNINGS_SHOWN, _NOTES_SHOWN, _HELD_SHOWN = 2, 3, 2
_QUIET_NOTES = frozenset({"settled_on_missing", "due_derived", "rate_old", "duplicate_row", "paid_undated"})
"""Remarks for finance that change nothing a salesperson would do; the details list them."""
_NO_CREDIT = frozenset({"no_line", "prospect", "grade_d"})
"""Stops that only forbid credit: shipping after payment stays open."""

_VETOES = frozenset({"blacklist", "V2", "V3", "V4", "licence"})
"""Reasons that make grade D by themselves."""
_TOGETHER = frozenset({"leave_blacklist"})
"""Ways out that need all of the people named."""


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
    said: str = ""
    """Said in place of the time: a card that is kept ready leaves room for it."""


def value_of(customer_id: str) -> str:
    """What a button carries."""
    return orjson.dumps({"c": customer_id, "v": 1}).decode()


def answer_card(answer: Answer, details: Mapping[str, Any], lang: str, setting: Setting) -> Message:
    """The answer to "may I ship?"."""
    say = words(lang)
    headline = verdict_line(answer, say)
    name = harmless(answer["name"])
    number = harmless(answer["customer_id"] or "—", 40)
    blocks: list[Block] = [section(f"*{headline}*\n*{name}*  ·  {number}  ·  {grade_line(answer, say)}")]
    if answer["exposure"] is not None:
        blocks.append(fields(_five_figures(answer, details, say)))
    lines = [f"*{say.labels['why']}*  {_why(answer, say)}"]
    unblock = _unblock(details, answer, say)
    if unblock:
        lines.append(f"*{say.labels['next']}*  {unblock}")
    blocks.append(section("\n".join(lines)))
    blocks.append(context(_small_print(answer, say, setting)))
    if answer["customer_id"]:
        blocks.append(actions(_buttons(answer, say, setting), "lookup"))
    return Message(text=say.say("card", "fallback", name=name, verdict=headline), blocks=blocks)


def _buttons(answer: Answer, say: Words, setting: Setting) -> list[Block]:
    value = value_of(answer["customer_id"])
    buttons = [button(say.labels["details"], "lookup.details", value, primary=True)]
    if answer["verdict"] not in {"ok", "prepay"} and setting.waiting_allowed:
        buttons.append(button(say.labels["notify"], "lookup.notify", value))
    return [*buttons, button(say.labels["share"], "lookup.share", value)]


def verdict_line(answer: Answer, say: Words) -> str:
    """Line 1: the verdict in words and money."""
    verdict = answer["verdict"]
    if verdict == "ok":
        room = _room(answer)
        if room is None or room < 1:
            return say.say("card", "ok_full")
        return say.say("card", "ok", room=money(room, say.lang, answer["currency"] or "CNY", floor=True))
    if verdict == "prepay":
        return say.say("card", "prepay")
    reasons = answer["reasons"]
    short = short_reason(reasons[0], answer, say) if reasons else ""
    if verdict == "stop" and reasons and reasons[0]["code"] in _NO_CREDIT:
        return say.say("card", "no_credit", short=short)
    return say.say("card", verdict if verdict in {"approval", "stop"} else "unknown", short=short)


def _room(answer: Answer) -> Decimal | None:
    """What may still ship: the own headroom, or the group's where that is less."""
    if answer["headroom"] is None:
        return None
    room = Decimal(answer["headroom"])
    group = answer["group"]
    return room if not group or group["headroom"] is None else min(room, Decimal(group["headroom"]))


def grade_line(answer: Answer, say: Words) -> str:
    """Grade, what caps it, or why there is none."""
    if answer["grade"] is None:
        if answer["customer_id"] is None:
            return say.say("card", "only_on_blacklist")
        if answer["grade_reason"] == "missing_data":
            return say.say("card", "unrated", coverage=f"{answer['coverage']:g}")
        return say.say("card", "no_grade")
    cap = answer["grade_reason"]
    if cap:
        return say.say("card", "capped", grade=answer["grade"], cap=say.word("veto_short", cap))
    return say.say("card", "graded", grade=answer["grade"])


def _five_figures(answer: Answer, details: Mapping[str, Any], say: Words) -> list[str]:
    currency, lang, label = answer["currency"], say.lang, say.labels
    overdue = label["none"]
    if answer["overdue"] != "0.00":
        amount = money(answer["overdue"], lang, currency)
        overdue = say.say("card", "longest", amount=amount, days=answer["max_days_overdue"])
    figures = {
        "limit": _limit(answer, details, say),
        "used": _used(answer, say),
        "free": free_amount(answer["headroom"], lang, currency),
        "overdue": overdue,
        "term": _term(answer, say),
    }
    return [f"*{label[name]}*\n{value}" for name, value in figures.items()]


def _limit(answer: Answer, details: Mapping[str, Any], say: Words) -> str:
    """The limit that counts today, and until when."""
    if details["limit"] is None:
        unread = any(note["facts"].get("column") == "credit_limit" for note in answer["notes"] or ())
        return say.labels["unreadable" if unread else "no_limit"]
    amount, year = money(details["limit"], say.lang, answer["currency"]), _year(answer)
    if details["limit"] != answer["credit_limit"] and details["temp_limit_expires_on"]:
        temporary = money(answer["temp_limit"], say.lang, answer["currency"])
        until = day(details["temp_limit_expires_on"], say.lang, year=year)
        return say.say("card", "with_temp", amount=amount, temp=temporary, day=until)
    last = answer["limit_expires_on"]
    if not last:
        return amount
    code = "expired" if answer["as_of"] and last < answer["as_of"] else "until"
    return say.say("card", code, amount=amount, day=day(last, say.lang, year=year))


def _used(answer: Answer, say: Words) -> str:
    used = answer["exposure"]
    if used.startswith("-"):
        return say.say("card", "in_advance", amount=money(used[1:], say.lang, answer["currency"]))
    amount = money(used, say.lang, answer["currency"])
    if answer["utilisation"] is None:
        return amount
    return say.say("card", "used_share", amount=amount, share=f"{answer['utilisation']:g}")


def _term(answer: Answer, say: Words) -> str:
    if answer["payment_mode"] == "prepay":
        return say.say("card", "before_delivery")
    return "—" if answer["payment_days"] is None else say.say("card", "days", days=answer["payment_days"])


def _why(answer: Answer, say: Words) -> str:
    reasons = [found for found in answer["reasons"] if not _said_already(found, answer)]
    if not reasons:
        return _fine(answer, say)
    said = [reason(found, answer, say) for found in reasons[:2]]
    if len(reasons) > len(said):
        said.append(say.say("card", "more_reasons", count=len(reasons) - len(said)))
    return capital(say.labels["semicolon"].join(said))


def _said_already(found: Mapping[str, Any], answer: Answer) -> bool:
    """What another reason of the same answer says better: an older overdue, its colour, the veto behind a grade D."""
    code, codes = found["code"], {other["code"] for other in answer["reasons"]}
    if code == "grade_d":
        return answer["grade_reason"] is not None and bool(codes & _VETOES)
    if code == "warning" and found["facts"]["warning"] == "oldest_overdue":
        return bool(codes & {"overdue", "V3", "V5"})
    return code == "overdue" and bool(codes & {"V3", "V5"})


def _fine(answer: Answer, say: Words) -> str:
    """Why it is all right: nothing overdue, or overdue but not long enough to hold."""
    group = answer["group"]
    if group and group["headroom"] is not None and Decimal(group["headroom"]) < Decimal(answer["headroom"] or 0):
        return capital(say.say("reasons", "fine_group", group=harmless(group["id"], 40)))
    return capital(say.say("reasons", "fine" if answer["overdue"] == "0.00" else "fine_overdue"))


def _unblock(details: Mapping[str, Any], answer: Answer, say: Words) -> str | None:
    found = details.get("unblock")
    if not found:
        return None
    owner = details.get("sales_owner")
    people = [_post(post, owner, say) for post in found["who"]]
    code, facts = found["code"], found["facts"]
    shown = say.facts(
        {name: fact for name, fact in facts.items() if name != "bills"}, answer["currency"] or "CNY", _year(answer)
    )
    if code == "frees":
        shown["bills"] = _bills(facts, answer, say)
        shown["free"] = free_amount(facts["free"], say.lang, answer["currency"] or "CNY")
    shown["who"] = say.labels["and" if code in _TOGETHER else "or"].join(people)
    if code == "pay_overdue" and answer["overdue"] in {None, "0.00"}:
        code = "after_write_off"
    return capital(say.say("ways", code, **shown))


def _bills(facts: Mapping[str, Any], answer: Answer, say: Words) -> str:
    """The invoices to be paid, each with its amount and day; the last one joined by "and" when it is the last."""
    said = [
        say.say(
            "ways", "frees_bill",
            invoice=harmless(one["invoice_no"], 40) if one["invoice_no"] else say.say("card", "row", row=one["row"]),
            amount=money(one["open"], say.lang, answer["currency"] or "CNY"),
            on=day(one["due_on"], say.lang, year=_year(answer)),
        )
        for one in facts["bills"]
    ]  # fmt: skip
    if facts["more"] or len(said) == 1:
        return say.labels["list"].join(said)
    return say.labels["and"].join((say.labels["list"].join(said[:-1]), said[-1]))


def _post(post: str, owner: Any, say: Words) -> str:
    return harmless(owner, 40) if post == "sales_owner" and owner else say.word("post", post)


def _small_print(answer: Answer, say: Words, setting: Setting) -> list[str]:
    lines: list[str] = []
    if answer["exposure"] is not None:
        paid = answer["last_payment"]
        if paid:
            when = day(paid["on"], say.lang, year=_year(answer))
            lines.append(say.say("card", "paid", day=when, amount=money(paid["amount"], say.lang, answer["currency"])))
        else:
            lines.append(say.say("card", "never_paid"))
    told = {found["facts"].get("warning") for found in answer["reasons"] if found["code"] == "warning"}
    warnings = [found for found in answer["warnings"] or () if found["code"] not in told]
    lines += [warning_line(found, answer, say) for found in warnings[:_WARNINGS_SHOWN]]
    if len(warnings) > _WARNINGS_SHOWN:
        lines.append(say.say("card", "more_warnings", count=len(warnings) - _WARNINGS_SHOWN))
    notes = [found for found in answer["notes"] or () if found["code"] not in _QUIET_NOTES]
    lines += [f"⚠️ {note_line(found, say, answer)}" for found in notes[:_NOTES_SHOWN]]
    if len(notes) > _NOTES_SHOWN:
        lines.append(say.say("card", "more_notes", count=len(notes) - _NOTES_SHOWN))
    held = [
        say.say("card", "held", tab=tab_word(one["facts"]["tab"], say), why=held_why(one, say))
        for one in setting.held[:_HELD_SHOWN]
    ]
    # the age of the copy is never what falls off the end
    return [*lines[: 9 - len(held)], *held, setting.said or as_of(answer["as_of"], say, setting)]


def as_of_line(lang: str, setting: Setting, on: str | None) -> str:
    """How old the copy is, as the last line of a card of day `on` says it."""
    return as_of(on, words(lang), setting)


def as_of(on: str | None, say: Words, setting: Setting) -> str:
    """How old the copy is; amber when older than the policy allows."""
    parts: list[str] = []
    if setting.synced_at is not None:
        if setting.age_minutes >= setting.amber_minutes:
            parts.append(say.say("card", "amber", age=duration(setting.age_minutes, say)))
        clock = f"{setting.synced_at:%H:%M}"
        if setting.today and setting.synced_at.date().isoformat() != setting.today:
            clock = f"{day(setting.synced_at.date(), say.lang, year=int(setting.today[:4]))} {clock}"
        parts.append(say.say("card", "as_of", time=clock))
    if on and (on != setting.today or not parts):
        parts.append(say.say("card", "as_of_day", day=day(on, say.lang)))
    return " · ".join(parts) or "—"


def _year(answer: Answer) -> int | None:
    return int(answer["as_of"][:4]) if answer["as_of"] else None
