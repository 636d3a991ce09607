"""Reasons, vetoes, warnings and notes as sentences: codes and facts go in, words come out."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from texts.formats import day, fact, harmless, money
from texts.render import Words

Answer = Mapping[str, Any]
Found = Mapping[str, Any]
_CHOSEN = ("status", "record", "document", "problem", "warning", "colour")
_LATE = frozenset({"overdue", "V3", "V5"})
_VETOES = frozenset({"blacklist", "V2", "V3", "V4", "licence"})
"""Reasons that make grade D by themselves."""
_CELL_CODES = ("amount_", "date_", "flag_", "choice_", "days_", "number_", "error_cell")
_CELLS = 4
_NUMBERS = re.compile("[0-9]+")
_REFUSED = frozenset({"tab_shrunk", "tab_duplicates", "column_missing", "column_unit", "column_duplicate"})
"""Why a tab that could be read is not taken."""
_NOTHING = frozenset({None, "0.00"})
_IN_DAYS = frozenset({"oldest_overdue", "days_to_pay", "order_after_idle"})
_UNITS = {"order_jump": "×", "broken_promises": "", "score_drop": ""}
"""What a warning is measured in; percent where nothing else is said."""


def reason(found: Found, answer: Answer, say: Words) -> str:
    """One reason as a sentence."""
    return say.say("reasons", found["code"], **_shown(found, answer, say))


def short_reason(found: Found, answer: Answer, say: Words) -> str:
    """The same in a few words, for the verdict line; money and days where they are the point."""
    code = found["code"]
    if code in _LATE and answer["overdue"] not in _NOTHING:
        amount = money(answer["overdue"], say.lang, _currency(answer))
        return say.say("reasons", "short_overdue", days=answer["max_days_overdue"], amount=amount)
    short = f"short_{code}"
    return say.say("reasons", short if say.has("reasons", short) else code, **_shown(found, answer, say))


def _shown(found: Found, answer: Answer, say: Words) -> dict[str, object]:
    """Every fact formatted, choices as words, and where it stands."""
    facts, code = found["facts"], found["code"]
    shown = say.facts(facts, _currency(answer), _year(answer))
    if "status" in facts:
        shown["status_short"] = say.word("status_short", facts["status"])
    for name in _CHOSEN:
        if name in facts:
            shown[f"{name}_word"] = say.word(name, facts[name])
    if code in {"limit", "group_limit"}:
        shown |= _excess(found, answer, say)
    if code == "warning":
        shown["detail"] = _measure(facts["warning"], facts, answer, say)
    if "minutes" in facts:
        shown["age"] = duration(int(facts["minutes"]), say)
    source = found.get("source")
    if source:
        shown["tab_word"], shown["key"] = tab_word(source["tab"], say), harmless(source["key"], 60)
        shown["row"] = source["row"]
    return shown


def _excess(found: Found, answer: Answer, say: Words) -> dict[str, object]:
    """Have, allow and the difference; a group's figures in the customer's currency, as the answer holds them."""
    have, allow = found["facts"]["have"], found["facts"]["allow"]
    group = answer["group"]
    if found["code"] == "group_limit" and group and group["exposure"] and group["limit"]:
        have, allow = group["exposure"], group["limit"]
    over = Decimal(have) - Decimal(allow)
    amounts = {"have": have, "allow": allow, "over": over}
    return {name: money(amount, say.lang, _currency(answer)) for name, amount in amounts.items()}


def capital(sentence: str) -> str:
    """First letter upper-case."""
    return sentence[:1].upper() + sentence[1:]


def _lower(word: str) -> str:
    """First letter lower-case inside a sentence; USCC stays."""
    return word if word[1:2].isupper() else word[:1].lower() + word[1:]


def duration(minutes: int, say: Words) -> str:
    """Minutes, from two hours on hours, from two days on days."""
    if minutes < 120:
        return say.say("card", "minutes", count=minutes)
    hours = minutes // 60
    return say.say("card", "hours", count=hours) if hours < 48 else say.say("card", "days", days=hours // 24)


def tab_word(tab: str, say: Words) -> str:
    """A tab's title in the reader's language."""
    return say.word("tab", tab)


def warning_line(found: Found, answer: Answer, say: Words) -> str:
    """A warning with its colour in words."""
    mark = {"red": "🔴", "orange": "🟠"}.get(found["severity"], "🟡")
    code, facts = found["code"], found["facts"]
    shown = {"colour": capital(say.word("colour", found["severity"])), "warning": say.word("warning", code)}
    if "expires_on" in facts:
        when = day(facts["expires_on"], say.lang, year=_year(answer))
        return f"{mark} {say.say('card', 'warning_expiring', day=when, days=facts['days'], **shown)}"
    detail = _measure(code, facts, answer, say)
    if code == "utilisation" or (code == "oldest_overdue" and facts.get("have") == answer["max_days_overdue"]):
        # the share used and the oldest overdue stand among the five figures
        full = code == "utilisation" and facts.get("have", 0) >= 100
        shown["warning"], detail = say.word("warning_known", "utilisation_full" if full else code), ""
    return f"{mark} {say.say('card', 'warning', detail=detail, **shown)}".rstrip()


def warning_words(found: Found, say: Words, on: date, currency: str) -> str:
    """A warning with its colour in words, where there is no answer beside it."""
    answer = {"max_days_overdue": None, "as_of": on.isoformat(), "currency": currency}
    return warning_line(found, answer, say)


def _measure(code: str, facts: Mapping[str, Any], answer: Answer, say: Words) -> str:
    """What was measured, in its own unit."""
    dated = facts.get("expires_on") or facts.get("checked_on")
    if dated:
        return day(dated, say.lang, year=_year(answer))
    have = facts.get("have")
    if have is None or code == "funding_chain":
        return ""
    if code in _IN_DAYS:
        return say.say("card", "days", days=int(have) if have == int(have) else have)
    return f"{have:g}{_UNITS.get(code, '%')}"


def veto_line(found: Found, answer: Answer, say: Words) -> str:
    """A veto with its id, what it says and the evidence it stands on."""
    facts, source = found["facts"], found["source"] or {}
    evidence = [
        say.word(name, facts[name]) for name in ("record", "document", "problem") if facts.get(name)
    ]  # fmt: skip
    if facts.get("invoice_no"):
        evidence.append(harmless(facts["invoice_no"], 40))
    elif found["code"] == "V1" and facts.get("reason"):
        evidence.append(harmless(facts["reason"], 60))
    if found["code"] in _LATE and answer["overdue"] not in _NOTHING:
        pass  # how much and how long is the verdict's first line
    elif facts.get("days"):
        evidence.append(say.say("card", "days", days=facts["days"]))
    if found["code"] == "V10" and facts.get("since"):
        evidence.append(
            say.say("card", "since", day=day(facts["since"], say.lang, year=None), count=facts.get("settled"))
        )
    dated = ("expired_on", "written_off_on", "period_end", "checked_on")
    evidence += [day(facts[name], say.lang) for name in dated if facts.get(name)]
    if not evidence and source.get("row") and source["tab"] != "customers":
        evidence.append(f"{tab_word(source['tab'], say)} · {say.say('card', 'row', row=source['row'])}")
    line = f"{found['code']} {say.word('veto', found['code'])}".replace("{days}", str(facts.get("over")))
    if evidence:
        line = say.say("card", "with_evidence", line=line, evidence=say.labels["comma"].join(evidence))
    cap = facts.get("cap")
    return line if not cap else say.say("card", "with_cap", line=line, cap=cap)


def trouble(code: str, say: Words) -> str:
    """Why the ledger could not be read, in two or three words."""
    known = say.table("trouble")
    return known.get(code) or known["other"]


def held_line(held: Found, say: Words) -> str:
    """A tab that keeps its last good copy, and why."""
    code = "held_refused" if held["code"] in _REFUSED else "held"
    return say.say("card", code, tab=tab_word(held["facts"]["tab"], say), why=held_why(held, say))


def held_why(held: Found, say: Words) -> str:
    """Why a tab keeps its last good copy."""
    facts = held["facts"]
    column = say.word("column", facts.get("column", ""))
    return say.say("notes", held["code"], column_word=column, found=harmless(facts.get("found", ""), 60))


def note_line(found: Found, say: Words, answer: Answer | None = None) -> str:
    """A note with where it stands; amounts in the currency of the answer, if there is one."""
    facts, source = found["facts"], found["source"] or {}
    shown = str(facts.get("found", ""))[:60]
    if facts.get("column") == "status" and shown in say.table("status"):
        shown = say.word("status", shown)
    first, second = _either_day(shown, say) if found["code"] == "date_ambiguous" else ("", "")
    sentence = say.say(
        "notes", found["code"],
        column_word=say.word("column", facts.get("column") or ""), tab=source.get("tab", ""),
        first=first, second=second,
        found=fact(shown, say.lang, (answer and answer["currency"]) or "CNY", _year(answer) if answer else None),
    )  # fmt: skip
    sentence = capital(sentence)
    where = [tab_word(source.get("tab", ""), say), harmless(source.get("key", ""), 40)]
    place = " ".join(part for part in where if part)
    if source.get("row"):
        place = f"{place} · {say.say('card', 'row', row=source['row'])}"
    return say.say("card", "note", sentence=sentence, place=place) if place else sentence


def _either_day(text: str, say: Words) -> tuple[str, str]:
    """3/4/2026 as 3 April and as 4 March; nothing where it is not two small numbers and a year."""
    numbers = [int(one) for one in _NUMBERS.findall(text)]
    if len(numbers) != 3 or not all(1 <= one <= 12 for one in numbers[:2]):
        return "", ""
    one, two, year = numbers
    return day(date(year, two, one), say.lang, year=year), day(date(year, one, two), say.lang, year=year)


def said_already(found: Found, answer: Answer) -> bool:
    """What another reason of the same answer says better: an older overdue, its colour, the veto behind a grade D."""
    code, codes = found["code"], {other["code"] for other in answer["reasons"]}
    if code == "grade_d":
        return answer["grade_reason"] is not None and bool(codes & _VETOES)
    if code == "warning" and found["facts"]["warning"] == "oldest_overdue":
        return bool(codes & {"overdue", "V3", "V5"})
    return code == "overdue" and bool(codes & {"V3", "V5"})


def unread_cells(answer: Answer) -> list[Found]:
    """The notes on the cells that keep the verdict from being green."""
    rows = [found["source"] for found in answer["reasons"] if found["code"] == "unreadable"]
    return [
        note
        for note in answer["notes"] or ()
        if note["code"].startswith(_CELL_CODES) and note["facts"].get("column") and note["source"] in rows
    ]


def unread_reason(answer: Answer, say: Words) -> str | None:
    """All cells that cannot be read in one sentence, each as it was written; None where no note tells."""
    cells = unread_cells(answer)
    if not cells:
        return None
    shown = [
        say.say(
            "card", "cell",
            column=_lower(say.word("column", cell["facts"]["column"])), found=harmless(str(cell["facts"]["found"]), 40),
        )
        for cell in cells[:_CELLS]
    ]  # fmt: skip
    return say.say("reasons", "unreadable_cells", cells=say.labels["both"].join(shown))


def unread_places(answer: Answer, say: Words) -> list[str]:
    """Where the cells stand that cannot be read."""
    return [
        say.say(
            "card", "cell_place",
            tab=tab_word(source["tab"], say), row=source["row"],
            key="" if source["tab"] == "customers" else harmless(source["key"], 40),
        )
        for source in (found["source"] for found in answer["reasons"] if found["code"] == "unreadable")
    ]  # fmt: skip


def _currency(answer: Answer) -> str:
    return answer["currency"] or "CNY"


def _year(answer: Answer) -> int | None:
    return int(answer["as_of"][:4]) if answer["as_of"] else None
