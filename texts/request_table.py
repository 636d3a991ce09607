"""The one table of a card: now, asked, proposed, after. A table block in messages, lines where there are no tables."""

from decimal import Decimal

from texts.blocks import Block, table
from texts.formats import money
from texts.render import DASH, Words
from texts.request_sheet import RequestSheet, Situation

_COLUMNS = ("now", "asked", "proposed", "after")
Row = tuple[str, str, str, str, str]


def situation_table(sheet: RequestSheet, say: Words) -> Block:
    """The table of a message."""
    head = ["\u2003", *(say.say("request", f"col_{name}") for name in _COLUMNS)]
    return table([head, *map(list, situation_rows(sheet, say))], ["left", "right", "right", "right", "right"])


def situation_lines(sheet: RequestSheet, say: Words) -> str:
    """The same for modals and Home."""
    lines = []
    for name, now, asked, proposed, after in situation_rows(sheet, say):
        if asked == DASH:
            lines.append(say.say("request", "line_now_after", row=name, now=now, after=after))
        else:
            lines.append(say.say("request", "line_terms", row=name, now=now, asked=asked, proposed=proposed))
    return "\n".join([*lines, say.say("request", "after_note")])


def situation_rows(sheet: RequestSheet, say: Words) -> list[Row]:
    """Limit and days by what is asked and proposed, the rest by where it leads; a row without a figure is left out."""
    rows = [_terms_row("limit", sheet, say), _terms_row("days", sheet, say)]
    for name in ("exposure", "utilisation", "group", "share"):
        now, after = (_cell(name, one, sheet, say) for one in (sheet.now, sheet.after))
        if now != DASH or after != DASH:
            rows.append((say.say("request", f"row_{name}"), now, DASH, DASH, after))
    return rows


def _terms_row(name: str, sheet: RequestSheet, say: Words) -> Row:
    asked, proposed = sheet.asked, sheet.proposed
    if name == "limit":
        cells = [_limit(one, sheet, say) for one in (sheet.now.limit, asked.limit, proposed.limit, sheet.after.limit)]
    else:
        days = (sheet.now.payment_days, asked.payment_days, proposed.payment_days, sheet.after.payment_days)
        cells = [DASH if one is None else say.say("card", "days", days=one) for one in days]
    return (say.say("request", f"row_{name}"), cells[0], cells[1], cells[2], cells[3])


def _limit(amount: Decimal | None, sheet: RequestSheet, say: Words) -> str:
    return say.say("request", "none_yet") if not amount else money(amount, say.lang, sheet.currency)


def _cell(name: str, one: Situation, sheet: RequestSheet, say: Words) -> str:
    if name == "exposure":
        return DASH if one.exposure is None else money(one.exposure, say.lang, sheet.currency)
    if name == "group":
        return _group(one.group, sheet, say)
    part = one.utilisation if name == "utilisation" else one.share
    return DASH if part is None else f"{float(part):g}%"


def _group(used: Decimal | None, sheet: RequestSheet, say: Words) -> str:
    if used is None:
        return DASH
    amount = money(used, say.lang, sheet.currency)
    if sheet.group_limit is None:
        return amount
    return say.say("request", "of_limit", amount=amount, limit=money(sheet.group_limit, say.lang, sheet.currency))
