"""What the ledger's `decisions` tab says of a request: short plain text, in the language of finance."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from approvals.terms import Terms
from texts.formats import plain_line
from texts.render import words


def entry_word(lang: str, code: str) -> str:
    """A code's word."""
    return words(lang).word("entry", code)


def entry_terms(lang: str, terms: Terms) -> str:
    """A line in one cell: amounts written out, since a sheet has room."""
    say = words(lang)
    if terms.prepay:
        return say.word("entry", "prepay")
    parts = [f"{terms.currency} {terms.limit:,.2f}", f"{terms.payment_days} {say.word('entry', 'days')}"]
    if terms.deposit_pct:
        parts.append(f"{say.word('entry', 'deposit')} {terms.deposit_pct:f}%")
    if terms.guarantee:
        parts.append(f"{say.word('entry', 'guarantee')}: {plain_line(terms.guarantee, 200)}")
    if terms.valid_until is not None:
        parts.append(f"{say.word('entry', 'until')} {terms.valid_until.isoformat()}")
    return " · ".join(parts)


def entry_people(lang: str, signed: Sequence[Mapping[str, str]]) -> str:
    """Who signed, in order, and what: "X for Y" where a turn was given."""
    say = words(lang)
    return "; ".join(f"{entry_signer(lang, one)} ({say.word('request_act', one['act'])})" for one in signed)


def entry_signer(lang: str, signed: Mapping[str, str]) -> str:
    """Who signed, and in whose place."""
    name = plain_line(signed["name"], 60)
    return f"{name} {words(lang).word('entry', 'for')} {plain_line(signed['for'], 60)}" if signed["for"] else name


def entry_move(lang: str, who: str, points: Decimal, reason: str, until: date) -> str:
    """An expert adjustment in the words of the entry: who, how much, why, until when."""
    say = words(lang)
    told = f"{say.word('entry', 'adjusted')} {points:+f} {plain_line(who, 60)}: {plain_line(reason, 300)}"
    return f"[{told}; {say.word('entry', 'until')} {until.isoformat()}]"
