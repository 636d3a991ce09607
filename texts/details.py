"""The second screen: the score with every factor, ageing, open invoices, behaviour, group, links, missing tabs."""

from collections.abc import Mapping
from typing import Any

from texts.blocks import MAX_VIEW_BLOCKS, Block, context, divider, header, section, table
from texts.cards import Answer, Setting, grade_line, note_line, reason, tab_word, verdict_line
from texts.formats import day, harmless, money, plain_line
from texts.render import Words, words

_INVOICES = 15
_LISTED = 12


def details_view(answer: Answer, details: Mapping[str, Any], lang: str, setting: Setting) -> dict[str, Any]:
    """A modal with everything behind the verdict."""
    say = words(lang)
    name = harmless(answer["name"])
    blocks: list[Block] = [
        section(f"*{verdict_line(answer, say)}*\n*{name}*  ·  {harmless(answer['customer_id'], 40)}"),
    ]
    if len(answer["reasons"]) > 1:
        blocks.append(section("\n".join(f"• {reason(found, answer, say)}" for found in answer["reasons"][:_LISTED])))
    if answer["factors"]:
        blocks += _score(answer, details, say)
    if answer["ageing"]:
        blocks += _ageing(answer, details, say)
        blocks += _invoices(answer, details, say)
        blocks += _behaviour(answer, say)
    blocks += _rules(answer, say)
    blocks += _group(answer, say)
    blocks += _tabs(details, say)
    blocks += _notes(answer, say)
    blocks += _links(details, say, setting)
    return {
        "type": "modal",
        "callback_id": "lookup.details",
        "title": {"type": "plain_text", "text": plain_line(say.labels["details"], 24)},
        "close": {"type": "plain_text", "text": say.labels["close"]},
        "blocks": blocks[:MAX_VIEW_BLOCKS],
    }


def _score(answer: Answer, details: Mapping[str, Any], say: Words) -> list[Block]:
    line = say.say(
        "card", "score_line",
        score=_shown_score(answer["score"]), grade=grade_line(answer, say), coverage=answer["coverage"],
    )  # fmt: skip
    label = say.labels
    rows = [[label["factor"], label["value"], label["points"]]]
    for found in answer["factors"]:
        value = label["missing"] if found["missing"] else _value(found, say)
        rows.append([say.word("factor", found["factor"]), value, f"{found['points']:g} / {found['max']:g}"])
    blocks = [divider(), header(label["score"]), section(line), table(rows, {1, 2})]
    following = details.get("next_grade")
    if following is None:
        blocks.append(context([say.say("card", "top_grade")]))
    else:
        ways = ("、" if say.lang == "zh-CN" else ", ").join(
            say.say("card", "way_to_grade", factor=say.word("factor", way["factor"]), gain=f"{way['gain']:g}")
            for way in following["ways"]
        )
        points = f"{following['points_needed']:g}"
        blocks.append(context([say.say("card", "next_grade", points=points, grade=following["grade"], ways=ways)]))
    return blocks


def _shown_score(score: float) -> str:
    """One decimal, truncated: 79.96 is not yet 80."""
    return f"{int(score * 10) / 10:g}"


def _value(found: Mapping[str, Any], say: Words) -> str:
    value = found["value"]
    return say.word("outcome", value) if isinstance(value, str) else f"{value:,.2f}".rstrip("0").rstrip(".")


def _ageing(answer: Answer, details: Mapping[str, Any], say: Words) -> list[Block]:
    currency, label = answer["currency"], say.labels
    rows = [[label["bucket"], label["amount"]]]
    rows += [[say.word("bucket", name), money(amount, say.lang, currency)] for name, amount in answer["ageing"].items()]
    rows.append([label["total"], money(answer["open"], say.lang, currency)])
    more = [
        f"{label[name]} {money(amount, say.lang, currency)}"
        for name, amount in (
            ("orders", details["orders"]), ("unapplied", answer["unapplied"]), ("deposits", details["deposits"]),
            ("disputed", answer["disputed"]),
        )
        if amount not in {None, "0.00"}
    ]  # fmt: skip
    blocks = [divider(), header(label["ageing"]), table(rows, {1})]
    return [*blocks, context([" · ".join(more)])] if more else blocks


def _invoices(answer: Answer, details: Mapping[str, Any], say: Words) -> list[Block]:
    lines = details["lines"]
    if not lines:
        return []
    label, currency = say.labels, answer["currency"]
    rows = [[label["invoice"], label["due"], label["amount"], label["days"]]]
    for line in lines[:_INVOICES]:
        number = plain_line(line["invoice_no"], 40)
        if line["disputed"] != "0.00":
            number = f"{number} ({label['disputed']})"
        days = str(line["days_overdue"]) if line["days_overdue"] else "—"
        rows.append([number, day(line["due_on"], say.lang), money(line["open"], say.lang, currency), days])
    blocks = [divider(), header(label["invoices"]), table(rows, {2, 3})]
    if len(lines) > _INVOICES:
        blocks.append(context([say.say("card", "more_rows", count=len(lines) - _INVOICES)]))
    return blocks


def _behaviour(answer: Answer, say: Words) -> list[Block]:
    paying, label = answer["behaviour"], say.labels
    if paying is None:
        return []
    shown = [
        (label["days_beyond"], _days(paying["days_beyond_terms"], say)),
        (label["on_time"], "—" if paying["on_time_pct"] is None else f"{paying['on_time_pct']}%"),
        (label["worst"], _days(paying["worst"], say)),
        (label["payment_score"], "—" if paying["payment_score"] is None else f"{paying['payment_score']:g}"),
        (
            label["dso"],
            f"{_days(paying['dso'], say)} (BPDSO {_days(paying['bpdso'], say)}, ADD {_days(paying['add'], say)})",
        ),
    ]
    return [divider(), header(label["behaviour"]), section("\n".join(f"{name}  *{value}*" for name, value in shown))]


def _days(value: float | None, say: Words) -> str:
    return "—" if value is None else say.say("card", "days", days=f"{value:g}")


def _rules(answer: Answer, say: Words) -> list[Block]:
    label = say.labels
    blocks: list[Block] = []
    if answer["vetoes"]:
        listed = "\n".join(f"• {found['code']} {say.word('veto', found['code'])}" for found in answer["vetoes"])
        blocks.append(section(f"*{label['vetoes']}*\n{listed}"))
    if answer["warnings"]:
        listed = "\n".join(
            f"• {say.word('colour', found['severity'])} · {say.word('warning', found['code'])}{_measure(found, say)}"
            for found in answer["warnings"][:_LISTED]
        )
        blocks.append(section(f"*{label['warnings']}*\n{listed}"))
    proposal = answer["proposal"]
    if proposal:
        joint = "、" if say.lang == "zh-CN" else ", "
        line = say.say(
            "card", "proposal_line",
            limit=money(proposal["limit"], say.lang, answer["currency"]), days=proposal["payment_days"],
            binding=say.word("binding", proposal["binding"]),
            conditions=joint.join(say.word("condition", code) for code in proposal["conditions"]) or label["none"],
        )  # fmt: skip
        blocks.append(section(f"*{label['proposal']}*\n{line}"))
    return blocks


def _measure(found: Mapping[str, Any], say: Words) -> str:
    facts = found["facts"]
    if "have" in facts:
        return f" {facts['have']} (≥ {facts['line']:g})"
    return f" {day(facts['expires_on'], say.lang)}" if "expires_on" in facts else ""


def _group(answer: Answer, say: Words) -> list[Block]:
    group = answer["group"]
    if not group:
        return []
    shown = {
        "limit": money(group["limit"], say.lang, answer["currency"]),
        "used": money(group["exposure"], say.lang, answer["currency"]),
        "free": money(group["headroom"], say.lang, answer["currency"], floor=True),
    }
    return [section(say.say("card", "group_line", id=harmless(group["id"], 40), **shown))]


def _tabs(details: Mapping[str, Any], say: Words) -> list[Block]:
    missing = details["missing_tabs"]
    if not missing:
        return []
    lines = [say.say("card", "tab_gain", tab=tab_word(one["tab"], say), points=f"{one['points']:g}") for one in missing]
    return [section(f"*{say.labels['tabs']}*\n" + "\n".join(f"• {line}" for line in lines))]


def _notes(answer: Answer, say: Words) -> list[Block]:
    notes = answer["notes"]
    if not notes:
        return []
    lines = [f"• {note_line(found, say)}" for found in notes[:_LISTED]]
    if len(notes) > _LISTED:
        lines.append(say.say("card", "more_notes", count=len(notes) - _LISTED))
    return [section(f"*{say.labels['notes']}*\n" + "\n".join(lines))]


def _links(details: Mapping[str, Any], say: Words, setting: Setting) -> list[Block]:
    """Deep links to the ledger rows."""
    links: list[str] = []
    prefix = setting.links.get("customers")
    if prefix and details["row"]:
        links.append(f"<{prefix}{details['row']}|{tab_word('customers', say)} {details['row']}>")
    prefix = setting.links.get("invoices")
    if prefix:
        links += [
            f"<{prefix}{line['row']}|{harmless(line['invoice_no'], 30).replace('|', '/')}>"
            for line in details["lines"][:8]
            if line["row"]
        ]
    return [context([f"{say.labels['links']}: " + " · ".join(links)])] if links else []
