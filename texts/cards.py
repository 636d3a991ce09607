"""The first screen of an answer, for sales: verdict, five figures, why, what unblocks, how old."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson

from scoring.names import USCC_CODES
from texts.blocks import Block, Message, actions, button, context, fields, section
from texts.findings import (
    capital,
    duration,
    held_line,
    note_line,
    reason,
    said_already,
    short_reason,
    trouble,
    unread_cells,
    unread_places,
    unread_reason,
    warning_line,
)
from texts.formats import day, free_amount, harmless, money
from texts.render import Words, words

Answer = Mapping[str, Any]
_REASONS_SHOWN, _WARNINGS_SHOWN, _NOTES_SHOWN, _HELD_SHOWN, _CELLS_SHOWN = 2, 2, 3, 2, 4
_QUIET_NOTES = frozenset(
    {"settled_on_missing", "due_derived", "rate_old", "duplicate_row", "paid_undated", *USCC_CODES}
)
"""Remarks for finance that change nothing a salesperson would do; the details list them."""
_NO_CREDIT = frozenset({"no_line", "prospect", "grade_d"})
"""Stops that only forbid credit: shipping after payment stays open."""

_TOGETHER = frozenset({"leave_blacklist"})
"""Ways out that need all of the people named."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a card says about the copy it was made from, and where rows can be opened."""

    synced_at: datetime | None = None
    age_minutes: int = 0
    amber_minutes: int = 15
    problem: str | None = None
    """Why the last sync failed, as an error code."""
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
    blocks: list[Block] = [section(f"*{headline}*\n{identity(answer, say)}")]
    if answer["exposure"] is not None:
        blocks.append(fields(_five_figures(answer, details, say)))
    lines = [f"*{say.labels['why']}*  {_why(answer, say)}"]
    unblock = _unblock(details, answer, say)
    if unblock:
        lines.append(f"*{say.labels['next']}*  {unblock}")
    blocks.append(section("\n".join(lines)))
    small = _small_print(answer, say, setting)
    if small:
        blocks.append(context(small))
    if answer["customer_id"]:
        blocks.append(actions(_buttons(answer, say, setting), "lookup"))
    return Message(text=say.say("card", "fallback", name=name, verdict=headline), blocks=blocks)


def identity(answer: Answer, say: Words) -> str:
    """Line 2: full name, id, grade; a name that stands only on the blacklist has no id."""
    number = [harmless(answer["customer_id"], 40)] if answer["customer_id"] else []
    return "  ·  ".join([f"*{harmless(answer['name'])}*", *number, grade_line(answer, say)])


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
        "free": _free(answer, say),
        "overdue": overdue,
        "term": _term(answer, say),
    }
    return [f"*{label[name]}*\n{value}" for name, value in figures.items()]


def _free(answer: Answer, say: Words) -> str:
    """What is left of the limit; nothing of it may be used while the customer is stopped or frozen."""
    frozen = any(found["code"] == "status" for found in answer["reasons"])
    if answer["headroom"] is not None and (answer["verdict"] == "stop" or frozen):
        return say.say("card", "not_available")
    return free_amount(answer["headroom"], say.lang, answer["currency"])


def _limit(answer: Answer, details: Mapping[str, Any], say: Words) -> str:
    """The limit that counts today, and until when."""
    if details["limit"] is None:
        return no_limit(answer, say)
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


def no_limit(answer: Answer, say: Words) -> str:
    """None granted, or one that cannot be read."""
    unread = any(note["facts"].get("column") == "credit_limit" for note in answer["notes"] or ())
    return say.labels["unreadable" if unread else "no_limit"]


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
    said = reasons_said(answer, say)
    if not said:
        return _fine(answer, say)
    if len(said) > _REASONS_SHOWN:
        said[_REASONS_SHOWN:] = [say.say("card", "more_reasons", count=len(said) - _REASONS_SHOWN)]
    return capital(say.labels["semicolon"].join(said))


def reasons_said(answer: Answer, say: Words) -> list[str]:
    """Every reason as a sentence, worst first: nothing twice, and unreadable cells together in one."""
    cells = unread_reason(answer, say)
    said: list[str] = []
    for found in answer["reasons"]:
        if said_already(found, answer):
            continue
        sentence = cells if found["code"] == "unreadable" and cells else reason(found, answer, say)
        if sentence not in said:
            said.append(sentence)
    return said


def _fine(answer: Answer, say: Words) -> str:
    """Why it is all right: nothing overdue, or overdue but not long enough to hold."""
    if _group_binds(answer):
        return capital(say.say("reasons", "fine_group", group=harmless(answer["group"]["id"], 40)))
    return capital(say.say("reasons", "fine" if answer["overdue"] == "0.00" else "fine_overdue"))


def _unblock(details: Mapping[str, Any], answer: Answer, say: Words) -> str | None:
    found = details.get("unblock")
    if not found or answer["verdict"] == "prepay":
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
    if code == "fix_cell":
        places = unread_places(answer, say)
        code, shown["cells"] = "fix_cells" if len(places) > 1 else code, say.labels["both"].join(places[:_CELLS_SHOWN])
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


def _group_binds(answer: Answer) -> bool:
    """The group has less left than the customer himself."""
    group = answer["group"]
    if not group or group["headroom"] is None or answer["headroom"] is None:
        return False
    return Decimal(group["headroom"]) < Decimal(answer["headroom"])


def group_line(answer: Answer, name: str, say: Words) -> str:
    """A group's limit, use and room in the customer's currency."""
    group = answer["group"]
    used = money(group["exposure"], say.lang, answer["currency"])
    if group["limit"] is None:
        return say.say("card", "group_shown", name=name, used=used)
    limit = money(group["limit"], say.lang, answer["currency"])
    free = free_amount(group["headroom"], say.lang, answer["currency"])
    return say.say("card", "group_line", name=name, limit=limit, used=used, free=free)


def _small_print(answer: Answer, say: Words, setting: Setting) -> list[str]:
    lines: list[str] = []
    if answer["exposure"] is not None:
        paid = answer["last_payment"]
        if paid:
            when = day(paid["on"], say.lang, year=_year(answer))
            lines.append(say.say("card", "paid", day=when, amount=money(paid["amount"], say.lang, answer["currency"])))
        else:
            lines.append(say.say("card", "never_paid"))
    if _group_binds(answer) and all(found["code"] != "group_limit" for found in answer["reasons"]):
        number = harmless(answer["group"]["id"], 40)
        lines.append(f"{say.labels['group']} {group_line(answer, number, say)}")
    told = {found["facts"].get("warning") for found in answer["reasons"] if found["code"] == "warning"}
    if any(found["code"] == "limit" for found in answer["reasons"]):
        told.add("utilisation")
    warnings = [found for found in answer["warnings"] or () if found["code"] not in told]
    lines += [warning_line(found, answer, say) for found in warnings[:_WARNINGS_SHOWN]]
    if len(warnings) > _WARNINGS_SHOWN:
        lines.append(say.say("card", "more_warnings", count=len(warnings) - _WARNINGS_SHOWN))
    quiet = unread_cells(answer)
    notes = [found for found in answer["notes"] or () if found["code"] not in _QUIET_NOTES and found not in quiet]
    lines += [f"⚠️ {note_line(found, say, answer)}" for found in notes[:_NOTES_SHOWN]]
    if len(notes) > _NOTES_SHOWN:
        lines.append(say.say("card", "more_notes", count=len(notes) - _NOTES_SHOWN))
    held = [held_line(one, say) for one in setting.held[:_HELD_SHOWN]]
    # the age of the copy is never what falls off the end
    age = setting.said or as_of(answer["as_of"], say, setting)
    return [*lines[: 9 - len(held)], *held, *([age] if age else [])]


def as_of_line(lang: str, setting: Setting, on: str | None) -> str:
    """How old the copy is, as the last line of a card of day `on` says it."""
    return as_of(on, words(lang), setting)


def as_of(on: str | None, say: Words, setting: Setting) -> str:
    """How old the copy is; amber when older than the policy allows, and why it could not be read anew."""
    parts: list[str] = []
    if setting.synced_at is not None:
        parts += _copy(setting, say)
    if on and (on != setting.today or not parts):
        parts.append(say.say("card", "as_of_day", day=day(on, say.lang)))
    return " · ".join(parts)


def _copy(setting: Setting, say: Words) -> list[str]:
    age, clock = duration(setting.age_minutes, say), clock_of(setting, say)
    amber = setting.age_minutes >= setting.amber_minutes
    if setting.problem:
        why = trouble(setting.problem, say)
        return [say.say("card", "unread_long" if amber else "unread_now", why=why, age=age, time=clock)]
    # a tab that was held back is older than the rest: the time is not its time
    shown = say.say("card", "as_of_others" if setting.held else "as_of", time=clock)
    return [say.say("card", "amber", age=age), shown] if amber else [shown]


def clock_of(setting: Setting, say: Words) -> str:
    """The time of the copy; with its day unless that is today."""
    if setting.synced_at is None:
        return "—"
    clock = f"{setting.synced_at:%H:%M}"
    if setting.today and setting.synced_at.date().isoformat() != setting.today:
        return f"{day(setting.synced_at.date(), say.lang, year=int(setting.today[:4]))} {clock}"
    return clock


def _year(answer: Answer) -> int | None:
    return int(answer["as_of"][:4]) if answer["as_of"] else None
