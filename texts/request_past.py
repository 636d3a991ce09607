"""What is on record: earlier requests of the customer, and requests like his with how they ended."""

from collections import Counter

from approvals.request import State
from texts.formats import day, harmless, money
from texts.render import Words
from texts.request_sheet import Alike, Outcome, Past, RequestSheet
from texts.request_terms import terms_said

_STATES: tuple[State, ...] = ("approved", "rejected", "withdrawn", "expired")
_TOLD: tuple[Outcome, ...] = ("overdue", "written_off", "stopped")
"""How a customer stands today, as far as it says something against granting the like again."""


def record_line(sheet: RequestSheet, say: Words) -> str:
    """Both in one sentence; a card has room for no more."""
    parts = [past_said(sheet, say)]
    if sheet.alike is not None:
        parts.append(alike_said(sheet.alike, sheet.base_currency, say))
    return say.labels["semicolon"].join(parts)


def past_said(sheet: RequestSheet, say: Words) -> str:
    """How often this customer asked, and what came of it the last time."""
    if not sheet.past:
        return say.say("request", "past_none")
    last = sheet.past[0]
    return say.say(
        "request", "past_count", count=len(sheet.past), day=day(last.on, say.lang, year=sheet.today.year),
        state=say.say("request", f"state_{last.state}"),
    )  # fmt: skip


def alike_said(alike: Alike, base_currency: str, say: Words) -> str:
    """How many were like it, what was decided, and which of the lines went wrong."""
    if not alike.found:
        return say.say("request", "alike_none")
    states = Counter(one.state for one in alike.found)
    outcomes = Counter(one.outcome for one in alike.found)
    results = [
        say.say("request", "counted_state", state=say.say("request", f"state_{name}"), count=states[name])
        for name in _STATES
        if states[name]
    ]
    results += [
        say.say("request", "counted_outcome", outcome=say.say("request", f"outcome_{name}"), count=outcomes[name])
        for name in _TOLD
        if outcomes[name]
    ]
    return say.say(
        "request", "alike_count", count=len(alike.found), band=band_said(alike, base_currency, say),
        results=say.labels["comma"].join(results),
    )  # fmt: skip


def band_said(alike: Alike, base_currency: str, say: Words) -> str:
    """What makes a request one like this."""
    low, high = (money(amount, say.lang, base_currency) for amount in (alike.low, alike.high))
    grade = say.labels["unrated"] if alike.grade is None else say.say("card", "graded", grade=alike.grade)
    return say.say("request", "band", grade=grade, low=low, high=high, months=alike.months)


def past_line(one: Past, sheet: RequestSheet, say: Words) -> str:
    """One earlier request with how it ended and how the customer stands today."""
    line = say.say(
        "request", "past", number=one.request_no, day=day(one.on, say.lang, year=sheet.today.year),
        state=say.say("request", f"state_{one.state}"), asked=terms_said(one.asked, say),
    )  # fmt: skip
    if one.decided is not None and one.state == "approved":
        line = say.say("request", "past_decided", line=line, decided=terms_said(one.decided, say))
    if one.name:
        line = say.say("request", "past_named", line=line, name=harmless(one.name, 60))
    if one.reason:
        line = say.say("request", "signed_reason", line=line, reason=harmless(one.reason, 120))
    if one.outcome == "unseen":
        return line
    code = "outcome_overdue_days" if one.outcome == "overdue" and one.days else f"outcome_{one.outcome}"
    return say.say("request", "past_outcome", line=line, outcome=say.say("request", code, days=one.days))
