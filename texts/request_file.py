"""The whole file of a request as one modal: gates, what speaks against it, the form, attachments, what is on record."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from approvals.application import Attachment
from texts.blocks import MAX_VIEW_BLOCKS, Block, Message, button, context, divider, header, section
from texts.cards import Setting
from texts.details import details_view
from texts.formats import day, harmless, money
from texts.render import Words, words
from texts.request_card import value_of
from texts.request_changes import completed_lines, news_lines, refused_line
from texts.request_gates import gate_line
from texts.request_lines import bad_line, changed_lines, headline, identity_line, signed_line
from texts.request_modals import sheet_modal
from texts.request_past import band_said, past_line
from texts.request_score import score_lines
from texts.request_sheet import RequestSheet
from texts.request_table import situation_lines

_IDENTITY = (
    "uscc", "legal_representative", "controller", "established_on", "registered_capital", "paid_in_capital",
    "industry", "region", "business_scope", "bank_account",
)  # fmt: skip
_PLAN = ("planned_monthly_sales", "goods", "term_basis")
_CONTRACT = (
    "contract_no", "signed_on", "expires_on", "breach_liability", "title_retention", "prepayment_pct",
    "late_interest_pct",
)  # fmt: skip
_MONEY = frozenset({"registered_capital", "paid_in_capital", "planned_monthly_sales"})
_DAYS = frozenset({"established_on", "signed_on", "expires_on"})
_PERCENT = frozenset({"prepayment_pct", "late_interest_pct"})
_LISTED, _LENGTH, _FILES = 12, 2800, 20


def request_file(sheet: RequestSheet, lang: str, setting: Setting) -> dict[str, Any]:
    """Everything that a decision can rest on, in the order in which it is asked for."""
    say = words(lang)
    blocks = [section(f"*{headline(sheet, say)}*\n{identity_line(sheet, say)}")]
    if not sheet.asked.prepay:
        blocks.append(section(situation_lines(sheet, say)))
    against = [bad_line(one, sheet, say) for one in sheet.bad]
    blocks += _listed("against", against or [say.say("request", "nothing_bad")], say)
    blocks += _listed("score_moved", score_lines(sheet, say), say)
    blocks += _listed("changed", changed_lines(sheet, say), say)
    blocks += _again(sheet, say)
    blocks += _listed("gates", [gate_line(one, sheet, say) for one in sheet.gates], say)
    blocks += _listed("reason", [harmless(sheet.reason, 600) or say.say("request", "no_reason")], say)
    blocks += _form(sheet, say)
    blocks += _on_record(sheet, say)
    signed = [signed_line(one, sheet, say) for one in sheet.signed]
    blocks += _listed("signed", signed, say)
    blocks += _listed("rounds", [signed_line(one, sheet, say) for one in sheet.earlier], say)
    blocks += _score(sheet, lang, setting, say)
    return sheet_modal(lang, "file", blocks[:MAX_VIEW_BLOCKS], value_of(sheet))


def _again(sheet: RequestSheet, say: Words) -> list[Block]:
    """Everything that the form says otherwise than before, and the way that a refused request had gone."""
    blocks: list[Block] = []
    if sheet.refused is not None:
        blocks.append(section(refused_line(sheet.refused, sheet, say)))
        blocks += _listed("news", news_lines(sheet.refused, sheet, say), say)
        blocks += _listed("refused_way", [signed_line(one, sheet, say) for one in sheet.refused.signed], say)
    for one in sheet.completed:
        head, *lines = completed_lines(one, sheet, say)
        blocks += [context([head]), *_listed("completed", lines, say)]
    return blocks


def _listed(label: str, lines: Iterable[str], say: Words) -> list[Block]:
    """A heading with points below it; what does not fit is counted."""
    all_lines = list(lines)
    if not all_lines:
        return []
    shown: list[str] = []
    for line in all_lines[:_LISTED]:
        if sum(map(len, shown)) + len(line) > _LENGTH:
            break
        shown.append(f"• {line}")
    if len(shown) < len(all_lines):
        shown.append(say.say("card", "more_lines", count=len(all_lines) - len(shown)))
    return [section(f"*{say.say('request', f'label_{label}')}*\n" + "\n".join(shown))]


def _form(sheet: RequestSheet, say: Words) -> list[Block]:
    """The application as it was sent, as far as it was filled in."""
    form = sheet.form
    blocks = _listed("identity", _facts(form, _IDENTITY, sheet, say), say)
    blocks += _listed("plan", _facts(form, _PLAN, sheet, say), say)
    blocks += _listed("statements", _each(form, "statements", lambda one: _statement(one, sheet, say)), say)
    blocks += _listed("references", _each(form, "references", lambda one: _reference(one, say)), say)
    blocks += _listed("securities", _each(form, "securities", lambda one: _security(one, sheet, say)), say)
    blocks += _listed("contract", _facts(form.get("contract") or {}, _CONTRACT, sheet, say), say)
    return [*blocks, *_attached(form, sheet, say)]


def _attached(form: Mapping[str, Any], sheet: RequestSheet, say: Words) -> list[Block]:
    """The files, each with a button that sends it to the reader."""
    given = list(form.get("attachments") or ())
    if not given:
        return _listed("attachments", [say.say("request", "no_attachments")], say)
    head, fetch = f"*{say.say('request', 'label_attachments')}*", say.say("request", "button_fetch")
    return [section(head), *(
        section(
            f"• {_attachment(one, say)}",
            accessory=button(fetch, "approval.fetch", value_of(sheet, sha256=str(one.get("sha256") or ""))),
        )
        for one in given[:_FILES]
    )]  # fmt: skip


def attachment_message(name: str, request_no: str, attachment: Attachment, lang: str) -> Message:
    """What stands above a file that was sent."""
    say = words(lang)
    about = _attachment(attachment.model_dump(mode="json"), say)
    return Message(
        text=say.say("request", "text_file", number=request_no),
        blocks=[section(f"*{harmless(name)}*  ·  {request_no}\n{about}")],
    )


def _each(form: Mapping[str, Any], name: str, line: Callable[[Mapping[str, Any]], str]) -> list[str]:
    return [line(one) for one in form.get(name) or ()]


def _facts(given: Mapping[str, Any], names: Iterable[str], sheet: RequestSheet, say: Words) -> list[str]:
    found = ((name, given.get(name)) for name in names)
    return [
        say.say("request", "fact", label=say.word("column", name), value=_value(name, value, sheet, say))
        for name, value in found
        if value not in {None, ""}
    ]


def _value(name: str, value: Any, sheet: RequestSheet, say: Words) -> str:
    if isinstance(value, bool):
        return say.say("request", "yes" if value else "no")
    if name in _MONEY:
        return _amount(value, sheet, say)
    if name in _DAYS:
        return _day(value, say)
    return f"{harmless(str(value), 200)}%" if name in _PERCENT else harmless(str(value), 200)


def _amount(value: Any, sheet: RequestSheet, say: Words) -> str:
    try:
        return "—" if value is None else money(Decimal(str(value)), say.lang, sheet.currency)
    except InvalidOperation:
        return harmless(str(value), 40)


def _day(value: Any, say: Words) -> str:
    try:
        return day(date.fromisoformat(str(value)), say.lang)
    except ValueError:
        return harmless(str(value), 40)


def _statement(one: Mapping[str, Any], sheet: RequestSheet, say: Words) -> str:
    return say.say(
        "request", "statement", day=_day(one.get("period_end"), say),
        revenue=_amount(one.get("revenue"), sheet, say), profit=_amount(one.get("net_profit"), sheet, say),
        assets=_amount(one.get("total_assets"), sheet, say), debts=_amount(one.get("total_liabilities"), sheet, say),
    )  # fmt: skip


def _reference(one: Mapping[str, Any], say: Words) -> str:
    verdict = say.say("request", "verdict_adverse" if one.get("verdict") == "adverse" else "verdict_prompt")
    line = say.say("request", "reference", company=harmless(str(one.get("company")), 60), verdict=verdict)
    note = harmless(str(one.get("note") or ""), 120)
    return say.say("request", "signed_reason", line=line, reason=note) if note else line


def _security(one: Mapping[str, Any], sheet: RequestSheet, say: Words) -> str:
    code = f"security_{one.get('kind')}"
    kind = say.say("request", code) if say.has("request", code) else harmless(str(one.get("kind")), 40)
    line = say.say("request", "security", kind=kind, amount=_amount(one.get("amount"), sheet, say))
    until = one.get("expires_on")
    return say.say("request", "security_until", line=line, day=_day(until, say)) if until else line


def _attachment(one: Mapping[str, Any], say: Words) -> str:
    code, size = f"attached_{one.get('kind')}", int(one.get("size") or 0)
    return say.say(
        "request", "attachment", name=harmless(str(one.get("name")), 80),
        kind=say.say("request", code if say.has("request", code) else "attached_other"),
        size=f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, size // 1000)} kB",
    )  # fmt: skip


def _on_record(sheet: RequestSheet, say: Words) -> list[Block]:
    none = [say.say("request", "none_on_record")]
    blocks = _listed("history", [past_line(one, sheet, say) for one in sheet.past] or none, say)
    if sheet.alike is None:
        return blocks
    lines = [past_line(one, sheet, say) for one in sheet.alike.found]
    blocks += _listed("alike", lines or none, say)
    return [*blocks, context([band_said(sheet.alike, sheet.base_currency, say)])]


def _score(sheet: RequestSheet, lang: str, setting: Setting, say: Words) -> list[Block]:
    """The details of today's answer below a heading of their own; its first line has been said."""
    if sheet.answer.get("factors") is None:
        return []
    # what is said above in the request's own terms is not said again
    answer = {**sheet.answer, "vetoes": [], "warnings": [], "proposal": None}
    found: list[Block] = details_view(answer, sheet.details, lang, setting)["blocks"]
    return [divider(), header(say.say("request", "label_score")), *found[1:]]
