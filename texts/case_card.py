"""The case card: how bad, who has it, what happened, the evidence, the measures with their effect, what was learnt."""

from collections.abc import Sequence

from approvals.cases import Case, Evidence, Measure, lacking
from texts.blocks import Block, Message, actions, button, context, section
from texts.case_sheet import CaseSheet, case_value
from texts.formats import day, harmless, money
from texts.render import Words, words

_SHOWN = 5
"""Of evidence and measures the newest so many; the rest is counted."""
_WORDS = 400
_MARKS = {"yellow": "🟡", "orange": "🟠", "red": "🔴"}


def case_card(sheet: CaseSheet, lang: str) -> Message:
    """The card for whoever has the case, opened it or looks on."""
    say, case = words(lang), sheet.case
    blocks = [section(f"*{case_title(case, say)}*\n{_where(sheet, say)}"), section(harmless(case.what, 1000))]
    blocks += _list("evidence", [_evidence(one, sheet, say) for one in case.evidence], say)
    blocks += _list("measures", [_measure(n, one, sheet, say) for n, one in enumerate(case.measures, 1)], say)
    blocks += _checklist(sheet, say)
    if case.state == "closed":
        blocks.append(section(_ended(sheet, say)))
    else:
        blocks.append(context([_next(case, say)]))
    blocks += _buttons(sheet, say)
    text = say.say("case", f"text_{case.state}", number=case.case_id, drill=_drill(case, say)).strip()
    return Message(text=text, blocks=blocks)


def case_title(case: Case, say: Words) -> str:
    """Exercise or not, the colour with its word, the kind, whose it is."""
    colour = f"{_MARKS[case.severity]} {say.word('colour', case.severity)}"
    kind = say.say("case", f"kind_{case.kind}")
    return f"{_drill(case, say)}{colour} · {kind} · {harmless(case.name, 80)}"


def case_line(sheet: CaseSheet, lang: str) -> str:
    """A case in a list."""
    say = words(lang)
    return f"*{case_title(sheet.case, say)}*\n{_where(sheet, say)}"


def _drill(case: Case, say: Words) -> str:
    return say.say("case", "drill") + " " if case.drill else ""


def _where(sheet: CaseSheet, say: Words) -> str:
    case = sheet.case
    on = day(case.occurred_on, say.lang, year=sheet.today.year)
    parts = [
        case.case_id, harmless(case.customer_id, 40), say.say("case", f"state_{case.state}"),
        say.say("case", "occurred", day=on), say.say("case", "owner", who=harmless(sheet.who(case.owner), 40)),
    ]  # fmt: skip
    return " · ".join(parts)


def _list(name: str, lines: Sequence[str], say: Words) -> list[Block]:
    if not lines:
        return []
    more = [say.say("case", "more", count=len(lines) - _SHOWN)] if len(lines) > _SHOWN else []
    return [section("\n".join([f"*{say.say('case', name)}*", *more, *lines[-_SHOWN:]]))]


def _evidence(one: Evidence, sheet: CaseSheet, say: Words) -> str:
    amount = "" if one.amount is None else f" · {money(one.amount, say.lang, sheet.case.currency)}"
    link = f" · <{one.link}|{say.say('case', 'message')}>" if one.link else ""
    said = say.say("case", "quoted", text=harmless(one.text, _WORDS))
    who = f" {harmless(sheet.who(one.said_by), 40)}" if one.said_by else ""
    return f"• {day(one.said_on, say.lang, year=sheet.today.year)}{who}{amount} · {said}{link}"


def _measure(number: int, one: Measure, sheet: CaseSheet, say: Words) -> str:
    on = day(sheet.day(one.at), say.lang, year=sheet.today.year)
    done = f"{number}. {harmless(one.text, _WORDS)} ({harmless(sheet.who(one.by), 40)}, {on})"
    effect = harmless(one.effect, _WORDS) if one.effect else say.say("case", "no_effect")
    return f"{done}\n      → {effect}"


def _ended(sheet: CaseSheet, say: Words) -> str:
    case = sheet.case
    on = "" if case.closed_at is None else day(sheet.day(case.closed_at), say.lang, year=sheet.today.year)
    return "\n".join((
        f"*{say.say('case', 'field_cause')}*  {harmless(case.cause, _WORDS)}",
        f"*{say.say('case', 'field_lesson')}*  {harmless(case.lesson, _WORDS)}",
        say.say("case", "closed_by", who=harmless(sheet.who(case.closed_by), 40), day=on),
    ))  # fmt: skip


def _next(case: Case, say: Words) -> str:
    """What closing still needs."""
    wanting = lacking(case)
    next_one = say.say("case", f"next_{wanting[0]}" if wanting else "next_close")
    place = f"{say.say('case', 'channel', channel=case.channel)} · " if case.channel else ""
    return place + next_one


def _checklist(sheet: CaseSheet, say: Words) -> list[Block]:
    """The emergency plan: each step with its seat, who has seen to it, or a button."""
    case, tick = sheet.case, "tick" in sheet.acts
    if not case.checklist:
        return []
    done = sum(1 for one in case.checklist if one.by)
    head = say.say("case", "checklist", done=done, count=len(case.checklist))
    blocks = [section(f"*{_drill(case, say)}{head}*")]
    for one in case.checklist:
        text = f"*{say.say('case', f'seat_{one.seat}')}*  {say.say('case', f'check_{one.code}')}"
        if one.by:
            blocks.append(context([f"✅ {text} ({harmless(sheet.who(one.by), 40)})"]))
        elif tick:
            pressed = button(say.say("case", "button_tick"), "case.tick", case_value(case, one.code))
            blocks.append(section(f"⬜ {text}", accessory=pressed, block_id=f"case.check.{one.code}"))
        else:
            blocks.append(context([f"⬜ {text}"]))
    return blocks


def _primary(case: Case) -> str:
    """What comes next."""
    wanting = lacking(case)
    return "close" if not wanting else "effect" if wanting[0] == "effect" else "measure"


def _buttons(sheet: CaseSheet, say: Words) -> list[Block]:
    case = sheet.case
    primary = _primary(case)
    shown = [
        button(say.say("case", f"button_{act}"), f"case.{act}", case_value(case), primary=act == primary)
        for act in sheet.acts
        if act != "tick"
    ]
    return [actions(shown, "case")] if shown else []
