"""Letters to a customer who owes: what each one says, as parts of a document."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from approvals.dunning import PAY_WITHIN_DAYS, WITH_INTEREST, WITH_SLIP, Claim, Letter
from texts.formats import day, plain_line
from texts.render import Words, words
from texts.standing import Standing


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows; the columns from `numbers` on are set to the right."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: int


@dataclass(frozen=True, slots=True)
class Paper:
    """A document: title, who to, paragraphs around one table, signature, and a slip to send back."""

    lang: str
    title: str
    reference: str
    addressee: str
    before: Sequence[str]
    table: Table | None
    after: Sequence[str]
    signature: Sequence[str]
    slip_title: str = ""
    slip: Sequence[str] = ()


def letter_paper(standing: Standing, letter: Letter, lang: str) -> Paper:
    """A letter as it would be sent on the day of `standing`, amounts to the cent.

    Who we are is left blank, as are seal and signature: whoever sends it fills them in.
    """
    say, claims = words(lang), claims_of(standing, letter)
    facts = _facts(standing, letter, claims, say)
    aside = [say.say("letter", "disputed", **facts)] if letter != "statement" and standing.dunning.disputed > 0 else []
    slip = letter in WITH_SLIP
    when = day(standing.dunning.on, say.lang)
    return Paper(
        lang=say.lang,
        title=say.say("letter", f"{letter}_title", **facts),
        reference=say.say("letter", "reference", no=reference(standing, letter), day=when),
        addressee=say.say("letter", "addressee", **facts),
        before=_lines(say, f"{letter}_before", facts),
        table=_statement(standing, say) if letter == "statement" else _table(claims, letter, say),
        after=[*_lines(say, f"{letter}_after", facts), *aside],
        signature=_lines(say, "lawyer_signature" if letter == "lawyer" else "own_signature", facts),
        slip_title=say.say("letter", "slip_title", **facts) if slip else "",
        slip=_lines(say, "slip", facts) if slip else (),
    )


def claims_of(standing: Standing, letter: Letter) -> tuple[Claim, ...]:
    """What a letter is about: all that is open, what is about to fall due, or what is overdue and not in dispute."""
    found = standing.dunning
    if letter == "statement":
        return found.claims
    return tuple(claim for claim in found.demanded if (claim.days <= 0) is (letter == "due_notice"))


def reference(standing: Standing, letter: Letter) -> str:
    """The number that a letter and its proof share: one for each customer, day and kind."""
    return f"{plain_line(standing.customer_id, 40)}-{standing.dunning.on:%Y%m%d}-{_MARK[letter]}"


_MARK = {"due_notice": "N", "statement": "S", "reminder": "R", "notice": "F", "demand": "D", "lawyer": "L"}


def _lines(say: Words, code: str, facts: Mapping[str, str]) -> list[str]:
    return say.say("letter", code, **facts).splitlines()


def _facts(standing: Standing, letter: Letter, claims: Sequence[Claim], say: Words) -> dict[str, str]:
    found, currency = standing.dunning, standing.currency
    total, interest = _sum(claim.demanded for claim in claims), _sum(claim.interest for claim in claims)
    first = min((claim.due_on for claim in claims), default=found.on)
    return {
        "name": plain_line(standing.name),
        "us": say.say("letter", "blank"),
        "on": day(found.on, say.lang),
        "first_due": day(first, say.lang),
        "pay_by": day(found.on + timedelta(days=PAY_WITHIN_DAYS), say.lang),
        "days": str(max((claim.days for claim in claims), default=0)),
        "total": exact(total, currency),
        "interest": exact(interest, currency),
        "whole": exact(total + interest, currency),
        "disputed": exact(found.disputed, currency),
        "again": "yes" if letter == "reminder" and (found.stage or 0) > 1 else "",
    }


def exact(amount: Decimal, currency: str) -> str:
    """To the cent, with the currency's code: a letter rounds nothing."""
    return f"{plain_line(currency, 12)} {amount:,.2f}"


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))


def _table(claims: Sequence[Claim], letter: Letter, say: Words) -> Table | None:
    """What is demanded; formal letters with the interest of each invoice."""
    head = say.topic("letter", "head")
    names = ["invoice", "issued", "due", "days", "amount", *(["rate", "interest"] if letter in WITH_INTEREST else [])]
    rows = [_row(claim, names, say.lang) for claim in claims]
    return Table([head[name] for name in names], rows, 3)


def _row(claim: Claim, names: Sequence[str], lang: str) -> list[str]:
    cells = {
        "invoice": plain_line(claim.invoice_no, 60) or "—",
        "issued": _day(claim.issued_on, lang),
        "due": _day(claim.due_on, lang),
        "days": str(max(0, claim.days)),
        "amount": f"{claim.demanded:,.2f}",
        "open": f"{claim.open:,.2f}",
        "disputed": f"{claim.disputed:,.2f}",
        "rate": f"{claim.rate.pct.normalize():f}%",
        "interest": f"{claim.interest:,.2f}",
    }
    return [cells[name] for name in names]


def _statement(standing: Standing, say: Words) -> Table:
    """All that is open, also what is not due or in dispute, less money that is not matched: the balance."""
    head = say.topic("letter", "head")
    names = ["invoice", "issued", "due", "days", "open", "disputed"]
    claims = standing.dunning.claims
    rows = [_row(claim, names, say.lang) for claim in claims]
    undated = standing.open - _sum(claim.open for claim in claims)
    for name, amount in (("undated", undated), ("unapplied", -standing.unapplied)):
        if amount:
            rows.append([head[name], "", "", "", f"{amount:,.2f}", ""])
    balance = f"{standing.open - standing.unapplied:,.2f}"
    rows.append([f"{head['balance']} ({plain_line(standing.currency, 12)})", "", "", "", balance, ""])
    return Table([head[name] for name in names], rows, 3)


def _day(when: date | None, lang: str) -> str:
    return "—" if when is None else day(when, lang)
