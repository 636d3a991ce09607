"""The second screen: the score with every factor, ageing, open invoices, behaviour, group, links, missing tabs."""

from collections.abc import Iterable, Mapping
from typing import Any

from texts.blocks import MAX_VIEW_BLOCKS, SECTION, Block, context, divider, header, section
from texts.cards import Answer, Setting, as_of, grade_line, group_line, identity, no_limit, reasons_said, verdict_line
from texts.findings import capital, note_line, tab_word, veto_line, warning_line
from texts.formats import day, harmless, money, plain_line
from texts.render import Words, words

_INVOICES, _LINKED, _LISTED, _NAMED = 15, 8, 12, 3
_PERCENT = frozenset({
    "debt_ratio", "roa", "roe", "ebit_margin", "on_time", "overdue_share", "promises", "returns", "receivables_share",
    "suits",
})  # fmt: skip
_SHORT = frozenset({"missing_data", "rule_cap", "request"})
"""Bounds that hold a limit down rather than make it."""
_NUMBERS = (int, float)
_COUNTED = {
    "days_beyond_terms": "days", "worst_lateness": "days", "years_registered": "years", "years_trading": "years",
    "order_months": "months",
}  # fmt: skip


def details_view(answer: Answer, details: Mapping[str, Any], lang: str, setting: Setting) -> dict[str, Any]:
    """A modal with everything behind the verdict; no tables in it, since modals do not surely show them."""
    say = words(lang)
    blocks: list[Block] = [section(f"*{verdict_line(answer, say)}*\n{identity(answer, say)}")]
    said = [capital(sentence) for sentence in reasons_said(answer, say)]
    if len(said) > 1:
        blocks += _listed("reasons", said, say)
    blocks += _rules(answer, details, say)
    if answer["ageing"]:
        blocks += _ageing(answer, details, say)
        blocks += _invoices(answer, details, say, setting)
        blocks += _behaviour(answer, say)
    if answer["factors"]:
        blocks += _score(answer, details, say, setting)
    blocks += _group(answer, details, say)
    blocks += _tabs(details, say)
    blocks += _listed("notes", [note_line(found, say, answer) for found in answer["notes"] or ()], say)
    blocks += _links(details, say, setting)
    age = as_of(answer["as_of"], say, setting)
    if age:
        blocks.append(context([age]))
    return {
        "type": "modal",
        "callback_id": "lookup.details",
        "title": {"type": "plain_text", "text": plain_line(say.labels["details_title"], 24)},
        "close": {"type": "plain_text", "text": say.labels["close"]},
        "blocks": blocks[:MAX_VIEW_BLOCKS],
    }


def _listed(label: str, lines: list[str], say: Words) -> list[Block]:
    """A heading with points below it; what does not fit is counted."""
    if not lines:
        return []
    shown = [f"• {line}" for line in lines[:_LISTED]]
    if len(lines) > _LISTED:
        shown.append(say.say("card", "more_lines", count=len(lines) - _LISTED))
    return [section(f"*{say.labels[label]}*\n" + "\n".join(shown))]


def _score(answer: Answer, details: Mapping[str, Any], say: Words, setting: Setting) -> list[Block]:
    # an unrated customer's second line has said how much is covered
    line = say.say(
        "card", "score_line" if answer["grade"] else "score_alone",
        score=_shown_score(answer["score"]), grade=grade_line(answer, say), coverage=f"{answer['coverage']:g}",
    )  # fmt: skip
    factors = _factors(answer, details, say, setting)
    following = details.get("next_grade")
    ways = [say.say("card", "top_grade")] if following is None else _upwards(following, say)
    blocks = [divider(), header(say.labels["score"]), section("\n".join((line, *ways)))]
    return [*blocks, *(section(text) for text in _filled(factors))]


def _factors(answer: Answer, details: Mapping[str, Any], say: Words, setting: Setting) -> list[str]:
    """Each factor with its points, the row it stands on, and what would gain the next band."""
    names, gains = say.table("factor"), details.get("gains") or {}
    lines = say.list("card", "factor_line", [
        {
            "factor": _linked(names[found["factor"]], found["source"], setting), "value": _value(found, say),
            "points": found["points"], "max": found["max"],
        }
        for found in answer["factors"]
    ])  # fmt: skip
    better = [(place, found["factor"]) for place, found in enumerate(answer["factors"]) if found["factor"] in gains]
    gained = say.list("card", "factor_gain", [
        {
            "line": lines[place], "value": _unit(factor, gains[factor]["value"], say),
            "gain": f"{gains[factor]['points']:g}",
        }
        for place, factor in better
    ])  # fmt: skip
    for (place, _), line in zip(better, gained, strict=True):
        lines[place] = line
    return lines


def _linked(name: str, source: Mapping[str, Any] | None, setting: Setting) -> str:
    prefix = setting.links.get(source["tab"]) if source else None
    return f"<{prefix}{source['row']}|{name}>" if source and prefix and source["row"] else name


def _filled(lines: Iterable[str]) -> list[str]:
    """Lines joined into as few texts as fit a section."""
    texts: list[list[str]] = []
    size = SECTION
    for line in lines:
        size += len(line) + 1
        if size > SECTION:
            texts.append([])
            size = len(line)
        texts[-1].append(line)
    return ["\n".join(text) for text in texts]


def _upwards(following: Mapping[str, Any], say: Words) -> list[str]:
    """What lifts the cap, then the points that are missing."""
    lines: list[str] = []
    if following["caps"]:
        lifts = [say.say("card", "cap_lifts", lift=say.word("lift", one), id=one) for one in following["caps"]]
        caps = say.labels["semicolon"].join(lifts)
        lines.append(say.say("card", "caps_first", grade=following["grade"], caps=caps))
    if following["points_needed"]:
        ways = say.labels["list"].join(_way(way, say) for way in following["ways"])
        if not following["enough"]:
            ways = say.say("card", "ways_short", ways=ways, together=f"{following['together']:g}")
        points = f"{following['points_needed']:g}"
        lines.append(say.say("card", "next_grade", points=points, grade=following["grade"], ways=ways))
    return lines


def _way(way: Mapping[str, Any], say: Words) -> str:
    factor, gain = say.word("factor", way["factor"]), f"{way['gain']:g}"
    if way.get("missing"):
        return say.say("card", "way_with_data", factor=factor, gain=gain)
    if way["value"] is None:
        return say.say("card", "way_to_grade", factor=factor, gain=gain)
    code = "way_down_to" if way["low"] else "way_with_line"
    return say.say("card", code, factor=factor, line=_unit(way["factor"], way["value"], say), gain=gain)


def _shown_score(score: float) -> str:
    """One decimal, truncated: 79.96 is not yet 80."""
    return f"{round(score * 100) // 10 / 10:g}"


def _value(found: Mapping[str, Any], say: Words) -> str:
    return say.labels["missing"] if found["missing"] else _unit(found["factor"], found["value"], say)


def _unit(factor: str, value: Any, say: Words) -> str:
    """A raw value in its own unit."""
    if type(value) not in _NUMBERS:
        return say.word("outcome", "not_positive" if value == "none" and factor == "operating_cash_flow" else value)
    if factor == "days_beyond_terms":
        return _weighted(value, say)
    if factor == "paid_in_capital":
        return money(f"{value:.2f}", say.lang)
    plain = f"{value:g}" if -1000 < value < 1000 else f"{value:,.0f}"
    if factor in _PERCENT:
        return f"{plain}%"
    counted = _COUNTED.get(factor)
    return say.say("card", counted, days=plain, count=plain) if counted else plain


def _ageing(answer: Answer, details: Mapping[str, Any], say: Words) -> list[Block]:
    currency, label = answer["currency"], say.labels
    lines = [
        say.say("card", "bucket_line", bucket=say.word("bucket", name), amount=money(amount, say.lang, currency))
        for name, amount in answer["ageing"].items()
        if amount != "0.00"
    ]
    if not lines:
        return []
    total = money(answer["open"], say.lang, currency)
    lines.append(say.say("card", "bucket_line", bucket=label["total"], amount=total))
    more = [
        f"{label[name]} {money(amount, say.lang, currency)}"
        for name, amount in (
            ("orders", details["orders"]), ("unapplied", answer["unapplied"]), ("deposits", details["deposits"]),
            ("disputed", answer["disputed"]),
        )
        if amount not in {None, "0.00"}
    ]  # fmt: skip
    blocks = [divider(), header(label["ageing"]), section("\n".join(lines))]
    return [*blocks, context([" · ".join(more)])] if more else blocks


def _invoices(answer: Answer, details: Mapping[str, Any], say: Words, setting: Setting) -> list[Block]:
    lines = details["lines"]
    if not lines:
        return []
    prefix = setting.links.get("invoices")
    shown = [
        _invoice(line, answer, say, prefix if place < _LINKED else None) for place, line in enumerate(lines[:_INVOICES])
    ]
    blocks = [divider(), header(say.labels["invoices"]), *(section(text) for text in _filled(shown))]
    if len(lines) > _INVOICES:
        blocks.append(context([say.say("card", "more_rows", count=len(lines) - _INVOICES)]))
    return blocks


def _invoice(line: Mapping[str, Any], answer: Answer, say: Words, prefix: str | None) -> str:
    number = harmless(line["invoice_no"], 40)
    if prefix and line["row"]:
        number = f"<{prefix}{line['row']}|{number.replace('|', '/')}>"
    if line["disputed"] != "0.00":
        whole = line["disputed"] == line["open"]
        amount = money(line["disputed"], say.lang, answer["currency"])
        number = say.say("card", "disputed_all" if whole else "disputed_part", number=number, amount=amount)
    late = line["days_overdue"]
    return say.say(
        "card", "invoice_late" if late else "invoice_line",
        number=number, day=day(line["due_on"], say.lang), amount=money(line["open"], say.lang, answer["currency"]),
        days=late,
    )  # fmt: skip


def _behaviour(answer: Answer, say: Words) -> list[Block]:
    paying, label = answer["behaviour"], say.labels
    if paying is None:
        return []
    shown: list[tuple[str, str]] = []
    if paying["days_beyond_terms"] is not None:
        shown.append((label["days_beyond"], _weighted(paying["days_beyond_terms"], say)))
    if paying["on_time_pct"] is not None:
        shown.append((label["on_time"], f"{paying['on_time_pct']:g}%"))
    if paying["worst"] is not None:
        shown.append((label["worst"], say.say("card", "days", days=paying["worst"])))
    if paying["payment_score"] is not None:
        shown.append((label["payment_score"], say.say("card", "payment_index", score=f"{paying['payment_score']:.0f}")))
    if paying["dso"]:
        shown.append((label["dso"], _turnover(paying, say)))
    lines = "\n".join(f"{name}  *{value}*" for name, value in shown)
    return [divider(), header(label["behaviour"]), section(lines)] if lines else []


def _turnover(paying: Mapping[str, Any], say: Words) -> str:
    dso = _weighted(paying["dso"], say)
    if paying["bpdso"] is None or paying["add"] is None:
        return dso
    best, delay = _weighted(paying["bpdso"], say), _weighted(paying["add"], say)
    return say.say("card", "turnover", dso=dso, best=best, delay=delay)


def _weighted(value: float, say: Words) -> str:
    """Weighted days: always one decimal."""
    return say.say("card", "days", days=f"{value:.1f}")


def _rules(answer: Answer, details: Mapping[str, Any], say: Words) -> list[Block]:
    blocks = _listed("vetoes", [veto_line(found, answer, say) for found in answer["vetoes"] or ()], say)
    blocks += _listed("warnings", [warning_line(found, answer, say) for found in answer["warnings"] or ()], say)
    proposal = answer["proposal"]
    if proposal:
        blocks.append(section(f"*{say.labels['proposal']}*\n{_proposal(answer, details, say)}"))
    return blocks


def _proposal(answer: Answer, details: Mapping[str, Any], say: Words) -> str:
    """The rules' limit beside today's, then its term and its conditions where there are any."""
    proposal, now, currency = answer["proposal"], details["limit"], answer["currency"]
    parts = [
        say.say(
            "card", "proposal_line", now=no_limit(answer, say) if now is None else money(now, say.lang, currency),
            limit=money(proposal["limit"], say.lang, currency),
            bound=_bound(proposal["binding"], details.get("proposal_cut"), say),
        )
    ]  # fmt: skip
    if proposal["payment_days"]:
        parts.append(say.say("card", "proposal_term", days=proposal["payment_days"]))
    conditions = [say.word("condition", code) for code in proposal["conditions"] if code != "open_account"]
    parts.append(
        say.say("card", "proposal_conditions", conditions=say.labels["list"].join(conditions))
        if conditions
        else say.labels["stop"]
    )
    return "".join(parts)


def _bound(binding: str, cut: Mapping[str, Any] | None, say: Words) -> str:
    """What binds the proposal, and what a warning then cut off it."""
    bound = say.say("card", "bound_short" if binding in _SHORT else "bound_by", binding=say.word("binding", binding))
    if not cut:
        return bound
    colour = say.word("colour", cut["colour"])
    if cut["share_pct"]:
        return say.say("card", "bound_and_cut", bound=bound, colour=colour, share=cut["share_pct"])
    return say.say("card", "bound_and_gone", bound=bound, colour=colour)


def _group(answer: Answer, details: Mapping[str, Any], say: Words) -> list[Block]:
    if not answer["group"]:
        return []
    number, name = harmless(answer["group"]["id"], 40), details.get("group_name")
    shown = say.say("card", "group_name", name=harmless(name, 80), id=number) if name else number
    return [section(f"*{say.labels['group']}*\n{group_line(answer, shown, say)}")]


def _tabs(details: Mapping[str, Any], say: Words) -> list[Block]:
    lines = [
        say.say("card", "tab_gain", tab=tab_word(one["tab"], say), points=f"{one['points']:g}")
        for one in details["missing_tabs"]
    ]
    lines += [
        say.say("card", "data_gain", tab=tab_word(one["tab"], say), data=_data(one, say), points=f"{one['points']:g}")
        for one in details.get("lacking") or ()
    ]
    return _listed("tabs", lines, say)


def _data(one: Mapping[str, Any], say: Words) -> str:
    """Up to three factors by name; more are all that a tab could tell."""
    names = [say.word("factor", name) for name in one["factors"]]
    return say.labels["list"].join(names) if len(names) <= _NAMED else say.labels["whole_row"]


def _links(details: Mapping[str, Any], say: Words, setting: Setting) -> list[Block]:
    """The way to the customer's own row."""
    prefix, row = setting.links.get("customers"), details["row"]
    if not prefix or not row:
        return []
    place = f"{tab_word('customers', say)} · {say.say('card', 'row', row=row)}"
    return [context([f"{say.labels['links']}{say.labels['colon']}<{prefix}{row}|{place}>"])]
